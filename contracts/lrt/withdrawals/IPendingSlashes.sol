// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IPendingSlashes
/// @notice Knows of slashes that are announced and not executed yet. Value may leave at once only while there is none.
interface IPendingSlashes {
    /* VIEWS */

    /// @notice Whether a slash of our stake is pending now. One that cannot answer counts as one that says yes.
    function isSlashPending() external view returns (bool);

    /// @notice First day whose batch waits for an announced slash: who asked to leave on an earlier day does not. The largest
    ///         number when nobody waits.
    function heldFrom() external view returns (uint256 day);
}
