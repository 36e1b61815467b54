// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "./OperatorSets.sol";

/// @title ISlashResolution
/// @notice The waiting time between a slash and its clearing that release 1.13 added to the StrategyManager.
/// @dev Not part of release 1.12: with a delay of 0 the StrategyManager behaves as if this interface did not exist.
interface ISlashResolution {
    /* EVENTS */

    event SlashResolutionBlockSet(OperatorSet operatorSet, uint256 slashId, uint32 resolutionBlock);

    /* ERRORS */

    /// @notice The slash still has to wait before it is cleared.
    error SlashResolutionDelayNotElapsed();

    /* VIEWS */

    /// @notice Blocks that a slash waits before it may be cleared; 0 means none.
    /// @dev Caller: anyone.
    function SLASH_RESOLUTION_DELAY_BLOCKS() external view returns (uint32);

    /// @notice Last block in which the slash may not be cleared; 0 when nothing waits.
    /// @dev Caller: anyone.
    function getSlashResolutionBlock(OperatorSet calldata operatorSet, uint256 slashId) external view returns (uint32);
}
