// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice A group of operators that one AVS made: the unit of registration, allocation and slashing.
/// @param avs Account of the AVS that owns the set.
/// @param id Number that the AVS chose for it.
struct OperatorSet {
    address avs;
    uint32 id;
}
