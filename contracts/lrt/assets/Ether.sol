// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev How ETH is named where a token address is expected (EIP-7528).
address constant ETHER = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;
