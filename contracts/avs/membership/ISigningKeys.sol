// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ISigningKeys
/// @notice The keys with which operators sign their work; none is their account.
interface ISigningKeys {
    /* EVENTS */

    /// @notice Emitted when an operator brings its key, once and for ever.
    event KeyRegistered(address indexed operator, address indexed key);

    /* ERRORS */

    /// @notice The operator has a key, and it never changes.
    error KeyFixed(address operator, address key, address offered);
    /// @notice The key belongs to another operator.
    error KeyTaken(address key, address operator);
    /// @notice The operator has brought no key.
    error KeyUnknown(address operator);
    /// @notice The signature is not by the operator's key.
    error NotSignedByKey(address signer, address key);

    /* VIEWS */

    /// @notice The operator's key, which never changes: what it signed stays attributable after it left.
    /// @dev Caller: anyone.
    function keyOf(address operator) external view returns (address);

    /// @notice The operator whose key this is.
    /// @dev Caller: anyone.
    function operatorOf(address key) external view returns (address);

    /// @notice EIP-712 digest that a key signs to serve an operator: `KeyRegistration(address operator)`.
    /// @dev Caller: anyone.
    function registrationDigest(address operator) external view returns (bytes32);
}
