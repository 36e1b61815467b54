// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title ValueMathHarness
/// @notice Opens ValueMath to tests; each pair of conversions answers together, down first.
contract ValueMathHarness {
    function toEther(uint256 amount, uint256 rateWad) external pure returns (uint256 down, uint256 up) {
        return (ValueMath.toEtherDown(amount, rateWad), ValueMath.toEtherUp(amount, rateWad));
    }

    function fromEther(uint256 etherValue, uint256 rateWad) external pure returns (uint256 down, uint256 up) {
        return (ValueMath.fromEtherDown(etherValue, rateWad), ValueMath.fromEtherUp(etherValue, rateWad));
    }

    function convert(uint256 amount, uint256 from, uint256 to) external pure returns (uint256 down, uint256 up) {
        return (ValueMath.convertDown(amount, from, to), ValueMath.convertUp(amount, from, to));
    }

    function part(uint256 amount, uint256 over, uint256 under) external pure returns (uint256 down, uint256 up) {
        return (ValueMath.partDown(amount, over, under), ValueMath.partUp(amount, over, under));
    }

    function bps(uint256 amount, uint256 bps_) external pure returns (uint256 taken, uint256 left) {
        return (ValueMath.bpsDown(amount, bps_), ValueMath.lessBpsDown(amount, bps_));
    }

    function depositSharesDown(
        uint256 units,
        uint256 rateWad,
        uint256 haircutBps,
        uint256 priceWad
    ) external pure returns (uint256) {
        return ValueMath.depositSharesDown(units, rateWad, haircutBps, priceWad);
    }

    function dayOf(uint256 timestamp) external pure returns (uint32) {
        return ValueMath.dayOf(timestamp);
    }

    function minusOrZero(uint256 a, uint256 b) external pure returns (uint256) {
        return ValueMath.minusOrZero(a, b);
    }
}
