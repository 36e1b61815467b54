// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {WeightMath} from "../../lrt/operators/WeightMath.sol";

/// @title WeightMathHarness
/// @notice Opens WeightMath to tests.
contract WeightMathHarness {
    function lacking(
        uint256[] calldata units,
        uint256[] calldata weights,
        uint256 added,
        uint256 cap
    ) external pure returns (uint256[] memory) {
        return WeightMath.lacking(units, weights, added, cap);
    }

    function excess(
        uint256[] calldata units,
        uint256[] calldata weights,
        uint256 removed
    ) external pure returns (uint256[] memory) {
        return WeightMath.excess(units, weights, removed);
    }
}
