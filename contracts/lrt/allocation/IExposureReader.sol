// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";

/// @title IExposureReader
/// @notice How much of our stake each operator set can slash, read from the engine and our books at each call.
interface IExposureReader {
    /* VIEWS */

    /// @notice Engine shares of an asset that a set can slash, or will be able to.
    /// @dev Rounds up, against ourselves. Counts the larger of now and later: a pending increase counts already, a pending
    ///      decrease counts still.
    function exposure(OperatorSet calldata set, address asset) external view returns (uint256 engineShares);

    /// @notice The same for all sets of an AVS that are on the list.
    /// @dev Rounds up.
    function exposureOfAvs(address avs, address asset) external view returns (uint256 engineShares);

    /// @notice Engine shares of one operator and of all, queued ones included: those stay slashable.
    function stakeOf(uint256 operatorId, address asset) external view returns (uint256 stake, uint256 total);

    /// @notice Units in the engine of all operators that one entity controls, and of everything the pool has of an asset.
    /// @dev Rounds down. What is on its way back no longer counts for the entity.
    function stakeOfEntity(uint32 entity, address asset) external view returns (uint256 units, uint256 total);
}
