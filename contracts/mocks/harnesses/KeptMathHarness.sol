// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {KeptMath} from "../../shared/math/KeptMath.sol";

/// @title KeptMathHarness
/// @notice Opens KeptMath to tests.
contract KeptMathHarness {
    function one() external pure returns (KeptMath.Factor memory) {
        return KeptMath.one();
    }

    function afterUp(
        KeptMath.Factor calldata factor,
        uint256 left,
        uint256 whole
    ) external pure returns (KeptMath.Factor memory) {
        return KeptMath.afterUp(factor, left, whole);
    }

    function keptUp(
        uint256 amount,
        KeptMath.Factor calldata mark,
        KeptMath.Factor calldata current
    ) external pure returns (uint256) {
        return KeptMath.keptUp(amount, mark, current);
    }

    function leftDown(
        uint256 amount,
        KeptMath.Factor calldata before,
        KeptMath.Factor calldata next,
        KeptMath.Factor calldata last
    ) external pure returns (uint256) {
        return KeptMath.leftDown(amount, before, next, last);
    }

    function betweenDown(
        uint256 amount,
        KeptMath.Factor calldata before,
        KeptMath.Factor calldata prior,
        KeptMath.Factor calldata next,
        KeptMath.Factor calldata last
    ) external pure returns (uint256) {
        return KeptMath.betweenDown(amount, before, prior, next, last);
    }

    function partDown(
        uint256 amount,
        KeptMath.Factor calldata mark,
        KeptMath.Factor calldata prior,
        KeptMath.Factor calldata next
    ) external pure returns (uint256) {
        return KeptMath.partDown(amount, mark, prior, next);
    }
}
