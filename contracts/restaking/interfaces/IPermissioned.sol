// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IPermissionController} from "./IPermissionController.sol";

/// @title IPermissioned
/// @notice What the contracts that ask the PermissionController have in common.
interface IPermissioned {
    /* ERRORS */

    /// @notice The account has not permitted the caller to call this function for it.
    error InvalidPermissions();

    /* VIEWS */

    /// @notice The contract that says who may act for an account.
    /// @dev Caller: anyone.
    function permissionController() external view returns (IPermissionController);
}
