// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPermissionController} from "../interfaces/IPermissionController.sol";
import {CompactList} from "../lists/CompactList.sol";

/// @title PermissionController
/// @notice Says who may act for an account: its admins in everything, its appointees in single functions.
/// @dev Owns: admins, pending admins, appointees. Trusts: nobody.
///      Never: leaves an account that has accepted an admin without one.
contract PermissionController is IPermissionController {
    using CompactList for CompactList.List;

    /// @dev Where one appointment stands in both lists that it is on; zeros when it does not exist.
    struct Positions {
        uint128 inPermissions;
        uint128 inAppointees;
    }

    /// @dev A permission is one word: | target 160 | selector 32 |.
    struct Account {
        CompactList.List admins;
        CompactList.List pendingAdmins;
        mapping(address admin => uint256) adminPositions; // in `admins`, or PENDING and that in `pendingAdmins`
        mapping(address appointee => CompactList.List) permissionsOf;
        mapping(uint192 permission => CompactList.List) appointeesOf;
        mapping(address appointee => mapping(uint192 permission => Positions)) positions;
    }

    /* CONSTANTS */

    /// @dev More than any list has. Nobody is on both lists of an account.
    uint256 private constant PENDING = 1 << 128;

    /* STORAGE */

    mapping(address account => Account) private _accounts;

    modifier onlyAdmin(address account) {
        require(isAdmin(account, msg.sender), NotAdmin());
        _;
    }

    /* ADMINS */

    /// @inheritdoc IPermissionController
    function addPendingAdmin(address account, address admin) external onlyAdmin(account) {
        Account storage state = _accounts[account];
        uint256 position = state.adminPositions[admin];
        require(!_isOfAdmin(position), AdminAlreadySet());
        require(position == 0, AdminAlreadyPending());
        state.adminPositions[admin] = PENDING + state.pendingAdmins.append(uint160(admin));
        emit PendingAdminAdded(account, admin);
    }

    /// @inheritdoc IPermissionController
    function removePendingAdmin(address account, address admin) external onlyAdmin(account) {
        _removePending(_accounts[account], admin);
        emit PendingAdminRemoved(account, admin);
    }

    /// @inheritdoc IPermissionController
    function acceptAdmin(address account) external {
        Account storage state = _accounts[account];
        _removePending(state, msg.sender);
        state.adminPositions[msg.sender] = state.admins.append(uint160(msg.sender));
        emit AdminSet(account, msg.sender);
    }

    /// @inheritdoc IPermissionController
    function removeAdmin(address account, address admin) external onlyAdmin(account) {
        Account storage state = _accounts[account];
        require(state.admins.length() > 1, CannotHaveZeroAdmins());
        uint256 position = state.adminPositions[admin];
        require(_isOfAdmin(position), AdminNotSet());
        state.adminPositions[admin] = 0;
        (bool hasMoved, uint192 moved) = state.admins.remove(position);
        if (hasMoved) state.adminPositions[_address(moved)] = position;
        emit AdminRemoved(account, admin);
    }

    function _removePending(Account storage state, address admin) private {
        uint256 position = state.adminPositions[admin];
        require(position > PENDING, AdminNotPending());
        state.adminPositions[admin] = 0;
        (bool hasMoved, uint192 moved) = state.pendingAdmins.remove(position - PENDING);
        if (hasMoved) state.adminPositions[_address(moved)] = position;
    }

    function _isOfAdmin(uint256 position) private pure returns (bool) {
        return position != 0 && position < PENDING;
    }

    /* APPOINTEES */

    /// @inheritdoc IPermissionController
    function setAppointee(
        address account,
        address appointee,
        address target,
        bytes4 selector
    ) external onlyAdmin(account) {
        Account storage state = _accounts[account];
        uint192 permission = _permission(target, selector);
        Positions storage positions = state.positions[appointee][permission];
        require(positions.inAppointees == 0, AppointeeAlreadySet());
        // A list is far shorter than 2^128.
        positions.inPermissions = uint128(state.permissionsOf[appointee].append(permission));
        positions.inAppointees = uint128(state.appointeesOf[permission].append(uint160(appointee)));
        emit AppointeeSet(account, appointee, target, selector);
    }

    /// @inheritdoc IPermissionController
    function removeAppointee(
        address account,
        address appointee,
        address target,
        bytes4 selector
    ) external onlyAdmin(account) {
        Account storage state = _accounts[account];
        uint192 permission = _permission(target, selector);
        Positions memory positions = state.positions[appointee][permission];
        require(positions.inAppointees != 0, AppointeeNotSet());
        delete state.positions[appointee][permission];
        (bool hasMoved, uint192 moved) = state.permissionsOf[appointee].remove(positions.inPermissions);
        if (hasMoved) state.positions[appointee][moved].inPermissions = positions.inPermissions;
        (hasMoved, moved) = state.appointeesOf[permission].remove(positions.inAppointees);
        if (hasMoved) state.positions[_address(moved)][permission].inAppointees = positions.inAppointees;
        emit AppointeeRemoved(account, appointee, target, selector);
    }

    /* VIEWS */

    /// @inheritdoc IPermissionController
    function isAdmin(address account, address caller) public view returns (bool) {
        Account storage state = _accounts[account];
        return state.admins.length() == 0 ? account == caller : _isOfAdmin(state.adminPositions[caller]);
    }

    /// @inheritdoc IPermissionController
    function isPendingAdmin(address account, address pendingAdmin) external view returns (bool) {
        return _accounts[account].adminPositions[pendingAdmin] > PENDING;
    }

    /// @inheritdoc IPermissionController
    function getAdmins(address account) external view returns (address[] memory admins) {
        admins = _addresses(_accounts[account].admins);
        if (admins.length == 0) {
            admins = new address[](1);
            admins[0] = account;
        }
    }

    /// @inheritdoc IPermissionController
    function getPendingAdmins(address account) external view returns (address[] memory) {
        return _addresses(_accounts[account].pendingAdmins);
    }

    /// @inheritdoc IPermissionController
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool) {
        return
            isAdmin(account, caller) ||
            _accounts[account].positions[caller][_permission(target, selector)].inAppointees != 0;
    }

    /// @inheritdoc IPermissionController
    function getAppointeePermissions(
        address account,
        address appointee
    ) external view returns (address[] memory targets, bytes4[] memory selectors) {
        CompactList.List storage list = _accounts[account].permissionsOf[appointee];
        uint256 length = list.length();
        targets = new address[](length);
        selectors = new bytes4[](length);
        for (uint256 i = 0; i < length; ++i) {
            uint192 permission = list.itemAt(i + 1);
            targets[i] = _address(permission >> 32);
            selectors[i] = bytes4(uint32(permission)); // the selector is the low 32 bits
        }
    }

    /// @inheritdoc IPermissionController
    function getAppointees(address account, address target, bytes4 selector) external view returns (address[] memory) {
        return _addresses(_accounts[account].appointeesOf[_permission(target, selector)]);
    }

    function _permission(address target, bytes4 selector) private pure returns (uint192) {
        return (uint192(uint160(target)) << 32) | uint32(selector);
    }

    function _address(uint192 word) private pure returns (address) {
        return address(uint160(word)); // the word holds nothing else
    }

    function _addresses(CompactList.List storage list) private view returns (address[] memory values) {
        values = new address[](list.length());
        for (uint256 i = 0; i < values.length; ++i) values[i] = _address(list.itemAt(i + 1));
    }
}
