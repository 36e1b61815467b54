// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IRETH
/// @notice Rocket Pool's rETH: does not rebase, is worth more ETH with time.
/// @dev All amounts in wei (18 decimals). The exchange rate is a stored one: it moves when Rocket Pool's oracle reports.
///      A transfer can revert for some blocks after the sender's own deposit with Rocket Pool.
interface IRETH is IERC20 {
    /// @notice ETH [wei] for 1e18 rETH (WAD).
    /// @dev Caller: anyone. Rounds down.
    function getExchangeRate() external view returns (uint256);

    /// @notice ETH [wei] for rETH [wei].
    /// @dev Caller: anyone. Rounds down.
    function getEthValue(uint256 rethAmount) external view returns (uint256);

    /// @notice rETH [wei] for ETH [wei].
    /// @dev Caller: anyone. Rounds down.
    function getRethValue(uint256 ethAmount) external view returns (uint256);

    /// @notice ETH [wei] that burning can draw on now.
    /// @dev Caller: anyone.
    function getTotalCollateral() external view returns (uint256);

    /// @notice Part of all rETH that burning could pay now (WAD).
    /// @dev Caller: anyone. Rounds down.
    function getCollateralRate() external view returns (uint256);

    /// @notice Burns the caller's rETH [wei] and sends ETH at the exchange rate. Reverts when there is too little collateral.
    /// @dev Caller: the holder. Rounds down, in favour of those who stay.
    function burn(uint256 rethAmount) external;
}
