// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IWstETH
/// @notice Lido's wrapped stETH: one unit is one stETH share and never rebases.
/// @dev All amounts in wei (18 decimals). Sending ether to the contract stakes it and mints wstETH to the sender; that
///      reverts whenever `IStETH.submit` would.
interface IWstETH is IERC20 {
    /// @notice Takes stETH [wei] from the caller and mints wstETH.
    /// @dev Caller: anyone with stETH approved. Rounds down, in favour of the wrapper.
    /// @return wstETHAmount wstETH minted [wei].
    function wrap(uint256 stETHAmount) external returns (uint256 wstETHAmount);

    /// @notice Burns wstETH [wei] and returns stETH.
    /// @dev Caller: the holder. Rounds down. The balance that arrives may be 1 wei less than returned: use `balanceOf`.
    /// @return stETHAmount stETH sent [wei].
    function unwrap(uint256 wstETHAmount) external returns (uint256 stETHAmount);

    /// @notice wstETH [wei] for stETH [wei].
    /// @dev Caller: anyone. Rounds down.
    function getWstETHByStETH(uint256 stETHAmount) external view returns (uint256);

    /// @notice stETH [wei] for wstETH [wei].
    /// @dev Caller: anyone. Rounds down.
    function getStETHByWstETH(uint256 wstETHAmount) external view returns (uint256);

    /// @notice stETH [wei] for 1e18 wstETH (WAD).
    /// @dev Caller: anyone. Rounds down.
    function stEthPerToken() external view returns (uint256);

    /// @notice wstETH [wei] for 1e18 stETH (WAD).
    /// @dev Caller: anyone. Rounds down.
    function tokensPerStEth() external view returns (uint256);

    /// @notice The rebasing token underneath.
    /// @dev Caller: anyone.
    function stETH() external view returns (address);
}
