// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title KeptMath
/// @notice The product of all parts that were kept, one strike after the other: a number that only falls, and of which only
///         ratios matter. A plain fraction would run out of digits when nearly everybody leaves a few times.
/// @dev A factor is mantissa · 2^−(127 + exponent), the mantissa in [2^127, 2^128), so a ratio of any two of them is good to
///      about 2^−126 for every strike between, however small both have become.
library KeptMath {
    /// @param mantissa In [2^127, 2^128).
    /// @param exponent How often it was doubled to stay there.
    struct Factor {
        uint128 mantissa;
        uint64 exponent;
    }

    uint256 private constant ONE = 1 << 127;
    /// @dev Digits that a difference of two factors keeps below the larger one's last.
    uint256 private constant EXTRA_BITS = 120;

    /// @notice The factor before anything has left: 1.
    function one() internal pure returns (Factor memory) {
        return Factor(uint128(ONE), 0);
    }

    /// @notice The factor after `left` of `whole` has left; rounds up, in favour of who stays. Something must stay.
    /// @param whole At most type(uint128).max.
    function afterUp(Factor memory self, uint256 left, uint256 whole) internal pure returns (Factor memory) {
        uint256 stays = whole - left;
        // Brings `stays / whole` into (1, 4), so that the product has its 128 digits and at most two more.
        uint256 doublings = Math.log2(whole) - Math.log2(stays) + 1;
        uint256 product = Math.mulDiv(uint256(self.mantissa) << doublings, stays, whole, Math.Rounding.Ceil);
        uint256 halvings = Math.log2(product) - 127;
        uint256 mantissa = _shiftUp(product, halvings);
        if (mantissa >> 128 != 0) (mantissa, halvings) = (ONE, halvings + 1); // 2^128, rounded up to
        // < 2^128 after the line above; fewer doublings than 2^64 in any number of strikes that fit a chain
        return Factor(uint128(mantissa), uint64(self.exponent + doublings - halvings));
    }

    /// @notice What is kept of an amount between two factors; rounds up, in favour of who stays.
    /// @param amount At most type(uint128).max.
    /// @param mark Factor at which all of it was kept.
    /// @param current Factor now, not above `mark`.
    function keptUp(uint256 amount, Factor memory mark, Factor memory current) internal pure returns (uint256 kept) {
        kept = Math.mulDiv(amount, current.mantissa, mark.mantissa, Math.Rounding.Ceil);
        kept = Math.min(_shiftUp(kept, current.exponent - mark.exponent), amount);
    }

    /// @notice The part of an amount that left between `before` and `next`, when all of it left between `before` and `last`;
    ///         rounds down, in favour of those who left later.
    function leftDown(
        uint256 amount,
        Factor memory before,
        Factor memory next,
        Factor memory last
    ) internal pure returns (uint256) {
        return betweenDown(amount, before, before, next, last);
    }

    /// @notice The part of an amount that left between `prior` and `next`, when all of it left between `before` and `last`;
    ///         rounds down.
    function betweenDown(
        uint256 amount,
        Factor memory before,
        Factor memory prior,
        Factor memory next,
        Factor memory last
    ) internal pure returns (uint256) {
        uint256 leftAtLast = _whole(before) - _digits(last, before.exponent);
        return leftAtLast == 0 ? 0 : Math.mulDiv(amount, _leftBetween(before, prior, next), leftAtLast);
    }

    /// @notice The part of an amount, all of it kept at `mark`, that left between `prior` and `next`; rounds down.
    function partDown(
        uint256 amount,
        Factor memory mark,
        Factor memory prior,
        Factor memory next
    ) internal pure returns (uint256) {
        return Math.mulDiv(amount, _leftBetween(mark, prior, next), _whole(mark));
    }

    /// @dev What left between two factors, in digits of an earlier one.
    function _leftBetween(
        Factor memory before,
        Factor memory prior,
        Factor memory next
    ) private pure returns (uint256) {
        return _digits(prior, before.exponent) - _digits(next, before.exponent);
    }

    function _whole(Factor memory factor) private pure returns (uint256) {
        return _digits(factor, factor.exponent); // < 2^248
    }

    /// @dev A factor's digits as seen from a larger one's exponent.
    function _digits(Factor memory factor, uint256 exponent) private pure returns (uint256) {
        return (uint256(factor.mantissa) << EXTRA_BITS) >> (factor.exponent - exponent);
    }

    /// @dev Halves some times; rounds up.
    function _shiftUp(uint256 number, uint256 halvings) private pure returns (uint256) {
        uint256 half = number >> halvings;
        return half << halvings == number ? half : half + 1;
    }
}
