// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title LossWindow
/// @notice Adds up losses, gross and per share, over seven days, and rings once when they pass a limit.
/// @dev Losses compound: half of what half a loss has left is a quarter. Thus one loss and the same in slices weigh the same.
library LossWindow {
    uint32 internal constant DAYS = 7;

    /// @param byDay Part of net asset value lost on a day (WAD).
    /// @param closedUntil End of the closing the last alarm began.
    /// @param nextFrom Earliest time of the next alarm.
    struct State {
        mapping(uint32 day => uint256 lossWad) byDay;
        uint40 closedUntil;
        uint40 nextFrom;
    }

    /// @notice Adds a loss; returns whether the alarm rings now and the sum of the window.
    /// @param lossWad Part of net asset value that was lost.
    /// @param limitWad Sum at which the alarm rings.
    function add(
        State storage self,
        uint256 lossWad,
        uint256 limitWad,
        uint32 closingTime,
        uint32 rest
    ) internal returns (bool rang, uint256 sumWad) {
        uint32 today = ValueMath.dayOf(block.timestamp);
        self.byDay[today] = compoundUp(self.byDay[today], lossWad);
        for (uint32 back = 0; back < DAYS; ++back) {
            sumWad = compoundUp(sumWad, self.byDay[today - back]);
        }
        if (sumWad < limitWad || block.timestamp < self.nextFrom) return (false, sumWad);
        self.closedUntil = uint40(block.timestamp + closingTime); // ≤ type(uint40).max for 34 000 years
        self.nextFrom = uint40(block.timestamp + rest); // as above
        return (true, sumWad);
    }

    /// @notice What two losses take of a whole (WAD), one after the other; never more than all of it.
    function compoundUp(uint256 lossWad, uint256 nextLossWad) internal pure returns (uint256) {
        uint256 left = ValueMath.minusOrZero(ValueMath.WAD, lossWad);
        uint256 leftOfLeft = ValueMath.minusOrZero(ValueMath.WAD, nextLossWad);
        return ValueMath.WAD - ValueMath.partDown(left, leftOfLeft, ValueMath.WAD);
    }
}
