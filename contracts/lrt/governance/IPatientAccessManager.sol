// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IPatientAccessManager
/// @notice An AccessManager whose delays count only the time in which holders can leave at the rate.
interface IPatientAccessManager {
    /* ERRORS */

    /// @notice The delay is over by the calendar, but pay-outs were closed for part of it.
    error TooFewOpenSeconds(bytes32 operationId, uint256 openSeconds, uint256 needed);

    /* VIEWS */

    /// @notice Earliest time at which a scheduled operation can be executed if no door changes from now on.
    /// @dev Zero when it is not scheduled, or has expired. Never later than its calendar time and `PATIENCE`.
    function readyAt(bytes32 operationId) external view returns (uint256);
}
