// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IRocketDepositPool
/// @notice Where ETH becomes rETH, up to a maximum.
interface IRocketDepositPool {
    /// @notice Mints rETH to the caller at the exchange rate. Reverts above the maximum.
    /// @dev Caller: anyone. Rounds down, in favour of those who hold rETH.
    function deposit() external payable;

    /// @notice ETH [wei] that may be deposited now.
    /// @dev Caller: anyone.
    function getMaximumDepositAmount() external view returns (uint256);
}
