// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title SlashingMath
/// @notice The engine's arithmetic on magnitudes, factors and shares; every rounding is in a name.
/// @dev Products have 512 bits. A zero denominator is Panic(0x12). All factors are [WAD].
library SlashingMath {
    uint256 internal constant WAD = 1e18;

    /* FACTORS */

    /// @dev `x` times the factor `y`.
    function mulDown(uint256 x, uint256 y) internal pure returns (uint256) {
        return Math.mulDiv(x, y, WAD);
    }

    /// @dev `x` times the factor `y`.
    function mulUp(uint256 x, uint256 y) internal pure returns (uint256) {
        return Math.mulDiv(x, y, WAD, Math.Rounding.Ceil);
    }

    /// @dev `x` divided by the factor `y`.
    function divDown(uint256 x, uint256 y) internal pure returns (uint256) {
        return Math.mulDiv(x, WAD, y);
    }

    /* SHARES */

    /// @dev Scaled shares of deposit shares: what a queue entry keeps, independent of later slashes.
    function scaledDown(uint256 depositShares, uint256 scalingFactor) internal pure returns (uint256) {
        return mulDown(depositShares, scalingFactor);
    }

    /// @dev What deposit shares are worth under a slashing factor.
    function withdrawableDown(
        uint256 depositShares,
        uint256 scalingFactor,
        uint256 slashingFactor
    ) internal pure returns (uint256) {
        return mulDown(scaledDown(depositShares, scalingFactor), slashingFactor);
    }

    /// @dev Deposit shares worth at most `withdrawable`.
    function depositSharesDown(
        uint256 withdrawable,
        uint256 scalingFactor,
        uint256 slashingFactor
    ) internal pure returns (uint256) {
        return divDown(divDown(withdrawable, scalingFactor), slashingFactor);
    }

    /// @dev What a fall of the maximum from `prevMax` to `newMax` takes of `shares`: the rest is rounded up.
    function slashedDown(uint256 shares, uint256 prevMax, uint256 newMax) internal pure returns (uint256) {
        return shares - Math.mulDiv(shares, newMax, prevMax, Math.Rounding.Ceil);
    }

    /// @dev Scaling factor after `added` deposit shares joined `prev`, so that they are worth `added` now.
    function scalingFactorDown(
        uint256 prev,
        uint256 added,
        uint256 scalingFactor,
        uint256 slashingFactor
    ) internal pure returns (uint256) {
        if (prev == 0) return divDown(scalingFactor, slashingFactor);
        uint256 worth = withdrawableDown(prev, scalingFactor, slashingFactor) + added;
        return divDown(divDown(worth, prev + added), slashingFactor);
    }
}
