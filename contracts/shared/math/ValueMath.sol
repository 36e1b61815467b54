// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title ValueMath
/// @notice The only place where amounts are divided. Every conversion names its direction.
/// @dev Units: *ether value* is wei of ETH; *units* are an asset's smallest unit; *shares* are trETH wei;
///      a *rate* is the ether value of 1e18 units or shares (WAD).
library ValueMath {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant BPS = 10_000;

    /// @notice Ether value of an amount at a rate; rounds down.
    function toEtherDown(uint256 amount, uint256 rateWad) internal pure returns (uint256) {
        return Math.mulDiv(amount, rateWad, WAD);
    }

    /// @notice Ether value of an amount at a rate; rounds up.
    function toEtherUp(uint256 amount, uint256 rateWad) internal pure returns (uint256) {
        return Math.mulDiv(amount, rateWad, WAD, Math.Rounding.Ceil);
    }

    /// @notice Amount that an ether value buys at a rate; rounds down.
    function fromEtherDown(uint256 etherValue, uint256 rateWad) internal pure returns (uint256) {
        return Math.mulDiv(etherValue, WAD, rateWad);
    }

    /// @notice Amount that an ether value buys at a rate; rounds up.
    function fromEtherUp(uint256 etherValue, uint256 rateWad) internal pure returns (uint256) {
        return Math.mulDiv(etherValue, WAD, rateWad, Math.Rounding.Ceil);
    }

    /// @notice Amount at one rate expressed at another (shares into units and back); rounds down.
    function convertDown(uint256 amount, uint256 fromRateWad, uint256 toRateWad) internal pure returns (uint256) {
        return Math.mulDiv(amount, fromRateWad, toRateWad);
    }

    /// @notice Amount at one rate expressed at another (shares into units and back); rounds up.
    function convertUp(uint256 amount, uint256 fromRateWad, uint256 toRateWad) internal pure returns (uint256) {
        return Math.mulDiv(amount, fromRateWad, toRateWad, Math.Rounding.Ceil);
    }

    /// @notice Shares for a deposit: its value less the haircut, at the price of a share; rounds down, once.
    /// @param units Units deposited, at most type(uint88).max.
    /// @param rateWad Ether value of 1e18 units, at most type(uint80).max.
    function depositSharesDown(
        uint256 units,
        uint256 rateWad,
        uint256 haircutBps,
        uint256 priceWad
    ) internal pure returns (uint256) {
        unchecked {
            // < 2^182, as units, rate and basis points have 88, 80 and 14 bits; a price has 89.
            return (units * rateWad * (BPS - haircutBps)) / (priceWad * BPS);
        }
    }

    /// @notice A part `numerator / denominator` of an amount; rounds down. A zero denominator gives zero.
    function partDown(uint256 amount, uint256 numerator, uint256 denominator) internal pure returns (uint256) {
        return denominator == 0 ? 0 : Math.mulDiv(amount, numerator, denominator);
    }

    /// @notice A part `numerator / denominator` of an amount; rounds up. A zero denominator gives zero.
    function partUp(uint256 amount, uint256 numerator, uint256 denominator) internal pure returns (uint256) {
        return denominator == 0 ? 0 : Math.mulDiv(amount, numerator, denominator, Math.Rounding.Ceil);
    }

    /// @notice Basis points of an amount; rounds down.
    function bpsDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return Math.mulDiv(amount, bps, BPS);
    }

    /// @notice An amount less some basis points of it; rounds down. `bps` is at most 10 000.
    function lessBpsDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return Math.mulDiv(amount, BPS - bps, BPS);
    }

    /// @notice Whole days since the epoch; the length of a batch and of an allowance is one such day.
    function dayOf(uint256 timestamp) internal pure returns (uint32) {
        return uint32(timestamp / 1 days); // ≤ type(uint32).max until the year 11 761 191
    }

    /// @notice `a − b`, or zero when `b` is larger.
    function minusOrZero(uint256 a, uint256 b) internal pure returns (uint256) {
        return Math.saturatingSub(a, b);
    }
}
