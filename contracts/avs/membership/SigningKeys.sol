// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ISigningKeys} from "./ISigningKeys.sol";
import {Membership} from "./Membership.sol";

/// @title SigningKeys
/// @notice Members of an AVS that sign EIP-712 messages: for this chain and this contract, and for no other.
/// @dev Owns: keys. Never: changes a key; lets anyone take another's.
abstract contract SigningKeys is ISigningKeys, Membership, EIP712 {
    // solhint-disable-next-line gas-small-strings
    bytes32 private constant REGISTRATION_TYPEHASH = keccak256("KeyRegistration(address operator)");

    /// @inheritdoc ISigningKeys
    mapping(address operator => address) public keyOf;
    /// @inheritdoc ISigningKeys
    mapping(address key => address) public operatorOf;

    /// @inheritdoc ISigningKeys
    function registrationDigest(address operator) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REGISTRATION_TYPEHASH, operator)));
    }

    /// @dev `data` is `abi.encode(address key, bytes signature)`, the signature by the key over `registrationDigest`:
    ///      nobody can take another's key. An operator that has a key may leave `data` empty.
    function _welcome(address operator, uint32[] calldata, bytes calldata data) internal virtual override {
        address present = keyOf[operator];
        if (present != address(0) && data.length == 0) return;
        (address key, bytes memory signature) = abi.decode(data, (address, bytes));
        if (present != address(0)) {
            require(key == present, KeyFixed(operator, present, key));
            return;
        }
        (address signer, , ) = ECDSA.tryRecover(registrationDigest(operator), signature);
        require(signer == key && key != address(0), NotSignedByKey(signer, key));
        address taken = operatorOf[key];
        require(taken == address(0), KeyTaken(key, taken));
        keyOf[operator] = key;
        operatorOf[key] = operator;
        emit KeyRegistered(operator, key);
    }

    function _requireSigned(address operator, bytes32 digest, bytes memory signature) internal view {
        address key = keyOf[operator];
        require(key != address(0), KeyUnknown(operator));
        (address signer, , ) = ECDSA.tryRecover(digest, signature); // zero: no signature at all
        require(signer == key, NotSignedByKey(signer, key));
    }
}
