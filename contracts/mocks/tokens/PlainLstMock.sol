// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20Mock} from "./ERC20Mock.sol";

/// @title PlainLstMock
/// @notice A liquid staking token as plain as there is: an ERC-20 with one rate that can be read.
contract PlainLstMock is ERC20Mock {
    /// @notice Ether value of 1e18 units.
    uint256 public exchangeRate;

    constructor(string memory name_, string memory symbol_, uint256 rateWad) ERC20Mock(name_, symbol_) {
        exchangeRate = rateWad;
    }
}
