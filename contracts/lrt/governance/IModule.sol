// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IModule
/// @notice How the contracts of the protocol refuse, whichever of them it is.
interface IModule {
    /* ERRORS */

    /// @notice Only another contract of the protocol, fixed at deployment, may call this.
    error OnlyModule(address caller, address expected);
    /// @notice An address that must be set is zero.
    error ZeroAddress();
    /// @notice The new value does not go in the direction this function allows.
    error WrongDirection(uint256 oldValue, uint256 newValue);
    /// @notice Ether is only taken from the places it is expected from.
    error UnexpectedEther(address sender);
}
