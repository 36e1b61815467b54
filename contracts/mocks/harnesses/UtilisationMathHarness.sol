// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UtilisationMath} from "../../lrt/withdrawals/UtilisationMath.sol";

/// @title UtilisationMathHarness
/// @notice Opens UtilisationMath to tests.
contract UtilisationMathHarness {
    function feeUp(UtilisationMath.Curve calldata curve, uint256 paid) external pure returns (uint256) {
        return UtilisationMath.feeUp(curve, paid);
    }

    function paidDown(UtilisationMath.Curve calldata curve, uint256 value) external pure returns (uint256) {
        return UtilisationMath.paidDown(curve, value);
    }
}
