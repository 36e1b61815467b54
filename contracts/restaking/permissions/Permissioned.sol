// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPermissionController} from "../interfaces/IPermissionController.sol";
import {IPermissioned} from "../interfaces/IPermissioned.sol";

/// @title Permissioned
/// @notice Asks the PermissionController whether the caller may act for an account.
/// @dev Trusts: PermissionController (safety).
abstract contract Permissioned is IPermissioned {
    /// @inheritdoc IPermissioned
    IPermissionController public immutable permissionController;

    constructor(IPermissionController permissionController_) {
        permissionController = permissionController_;
    }

    /// @dev Only `account`, or whom it permitted to call this function of this contract.
    modifier onlyFor(address account) {
        require(_mayActFor(account), InvalidPermissions());
        _;
    }

    function _mayActFor(address account) internal view returns (bool) {
        return permissionController.canCall(account, msg.sender, address(this), msg.sig);
    }
}
