// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {KeptMath} from "../../shared/math/KeptMath.sol";
import {IBasketBook} from "./IBasketBook.sol";

/// @title ArrivalLedger
/// @notice What has arrived for baskets and how it is divided among them: each gets the part that left with its strike.
library ArrivalLedger {
    /// @param credited Units given to a basket so far.
    /// @param queue Every arrival, in order; those with the same baskets and not yet begun are one.
    /// @param next Index of the first that is not divided.
    /// @param last Where arrivals with the same baskets were added last: index + 1.
    struct State {
        mapping(uint256 strike => mapping(address asset => uint256)) credited;
        IBasketBook.Arrival[] queue;
        uint256 next;
        mapping(address asset => mapping(uint256 from => mapping(uint256 to => uint256))) last;
    }

    /// @notice Credits a basket.
    function credit(State storage self, uint256 strike, address asset, uint256 units) internal {
        if (units == 0) return;
        self.credited[strike][asset] += units;
        emit IBasketBook.Credited(strike, asset, units);
    }

    /// @notice Adds what arrived for the baskets struck after `from`, up to `to`. Costs the same however many they are.
    function add(State storage self, address asset, uint32 from, uint32 to, uint256 units) internal {
        if (units == 0) return;
        emit IBasketBook.Arrived(asset, from, to, units);
        uint256 last = self.last[asset][from][to];
        if (last > self.next && self.queue[last - 1].served == from) {
            self.queue[last - 1].left += units;
            return;
        }
        self.queue.push(IBasketBook.Arrival(asset, from, to, from, units));
        self.last[asset][from][to] = self.queue.length;
    }

    /// @notice Credits baskets in order, at most `maxSteps` times; the last one of an arrival gets what is left of it.
    function divide(
        State storage self,
        IBasketBook.Strike[] storage strikes,
        uint256 maxSteps
    ) internal returns (uint256 steps) {
        uint256 next = self.next;
        uint256 end = self.queue.length;
        while (steps < maxSteps && next < end) {
            IBasketBook.Arrival storage arrival = self.queue[next];
            (address asset, uint32 to, uint256 served, uint256 left) = (
                arrival.asset,
                arrival.to,
                arrival.served,
                arrival.left
            );
            for (; steps < maxSteps && served < to; ++steps) {
                uint256 part = _partDown(strikes, left, served, to);
                left -= part;
                credit(self, ++served, asset, part);
            }
            (arrival.served, arrival.left) = (uint32(served), left); // ≤ `to`
            if (served == to) ++next;
        }
        self.next = next;
    }

    /// @notice Units that a basket gets of an asset once all that has arrived is divided.
    function undivided(
        State storage self,
        IBasketBook.Strike[] storage strikes,
        uint256 strike,
        address asset
    ) internal view returns (uint256 units) {
        uint256 end = self.queue.length;
        for (uint256 i = self.next; i < end; ++i) {
            IBasketBook.Arrival storage arrival = self.queue[i];
            (uint256 served, uint32 to) = (arrival.served, arrival.to);
            if (arrival.asset != asset || served >= strike || to < strike) continue;
            uint256 left = arrival.left;
            for (; served + 1 < strike; ++served) left -= _partDown(strikes, left, served, to);
            units += _partDown(strikes, left, served, to);
        }
    }

    /// @dev The part of the basket struck after `served`, of what is divided among it and the later ones; the last one gets all.
    function _partDown(
        IBasketBook.Strike[] storage strikes,
        uint256 left,
        uint256 served,
        uint256 to
    ) private view returns (uint256) {
        if (served + 1 == to) return left;
        return KeptMath.leftDown(left, _factor(strikes[served]), _factor(strikes[served + 1]), _factor(strikes[to]));
    }

    function _factor(IBasketBook.Strike storage s) private view returns (KeptMath.Factor memory) {
        return KeptMath.Factor(s.mantissa, s.exponent);
    }
}
