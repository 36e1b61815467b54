// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CompactList} from "./CompactList.sol";

/// @title IndexedList
/// @notice A set of words of 192 bits: a compact list that remembers the position of each item itself.
library IndexedList {
    using CompactList for CompactList.List;

    struct List {
        CompactList.List items;
        mapping(uint192 item => uint256 position) positions;
    }

    function contains(List storage self, uint192 item) internal view returns (bool) {
        return self.positions[item] != 0;
    }

    /// @return added Whether it was absent.
    function add(List storage self, uint192 item) internal returns (bool added) {
        if (contains(self, item)) return false;
        self.positions[item] = self.items.append(item);
        return true;
    }

    /// @return removed Whether it was present.
    function remove(List storage self, uint192 item) internal returns (bool removed) {
        uint256 position = self.positions[item];
        if (position == 0) return false;
        self.positions[item] = 0;
        (bool hasMoved, uint192 moved) = self.items.remove(position);
        if (hasMoved) self.positions[moved] = position;
        return true;
    }
}
