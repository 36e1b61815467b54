// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WeightedMedianMath} from "../../avs/oracle/WeightedMedianMath.sol";

/// @title WeightedMedianMathHarness
/// @notice Opens WeightedMedianMath to tests.
contract WeightedMedianMathHarness {
    /// @notice The median of the first `count` values.
    function medianDown(
        uint256[] calldata values,
        uint256[] calldata weights,
        uint256 count
    ) external pure returns (uint256) {
        return WeightedMedianMath.medianDown(values, weights, count);
    }
}
