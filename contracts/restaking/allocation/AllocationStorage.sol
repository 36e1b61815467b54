// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAVSRegistrar} from "../interfaces/IAVSRegistrar.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {CompactList} from "../lists/CompactList.sol";
import {StrategySet} from "../lists/StrategySet.sol";
import {MagnitudeLedger} from "./MagnitudeLedger.sol";

/// @title AllocationStorage
/// @notice State of the AllocationManager and the reads that its halves share.
/// @dev First base of both halves, so that they agree on the layout. Sets are keyed by one word, see OperatorSetKeys. Positions in lists count from 1; 0 means not on the list.
abstract contract AllocationStorage {
    using StrategySet for StrategySet.Set;
    using MagnitudeLedger for MagnitudeLedger.Present;

    struct Avs {
        IAVSRegistrar registrar; // 0: the AVS itself
        bool hasMetadata;
        uint64 setCount;
    }

    /// @dev A set exists when it has a slasher. `nextSlasher` is written at once: changing it later is cheaper.
    struct Set {
        address slasher;
        uint32 slashCount;
        bool isRedistributing;
        address nextSlasher;
        uint32 slasherEffectBlock; // first block of `nextSlasher`; 0 without a change
        address redistributionRecipient; // 0: burn
        CompactList.List members;
        StrategySet.Set strategies; // only the AVS adds and removes
    }

    struct Operator {
        uint32 delay;
        uint32 nextDelay;
        uint32 delayEffectBlock; // first block of `nextDelay`; 0 without a change
        bool hasDelay;
        CompactList.List registeredSets;
        CompactList.List allocatedSets;
    }

    /// @dev One operator in one set.
    struct Membership {
        uint32 slashableUntil; // last block, after the operator left
        uint32 inMembers; // positions
        uint32 inRegisteredSets;
        uint32 inAllocatedSets;
        CompactList.List allocatedStrategies;
    }

    /// @dev One operator in one set and strategy, in one slot.
    struct StoredAllocation {
        uint64 current;
        int96 pendingDiff; // -1e18 … 1e18
        uint32 effectBlock;
        uint32 inAllocatedStrategies; // position
    }

    /* CONSTANTS */

    address internal constant BURN_ADDRESS = 0x00000000000000000000000000000000000E16E4;

    /* STORAGE */

    mapping(address avs => Avs) internal _avss;
    mapping(uint192 set => Set) internal _sets;
    mapping(address operator => Operator) internal _operators;
    mapping(address operator => mapping(uint192 set => Membership)) internal _memberships;
    mapping(address operator => mapping(uint192 set => mapping(IStrategy strategy => StoredAllocation)))
        internal _allocations;
    mapping(address operator => mapping(IStrategy strategy => MagnitudeLedger.Ledger)) internal _magnitudes;

    /* READS */

    function _slasherOf(Set storage set) internal view returns (address) {
        uint32 effectBlock = set.slasherEffectBlock;
        return effectBlock != 0 && block.number >= effectBlock ? set.nextSlasher : set.slasher;
    }

    function _isSlashable(address operator, uint192 key) internal view returns (bool) {
        Membership storage membership = _memberships[operator][key];
        return membership.inRegisteredSets != 0 || block.number <= membership.slashableUntil;
    }

    function _contains(Set storage set, IStrategy strategy) internal view returns (bool) {
        return set.strategies.contains(strategy);
    }

    /// @dev The allocation with a change that is due applied, and the magnitude that this frees.
    function _effective(StoredAllocation memory allocation) internal view returns (uint64 freed) {
        if (allocation.effectBlock == 0 || block.number < allocation.effectBlock) return 0;
        if (allocation.pendingDiff < 0) {
            freed = uint64(uint96(-allocation.pendingDiff)); // ≤ 1e18
            allocation.current -= freed;
        } else {
            allocation.current += uint64(uint96(allocation.pendingDiff)); // ≤ 1e18
        }
        allocation.pendingDiff = 0;
        allocation.effectBlock = 0;
    }

    function _delayOf(Operator storage operator) internal view returns (bool isSet, uint32 delay) {
        uint32 effectBlock = operator.delayEffectBlock;
        delay = effectBlock != 0 && block.number >= effectBlock ? operator.nextDelay : operator.delay;
        return (operator.hasDelay, delay);
    }

    function _registrarOf(address avs) internal view returns (IAVSRegistrar) {
        IAVSRegistrar registrar = _avss[avs].registrar;
        return address(registrar) == address(0) ? IAVSRegistrar(avs) : registrar;
    }

    function _max(address operator, IStrategy strategy) internal view returns (uint64) {
        return _magnitudes[operator][strategy].present.max();
    }

    function _strategy(uint192 word) internal pure returns (IStrategy) {
        return IStrategy(_address(word));
    }

    function _address(uint192 word) internal pure returns (address) {
        return address(uint160(word)); // the word holds nothing else
    }
}
