// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "./IAccountant.sol";
import {IStakeReader} from "./IStakeReader.sol";

/// @title BookLedger
/// @notice What is in the engine, per delegator and asset, and what it was worth when last read.
library BookLedger {
    using SafeCast for uint256;

    /// @dev A stamp that no answer has. Kept in the stamp's slot, because a report reads that one anyway.
    bytes32 internal constant UNREADABLE = bytes32(uint256(1));

    /// @param restaked Engine shares of all delegators in the strategy.
    /// @param unbonding Engine shares of all delegators on their way back.
    /// @param unitsPerShareWad Units in 1e18 engine shares, as last read.
    /// @param rateWad Ether value of 1e18 units, as last read.
    struct Totals {
        uint128 restaked;
        uint128 unbonding;
        uint128 unitsPerShareWad;
        uint128 rateWad;
    }

    /// @param stamps What the engine said of a delegator when it was last synced; 0 = nothing of ours is there;
    ///        UNREADABLE = it did not answer.
    struct State {
        mapping(address delegator => mapping(address asset => IAccountant.Book)) books;
        mapping(address asset => Totals) totals;
        mapping(address delegator => bytes32) stamps;
    }

    /* CHANGES */

    /// @notice Takes over the engine's answer for a delegator; returns the engine shares that are missing, per asset. Without
    ///         any stake it keeps no stamp.
    function take(
        State storage self,
        address delegator,
        address[] memory assets,
        IStakeReader.Stake[] memory stakes,
        bytes32 stamp
    ) internal returns (uint256[] memory missing) {
        missing = new uint256[](assets.length);
        bool any;
        for (uint256 i = 0; i < assets.length; ++i) {
            missing[i] = put(self, delegator, assets[i], stakes[i].restaked, stakes[i].unbonding);
            any = any || stakes[i].restaked + stakes[i].unbonding != 0;
        }
        self.stamps[delegator] = any ? stamp : bytes32(0);
    }

    /// @notice Takes over the engine's numbers for a delegator and an asset; returns the engine shares missing in all.
    function put(
        State storage self,
        address delegator,
        address asset,
        uint256 restaked,
        uint256 unbonding
    ) internal returns (uint256 missing) {
        IAccountant.Book storage b = self.books[delegator][asset];
        (uint256 oldRestaked, uint256 oldUnbonding) = (b.restaked, b.unbonding);
        if (restaked == oldRestaked && unbonding == oldUnbonding) return 0;
        Totals storage t = self.totals[asset];
        t.restaked = (t.restaked - oldRestaked + restaked).toUint128();
        t.unbonding = (t.unbonding - oldUnbonding + unbonding).toUint128();
        b.restaked = restaked.toUint128();
        b.unbonding = unbonding.toUint128();
        emit IAccountant.BookSynced(delegator, asset, restaked, unbonding);
        return ValueMath.minusOrZero(oldRestaked + oldUnbonding, restaked + unbonding);
    }

    /// @notice Takes over an asset's rate and what its strategy holds per share; returns the ether value lost to each, at
    ///         the old rate. `idle` units of the pool share a fall of the rate, not one of the strategy.
    function revalue(
        State storage self,
        address asset,
        uint256 rateWad,
        uint256 unitsPerShareWad,
        uint256 idle
    ) internal returns (uint256 lostInStrategy, uint256 lostInRate) {
        Totals storage t = self.totals[asset];
        (uint256 oldRate, uint256 oldPerShare) = (t.rateWad, t.unitsPerShareWad);
        t.rateWad = rateWad.toUint128();
        t.unitsPerShareWad = unitsPerShareWad.toUint128();
        uint256 lostPerShare = ValueMath.minusOrZero(oldPerShare, unitsPerShareWad);
        uint256 lostUnits = ValueMath.toEtherDown(uint256(t.restaked) + t.unbonding, lostPerShare);
        lostInStrategy = ValueMath.toEtherDown(lostUnits, oldRate);
        lostInRate = ValueMath.toEtherDown(engineUnits(self, asset) + idle, ValueMath.minusOrZero(oldRate, rateWad));
    }

    /// @notice Leaves to those who stay what they keep of every book when `left` of `whole` leave; rounds up, in favour of
    ///         those who stay. No loss: what leaves takes its part of every value along.
    function keep(
        State storage self,
        address[] memory delegators,
        address[] memory assets,
        uint256 left,
        uint256 whole
    ) internal {
        for (uint256 i = 0; i < assets.length; ++i) {
            for (uint256 j = 0; j < delegators.length; ++j) {
                IAccountant.Book memory b = self.books[delegators[j]][assets[i]];
                uint256 restaked = ValueMath.partUp(b.restaked, whole - left, whole);
                put(self, delegators[j], assets[i], restaked, ValueMath.partUp(b.unbonding, whole - left, whole));
            }
        }
    }

    /// @notice Takes over what a strategy holds per share after our own move.
    function setUnitsPerShare(State storage self, address asset, uint256 unitsPerShareWad) internal {
        self.totals[asset].unitsPerShareWad = unitsPerShareWad.toUint128();
    }

    /* VIEWS */

    /// @notice Stamps that can be compared with the engine's; zero for those of whom nothing is there, or who did not answer.
    function stampsOf(State storage self, address[] memory delegators) internal view returns (bytes32[] memory stamps) {
        stamps = new bytes32[](delegators.length);
        for (uint256 i = 0; i < stamps.length; ++i) {
            bytes32 stamp = self.stamps[delegators[i]];
            if (stamp != UNREADABLE) stamps[i] = stamp;
        }
    }

    /// @notice Units of an asset in the engine, those on their way back included; rounds down.
    function engineUnits(State storage self, address asset) internal view returns (uint256) {
        Totals storage t = self.totals[asset];
        return ValueMath.toEtherDown(uint256(t.restaked) + t.unbonding, t.unitsPerShareWad);
    }

    /// @notice Units that engine shares of an asset are worth; rounds down.
    function toUnits(State storage self, address asset, uint256 engineShares) internal view returns (uint256) {
        return ValueMath.toEtherDown(engineShares, self.totals[asset].unitsPerShareWad);
    }

    /// @notice Ether value of engine shares of an asset; rounds down.
    function toEther(State storage self, address asset, uint256 engineShares) internal view returns (uint256) {
        return ValueMath.toEtherDown(toUnits(self, asset, engineShares), self.totals[asset].rateWad);
    }
}
