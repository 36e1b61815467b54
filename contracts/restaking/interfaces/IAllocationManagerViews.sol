// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAllocationManagerActions} from "./IAllocationManagerActions.sol";
import {IAVSRegistrar} from "./IAVSRegistrar.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSets.sol";

/// @title IAllocationManagerViews
/// @notice What the AllocationManager tells others. Changes that are due count as made.
interface IAllocationManagerViews {
    /* SETS */

    /// @notice How many sets `avs` has.
    /// @dev Caller: anyone.
    function getOperatorSetCount(address avs) external view returns (uint256);

    /// @notice The strategies that the set may slash.
    /// @dev Caller: anyone.
    function getStrategiesInOperatorSet(
        OperatorSet memory operatorSet
    ) external view returns (IStrategy[] memory strategies);

    /// @notice The operators registered to the set.
    /// @dev Caller: anyone.
    function getMembers(OperatorSet memory operatorSet) external view returns (address[] memory operators);

    /// @notice How many operators are registered to the set.
    /// @dev Caller: anyone.
    function getMemberCount(OperatorSet memory operatorSet) external view returns (uint256);

    /// @notice Whether `operator` is registered to the set.
    /// @dev Caller: anyone.
    function isMemberOfOperatorSet(address operator, OperatorSet memory operatorSet) external view returns (bool);

    /// @notice The account that may slash in the name of the set.
    /// @dev Caller: anyone.
    function getSlasher(OperatorSet memory operatorSet) external view returns (address);

    /// @notice The next slasher and the first block of its right; zeros without one.
    /// @dev Caller: anyone.
    function getPendingSlasher(
        OperatorSet memory operatorSet
    ) external view returns (address pendingSlasher, uint32 effectBlock);

    /// @notice Whether the set redistributes what it slashes.
    /// @dev Caller: anyone.
    function isRedistributingOperatorSet(OperatorSet memory operatorSet) external view returns (bool);

    /// @notice How many slashes the set has made; the number of the last one.
    /// @dev Caller: anyone.
    function getSlashCount(OperatorSet memory operatorSet) external view returns (uint256);

    /// @notice The contract that hears about operators joining and leaving.
    /// @dev Caller: anyone.
    function getAVSRegistrar(address avs) external view returns (IAVSRegistrar);

    /* OPERATORS */

    /// @notice The sets to which `operator` is registered.
    /// @dev Caller: anyone.
    function getRegisteredSets(address operator) external view returns (OperatorSet[] memory operatorSets);

    /// @notice The sets to which `operator` has allocated something, or is about to.
    /// @dev Caller: anyone.
    function getAllocatedSets(address operator) external view returns (OperatorSet[] memory);

    /// @notice The strategies that `operator` has allocated to the set.
    /// @dev Caller: anyone.
    function getAllocatedStrategies(
        address operator,
        OperatorSet memory operatorSet
    ) external view returns (IStrategy[] memory);

    /// @notice Whether the set can slash `operator`: registered, or not long enough gone.
    /// @dev Caller: anyone.
    function isOperatorSlashable(address operator, OperatorSet memory operatorSet) external view returns (bool);

    /// @notice Whether a redistributing set can slash `operator`.
    /// @dev Caller: anyone.
    function isOperatorRedistributable(address operator) external view returns (bool);

    /// @notice Whether `operator` ever set an allocation delay, and the one in force.
    /// @dev Caller: anyone.
    function getAllocationDelay(address operator) external view returns (bool isSet, uint32 delay);

    /* ALLOCATIONS */

    /// @notice The allocation, with a change that is due applied.
    /// @dev Caller: anyone.
    function getAllocation(
        address operator,
        OperatorSet memory operatorSet,
        IStrategy strategy
    ) external view returns (IAllocationManagerActions.Allocation memory);

    /// @notice As above for several operators.
    /// @dev Caller: anyone.
    function getAllocations(
        address[] memory operators,
        OperatorSet memory operatorSet,
        IStrategy strategy
    ) external view returns (IAllocationManagerActions.Allocation[] memory);

    /// @notice All sets to which `operator` allocated something, with its allocation of `strategy` in each.
    /// @dev Caller: anyone.
    function getStrategyAllocations(
        address operator,
        IStrategy strategy
    ) external view returns (OperatorSet[] memory, IAllocationManagerActions.Allocation[] memory);

    /// @notice Magnitude in use, pending increases included, deallocations that are due excluded.
    /// @dev Caller: anyone.
    function getEncumberedMagnitude(address operator, IStrategy strategy) external view returns (uint64);

    /// @notice Magnitude free to allocate.
    /// @dev Caller: anyone.
    function getAllocatableMagnitude(address operator, IStrategy strategy) external view returns (uint64);

    /// @notice What slashing has left of several operators in `strategy` [WAD].
    /// @dev Caller: anyone.
    function getMaxMagnitudes(address[] calldata operators, IStrategy strategy) external view returns (uint64[] memory);

    /// @notice Stake that the set can still slash at `futureBlock`, if nothing is slashed before; `[operator][strategy]`.
    /// @dev Caller: anyone. Rounds down. Ignores the queue of withdrawals.
    function getMinimumSlashableStake(
        OperatorSet memory operatorSet,
        address[] memory operators,
        IStrategy[] memory strategies,
        uint32 futureBlock
    ) external view returns (uint256[][] memory slashableStake);

    /// @notice Stake allocated now, whether or not the set can slash the operator; `[operator][strategy]`.
    /// @dev Caller: anyone. Rounds down. Ignores the queue of withdrawals.
    function getAllocatedStake(
        OperatorSet memory operatorSet,
        address[] memory operators,
        IStrategy[] memory strategies
    ) external view returns (uint256[][] memory slashableStake);
}
