// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IGovernedModule
/// @notice What the upgradeable contracts of the protocol have in common.
interface IGovernedModule {
    /* ERRORS */

    /// @notice Only another contract of the protocol, fixed at deployment, may call this.
    error OnlyModule(address caller, address expected);
    /// @notice An address that must be set is zero.
    error ZeroAddress();
}
