// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IRateSource
/// @notice What one liquid staking token is worth, by its issuer's own redemption rate, within fixed bounds.
interface IRateSource {
    /* ERRORS */

    /// @notice The issuer's rate is outside what this source accepts.
    error RateOutOfBounds(uint256 rateWad, uint256 minRateWad, uint256 maxRateWad);
    /// @notice The token is not a form of this asset.
    error UnknownToken(address token);

    /* VIEWS */

    /// @notice The asset this source speaks of; its smallest unit is the book unit.
    function asset() external view returns (address);

    /// @notice Ether value of 1e18 units (WAD). Reverts instead of answering when the rate is out of bounds.
    function rate() external view returns (uint256 rateWad);

    /// @notice Units contained in an amount of one of the asset's token forms.
    /// @dev Rounds down, in favour of the pool.
    /// @param token A form of the asset (stETH or wstETH for Lido).
    /// @param amount Amount of that token, in its smallest unit.
    function unitsOf(address token, uint256 amount) external view returns (uint256 units);
}
