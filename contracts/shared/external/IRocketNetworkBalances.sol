// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IRocketNetworkBalances
/// @notice What Rocket Pool's oracle last reported: rETH's exchange rate is its quotient.
interface IRocketNetworkBalances {
    /// @notice Time of the last report (unix time).
    /// @dev Caller: anyone.
    function getBalancesTimestamp() external view returns (uint256);

    /// @notice Block the last report speaks of.
    /// @dev Caller: anyone.
    function getBalancesBlock() external view returns (uint256);

    /// @notice ETH [wei] that all rETH is worth.
    /// @dev Caller: anyone.
    function getTotalETHBalance() external view returns (uint256);

    /// @notice rETH [wei] that there was.
    /// @dev Caller: anyone.
    function getTotalRETHSupply() external view returns (uint256);
}
