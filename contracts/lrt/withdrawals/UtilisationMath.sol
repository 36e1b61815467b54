// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title UtilisationMath
/// @notice The price of taking ether from a buffer: the emptier it is, the dearer the next wei. What a payment costs depends
///         on where it begins and ends and on nothing else, so splitting one never pays.
/// @dev The fee of the next wei, per wei paid out, is `minFeeBps` while the level is at or above the target, and rises in a
///      straight line to `maxFeeBps` at zero. The fee of a payment is the area under that line, as one fraction.
library UtilisationMath {
    /// @param level Ether in the buffer [wei].
    /// @param target Level from which on the fee is the lowest, at least 1 [wei].
    struct Curve {
        uint256 level;
        uint256 target;
        uint256 minFeeBps;
        uint256 maxFeeBps;
    }

    /// @notice Fee for paying out `paid`, at most the level; rounds up, in favour of the holders.
    function feeUp(Curve memory c, uint256 paid) internal pure returns (uint256) {
        (uint256 from, uint256 to) = (Math.min(c.level, c.target), Math.min(c.level - paid, c.target));
        uint256 flat = (paid - (from - to)) * c.minFeeBps * 2 * c.target;
        uint256 steep = (from - to) * (2 * c.target * c.maxFeeBps - (c.maxFeeBps - c.minFeeBps) * (from + to));
        return ValueMath.partUp(flat + steep, 1, 2 * c.target * ValueMath.BPS);
    }

    /// @notice The most that can be paid out for `value`, fee included; rounds down, in favour of the holders. `value` is at
    ///         most what the whole level costs.
    function paidDown(Curve memory c, uint256 value) internal pure returns (uint256 paid) {
        paid = ValueMath.partDown(value, ValueMath.BPS, ValueMath.BPS + c.minFeeBps);
        uint256 above = ValueMath.minusOrZero(c.level, c.target);
        if (paid <= above) return paid;
        // Not more than two wei below the answer: one for the fee above the target, one for the root.
        paid = above + _paidBelowDown(c, value - above - feeUp(c, above));
        while (paid < c.level && paid + 1 + feeUp(c, paid + 1) <= value) ++paid;
    }

    /// @dev Solves `value = paid + fee(paid)` for a payment that begins at or below the target: with d = max − min,
    ///      `d · paid² + 2 · b · paid = 2 · target · value` in basis points, in the form that does not cancel digits.
    function _paidBelowDown(Curve memory c, uint256 value) private pure returns (uint256) {
        uint256 d = c.maxFeeBps - c.minFeeBps;
        uint256 b = c.target * (ValueMath.BPS + c.maxFeeBps) - d * Math.min(c.level, c.target);
        uint256 twice = 2 * c.target * ValueMath.BPS * value;
        uint256 root = Math.sqrt(b * b + d * twice, Math.Rounding.Ceil);
        return ValueMath.partDown(twice, 1, b + root);
    }
}
