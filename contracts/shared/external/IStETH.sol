// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IStETH
/// @notice Lido's stETH as we use it: shares under a balance that rebases.
/// @dev Token amounts and shares are both in wei (18 decimals). Conversions round down unless they say otherwise and
///      need an argument below 2^128. `transfer(x)` moves `sharesDown(x)`: the receiver sees x, x - 1 or x - 2 wei, so
///      credit a deposit by the difference of `sharesOf`. Allowances are in tokens.
interface IStETH is IERC20 {
    /* EVENTS */

    /// @notice Emitted beside `Transfer` with the shares that moved.
    event TransferShares(address indexed from, address indexed to, uint256 sharesValue);
    /// @notice Emitted when shares are destroyed; token amounts are at the rate before and after.
    event SharesBurnt(
        address indexed account,
        uint256 preRebaseTokenAmount,
        uint256 postRebaseTokenAmount,
        uint256 sharesAmount
    );
    /// @notice Emitted when ether [wei] is staked.
    event Submitted(address indexed sender, uint256 amount, address referral);
    /// @notice Emitted once per accounting report. Ether in wei, time in seconds.
    event TokenRebased(
        uint256 indexed reportTimestamp,
        uint256 timeElapsed,
        uint256 preTotalShares,
        uint256 preTotalEther,
        uint256 postTotalShares,
        uint256 postTotalEther,
        uint256 sharesMintedAsFees
    );

    /* STAKING */

    /// @notice Stakes the ether sent and mints stETH to the caller.
    /// @dev Caller: anyone. Rounds shares down, in favour of the pool.
    /// @return shares Shares minted, not tokens.
    function submit(address referral) external payable returns (uint256 shares);

    /* TRANSFERS BY SHARE */

    /// @notice Moves exactly this many shares.
    /// @dev Caller: the holder.
    /// @return tokensAmount What the shares are worth [stETH wei], rounded down.
    function transferShares(address recipient, uint256 sharesAmount) external returns (uint256 tokensAmount);

    /// @notice Moves exactly this many shares, spending an allowance in tokens.
    /// @dev Caller: anyone with an allowance. The allowance spent is rounded up, in favour of the holder.
    /// @return tokensAmount What the shares are worth [stETH wei], rounded up.
    function transferSharesFrom(
        address sender,
        address recipient,
        uint256 sharesAmount
    ) external returns (uint256 tokensAmount);

    /* VIEWS */

    /// @notice Shares held, the only number that does not rebase.
    /// @dev Caller: anyone.
    function sharesOf(address account) external view returns (uint256);

    /// @notice All shares.
    /// @dev Caller: anyone.
    function getTotalShares() external view returns (uint256);

    /// @notice All ether under the shares [wei]; equals `totalSupply()`.
    /// @dev Caller: anyone.
    function getTotalPooledEther() external view returns (uint256);

    /// @notice stETH [wei] for shares.
    /// @dev Caller: anyone. Rounds down. Moves both ways, only with a report.
    function getPooledEthByShares(uint256 sharesAmount) external view returns (uint256);

    /// @notice stETH [wei] for shares.
    /// @dev Caller: anyone. Rounds up.
    function getPooledEthBySharesRoundUp(uint256 sharesAmount) external view returns (uint256);

    /// @notice Shares for stETH [wei].
    /// @dev Caller: anyone. Rounds down.
    function getSharesByPooledEth(uint256 ethAmount) external view returns (uint256);

    /// @notice Whether transfers and staking are stopped.
    /// @dev Caller: anyone.
    function isStopped() external view returns (bool);

    /// @notice Whether `submit` is closed.
    /// @dev Caller: anyone.
    function isStakingPaused() external view returns (bool);

    /// @notice Ether [wei] that `submit` accepts now: zero when paused, the largest number when there is no limit.
    /// @dev Caller: anyone.
    function getCurrentStakeLimit() external view returns (uint256);
}
