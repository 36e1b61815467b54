// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAllocationManagerActions} from "./IAllocationManagerActions.sol";
import {IAllocationManagerViews} from "./IAllocationManagerViews.sol";
import {IDelegationManager} from "./IDelegationManager.sol";

/// @title IAllocationManager
/// @notice Operator sets, what part of their stake operators allocate to them, and slashing: all that one address answers.
/// @dev In two halves, because they do not fit in one contract: the first answers the second's calls by delegation.
interface IAllocationManager is IAllocationManagerActions, IAllocationManagerViews {
    /// @notice The DelegationManager.
    /// @dev Caller: anyone.
    function delegation() external view returns (IDelegationManager);
}
