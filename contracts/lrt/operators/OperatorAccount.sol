// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IPermissionController} from "../../restaking/interfaces/IPermissionController.sol";

/// @title OperatorAccount
/// @notice The engine operator itself: born without approver, with a lasting allocation delay and with one admin, the
///         protocol's AllocationController. It has no function: whoever runs the nodes cannot act for it, except to
///         change its public description and to say who collects the operator's own part of rewards.
/// @dev Our own new account is used, never an existing one: what an account set before would survive the hand-over.
///      The controller accepts its admin seat in the same transaction (see OperatorRegistry).
contract OperatorAccount {
    /// @dev setClaimerFor(address,address); the name is used twice.
    bytes4 private constant SET_CLAIMER_FOR = 0xf22cef85;

    constructor(
        IDelegationManager delegation,
        IPermissionController permissions,
        address rewards,
        address controller,
        address nodeOperator,
        uint32 allocationDelay,
        string memory metadataURI
    ) {
        delegation.registerAsOperator(address(0), allocationDelay, metadataURI);
        permissions.setAppointee(
            address(this),
            nodeOperator,
            address(delegation),
            IDelegationManager.updateOperatorMetadataURI.selector
        );
        permissions.setAppointee(address(this), nodeOperator, rewards, SET_CLAIMER_FOR);
        permissions.addPendingAdmin(address(this), controller);
    }
}
