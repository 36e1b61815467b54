// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ManyCallsMock
/// @notice Answers many static calls in one, so that hundreds of views can be compared after every step of a replay.
contract ManyCallsMock {
    /// @dev In: for each call | target 20 | length 4 | data |.
    ///      Out: | block number 32 | timestamp 32 | and for each call | success 32 | length 32 | data |, not padded.
    fallback(bytes calldata calls) external returns (bytes memory results) {
        // Memory is written from its free end on and handed over as one array, which is all this function allocates.
        assembly {
            results := mload(0x40)
            let out := add(results, 32)
            mstore(out, number())
            mstore(add(out, 32), timestamp())
            out := add(out, 64)
            let at_ := calls.offset
            let end := add(at_, calls.length)
            for {} lt(at_, end) {} {
                let head := calldataload(at_)
                let length := and(shr(64, head), 0xffffffff)
                at_ := add(at_, 24)
                calldatacopy(out, at_, length)
                at_ := add(at_, length)
                mstore(out, staticcall(gas(), shr(96, head), out, length, 0, 0))
                mstore(add(out, 32), returndatasize())
                returndatacopy(add(out, 64), 0, returndatasize())
                out := add(add(out, 64), returndatasize())
            }
            mstore(results, sub(out, add(results, 32)))
            mstore(0x40, and(add(out, 31), not(31)))
        }
    }
}
