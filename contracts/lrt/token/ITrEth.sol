// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title ITrEth
/// @notice trETH: a share of everything the pool holds. Its balance never changes by itself; its rate does.
interface ITrEth is IERC20Metadata, IERC20Permit {
    /* ERRORS */

    /// @notice Only the deposit pool mints and burns.
    error OnlyPool(address caller, address pool);
    /// @notice Only shares that lie in the withdrawal line are burnt.
    error OnlyFromQueue(address account, address queue);

    /* SUPPLY */

    /// @notice Creates shares.
    /// @dev Caller: DepositPool.
    function mint(address to, uint256 shares) external;

    /// @notice Destroys shares that lie in the withdrawal line.
    /// @dev Caller: DepositPool. `account` must be the WithdrawalQueue: nobody else's shares can be touched.
    function burn(address account, uint256 shares) external;

    /* VIEWS */

    /// @notice The contract that alone mints and burns.
    function POOL() external view returns (address);

    /// @notice The contract whose shares alone can be burnt.
    function QUEUE() external view returns (address);
}
