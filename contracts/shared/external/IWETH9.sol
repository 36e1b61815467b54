// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IWETH9
/// @notice Wrapped ether: one wei of the token is one wei of ether.
/// @dev Sending ether to the contract is `deposit`. Transfers from oneself need no allowance.
interface IWETH9 is IERC20 {
    /* EVENTS */

    /// @notice Emitted when ether [wei] is wrapped.
    event Deposit(address indexed dst, uint256 wad);
    /// @notice Emitted when ether [wei] is unwrapped.
    event Withdrawal(address indexed src, uint256 wad);

    /* WRAPPING */

    /// @notice Wraps the ether sent.
    /// @dev Caller: anyone.
    function deposit() external payable;

    /// @notice Burns the caller's tokens [wei] and sends the same ether with 2300 gas.
    /// @dev Caller: the holder.
    function withdraw(uint256 wad) external;
}
