// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IAnnouncedSlashes
/// @notice What a slasher tells about slashes that are announced and not executed yet.
interface IAnnouncedSlashes {
    /// @notice Until when an announced slash of the set can be executed.
    /// @dev Caller: anyone.
    /// @return time 0 when no slash of that set is announced, else the last moment at which an announced one can be
    ///         executed [unix seconds].
    function pendingUntil(address avs, uint32 operatorSetId) external view returns (uint256 time);
}
