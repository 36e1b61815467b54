// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title CompactList
/// @notice A list of words of 192 bits that keeps its length in the free bits of its first word: no slot of its own.
/// @dev Appends at the end; removal moves the last item into the gap. Positions count from 1, so that 0 means absent;
///      who uses the list remembers them, beside whatever else it knows of an item.
///
///      slot 0: | length 64 | item 1 192 |    slot i: | 0 64 | item i+1 192 |
library CompactList {
    struct List {
        mapping(uint256 index => uint256) words;
    }

    uint256 private constant LENGTH_SHIFT = 192;

    function length(List storage self) internal view returns (uint256) {
        return self.words[0] >> LENGTH_SHIFT;
    }

    /// @dev The caller keeps `position` within 1 … length.
    function itemAt(List storage self, uint256 position) internal view returns (uint192) {
        return uint192(self.words[position - 1]); // the item is the low 192 bits
    }

    /// @return position Of the new item.
    function append(List storage self, uint192 item) internal returns (uint256 position) {
        uint256 first = self.words[0];
        position = (first >> LENGTH_SHIFT) + 1;
        if (position == 1) {
            self.words[0] = (1 << LENGTH_SHIFT) | item;
        } else {
            self.words[position - 1] = item;
            self.words[0] = _withLength(first, position);
        }
    }

    /// @dev The caller keeps `position` within 1 … length.
    /// @return moved The item that is at `position` now; 0 when nothing moved.
    function remove(List storage self, uint256 position) internal returns (uint192 moved) {
        uint256 first = self.words[0];
        uint256 last = first >> LENGTH_SHIFT;
        if (last == 1) {
            self.words[0] = 0;
            return 0;
        }
        uint256 lastWord = self.words[last - 1];
        self.words[last - 1] = 0;
        if (position != last) {
            moved = uint192(lastWord); // words beyond the first have no length in them
            if (position == 1) first = lastWord;
            else self.words[position - 1] = lastWord;
        }
        self.words[0] = _withLength(first, last - 1);
    }

    function _withLength(uint256 first, uint256 newLength) private pure returns (uint256) {
        return (newLength << LENGTH_SHIFT) | uint192(first); // only the item of the first word is kept
    }
}
