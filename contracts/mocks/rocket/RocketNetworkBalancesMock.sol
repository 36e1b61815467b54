// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRocketNetworkBalances} from "../../shared/external/IRocketNetworkBalances.sol";

/// @title RocketNetworkBalancesMock
/// @notice A stand-in for what Rocket Pool's oracle has reported. Anyone may report.
contract RocketNetworkBalancesMock is IRocketNetworkBalances {
    /// @notice A report came in.
    event BalancesReported(uint256 totalEth, uint256 rethSupply);

    /// @inheritdoc IRocketNetworkBalances
    uint256 public getBalancesTimestamp;
    /// @inheritdoc IRocketNetworkBalances
    uint256 public getBalancesBlock;
    /// @inheritdoc IRocketNetworkBalances
    uint256 public getTotalETHBalance;
    /// @inheritdoc IRocketNetworkBalances
    uint256 public getTotalRETHSupply;

    /// @notice The oracle's report: what all rETH is worth, and how much there is.
    function report(uint256 totalEth, uint256 rethSupply) external {
        emit BalancesReported(totalEth, rethSupply);
        getTotalETHBalance = totalEth;
        getTotalRETHSupply = rethSupply;
        getBalancesTimestamp = block.timestamp;
        getBalancesBlock = block.number;
    }
}
