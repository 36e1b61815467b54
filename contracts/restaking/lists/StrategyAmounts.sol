// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStrategy} from "../interfaces/IStrategy.sol";

/// @title StrategyAmounts
/// @notice Amounts per strategy, one slot each while an amount has less than 96 bits, else two.
/// @dev Indexes count from 0; who uses it keeps the length. Old entries beyond the length are left: clearing costs more.
library StrategyAmounts {
    struct Entry {
        IStrategy strategy;
        uint96 amount; // LARGE: look in `large`
    }

    struct Entries {
        mapping(uint256 index => Entry) entries;
        mapping(uint256 index => uint256) large;
    }

    uint96 private constant LARGE = type(uint96).max;

    function set(Entries storage self, uint256 index, IStrategy strategy, uint256 amount) internal {
        if (amount < LARGE) {
            self.entries[index] = Entry(strategy, uint96(amount)); // < 2^96
        } else {
            self.entries[index] = Entry(strategy, LARGE);
            self.large[index] = amount;
        }
    }

    function entryAt(Entries storage self, uint256 index) internal view returns (IStrategy strategy, uint256 amount) {
        Entry memory entry = self.entries[index];
        return (entry.strategy, entry.amount == LARGE ? self.large[index] : entry.amount);
    }
}
