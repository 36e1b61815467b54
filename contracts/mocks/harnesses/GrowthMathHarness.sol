// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GrowthMath} from "../../lrt/accounting/GrowthMath.sol";

/// @title GrowthMathHarness
/// @notice Opens GrowthMath to tests.
contract GrowthMathHarness {
    function next(
        GrowthMath.Input calldata input
    ) external pure returns (uint256 rateWad, uint256 waitingWad, uint256 feeShares) {
        return GrowthMath.next(input);
    }
}
