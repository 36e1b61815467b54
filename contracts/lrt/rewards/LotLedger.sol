// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title LotLedger
/// @notice The lots of one token, one after the other: what each offered, brought and has left, and what it costs now.
/// @dev A price falls in a straight line. The next lot starts at twice what the last one brought per unit that it *offered*:
///      who wants to move that has to pay for it, and what nobody bought lowers it, at most to a half.
///
///      start ╲                              next start = max(2 · proceeds / offered, start / 2, floor)
///              ╲   ← sold here: proceeds
///      floor     ╲________
library LotLedger {
    /// @dev Prices are ether values of 1e18 of the token's smallest units.
    struct State {
        uint128 floorWad; // lowest price; zero: not sold
        uint128 startWad; // of the last lot
        uint128 offered; // ── second slot [units]
        uint128 left; // [units]
        uint128 proceeds; // ── third slot: what the last lot brought [wei]
        uint40 startedAt; // [unix time] zero: never
    }

    /// @notice Begins a lot at `nextStartUp`.
    /// @param units Units on sale, at most type(uint128).max.
    function open(State storage self, uint256 units, uint256 startFactor) internal {
        self.startWad = uint128(nextStartUp(self, startFactor)); // bounded there
        self.offered = uint128(units); // ≤ type(uint128).max: see above
        self.left = uint128(units); // as above
        self.proceeds = 0;
        self.startedAt = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
    }

    /// @notice Takes bought units out of the lot; what they brought decides about the next start.
    /// @param units At most what is left.
    function sell(State storage self, uint256 units, uint256 etherValue) internal {
        self.left -= uint128(units); // ≤ left
        uint256 proceeds = self.proceeds + etherValue;
        self.proceeds = uint128(Math.min(proceeds, type(uint128).max)); // bounded on this line
    }

    /// @notice Price `elapsed` seconds after the start; rounds up. Never below the floor.
    function priceUp(State storage self, uint256 elapsed, uint256 duration) internal view returns (uint256 priceWad) {
        uint256 floorWad = self.floorWad;
        uint256 above = ValueMath.minusOrZero(self.startWad, floorWad);
        return floorWad + above - ValueMath.partDown(above, Math.min(elapsed, duration), duration);
    }

    /// @notice Price at which the next lot would start; rounds up, at most type(uint128).max.
    function nextStartUp(State storage self, uint256 startFactor) internal view returns (uint256 startWad) {
        uint256 floorWad = self.floorWad;
        if (self.startedAt == 0) {
            startWad = floorWad * startFactor;
        } else {
            uint256 twiceAverage = ValueMath.partUp(2 * ValueMath.WAD, self.proceeds, self.offered);
            startWad = Math.max(floorWad, Math.max(twiceAverage, ValueMath.partUp(self.startWad, 1, 2)));
        }
        return Math.min(startWad, type(uint128).max);
    }
}
