// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title OpenTokenMock
/// @notice A plain token that anyone may mint, as the recordings of the engine used.
contract OpenTokenMock is ERC20 {
    constructor(string memory name_, string memory symbol_) ERC20(name_, symbol_) {}

    /// @notice Makes tokens out of nothing.
    /// @dev Caller: anyone.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
