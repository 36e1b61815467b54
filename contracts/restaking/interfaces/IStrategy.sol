// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPausable} from "./IPausable.sol";
import {IShareManager} from "./IShareManager.sol";

/// @title IStrategy
/// @notice Holds one token for all stakers and counts who owns how much of it in shares.
/// @dev The rate is (balance + 1e3) / (total shares + 1e3): a donation raises it for everyone.
interface IStrategy is IPausable {
    /* EVENTS */

    event ExchangeRateEmitted(uint256 rate);
    event StrategyTokenSet(IERC20 token, uint8 decimals);

    /* ERRORS */

    /// @notice Only the StrategyManager.
    error OnlyStrategyManager();
    /// @notice The strategy holds another token.
    error OnlyUnderlyingToken();
    /// @notice The deposit is worth less than one share.
    error NewSharesZero();
    /// @notice The strategy would have more than 10^38 - 1 shares.
    error TotalSharesExceedsMax();
    /// @notice More shares are withdrawn than the strategy has.
    error WithdrawalAmountExceedsTotalDeposits();
    /// @notice The deposit is above the limit of one, or that limit above the limit of all.
    error MaxPerDepositExceedsMax();
    /// @notice With the deposit the strategy would hold more tokens than its limit.
    error BalanceExceedsMaxTotalDeposits();

    /* MOVING TOKENS */

    /// @notice Counts tokens that have already arrived.
    /// @dev Caller: the StrategyManager. Rounds down, in favour of the pool.
    /// @param token Must be the underlying token.
    /// @param amount Amount that arrived, in the token's smallest unit.
    /// @return newShares Shares for it.
    function deposit(IERC20 token, uint256 amount) external returns (uint256 newShares);

    /// @notice Pays tokens for shares.
    /// @dev Caller: the StrategyManager. Rounds down, in favour of the pool.
    /// @param recipient Account paid.
    /// @param token Must be the underlying token.
    /// @param amountShares Shares given up.
    /// @return amountOut Tokens paid.
    function withdraw(address recipient, IERC20 token, uint256 amountShares) external returns (uint256 amountOut);

    /// @notice Called before deposit shares are added to a staker; may refuse.
    /// @dev Caller: the StrategyManager.
    function beforeAddShares(address staker, uint256 shares) external;

    /// @notice Called before deposit shares are taken from a staker; may refuse.
    /// @dev Caller: the StrategyManager.
    function beforeRemoveShares(address staker, uint256 shares) external;

    /* VIEWS */

    /// @notice Tokens for `amountShares` at the current rate.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function sharesToUnderlying(uint256 amountShares) external view returns (uint256);

    /// @notice As `sharesToUnderlying`.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function sharesToUnderlyingView(uint256 amountShares) external view returns (uint256);

    /// @notice Shares for `amountUnderlying` at the current rate.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function underlyingToShares(uint256 amountUnderlying) external view returns (uint256);

    /// @notice As `underlyingToShares`.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function underlyingToSharesView(uint256 amountUnderlying) external view returns (uint256);

    /// @notice Tokens for the deposit shares of `user`. Ignores slashing: never a value of a position.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function userUnderlying(address user) external returns (uint256);

    /// @notice As `userUnderlying`.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function userUnderlyingView(address user) external view returns (uint256);

    /// @notice Deposit shares of `user`. Ignores slashing.
    /// @dev Caller: anyone.
    function shares(address user) external view returns (uint256);

    /// @notice All shares, with those slashed but not yet cleared.
    /// @dev Caller: anyone.
    function totalShares() external view returns (uint256);

    /// @notice The token held.
    /// @dev Caller: anyone.
    function underlyingToken() external view returns (IERC20);

    /// @notice The StrategyManager, the only contract that may move tokens here.
    /// @dev Caller: anyone.
    function strategyManager() external view returns (IShareManager);

    /// @notice What the strategy does, in words.
    /// @dev Caller: anyone.
    function explanation() external view returns (string memory);
}
