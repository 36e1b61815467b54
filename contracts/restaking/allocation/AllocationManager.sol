// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAllocationManagerActions} from "../interfaces/IAllocationManagerActions.sol";
import {IDelegationManager} from "../interfaces/IDelegationManager.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IPermissionController} from "../interfaces/IPermissionController.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {CompactList} from "../lists/CompactList.sol";
import {OperatorSetKeys} from "../lists/OperatorSetKeys.sol";
import {SlashingMath} from "../math/SlashingMath.sol";
import {AllocationManagerViews} from "./AllocationManagerViews.sol";
import {MagnitudeLedger} from "./MagnitudeLedger.sol";
import {OperatorSetManagement} from "./OperatorSetManagement.sol";

/// @title AllocationManager
/// @notice Operator sets, what part of their stake operators allocate to them, and slashing.
/// @dev Owns: sets, registrations, magnitudes. Trusts: DelegationManager (safety), PermissionController (safety),
///      registrars of AVSs (liveness of registration). Never: promises the same magnitude twice; lets the sum of what
///      is in use pass the maximum; raises a maximum.
contract AllocationManager is OperatorSetManagement {
    using CompactList for CompactList.List;
    using MagnitudeLedger for MagnitudeLedger.Ledger;
    using MagnitudeLedger for MagnitudeLedger.Present;
    using OperatorSetKeys for OperatorSet;
    using OperatorSetKeys for uint192;
    using SafeCast for uint256;
    using SlashingMath for uint256;

    /* CONSTANTS */

    uint8 private constant PAUSED_ALLOCATIONS = 0;
    uint8 private constant PAUSED_SLASHING = 1;
    uint8 private constant PAUSED_MEMBERSHIP = 2;

    /* IMMUTABLES */

    /// @notice The DelegationManager.
    IDelegationManager public immutable delegation;
    /// @notice The contract whose code answers IAllocationManagerViews on this contract's state.
    address public immutable viewImplementation;
    /// @inheritdoc IAllocationManagerActions
    uint32 public immutable DEALLOCATION_DELAY;
    /// @inheritdoc IAllocationManagerActions
    uint32 public immutable ALLOCATION_CONFIGURATION_DELAY;

    /* SETUP */

    /// @param delegation_ DelegationManager; may be deployed later at this address.
    /// @param eigenStrategy_ Strategy that no redistributing set may slash, or zero.
    /// @param deallocationDelay Blocks.
    /// @param configurationDelay Blocks before a new allocation delay or slasher is in force.
    constructor(
        IDelegationManager delegation_,
        IStrategy eigenStrategy_,
        IPauserRegistry pauserRegistry_,
        IPermissionController permissionController_,
        uint32 deallocationDelay,
        uint32 configurationDelay
    ) OperatorSetManagement(eigenStrategy_, pauserRegistry_, permissionController_, configurationDelay) {
        delegation = delegation_;
        viewImplementation = address(new AllocationManagerViews(delegation_));
        DEALLOCATION_DELAY = deallocationDelay;
        ALLOCATION_CONFIGURATION_DELAY = configurationDelay;
    }

    /// @dev Everything else is a view, answered by the other half. Its code cannot write, so neither can a caller.
    fallback() external {
        address views = viewImplementation;
        // Memory is not used after this, so the copies may start at 0.
        assembly {
            calldatacopy(0, 0, calldatasize())
            let success := delegatecall(gas(), views, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if success {
                return(0, returndatasize())
            }
            revert(0, returndatasize())
        }
    }

    /* SLASHING */

    /// @inheritdoc IAllocationManagerActions
    function slashOperator(
        address avs,
        SlashingParams calldata params
    ) external onlyWhenNotPaused(PAUSED_SLASHING) returns (uint256 slashId, uint256[] memory shares) {
        require(params.strategies.length == params.wadsToSlash.length, InputArrayLengthMismatch());
        OperatorSet memory operatorSet = OperatorSet(avs, params.operatorSetId);
        uint192 key = operatorSet.key();
        Set storage set = _existing(key);
        require(_isSlashable(params.operator, key), OperatorNotSlashable());
        require(msg.sender == _slasherOf(set), InvalidCaller());
        slashId = ++set.slashCount;
        shares = new uint256[](params.strategies.length);
        uint256[] memory wadSlashed = new uint256[](params.strategies.length);
        address previous = address(0);
        for (uint256 i = 0; i < shares.length; ++i) {
            IStrategy strategy = params.strategies[i];
            require(address(strategy) > previous, StrategiesMustBeInAscendingOrder());
            previous = address(strategy);
            uint256 wad = params.wadsToSlash[i];
            require(wad != 0 && wad <= SlashingMath.WAD, InvalidWadToSlash());
            require(_contains(set, strategy), StrategyNotInOperatorSet());
            (wadSlashed[i], shares[i]) = _slash(params.operator, operatorSet, slashId, strategy, wad);
        }
        emit OperatorSlashed(params.operator, operatorSet, params.strategies, wadSlashed, params.description);
    }

    /// @return wadSlashed Part of the operator's whole stake that was taken [WAD].
    /// @return shares Shares taken.
    function _slash(
        address operator,
        OperatorSet memory operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 wad
    ) private returns (uint256 wadSlashed, uint256 shares) {
        (uint64 taken, uint64 prevMax) = _slashMagnitude(operator, operatorSet, strategy, wad);
        if (taken == 0) return (0, 0); // nothing was allocated
        wadSlashed = uint256(taken).divDown(prevMax);
        uint64 newMax = prevMax - taken;
        shares = delegation.slashOperatorShares(operator, operatorSet, slashId, strategy, prevMax, newMax);
    }

    /// @return taken Magnitude taken, at least 1 when something was allocated.
    /// @return prevMax Maximum before.
    function _slashMagnitude(
        address operator,
        OperatorSet memory operatorSet,
        IStrategy strategy,
        uint256 wad
    ) private returns (uint64 taken, uint64 prevMax) {
        uint192 key = operatorSet.key();
        MagnitudeLedger.Ledger storage ledger = _magnitudes[operator][strategy];
        MagnitudeLedger.Present memory magnitudes = ledger.present;
        StoredAllocation memory allocation = _allocations[operator][key][strategy];
        uint64 encumberedBefore = magnitudes.encumbered;
        magnitudes.encumbered -= _effective(allocation);
        if (allocation.current == 0) return (0, 0);

        prevMax = magnitudes.max();
        taken = uint64(uint256(allocation.current).mulUp(wad)); // ≤ current
        allocation.current -= taken;
        ledger.slash(magnitudes, taken);
        if (allocation.pendingDiff < 0) {
            // What is on its way out is slashed alike, so that only the rest comes back.
            uint256 pending = uint96(-allocation.pendingDiff);
            allocation.pendingDiff += int96(uint96(pending.mulUp(wad))); // ≤ pending ≤ 1e18
            _emitAllocation(operator, operatorSet, strategy, _target(allocation), allocation.effectBlock);
        }
        _storeAllocation(operator, key, strategy, allocation);
        ledger.present = magnitudes;
        _emitEncumbered(operator, strategy, encumberedBefore, magnitudes.encumbered);
        _emitAllocation(operator, operatorSet, strategy, allocation.current, block.number);
        emit MaxMagnitudeUpdated(operator, strategy, prevMax - taken);
    }

    /* OPERATORS: SETS */

    /// @inheritdoc IAllocationManagerActions
    function registerForOperatorSets(
        address operator,
        RegisterParams calldata params
    ) external onlyWhenNotPaused(PAUSED_MEMBERSHIP) onlyFor(operator) {
        require(delegation.isOperator(operator), InvalidOperator());
        for (uint256 i = 0; i < params.operatorSetIds.length; ++i) {
            OperatorSet memory operatorSet = OperatorSet(params.avs, params.operatorSetIds[i]);
            uint192 key = operatorSet.key();
            Set storage set = _existing(key);
            require(!_isSlashable(operator, key), AlreadyMemberOfSet());
            Membership storage membership = _memberships[operator][key];
            membership.inMembers = set.members.append(uint160(operator)).toUint32();
            membership.inRegisteredSets = _operators[operator].registeredSets.append(key).toUint32();
            emit OperatorAddedToOperatorSet(operator, operatorSet);
        }
        _registrarOf(params.avs).registerOperator(operator, params.avs, params.operatorSetIds, params.data);
    }

    /// @inheritdoc IAllocationManagerActions
    function deregisterFromOperatorSets(
        DeregisterParams calldata params
    ) external onlyWhenNotPaused(PAUSED_MEMBERSHIP) {
        address operator = params.operator;
        require(_mayActFor(operator) || _mayActFor(params.avs), InvalidCaller());
        for (uint256 i = 0; i < params.operatorSetIds.length; ++i) {
            OperatorSet memory operatorSet = OperatorSet(params.avs, params.operatorSetIds[i]);
            _removeMember(operator, operatorSet.key());
            emit OperatorRemovedFromOperatorSet(operator, operatorSet);
        }
        _registrarOf(params.avs).deregisterOperator(operator, params.avs, params.operatorSetIds);
    }

    function _removeMember(address operator, uint192 key) private {
        Membership storage membership = _memberships[operator][key];
        (uint32 inMembers, uint32 inRegisteredSets) = (membership.inMembers, membership.inRegisteredSets);
        if (inMembers == 0) {
            _existing(key); // a set that does not exist is the better reason
            revert NotMemberOfSet();
        }
        membership.slashableUntil = (block.number + DEALLOCATION_DELAY).toUint32();
        membership.inMembers = 0;
        membership.inRegisteredSets = 0;
        (bool hasMoved, uint192 moved) = _sets[key].members.remove(inMembers);
        if (hasMoved) _memberships[_address(moved)][key].inMembers = inMembers;
        (hasMoved, moved) = _operators[operator].registeredSets.remove(inRegisteredSets);
        if (hasMoved) _memberships[operator][moved].inRegisteredSets = inRegisteredSets;
    }

    /* OPERATORS: ALLOCATIONS */

    /// @inheritdoc IAllocationManagerActions
    function modifyAllocations(
        address operator,
        AllocateParams[] calldata params
    ) external onlyWhenNotPaused(PAUSED_ALLOCATIONS) onlyFor(operator) {
        (bool isSet, uint32 delay) = _delayOf(_operators[operator]);
        require(isSet, UninitializedAllocationDelay());
        for (uint256 i = 0; i < params.length; ++i) {
            require(params[i].strategies.length == params[i].newMagnitudes.length, InputArrayLengthMismatch());
            OperatorSet memory operatorSet = params[i].operatorSet;
            _existing(operatorSet.key());
            for (uint256 j = 0; j < params[i].strategies.length; ++j) {
                _modify(operator, operatorSet, params[i].strategies[j], params[i].newMagnitudes[j], delay);
            }
        }
    }

    /// @inheritdoc IAllocationManagerActions
    function clearDeallocationQueue(
        address operator,
        IStrategy[] calldata strategies,
        uint16[] calldata numToClear
    ) external onlyWhenNotPaused(PAUSED_ALLOCATIONS) {
        require(strategies.length == numToClear.length, InputArrayLengthMismatch());
        for (uint256 i = 0; i < strategies.length; ++i) {
            MagnitudeLedger.Ledger storage ledger = _magnitudes[operator][strategies[i]];
            MagnitudeLedger.Present memory magnitudes = ledger.present;
            if (_clear(operator, strategies[i], ledger, magnitudes, numToClear[i])) ledger.present = magnitudes;
        }
    }

    /// @inheritdoc IAllocationManagerActions
    function setAllocationDelay(address operator, uint32 delay) external {
        Operator storage state = _operators[operator];
        if (msg.sender == address(delegation)) {
            // A new operator has allocated nothing: nobody relies on a delay.
            (state.delay, state.hasDelay) = (delay, true);
            emit AllocationDelaySet(operator, delay, block.number.toUint32());
            return;
        }
        require(_mayActFor(operator), InvalidPermissions());
        require(delegation.isOperator(operator), InvalidOperator());
        (, state.delay) = _delayOf(state);
        state.nextDelay = delay;
        state.delayEffectBlock = (block.number + ALLOCATION_CONFIGURATION_DELAY + 1).toUint32();
        emit AllocationDelaySet(operator, delay, state.delayEffectBlock);
    }

    function _modify(
        address operator,
        OperatorSet memory operatorSet,
        IStrategy strategy,
        uint64 newMagnitude,
        uint32 allocationDelay
    ) private {
        uint192 key = operatorSet.key();
        MagnitudeLedger.Ledger storage ledger = _magnitudes[operator][strategy];
        MagnitudeLedger.Present memory magnitudes = ledger.present;
        _clear(operator, strategy, ledger, magnitudes, type(uint256).max);

        StoredAllocation memory allocation = _allocations[operator][key][strategy];
        uint64 encumberedBefore = magnitudes.encumbered;
        magnitudes.encumbered -= _effective(allocation);
        require(allocation.effectBlock == 0, ModificationAlreadyPending());
        uint64 current = allocation.current;
        require(newMagnitude != current, SameMagnitude());
        uint256 effectBlock;
        if (newMagnitude > current) {
            // Counted as in use at once, slashable only after the delay.
            uint256 encumbered = uint256(magnitudes.encumbered) + (newMagnitude - current);
            require(encumbered <= magnitudes.max(), InsufficientMagnitude());
            magnitudes.encumbered = uint64(encumbered); // ≤ 1e18
            allocation.pendingDiff = int96(uint96(newMagnitude - current)); // < 2^64
            effectBlock = block.number + allocationDelay;
            allocation.effectBlock = effectBlock.toUint32();
        } else if (current != 0 && _isSlashable(operator, key) && _contains(_sets[key], strategy)) {
            // Stays in use, and slashable, for the delay.
            allocation.pendingDiff = -int96(uint96(current - newMagnitude)); // < 2^64
            effectBlock = block.number + DEALLOCATION_DELAY + 1;
            allocation.effectBlock = effectBlock.toUint32();
            ledger.enqueue(magnitudes, key);
        } else {
            allocation.current = newMagnitude;
            magnitudes.encumbered -= current - newMagnitude;
            effectBlock = block.number;
        }
        _storeAllocation(operator, key, strategy, allocation);
        ledger.present = magnitudes;
        _emitEncumbered(operator, strategy, encumberedBefore, magnitudes.encumbered);
        _emitAllocation(operator, operatorSet, strategy, newMagnitude, effectBlock);
    }

    /// @dev Completes at most `limit` deallocations that are due; the caller stores `magnitudes`.
    /// @return changed Whether there was one.
    function _clear(
        address operator,
        IStrategy strategy,
        MagnitudeLedger.Ledger storage ledger,
        MagnitudeLedger.Present memory magnitudes,
        uint256 limit
    ) private returns (bool changed) {
        for (; limit != 0 && magnitudes.queueStart != magnitudes.queueEnd; --limit) {
            uint192 key = ledger.queue[magnitudes.queueStart];
            StoredAllocation memory allocation = _allocations[operator][key][strategy];
            if (block.number < allocation.effectBlock) break;
            uint64 encumberedBefore = magnitudes.encumbered;
            magnitudes.encumbered -= _effective(allocation);
            ++magnitudes.queueStart;
            changed = true;
            _storeAllocation(operator, key, strategy, allocation);
            _emitEncumbered(operator, strategy, encumberedBefore, magnitudes.encumbered);
        }
    }

    /// @dev Stores an allocation and keeps the lists of what the operator has allocated.
    function _storeAllocation(
        address operator,
        uint192 key,
        IStrategy strategy,
        StoredAllocation memory allocation
    ) private {
        bool isAllocated = allocation.current != 0 || allocation.pendingDiff != 0;
        uint32 position = allocation.inAllocatedStrategies;
        if (isAllocated != (position != 0)) {
            Membership storage membership = _memberships[operator][key];
            CompactList.List storage strategies = membership.allocatedStrategies;
            if (isAllocated) {
                position = strategies.append(uint160(address(strategy))).toUint32();
                allocation.inAllocatedStrategies = position;
                if (position == 1) {
                    membership.inAllocatedSets = _operators[operator].allocatedSets.append(key).toUint32();
                }
            } else {
                allocation.inAllocatedStrategies = 0;
                (bool hasMoved, uint192 moved) = strategies.remove(position);
                if (hasMoved) _allocations[operator][key][_strategy(moved)].inAllocatedStrategies = position;
                else if (strategies.length() == 0) _removeAllocatedSet(operator, membership);
            }
        }
        _allocations[operator][key][strategy] = allocation;
    }

    function _removeAllocatedSet(address operator, Membership storage membership) private {
        uint32 position = membership.inAllocatedSets;
        membership.inAllocatedSets = 0;
        (bool hasMoved, uint192 moved) = _operators[operator].allocatedSets.remove(position);
        if (hasMoved) _memberships[operator][moved].inAllocatedSets = position;
    }

    /// @dev The magnitude after the pending change.
    function _target(StoredAllocation memory allocation) private pure returns (uint64) {
        return uint64(uint96(int96(uint96(allocation.current)) + allocation.pendingDiff)); // 0 … 1e18
    }

    function _emitEncumbered(address operator, IStrategy strategy, uint64 before, uint64 encumbered) private {
        if (encumbered != before) emit EncumberedMagnitudeUpdated(operator, strategy, encumbered);
    }

    function _emitAllocation(
        address operator,
        OperatorSet memory operatorSet,
        IStrategy strategy,
        uint64 magnitude,
        uint256 effectBlock
    ) private {
        emit AllocationUpdated(operator, operatorSet, strategy, magnitude, effectBlock.toUint32());
    }

    /* VIEWS: FOR THE ENGINE */

    /// @inheritdoc IAllocationManagerActions
    function isOperatorSet(OperatorSet memory operatorSet) external view returns (bool) {
        return _sets[operatorSet.key()].slasher != address(0);
    }

    /// @inheritdoc IAllocationManagerActions
    function getRedistributionRecipient(OperatorSet memory operatorSet) external view returns (address) {
        address recipient = _sets[operatorSet.key()].redistributionRecipient;
        return recipient == address(0) ? BURN_ADDRESS : recipient;
    }

    /// @inheritdoc IAllocationManagerActions
    function getMaxMagnitude(address operator, IStrategy strategy) external view returns (uint64) {
        return _max(operator, strategy);
    }

    /// @inheritdoc IAllocationManagerActions
    function getMaxMagnitudes(
        address operator,
        IStrategy[] calldata strategies
    ) external view returns (uint64[] memory magnitudes) {
        magnitudes = new uint64[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) magnitudes[i] = _max(operator, strategies[i]);
    }

    /// @inheritdoc IAllocationManagerActions
    function getMaxMagnitudesAtBlock(
        address operator,
        IStrategy[] calldata strategies,
        uint32 blockNumber
    ) external view returns (uint64[] memory magnitudes) {
        magnitudes = new uint64[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            magnitudes[i] = _magnitudes[operator][strategies[i]].maxAt(blockNumber);
        }
    }
}
