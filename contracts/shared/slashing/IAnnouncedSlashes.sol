// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IAnnouncedSlashes
/// @notice What a slasher with a veto answers about slashes that it has announced and may still execute.
interface IAnnouncedSlashes {
    /* VIEWS */

    /// @notice Last moment at which an announced slash of the set can be executed; zero when none is announced.
    /// @dev Caller: anyone. The end of the latest one when several are announced.
    function pendingUntil(address avs, uint32 operatorSetId) external view returns (uint256 time);
}
