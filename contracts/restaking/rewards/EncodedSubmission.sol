// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title EncodedSubmission
/// @notice Hash and event of a submission from one encoding, which is most of the work of both.
/// @dev All but the first words are the same. Emitting overwrites those words, so it comes last.
///
///      memory:                 | length | avs   | nonce | 0x60 | submission …
///      hashed:                          | avs   | nonce | 0x60 | submission …
///      event of an AVS:                                 | 0x20 | submission …    indexed: avs, nonce, hash
///      event with its nonce:                    | nonce | 0x40 | submission …    indexed: caller, avs, hash
///      event of a set:         | avs    | id    | nonce | 0x80 | submission …    indexed: caller, hash
library EncodedSubmission {
    /// @param self abi.encode(avs, nonce, submission), as everywhere below.
    function emitAlone(bytes memory self, bytes32 selector, bytes32 hash) internal {
        // Only words of `self` are written, and it has more than three.
        assembly ("memory-safe") {
            mstore(add(self, 0x60), 0x20)
            log4(
                add(self, 0x60),
                sub(mload(self), 0x40),
                selector,
                mload(add(self, 0x20)),
                mload(add(self, 0x40)),
                hash
            )
        }
    }

    function emitWithNonce(bytes memory self, bytes32 selector, bytes32 hash) internal {
        // As above.
        assembly ("memory-safe") {
            mstore(add(self, 0x60), 0x40)
            log4(add(self, 0x40), sub(mload(self), 0x20), selector, caller(), mload(add(self, 0x20)), hash)
        }
    }

    function emitWithSet(bytes memory self, bytes32 selector, bytes32 hash, uint32 id) internal {
        // As above; the length gives way to the AVS, so `self` cannot be used any more.
        assembly ("memory-safe") {
            let length := add(mload(self), 0x20)
            mstore(self, mload(add(self, 0x20)))
            mstore(add(self, 0x20), and(id, 0xffffffff))
            mstore(add(self, 0x60), 0x80)
            log3(self, length, selector, caller(), hash)
        }
    }
}
