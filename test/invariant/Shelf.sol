// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Cheats} from "./Cheats.sol";
import {ASSETS, CELLS, HOLDERS, OPERATORS, Ghosts, Rules, Snapshot} from "./Moment.sol";

/// @dev Keeps the last snapshot, the sums and the rules between two calls: as the code of an account, which is read in one
///      piece where storage would be read and written word by word, a fifth of the campaign's time.
///
///      What is kept is memory as the compiler lays it out: a struct's words first, then its arrays in their order.
///      Words that point to an array are kept relative to the start.
///
///        | 3 pointers | snapshot: numbers, pointers, arrays | ghosts: the same | rules: the same |
abstract contract Shelf is Cheats {
    struct Book {
        Snapshot now;
        Ghosts ghosts;
        Rules rules;
    }

    error LaidOutOtherwise();

    address private constant SHELF = address(uint160(uint256(keccak256("trellis.campaign.shelf"))));

    uint256 private constant SNAPSHOT_NUMBERS = 19;
    uint256 private constant SNAPSHOT_ARRAYS = 12;
    uint256 private constant SNAPSHOT_WORDS = SNAPSHOT_NUMBERS + SNAPSHOT_ARRAYS + 9 * ASSETS + HOLDERS + 2 * CELLS;
    uint256 private constant GHOST_NUMBERS = 13;
    uint256 private constant GHOST_ARRAYS = 6;
    uint256 private constant GHOST_WORDS = GHOST_NUMBERS + GHOST_ARRAYS + GHOST_ARRAYS * ASSETS;
    uint256 private constant RULE_NUMBERS = 13;
    uint256 private constant RULE_WORDS = RULE_NUMBERS + 1 + OPERATORS;

    uint256 private constant SNAPSHOT_AT = 3;
    uint256 private constant GHOSTS_AT = SNAPSHOT_AT + SNAPSHOT_WORDS;
    uint256 private constant RULES_AT = GHOSTS_AT + GHOST_WORDS;
    uint256 private constant WORDS = RULES_AT + RULE_WORDS;

    function _isKept() internal view returns (bool) {
        return SHELF.code.length != 0;
    }

    /// @dev Where a book begins in memory that is a copy of what was kept.
    function _recall() internal view returns (uint256 start) {
        start = _read(0, WORDS);
        _shiftAll(start, start);
    }

    /// @dev Where another copy of the kept snapshot begins.
    function _recallSnapshot() internal view returns (uint256 start) {
        start = _read(SNAPSHOT_AT, SNAPSHOT_WORDS);
        // Kept pointers count from the start of the book.
        unchecked {
            _shift(start, SNAPSHOT_NUMBERS, SNAPSHOT_ARRAYS, start - 32 * SNAPSHOT_AT);
        }
    }

    /// @dev Keeps a book, which must not be used after.
    function _keep(Book memory book) internal {
        uint256 start;
        assembly ("memory-safe") {
            start := book
        }
        unchecked {
            _shiftAll(start, 0 - start);
        }
        bytes memory content = new bytes(32 * WORDS);
        assembly ("memory-safe") {
            mcopy(add(content, 32), start, mload(content))
        }
        vm.etch(SHELF, content);
    }

    /// @dev Refuses a book that the compiler has laid out in another way.
    function _requireLayout(Book memory book) internal pure {
        uint256 start;
        uint256 last;
        (uint256 snapshotAt, uint256 ghostsAt, uint256 rulesAt) = (SNAPSHOT_AT, GHOSTS_AT, RULES_AT);
        bool[OPERATORS] memory end = book.rules.broken;
        uint256[CELLS] memory endOfSnapshot = book.now.encumbered;
        uint256[ASSETS] memory endOfGhosts = book.ghosts.mostLimitOfDay;
        bool isRight;
        assembly ("memory-safe") {
            start := book
            last := end
            isRight := eq(mload(start), add(start, mul(32, snapshotAt)))
            isRight := and(isRight, eq(mload(add(start, 32)), add(start, mul(32, ghostsAt))))
            isRight := and(isRight, eq(mload(add(start, 64)), add(start, mul(32, rulesAt))))
        }
        require(isRight && last + 32 * OPERATORS == start + 32 * WORDS, LaidOutOtherwise());
        assembly ("memory-safe") {
            snapshotAt := endOfSnapshot
            ghostsAt := endOfGhosts
        }
        require(snapshotAt + 32 * CELLS == start + 32 * GHOSTS_AT, LaidOutOtherwise());
        require(ghostsAt + 32 * ASSETS == start + 32 * RULES_AT, LaidOutOtherwise());
    }

    function _read(uint256 from, uint256 words) private view returns (uint256 start) {
        address shelf = SHELF;
        assembly ("memory-safe") {
            start := mload(0x40)
            extcodecopy(shelf, start, mul(32, from), mul(32, words))
            mstore(0x40, add(start, mul(32, words)))
        }
    }

    function _shiftAll(uint256 start, uint256 by) private pure {
        _shift(start, 0, SNAPSHOT_AT, by);
        _shift(start, SNAPSHOT_AT + SNAPSHOT_NUMBERS, SNAPSHOT_ARRAYS, by);
        _shift(start, GHOSTS_AT + GHOST_NUMBERS, GHOST_ARRAYS, by);
        _shift(start, RULES_AT + RULE_NUMBERS, 1, by);
    }

    /// @dev Adds to `count` words in a row.
    function _shift(uint256 start, uint256 first, uint256 count, uint256 by) private pure {
        assembly ("memory-safe") {
            let end := add(start, mul(32, add(first, count)))
            for {
                let place := add(start, mul(32, first))
            } lt(place, end) {
                place := add(place, 32)
            } {
                mstore(place, add(mload(place), by))
            }
        }
    }
}
