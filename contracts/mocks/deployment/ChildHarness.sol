// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ChildHarness
/// @notice What another contract creates in its constructor.
contract ChildHarness {}
