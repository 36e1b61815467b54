// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAllocationManagerActions} from "../interfaces/IAllocationManagerActions.sol";
import {IAllocationManagerViews} from "../interfaces/IAllocationManagerViews.sol";
import {IAVSRegistrar} from "../interfaces/IAVSRegistrar.sol";
import {IDelegationManager} from "../interfaces/IDelegationManager.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {CompactList} from "../lists/CompactList.sol";
import {OperatorSetKeys} from "../lists/OperatorSetKeys.sol";
import {StrategySet} from "../lists/StrategySet.sol";
import {SlashingMath} from "../math/SlashingMath.sol";
import {AllocationStorage} from "./AllocationStorage.sol";
import {MagnitudeLedger} from "./MagnitudeLedger.sol";

/// @title AllocationManagerViews
/// @notice The read-only half of the AllocationManager, which runs this code on its own state.
/// @dev Deployed by the AllocationManager; its own state stays empty. Every function is a view.
contract AllocationManagerViews is AllocationStorage, IAllocationManagerViews {
    using CompactList for CompactList.List;
    using MagnitudeLedger for MagnitudeLedger.Ledger;
    using MagnitudeLedger for MagnitudeLedger.Present;
    using OperatorSetKeys for OperatorSet;
    using OperatorSetKeys for uint192;
    using SlashingMath for uint256;
    using StrategySet for StrategySet.Set;

    IDelegationManager private immutable DELEGATION;

    constructor(IDelegationManager delegation) {
        DELEGATION = delegation;
    }

    /* SETS */

    /// @inheritdoc IAllocationManagerViews
    function getOperatorSetCount(address avs) external view returns (uint256) {
        return _avss[avs].setCount;
    }

    /// @inheritdoc IAllocationManagerViews
    function getStrategiesInOperatorSet(
        OperatorSet memory operatorSet
    ) external view returns (IStrategy[] memory strategies) {
        return _sets[operatorSet.key()].strategies.items();
    }

    /// @inheritdoc IAllocationManagerViews
    function getMembers(OperatorSet memory operatorSet) external view returns (address[] memory operators) {
        CompactList.List storage list = _sets[operatorSet.key()].members;
        operators = new address[](list.length());
        for (uint256 i = 0; i < operators.length; ++i) operators[i] = _address(list.itemAt(i + 1));
    }

    /// @inheritdoc IAllocationManagerViews
    function getMemberCount(OperatorSet memory operatorSet) external view returns (uint256) {
        return _sets[operatorSet.key()].members.length();
    }

    /// @inheritdoc IAllocationManagerViews
    function isMemberOfOperatorSet(address operator, OperatorSet memory operatorSet) external view returns (bool) {
        return _memberships[operator][operatorSet.key()].inMembers != 0;
    }

    /// @inheritdoc IAllocationManagerViews
    function getSlasher(OperatorSet memory operatorSet) external view returns (address) {
        return _slasherOf(_sets[operatorSet.key()]);
    }

    /// @inheritdoc IAllocationManagerViews
    function getPendingSlasher(
        OperatorSet memory operatorSet
    ) external view returns (address pendingSlasher, uint32 effectBlock) {
        Set storage set = _sets[operatorSet.key()];
        effectBlock = set.slasherEffectBlock;
        return block.number < effectBlock ? (set.nextSlasher, effectBlock) : (address(0), 0);
    }

    /// @inheritdoc IAllocationManagerViews
    function isRedistributingOperatorSet(OperatorSet memory operatorSet) external view returns (bool) {
        return _isRedistributing(operatorSet.key());
    }

    /// @inheritdoc IAllocationManagerViews
    function getSlashCount(OperatorSet memory operatorSet) external view returns (uint256) {
        return _sets[operatorSet.key()].slashCount;
    }

    /// @inheritdoc IAllocationManagerViews
    function getAVSRegistrar(address avs) external view returns (IAVSRegistrar) {
        return _registrarOf(avs);
    }

    /* OPERATORS */

    /// @inheritdoc IAllocationManagerViews
    function getRegisteredSets(address operator) external view returns (OperatorSet[] memory operatorSets) {
        return _operatorSets(_operators[operator].registeredSets);
    }

    /// @inheritdoc IAllocationManagerViews
    function getAllocatedSets(address operator) external view returns (OperatorSet[] memory) {
        return _operatorSets(_operators[operator].allocatedSets);
    }

    /// @inheritdoc IAllocationManagerViews
    function getAllocatedStrategies(
        address operator,
        OperatorSet memory operatorSet
    ) external view returns (IStrategy[] memory) {
        return _strategies(_memberships[operator][operatorSet.key()].allocatedStrategies);
    }

    /// @inheritdoc IAllocationManagerViews
    function isOperatorSlashable(address operator, OperatorSet memory operatorSet) external view returns (bool) {
        return _isSlashable(operator, operatorSet.key());
    }

    /// @inheritdoc IAllocationManagerViews
    function isOperatorRedistributable(address operator) external view returns (bool) {
        return
            _isRedistributable(operator, _operators[operator].registeredSets) ||
            _isRedistributable(operator, _operators[operator].allocatedSets);
    }

    /// @inheritdoc IAllocationManagerViews
    function getAllocationDelay(address operator) external view returns (bool isSet, uint32 delay) {
        return _delayOf(_operators[operator]);
    }

    /* ALLOCATIONS */

    /// @inheritdoc IAllocationManagerViews
    function getAllocation(
        address operator,
        OperatorSet memory operatorSet,
        IStrategy strategy
    ) external view returns (IAllocationManagerActions.Allocation memory) {
        return _allocation(operator, operatorSet.key(), strategy);
    }

    /// @inheritdoc IAllocationManagerViews
    function getAllocations(
        address[] memory operators,
        OperatorSet memory operatorSet,
        IStrategy strategy
    ) external view returns (IAllocationManagerActions.Allocation[] memory allocations) {
        allocations = new IAllocationManagerActions.Allocation[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            allocations[i] = _allocation(operators[i], operatorSet.key(), strategy);
        }
    }

    /// @inheritdoc IAllocationManagerViews
    function getStrategyAllocations(
        address operator,
        IStrategy strategy
    )
        external
        view
        returns (OperatorSet[] memory operatorSets, IAllocationManagerActions.Allocation[] memory allocations)
    {
        operatorSets = _operatorSets(_operators[operator].allocatedSets);
        allocations = new IAllocationManagerActions.Allocation[](operatorSets.length);
        for (uint256 i = 0; i < allocations.length; ++i) {
            allocations[i] = _allocation(operator, operatorSets[i].key(), strategy);
        }
    }

    /// @inheritdoc IAllocationManagerViews
    function getEncumberedMagnitude(address operator, IStrategy strategy) external view returns (uint64) {
        return _withDueCleared(operator, strategy).encumbered;
    }

    /// @inheritdoc IAllocationManagerViews
    function getAllocatableMagnitude(address operator, IStrategy strategy) external view returns (uint64) {
        MagnitudeLedger.Present memory magnitudes = _withDueCleared(operator, strategy);
        return magnitudes.max() - magnitudes.encumbered;
    }

    /// @inheritdoc IAllocationManagerViews
    function getMaxMagnitudes(
        address[] calldata operators,
        IStrategy strategy
    ) external view returns (uint64[] memory magnitudes) {
        magnitudes = new uint64[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) magnitudes[i] = _max(operators[i], strategy);
    }

    /// @inheritdoc IAllocationManagerViews
    function getMinimumSlashableStake(
        OperatorSet memory operatorSet,
        address[] memory operators,
        IStrategy[] memory strategies,
        uint32 futureBlock
    ) external view returns (uint256[][] memory slashableStake) {
        uint192 key = operatorSet.key();
        slashableStake = DELEGATION.getOperatorsShares(operators, strategies);
        for (uint256 i = 0; i < operators.length; ++i) {
            bool isSlashable = _isSlashable(operators[i], key);
            for (uint256 j = 0; j < strategies.length; ++j) {
                slashableStake[i][j] =
                    isSlashable ? _stakeDown(slashableStake[i][j], operators[i], key, strategies[j], futureBlock) : 0;
            }
        }
    }

    /// @inheritdoc IAllocationManagerViews
    function getAllocatedStake(
        OperatorSet memory operatorSet,
        address[] memory operators,
        IStrategy[] memory strategies
    ) external view returns (uint256[][] memory slashableStake) {
        uint192 key = operatorSet.key();
        slashableStake = DELEGATION.getOperatorsShares(operators, strategies);
        for (uint256 i = 0; i < operators.length; ++i) {
            for (uint256 j = 0; j < strategies.length; ++j) {
                slashableStake[i][j] = _stakeDown(slashableStake[i][j], operators[i], key, strategies[j], 0);
            }
        }
    }

    /* INTERNALS */

    function _isRedistributing(uint192 key) private view returns (bool) {
        return _sets[key].isRedistributing;
    }

    function _isRedistributable(address operator, CompactList.List storage sets) private view returns (bool) {
        uint256 length = sets.length();
        for (uint256 i = 1; i <= length; ++i) {
            uint192 key = sets.itemAt(i);
            if (_isRedistributing(key) && _isSlashable(operator, key)) return true;
        }
        return false;
    }

    function _allocation(
        address operator,
        uint192 key,
        IStrategy strategy
    ) private view returns (IAllocationManagerActions.Allocation memory) {
        StoredAllocation memory allocation = _allocations[operator][key][strategy];
        _effective(allocation);
        return IAllocationManagerActions.Allocation(allocation.current, allocation.pendingDiff, allocation.effectBlock);
    }

    /// @dev The part of `shares` allocated at `futureBlock`; pending increases do not count.
    function _stakeDown(
        uint256 shares,
        address operator,
        uint192 key,
        IStrategy strategy,
        uint32 futureBlock
    ) private view returns (uint256) {
        uint64 max = _max(operator, strategy);
        if (max == 0) return 0;
        IAllocationManagerActions.Allocation memory allocation = _allocation(operator, key, strategy);
        uint256 magnitude = allocation.currentMagnitude;
        if (allocation.pendingDiff < 0 && allocation.effectBlock <= futureBlock) {
            magnitude -= uint128(-allocation.pendingDiff);
        }
        return shares.mulDown(magnitude.divDown(max));
    }

    /// @dev The magnitudes as they would be after clearing all deallocations that are due.
    function _withDueCleared(
        address operator,
        IStrategy strategy
    ) private view returns (MagnitudeLedger.Present memory magnitudes) {
        MagnitudeLedger.Ledger storage ledger = _magnitudes[operator][strategy];
        magnitudes = ledger.present;
        for (uint256 i = magnitudes.queueStart; i < magnitudes.queueEnd; ++i) {
            StoredAllocation memory allocation = _allocations[operator][ledger.queue[i]][strategy];
            if (block.number < allocation.effectBlock) break;
            magnitudes.encumbered -= _effective(allocation);
        }
    }

    function _operatorSets(CompactList.List storage list) private view returns (OperatorSet[] memory sets) {
        sets = new OperatorSet[](list.length());
        for (uint256 i = 0; i < sets.length; ++i) sets[i] = list.itemAt(i + 1).fromKey();
    }

    function _strategies(CompactList.List storage list) private view returns (IStrategy[] memory strategies) {
        strategies = new IStrategy[](list.length());
        for (uint256 i = 0; i < strategies.length; ++i) strategies[i] = _strategy(list.itemAt(i + 1));
    }
}
