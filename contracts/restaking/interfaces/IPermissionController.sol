// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IPermissionController
/// @notice Says who may act for an account: its admins in everything, its appointees in single functions.
/// @dev Until an account has accepted an admin it is its own only admin; from then on it is none unless added.
interface IPermissionController {
    /* EVENTS */

    event AppointeeSet(address indexed account, address indexed appointee, address target, bytes4 selector);
    event AppointeeRemoved(address indexed account, address indexed appointee, address target, bytes4 selector);
    event PendingAdminAdded(address indexed account, address admin);
    event PendingAdminRemoved(address indexed account, address admin);
    event AdminSet(address indexed account, address admin);
    event AdminRemoved(address indexed account, address admin);

    /* ERRORS */

    /// @notice The caller is no admin of the account.
    error NotAdmin();
    /// @notice The last admin of an account cannot be removed.
    error CannotHaveZeroAdmins();
    /// @notice The address is an admin of the account already.
    error AdminAlreadySet();
    /// @notice The address has been offered to become an admin already.
    error AdminAlreadyPending();
    /// @notice The address has not been offered to become an admin.
    error AdminNotPending();
    /// @notice The address is no admin of the account.
    error AdminNotSet();
    /// @notice The appointee has this permission already.
    error AppointeeAlreadySet();
    /// @notice The appointee does not have this permission.
    error AppointeeNotSet();

    /* ADMINS */

    /// @notice Offers `admin` to become an admin of `account`.
    /// @dev Caller: an admin of `account`.
    function addPendingAdmin(address account, address admin) external;

    /// @notice Takes the offer back.
    /// @dev Caller: an admin of `account`.
    function removePendingAdmin(address account, address admin) external;

    /// @notice Accepts the offer; the first admin accepted ends the account's own right.
    /// @dev Caller: a pending admin of `account`.
    function acceptAdmin(address account) external;

    /// @notice Ends the right of `admin`; the last one cannot be removed.
    /// @dev Caller: an admin of `account`.
    function removeAdmin(address account, address admin) external;

    /* APPOINTEES */

    /// @notice Lets `appointee` call `selector` of `target` for `account`.
    /// @dev Caller: an admin of `account`.
    function setAppointee(address account, address appointee, address target, bytes4 selector) external;

    /// @notice Takes that right back.
    /// @dev Caller: an admin of `account`.
    function removeAppointee(address account, address appointee, address target, bytes4 selector) external;

    /* VIEWS */

    /// @notice Whether `caller` is an admin of `account`.
    /// @dev Caller: anyone.
    function isAdmin(address account, address caller) external view returns (bool);

    /// @notice Whether `pendingAdmin` may accept to become an admin of `account`.
    /// @dev Caller: anyone.
    function isPendingAdmin(address account, address pendingAdmin) external view returns (bool);

    /// @notice The admins of `account`; the account itself when none was ever accepted.
    /// @dev Caller: anyone.
    function getAdmins(address account) external view returns (address[] memory);

    /// @notice The accounts that may accept to become an admin.
    /// @dev Caller: anyone.
    function getPendingAdmins(address account) external view returns (address[] memory);

    /// @notice Whether `caller` may call `selector` of `target` for `account`.
    /// @dev Caller: anyone.
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool);

    /// @notice The targets and selectors that `appointee` may call for `account`, as two lists of equal length.
    /// @dev Caller: anyone.
    function getAppointeePermissions(
        address account,
        address appointee
    ) external view returns (address[] memory, bytes4[] memory);

    /// @notice The accounts that may call `selector` of `target` for `account`, without its admins.
    /// @dev Caller: anyone.
    function getAppointees(address account, address target, bytes4 selector) external view returns (address[] memory);
}
