// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IExpiringPause} from "./IExpiringPause.sol";

/// @title ExpiringPause
/// @notice A pause that ends by itself and cannot be renewed before a rest: emergency, not government.
library ExpiringPause {
    /// @dev Longest pause.
    uint40 internal constant LONGEST = 3 days;
    /// @dev Rest after the end of a pause before the next may begin.
    uint40 internal constant REST = 7 days;

    /// @param until Time at which the pause ends.
    /// @param nextFrom Earliest time of the next pause.
    struct State {
        uint40 until;
        uint40 nextFrom;
    }

    /// @notice Starts a pause of `duration` seconds and returns its end.
    function start(State storage self, uint256 duration) internal returns (uint40 until) {
        require(duration <= LONGEST, IExpiringPause.PauseTooLong(duration, LONGEST));
        uint256 nextFrom = self.nextFrom;
        require(block.timestamp >= nextFrom, IExpiringPause.PauseTooSoon(block.timestamp, nextFrom));
        until = uint40(block.timestamp + duration); // ≤ type(uint40).max for 34 000 years
        self.until = until;
        self.nextFrom = until + REST;
    }

    /// @notice Ends a pause early. The rest still counts from its planned end.
    function stop(State storage self) internal {
        self.until = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
    }

    /// @notice Whether the pause is in force.
    function isActive(State storage self) internal view returns (bool) {
        return block.timestamp < self.until;
    }
}
