// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title ISignatureUtils
/// @notice What the contracts that accept EIP-712 signatures have in common.
/// @dev The domain is name `EigenLayer`, version = the first character of `version()`, chain id and contract address.
interface ISignatureUtils {
    /* TYPES */

    /// @param signature 65 or 64 bytes of an account, or whatever an EIP-1271 contract accepts.
    /// @param expiry Last second [unix time] in which the signature is valid.
    struct SignatureWithExpiry {
        bytes signature;
        uint256 expiry;
    }

    /// @param signature As above.
    /// @param salt Makes the signed message unique.
    /// @param expiry Last second [unix time] in which the signature is valid.
    struct SignatureWithSaltAndExpiry {
        bytes signature;
        bytes32 salt;
        uint256 expiry;
    }

    /* ERRORS */

    /// @notice The signature is not the signer's for this message.
    error InvalidSignature();
    /// @notice The signature was good until an earlier time.
    error SignatureExpired();

    /* VIEWS */

    /// @notice The EIP-712 domain separator on the current chain.
    /// @dev Caller: anyone.
    function domainSeparator() external view returns (bytes32);

    /// @notice The semantic version of the interface; its first character is the version of the EIP-712 domain.
    /// @dev Caller: anyone.
    function version() external view returns (string memory);
}
