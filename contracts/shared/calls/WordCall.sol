// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title WordCall
/// @notice Asks a contract for one word. The same as a call by its interface, reverts included, but in scratch memory: on a
///         path that every user pays for, the copies of such a call are what it costs (100 gas each).
library WordCall {
    /// @notice What a view function without arguments answers.
    function ask(address target, bytes4 selector) internal view returns (uint256 answer) {
        // The selector lies in the first four bytes of scratch memory, which the answer replaces.
        assembly ("memory-safe") {
            mstore(0x00, selector)
            if iszero(staticcall(gas(), target, 0x00, 0x04, 0x00, 0x20)) {
                let reason := mload(0x40)
                returndatacopy(reason, 0x00, returndatasize())
                revert(reason, returndatasize())
            }
            // No code there, or not this function.
            if lt(returndatasize(), 0x20) {
                revert(0x00, 0x00)
            }
            answer := mload(0x00)
        }
    }

    /// @notice What a view function of one address answers.
    function askOf(address target, bytes4 selector, address account) internal view returns (uint256 answer) {
        // Selector and account take the first 36 of 64 bytes of scratch memory, which the answer replaces.
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, and(account, 0xffffffffffffffffffffffffffffffffffffffff))
            if iszero(staticcall(gas(), target, 0x00, 0x24, 0x00, 0x20)) {
                let reason := mload(0x40)
                returndatacopy(reason, 0x00, returndatasize())
                revert(reason, returndatasize())
            }
            if lt(returndatasize(), 0x20) {
                revert(0x00, 0x00)
            }
            answer := mload(0x00)
        }
    }
}
