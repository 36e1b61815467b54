// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IShareManager} from "../interfaces/IShareManager.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {Pausable} from "../pausing/Pausable.sol";

/// @title Strategy
/// @notice Holds one token for all stakers and counts who owns how much of it in shares.
/// @dev Owns: the tokens, the number of shares. Trusts: StrategyManager (safety), the token (safety: no fee on
///      transfer). Never: gives more shares than tokens, or more tokens than shares, are worth.
abstract contract Strategy is IStrategy, Pausable {
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    /// @dev Shares and tokens that belong to nobody, so that the rate of an empty pool cannot be forced.
    uint256 private constant SHARES_OFFSET = 1e3;
    uint256 private constant BALANCE_OFFSET = 1e3;
    uint256 private constant MAX_TOTAL_SHARES = 1e38 - 1;

    uint8 private constant PAUSED_DEPOSITS = 0;
    uint8 private constant PAUSED_WITHDRAWALS = 1;

    /* IMMUTABLES */

    /// @inheritdoc IStrategy
    IShareManager public immutable strategyManager;

    /* STORAGE */

    /// @dev In the slot of the switches, which every deposit and withdrawal reads as well.
    uint128 private _totalShares; // ≤ MAX_TOTAL_SHARES

    /* SETUP */

    constructor(IShareManager strategyManager_, IPauserRegistry pauserRegistry_) Pausable(pauserRegistry_) {
        strategyManager = strategyManager_;
    }

    modifier onlyStrategyManager() {
        require(msg.sender == address(strategyManager), OnlyStrategyManager());
        _;
    }

    /* MOVING TOKENS */

    /// @inheritdoc IStrategy
    function deposit(
        IERC20 token,
        uint256 amount
    ) external onlyWhenNotPaused(PAUSED_DEPOSITS) onlyStrategyManager returns (uint256 newShares) {
        _beforeDeposit(token, amount);
        uint256 supply = _totalShares;
        uint256 balance = _balance();
        newShares = _sharesDown(amount, supply, balance - amount); // the tokens are here already
        require(newShares != 0, NewSharesZero());
        supply += newShares;
        require(supply <= MAX_TOTAL_SHARES, TotalSharesExceedsMax());
        _totalShares = uint128(supply); // checked above
        _emitRate(supply, balance);
    }

    /// @inheritdoc IStrategy
    function withdraw(
        address recipient,
        IERC20 token,
        uint256 amountShares
    ) external onlyWhenNotPaused(PAUSED_WITHDRAWALS) onlyStrategyManager returns (uint256 amountOut) {
        require(address(token) == address(_token()), OnlyUnderlyingToken());
        uint256 supply = _totalShares;
        require(amountShares <= supply, WithdrawalAmountExceedsTotalDeposits());
        uint256 balance = _balance();
        amountOut = _amountDown(amountShares, supply, balance);
        supply -= amountShares;
        _totalShares = uint128(supply); // smaller than before
        _emitRate(supply, balance - amountOut);
        token.safeTransfer(recipient, amountOut);
    }

    /// @inheritdoc IStrategy
    function beforeAddShares(address staker, uint256 shares_) external virtual onlyStrategyManager {}

    /// @inheritdoc IStrategy
    function beforeRemoveShares(address staker, uint256 shares_) external virtual onlyStrategyManager {}

    /// @dev What a deposit must satisfy; strategies with limits add theirs.
    function _beforeDeposit(IERC20 token, uint256) internal view virtual {
        require(address(token) == address(_token()), OnlyUnderlyingToken());
    }

    function _emitRate(uint256 supply, uint256 balance) private {
        emit ExchangeRateEmitted(_amountDown(1e18, supply, balance));
    }

    /* VIEWS */

    /// @inheritdoc IStrategy
    function totalShares() external view returns (uint256) {
        return _totalShares;
    }

    /// @inheritdoc IStrategy
    function sharesToUnderlyingView(uint256 amountShares) public view virtual returns (uint256) {
        return _amountDown(amountShares, _totalShares, _balance());
    }

    /// @inheritdoc IStrategy
    function sharesToUnderlying(uint256 amountShares) external view virtual returns (uint256) {
        return sharesToUnderlyingView(amountShares);
    }

    /// @inheritdoc IStrategy
    function underlyingToSharesView(uint256 amountUnderlying) public view virtual returns (uint256) {
        return _sharesDown(amountUnderlying, _totalShares, _balance());
    }

    /// @inheritdoc IStrategy
    function underlyingToShares(uint256 amountUnderlying) external view virtual returns (uint256) {
        return underlyingToSharesView(amountUnderlying);
    }

    /// @inheritdoc IStrategy
    function userUnderlyingView(address user) public view virtual returns (uint256) {
        return sharesToUnderlyingView(shares(user));
    }

    /// @inheritdoc IStrategy
    function userUnderlying(address user) external virtual returns (uint256) {
        return userUnderlyingView(user);
    }

    /// @inheritdoc IStrategy
    function shares(address user) public view virtual returns (uint256) {
        return strategyManager.stakerDepositShares(user, IStrategy(address(this)));
    }

    /// @inheritdoc IStrategy
    function explanation() external pure virtual returns (string memory) {
        return "Pool of one token, shared by stakers in proportion to their shares";
    }

    /// @dev The underlying token.
    function _token() internal view virtual returns (IERC20);

    function _emitToken(IERC20 token) internal {
        emit StrategyTokenSet(token, IERC20Metadata(address(token)).decimals());
    }

    function _balance() internal view returns (uint256) {
        return _token().balanceOf(address(this));
    }

    function _amountDown(uint256 amountShares, uint256 supply, uint256 balance) private pure returns (uint256) {
        return Math.mulDiv(balance + BALANCE_OFFSET, amountShares, supply + SHARES_OFFSET);
    }

    function _sharesDown(uint256 amount, uint256 supply, uint256 balance) private pure returns (uint256) {
        return Math.mulDiv(amount, supply + SHARES_OFFSET, balance + BALANCE_OFFSET);
    }
}
