// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title CompactList
/// @notice A list of words of 192 bits that keeps its length in the free bits of its first word: no slot of its own.
/// @dev Appends at the end; removal moves the last item into the gap. Positions count from 1, so that 0 means absent;
///      who uses the list remembers them, beside whatever else it knows of an item.
///
///      first: | length 64 | item 1 192 |    rest: | 0 64 | item 192 |, by position
library CompactList {
    struct List {
        uint256 first;
        mapping(uint256 position => uint256) rest;
    }

    uint256 private constant LENGTH_SHIFT = 192;

    function length(List storage self) internal view returns (uint256) {
        return self.first >> LENGTH_SHIFT;
    }

    /// @dev The caller keeps `position` within 1 … length.
    function itemAt(List storage self, uint256 position) internal view returns (uint192) {
        return uint192(position == 1 ? self.first : self.rest[position]); // the item is the low 192 bits
    }

    /// @return position Of the new item.
    function append(List storage self, uint192 item) internal returns (uint256 position) {
        uint256 first = self.first;
        position = (first >> LENGTH_SHIFT) + 1;
        if (position == 1) {
            first = item;
        } else {
            self.rest[position] = item;
        }
        self.first = _withLength(first, position);
    }

    /// @dev The caller keeps `position` within 1 … length.
    /// @return hasMoved Whether another item is at `position` now.
    /// @return moved That item, which may be 0.
    function remove(List storage self, uint256 position) internal returns (bool hasMoved, uint192 moved) {
        uint256 first = self.first;
        uint256 last = first >> LENGTH_SHIFT;
        if (last == 1) {
            self.first = 0;
            return (false, 0);
        }
        uint256 lastWord = self.rest[last];
        self.rest[last] = 0;
        if (position != last) {
            hasMoved = true;
            moved = uint192(lastWord); // words of the rest have no length in them
            if (position == 1) first = lastWord;
            else self.rest[position] = lastWord;
        }
        self.first = _withLength(first, last - 1);
    }

    function _withLength(uint256 first, uint256 newLength) private pure returns (uint256) {
        return (newLength << LENGTH_SHIFT) | uint192(first); // only the item of the first word is kept
    }
}
