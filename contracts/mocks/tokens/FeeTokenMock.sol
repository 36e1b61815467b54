// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20Mock} from "./ERC20Mock.sol";

/// @title FeeTokenMock
/// @notice A plain token that keeps a hundredth of whatever moves.
contract FeeTokenMock is ERC20Mock {
    constructor(string memory name_, string memory symbol_) ERC20Mock(name_, symbol_) {}

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), amount / 100);
    }
}
