// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IStrategyLimits
/// @notice What a strategy with limits adds to IStrategy.
interface IStrategyLimits {
    /* EVENTS */

    event MaxPerDepositUpdated(uint256 previousValue, uint256 newValue);
    event MaxTotalDepositsUpdated(uint256 previousValue, uint256 newValue);

    /* LIMITS */

    /// @notice Sets both limits; the first may not pass the second.
    /// @dev Caller: the unpauser of the registry.
    function setTVLLimits(uint256 newMaxPerDeposit, uint256 newMaxTotalDeposits) external;

    /// @notice Largest deposit and largest balance, in the token's smallest unit.
    function getTVLLimits() external view returns (uint256, uint256);

    /// @notice Largest deposit, in the token's smallest unit.
    function maxPerDeposit() external view returns (uint256);

    /// @notice Largest balance with which a deposit may end, in the token's smallest unit.
    function maxTotalDeposits() external view returns (uint256);
}
