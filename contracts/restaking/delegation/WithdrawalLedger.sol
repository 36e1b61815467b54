// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDelegationManager} from "../interfaces/IDelegationManager.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {StrategyAmounts} from "../lists/StrategyAmounts.sol";

/// @title WithdrawalLedger
/// @notice Queued withdrawals by root, and the roots of each staker.
/// @dev A withdrawal of one strategy takes three slots and its place in the list. When it leaves the queue only the
///      first slot is cleared: it alone says whether a root is queued, and a root is never queued twice.
library WithdrawalLedger {
    using SafeCast for uint256;
    using StrategyAmounts for StrategyAmounts.Entries;

    struct Ledger {
        mapping(bytes32 root => Entry) entries;
        mapping(address staker => bytes32[]) rootsOf;
    }

    struct Entry {
        address staker;
        uint32 startBlock;
        uint32 nonce;
        uint32 position; // in the staker's list, counted from 1; 0 when not queued
        address operator;
        uint32 count; // of strategies
        StrategyAmounts.Entries scaledShares;
    }

    /* WRITING */

    function append(Ledger storage self, bytes32 root, IDelegationManager.Withdrawal memory withdrawal) internal {
        bytes32[] storage roots = self.rootsOf[withdrawal.staker];
        roots.push(root);
        Entry storage entry = self.entries[root];
        entry.staker = withdrawal.staker;
        entry.startBlock = withdrawal.startBlock;
        entry.nonce = withdrawal.nonce.toUint32();
        entry.position = roots.length.toUint32();
        entry.operator = withdrawal.delegatedTo;
        entry.count = withdrawal.strategies.length.toUint32();
        for (uint256 i = 0; i < withdrawal.strategies.length; ++i) {
            entry.scaledShares.set(i, withdrawal.strategies[i], withdrawal.scaledShares[i]);
        }
    }

    function remove(Ledger storage self, bytes32 root) internal {
        Entry storage entry = self.entries[root];
        bytes32[] storage roots = self.rootsOf[entry.staker];
        uint32 position = entry.position;
        uint256 last = roots.length;
        if (position != last) {
            bytes32 moved = roots[last - 1];
            roots[position - 1] = moved;
            self.entries[moved].position = position;
        }
        roots.pop();
        (entry.staker, entry.startBlock, entry.nonce, entry.position) = (address(0), 0, 0, 0);
    }

    /* READING */

    function isQueued(Ledger storage self, bytes32 root) internal view returns (bool) {
        return self.entries[root].position != 0;
    }

    /// @dev All zero when the root is not queued.
    function withdrawalOf(
        Ledger storage self,
        bytes32 root
    ) internal view returns (IDelegationManager.Withdrawal memory withdrawal) {
        Entry storage entry = self.entries[root];
        if (entry.position == 0) return withdrawal;
        uint256 count = entry.count;
        withdrawal.staker = entry.staker;
        withdrawal.delegatedTo = entry.operator;
        withdrawal.withdrawer = entry.staker; // nobody else can be
        withdrawal.nonce = entry.nonce;
        withdrawal.startBlock = entry.startBlock;
        withdrawal.strategies = new IStrategy[](count);
        withdrawal.scaledShares = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            (withdrawal.strategies[i], withdrawal.scaledShares[i]) = entry.scaledShares.entryAt(i);
        }
    }
}
