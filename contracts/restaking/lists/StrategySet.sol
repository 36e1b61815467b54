// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStrategy} from "../interfaces/IStrategy.sol";

/// @title StrategySet
/// @notice A set of strategies that takes one slot for each: a strategy points to the one before it.
/// @dev Keeps the order of a list whose removals move the last item into the gap. Where that gap is takes a walk from
///      the end, so only those who would pay for it themselves may add or remove.
library StrategySet {
    struct Set {
        Head head;
        mapping(IStrategy item => Link) links;
    }

    struct Head {
        IStrategy last;
        uint64 length;
    }

    struct Link {
        IStrategy previous; // of no meaning for the first
        bool isPresent;
    }

    /* WRITING */

    /// @return added Whether it was absent.
    function add(Set storage self, IStrategy item) internal returns (bool added) {
        if (contains(self, item)) return false;
        Head memory head = self.head;
        self.links[item] = Link(head.last, true);
        self.head = Head(item, head.length + 1);
        return true;
    }

    /// @return removed Whether it was present.
    function remove(Set storage self, IStrategy item) internal returns (bool removed) {
        Link memory link = self.links[item];
        if (!link.isPresent) return false;
        Head memory head = self.head;
        IStrategy newLast =
            address(head.last) == address(item) ? link.previous : _fillGap(self, item, link.previous, head.last);
        delete self.links[item];
        self.head = Head(newLast, head.length - 1);
        return true;
    }

    /// @dev Moves `last` to where `item` is, which has another before it than `last` does.
    /// @return newLast The item that is last then.
    function _fillGap(
        Set storage self,
        IStrategy item,
        IStrategy previous,
        IStrategy last
    ) private returns (IStrategy newLast) {
        IStrategy beforeLast = self.links[last].previous;
        IStrategy next = last; // the one after `item`
        for (IStrategy seen = beforeLast; address(seen) != address(item); seen = self.links[seen].previous) next = seen;
        self.links[last].previous = previous;
        if (address(next) == address(last)) return last;
        self.links[next].previous = last;
        return beforeLast;
    }

    /* READING */

    function contains(Set storage self, IStrategy item) internal view returns (bool) {
        return self.links[item].isPresent;
    }

    function items(Set storage self) internal view returns (IStrategy[] memory list) {
        Head memory head = self.head;
        list = new IStrategy[](head.length);
        IStrategy item = head.last;
        for (uint256 i = list.length; i > 0; --i) {
            list[i - 1] = item;
            item = self.links[item].previous;
        }
    }
}
