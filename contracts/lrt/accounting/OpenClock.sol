// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title OpenClock
/// @notice Counts the seconds in which pay-outs at the rate were open. Governance waits by this clock.
/// @dev Written only when the doors change; in between it follows from the time. What closes doors twice is counted once.
library OpenClock {
    /// @param counted Seconds open, up to `changedAt`.
    /// @param changedAt When the doors last changed.
    struct State {
        uint48 counted;
        uint48 changedAt;
    }

    /// @notice Counts up to now, by what has held since the doors last changed.
    /// @param closedUntil End of the last alarm's closing, as it was until now.
    /// @param unreadable Whether a value was unreadable until now.
    function tick(State storage self, uint256 closedUntil, bool unreadable) internal {
        self.counted = uint48(openSeconds(self, closedUntil, unreadable)); // ≤ block.timestamp
        self.changedAt = uint48(block.timestamp); // ≤ type(uint48).max for 8 million years
    }

    /// @notice Seconds open, up to now; parameters as above.
    function openSeconds(State storage self, uint256 closedUntil, bool unreadable) internal view returns (uint256) {
        uint256 from = Math.max(self.changedAt, closedUntil);
        if (unreadable || block.timestamp <= from) return self.counted;
        return self.counted + block.timestamp - from;
    }
}
