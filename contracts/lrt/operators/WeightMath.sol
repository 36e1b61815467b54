// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title WeightMath
/// @notice How new stake is spread and where stake is taken from, by weight. Pure: same state, same answer, any caller.
library WeightMath {
    /// @notice Units each operator lacks after `added` more are spread by weight, none above its cap; rounds down.
    /// @param units Stake of each operator [units].
    /// @param weights Weights; zero gets nothing.
    /// @param added Units to spread.
    /// @param cap Most units of one operator.
    function lacking(
        uint256[] memory units,
        uint256[] memory weights,
        uint256 added,
        uint256 cap
    ) internal pure returns (uint256[] memory lacks) {
        (uint256 total, uint256 weightSum) = _sums(units, weights);
        lacks = new uint256[](units.length);
        for (uint256 i = 0; i < units.length; ++i) {
            uint256 target = Math.min(ValueMath.partDown(total + added, weights[i], weightSum), cap);
            uint256 lack = Math.min(ValueMath.minusOrZero(target, units[i]), added);
            lacks[i] = lack;
            added -= lack;
            total += lack; // the sum `total + added` stays
        }
    }

    /// @notice Units each operator holds above its weight once `removed` are gone; their sum is at least `removed` as long
    ///         as there is that much. Operators of weight zero are left out: they are drained anyway.
    function excess(
        uint256[] memory units,
        uint256[] memory weights,
        uint256 removed
    ) internal pure returns (uint256[] memory excesses) {
        (uint256 total, uint256 weightSum) = _sums(units, weights);
        uint256 left = ValueMath.minusOrZero(total, removed);
        excesses = new uint256[](units.length);
        for (uint256 i = 0; i < units.length; ++i) {
            if (weights[i] == 0) continue;
            excesses[i] = ValueMath.minusOrZero(units[i], ValueMath.partDown(left, weights[i], weightSum));
        }
    }

    /// @dev Sums over operators with a weight.
    function _sums(
        uint256[] memory units,
        uint256[] memory weights
    ) private pure returns (uint256 total, uint256 weightSum) {
        for (uint256 i = 0; i < units.length; ++i) {
            if (weights[i] == 0) continue;
            total += units[i];
            weightSum += weights[i];
        }
    }
}
