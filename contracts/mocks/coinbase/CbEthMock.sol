// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ICbETH} from "../../shared/external/ICbETH.sol";

/// @title CbEthMock
/// @notice A stand-in for Coinbase's cbETH. Anyone plays its issuer.
/// @dev Keeps: an exchange rate that the oracle alone sets and that has no time, pausing, blocked accounts (as sender,
///      receiver and spender), no redemption. Simplifies: custom errors instead of strings; minting by anyone, against
///      ether so that a local world pays for what it gets.
contract CbEthMock is ICbETH, ERC20 {
    error Paused();
    error Blocked(address account);
    error OnlyOracle(address caller, address oracle);

    /// @inheritdoc ICbETH
    address public immutable oracle;
    /// @inheritdoc ICbETH
    uint256 public exchangeRate;
    /// @inheritdoc ICbETH
    bool public paused;
    /// @inheritdoc ICbETH
    mapping(address account => bool) public isBlacklisted;

    constructor(address oracle_, uint256 firstRate) ERC20("Coinbase Wrapped Staked ETH", "cbETH") {
        oracle = oracle_;
        exchangeRate = firstRate;
    }

    /* ISSUING */

    /// @notice Mints for the ether sent, at the exchange rate.
    function mint(address to) external payable {
        _mint(to, (msg.value * 1 ether) / exchangeRate);
    }

    /// @notice Sets the exchange rate.
    function updateExchangeRate(uint256 newExchangeRate) external {
        require(msg.sender == oracle, OnlyOracle(msg.sender, oracle));
        emit ExchangeRateUpdated(msg.sender, newExchangeRate);
        exchangeRate = newExchangeRate;
    }

    /// @notice Stops or restarts every movement.
    function setPaused(bool isPaused) external {
        paused = isPaused;
    }

    /// @notice Blocks an account, or lets it go.
    function setBlacklisted(address account, bool isBlocked) external {
        isBlacklisted[account] = isBlocked;
    }

    /* INTERNALS */

    function _update(address from, address to, uint256 amount) internal override {
        require(!paused, Paused());
        _requireNotBlocked(msg.sender);
        _requireNotBlocked(from);
        _requireNotBlocked(to);
        super._update(from, to, amount);
    }

    function _approve(address owner, address spender, uint256 amount, bool emitEvent) internal override {
        require(!paused, Paused());
        _requireNotBlocked(owner);
        _requireNotBlocked(spender);
        super._approve(owner, spender, amount, emitEvent);
    }

    function _requireNotBlocked(address account) private view {
        require(!isBlacklisted[account], Blocked(account));
    }
}
