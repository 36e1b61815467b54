// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title ICbETH
/// @notice Coinbase's cbETH: does not rebase, is worth more ETH with time. Its issuer can pause it and block accounts.
/// @dev All amounts in wei (18 decimals). No redemption on chain, and no time with the exchange rate.
interface ICbETH is IERC20 {
    /* EVENTS */

    /// @notice The issuer's oracle set the exchange rate (WAD).
    event ExchangeRateUpdated(address indexed oracle, uint256 newExchangeRate);

    /* VIEWS */

    /// @notice ETH [wei] for 1e18 cbETH (WAD).
    /// @dev Caller: anyone.
    function exchangeRate() external view returns (uint256);

    /// @notice Who sets the exchange rate.
    /// @dev Caller: anyone.
    function oracle() external view returns (address);

    /// @notice Whether nothing can be transferred now.
    /// @dev Caller: anyone.
    function paused() external view returns (bool);

    /// @notice Whether an account can neither send nor receive.
    /// @dev Caller: anyone.
    function isBlacklisted(address account) external view returns (bool);
}
