// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {IStrategyManager} from "../interfaces/IStrategyManager.sol";
import {CompactList} from "../lists/CompactList.sol";
import {IndexedList} from "../lists/IndexedList.sol";
import {StrategyAmounts} from "../lists/StrategyAmounts.sol";

/// @title SlashedSharesLedger
/// @notice Shares that were slashed and wait to be cleared, by operator set, slash and strategy.
/// @dev A set is pending while one of its slashes is, a slash while one of its strategies is.
library SlashedSharesLedger {
    using CompactList for CompactList.List;
    using IndexedList for IndexedList.List;
    using SafeCast for uint256;
    using StrategyAmounts for StrategyAmounts.Entries;

    struct Ledger {
        IndexedList.List pendingSets;
        mapping(uint192 set => CompactList.List) pendingSlashes;
        mapping(uint192 set => mapping(uint256 slashId => Slash)) slashes;
    }

    struct Slash {
        uint32 position; // in pendingSlashes of its set; 0 when nothing waits
        uint32 count; // of entries
        uint32 resolutionBlock; // last block in which it may not be cleared
        StrategyAmounts.Entries entries;
    }

    /* WRITING */

    /// @return isNew Whether this is the first strategy of the slash.
    function add(
        Ledger storage self,
        uint192 set,
        uint256 slashId,
        IStrategy strategy,
        uint256 shares
    ) internal returns (bool isNew) {
        Slash storage slash = self.slashes[set][slashId];
        uint256 count = slash.count;
        require(_find(slash, strategy) == count, IStrategyManager.StrategyAlreadyInSlash());
        isNew = count == 0;
        if (isNew) {
            CompactList.List storage ids = self.pendingSlashes[set];
            slash.position = ids.append(slashId.toUint32()).toUint32();
            if (slash.position == 1) self.pendingSets.add(set);
        }
        slash.entries.set(count, strategy, shares);
        slash.count = (count + 1).toUint32();
    }

    /// @dev Takes one strategy out of a slash. Removing the last one ends the slash, the last slash the set.
    /// @return found Whether it was there.
    /// @return shares Shares that waited.
    function remove(
        Ledger storage self,
        uint192 set,
        uint256 slashId,
        IStrategy strategy
    ) internal returns (bool found, uint256 shares) {
        Slash storage slash = self.slashes[set][slashId];
        uint256 index = _find(slash, strategy);
        uint256 last = slash.count;
        if (index == last) return (false, 0);
        found = true;
        (, shares) = slash.entries.entryAt(index);
        --last;
        if (last == 0) {
            _end(self, set, slash.position);
            delete self.slashes[set][slashId];
            return (found, shares);
        }
        if (index != last) {
            (IStrategy movedStrategy, uint256 movedShares) = slash.entries.entryAt(last);
            slash.entries.set(index, movedStrategy, movedShares);
        }
        slash.count = uint32(last); // smaller than before
    }

    /// @dev Takes all of a slash at once.
    function removeAll(
        Ledger storage self,
        uint192 set,
        uint256 slashId
    ) internal returns (IStrategy[] memory strategies, uint256[] memory shares) {
        (strategies, shares) = entriesOf(self, set, slashId);
        if (strategies.length == 0) return (strategies, shares);
        _end(self, set, self.slashes[set][slashId].position);
        delete self.slashes[set][slashId];
    }

    function _end(Ledger storage self, uint192 set, uint256 position) private {
        CompactList.List storage ids = self.pendingSlashes[set];
        (bool hasMoved, uint192 moved) = ids.remove(position);
        if (hasMoved)
            self.slashes[set][moved].position = uint32(position); // was a uint32
        else if (ids.length() == 0) self.pendingSets.remove(set);
    }

    /* READING */

    function sharesOf(
        Ledger storage self,
        uint192 set,
        uint256 slashId,
        IStrategy strategy
    ) internal view returns (uint256 shares) {
        Slash storage slash = self.slashes[set][slashId];
        uint256 index = _find(slash, strategy);
        if (index != slash.count) (, shares) = slash.entries.entryAt(index);
    }

    function entriesOf(
        Ledger storage self,
        uint192 set,
        uint256 slashId
    ) internal view returns (IStrategy[] memory strategies, uint256[] memory shares) {
        Slash storage slash = self.slashes[set][slashId];
        uint256 count = slash.count;
        strategies = new IStrategy[](count);
        shares = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) (strategies[i], shares[i]) = slash.entries.entryAt(i);
    }

    /// @dev Index of `strategy`, or the number of entries. A slash has few strategies: searching beats an index.
    function _find(Slash storage slash, IStrategy strategy) private view returns (uint256 index) {
        uint256 count = slash.count;
        for (; index < count; ++index) {
            if (address(slash.entries.entries[index].strategy) == address(strategy)) break;
        }
    }
}
