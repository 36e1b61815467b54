// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LiquidityPlan} from "../../lrt/issuers/LiquidityPlan.sol";

/// @title LiquidityPlanHarness
/// @notice Opens LiquidityPlan to tests: everything that may be moved, for the same books.
contract LiquidityPlanHarness {
    using LiquidityPlan for LiquidityPlan.Books;

    function moves(
        LiquidityPlan.Books calldata books,
        uint256 buffer
    ) external pure returns (uint256 stakeable, uint256 restakeable, uint256 unbond) {
        LiquidityPlan.Books memory b = books;
        return (b.stakeableEther(buffer), b.restakeableUnits(), b.unbondUnits());
    }

    function redeemableUnits(uint256 given, uint256 left, uint256 growthBps) external pure returns (uint256) {
        return LiquidityPlan.redeemableUnits(given, left, growthBps);
    }
}
