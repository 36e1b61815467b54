// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20Mock} from "../tokens/ERC20Mock.sol";

/// @title FeeOnTransferMock
/// @notice A token that keeps a part of everything that is transferred. Anyone sets it.
contract FeeOnTransferMock is ERC20Mock {
    /* CONSTANTS */

    uint256 private constant BPS = 10_000;

    /* STORAGE */

    /// @notice Part of a transfer that does not arrive.
    uint256 public feeBps;

    constructor() ERC20Mock("Fee on transfer", "FEE") {}

    /// @notice Changes the part that does not arrive.
    function setFee(uint256 newFeeBps) external {
        feeBps = newFeeBps;
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : (amount * feeBps) / BPS;
        if (fee != 0) super._update(from, address(0), fee);
        super._update(from, to, amount - fee);
    }
}
