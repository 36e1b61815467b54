// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title SmartWalletMock
/// @notice An account that is a contract: it signs with its owner's key and calls what its owner tells it.
contract SmartWalletMock is IERC1271 {
    using Address for address;

    error NotOwner(address caller);

    address public immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice Calls a contract.
    function execute(address target, bytes calldata data) external returns (bytes memory result) {
        require(msg.sender == OWNER, NotOwner(msg.sender));
        return target.functionCall(data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes memory signature) external view returns (bytes4 magicValue) {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(hash, signature);
        if (problem != ECDSA.RecoverError.NoError || signer != OWNER) return 0xffffffff;
        return this.isValidSignature.selector;
    }
}
