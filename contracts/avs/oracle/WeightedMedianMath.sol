// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title WeightedMedianMath
/// @notice The median of values that do not weigh the same.
library WeightedMedianMath {
    /// @notice The smallest value such that the values up to it weigh at least half of everything.
    /// @dev Sorts both arrays in place, by insertion: meant for some dozens of values. The first `count` entries are
    ///      used, at least one. Whoever holds less than half of the weight cannot move the result beyond the values of
    ///      the others.
    /// @param values Values in any order.
    /// @param weights Weight of each value; the sum is below 2^255.
    /// @param count Entries in use.
    function medianDown(
        uint256[] memory values,
        uint256[] memory weights,
        uint256 count
    ) internal pure returns (uint256) {
        uint256 total = weights[0];
        for (uint256 i = 1; i < count; ++i) {
            (uint256 value, uint256 weight) = (values[i], weights[i]);
            uint256 j = i;
            for (; j > 0 && values[j - 1] > value; --j) (values[j], weights[j]) = (values[j - 1], weights[j - 1]);
            (values[j], weights[j]) = (value, weight);
            total += weight;
        }
        uint256 below = weights[0];
        uint256 middle = 0;
        while (below * 2 < total) below += weights[++middle];
        return values[middle];
    }
}
