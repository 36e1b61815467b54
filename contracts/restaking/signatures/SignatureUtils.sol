// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISignatureUtils} from "../interfaces/ISignatureUtils.sol";

/// @title SignatureUtils
/// @notice EIP-712 with the engine's domain, for accounts and EIP-1271 contracts.
abstract contract SignatureUtils is ISignatureUtils {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant NAME_HASH = keccak256("EigenLayer");
    /// @dev The domain's version is the first character of `version()`.
    bytes32 private constant VERSION_HASH = keccak256("1");

    /// @inheritdoc ISignatureUtils
    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, block.chainid, address(this)));
    }

    /// @inheritdoc ISignatureUtils
    function version() external view virtual returns (string memory) {
        return "1.12.0";
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domainSeparator(), structHash);
    }

    /// @dev Reverts unless `signer` signed `digest` and the signature has not expired.
    function _checkSignature(address signer, bytes32 digest, bytes memory signature, uint256 expiry) internal view {
        require(expiry >= block.timestamp, SignatureExpired());
        require(SignatureChecker.isValidSignatureNow(signer, digest, signature), InvalidSignature());
    }
}
