// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";

/// @title WstETHMock
/// @notice A stand-in for Lido's wstETH.
/// @dev Keeps: one unit is one stETH share, rates and their rounding, staking by plain ether, permit.
///      Simplifies: custom errors instead of strings.
contract WstETHMock is IWstETH, ERC20Permit {
    error ZeroAmount();

    IStETH private immutable STETH;

    constructor(
        IStETH stETH_
    ) ERC20("Wrapped liquid staked Ether 2.0", "wstETH") ERC20Permit("Wrapped liquid staked Ether 2.0") {
        STETH = stETH_;
    }

    /* WRAPPING */

    receive() external payable {
        _mint(msg.sender, STETH.submit{value: msg.value}(address(0)));
    }

    /// @inheritdoc IWstETH
    function wrap(uint256 stETHAmount) external returns (uint256 wstETHAmount) {
        require(stETHAmount > 0, ZeroAmount());
        wstETHAmount = STETH.getSharesByPooledEth(stETHAmount);
        _mint(msg.sender, wstETHAmount);
        STETH.transferFrom(msg.sender, address(this), stETHAmount); // reverts or returns true
    }

    /// @inheritdoc IWstETH
    function unwrap(uint256 wstETHAmount) external returns (uint256 stETHAmount) {
        require(wstETHAmount > 0, ZeroAmount());
        stETHAmount = STETH.getPooledEthByShares(wstETHAmount);
        _burn(msg.sender, wstETHAmount);
        STETH.transfer(msg.sender, stETHAmount); // reverts or returns true
    }

    /* VIEWS */

    /// @inheritdoc IWstETH
    function getWstETHByStETH(uint256 stETHAmount) external view returns (uint256) {
        return STETH.getSharesByPooledEth(stETHAmount);
    }

    /// @inheritdoc IWstETH
    function getStETHByWstETH(uint256 wstETHAmount) external view returns (uint256) {
        return STETH.getPooledEthByShares(wstETHAmount);
    }

    /// @inheritdoc IWstETH
    function stEthPerToken() external view returns (uint256) {
        return STETH.getPooledEthByShares(1 ether);
    }

    /// @inheritdoc IWstETH
    function tokensPerStEth() external view returns (uint256) {
        return STETH.getSharesByPooledEth(1 ether);
    }

    /// @inheritdoc IWstETH
    function stETH() external view returns (address) {
        return address(STETH);
    }
}
