// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRewardsCoordinator} from "../interfaces/IRewardsCoordinator.sol";

/// @title RewardsTree
/// @notice Hashes of leaves and proofs of the trees of earners and of their tokens.
/// @dev A tree is filled up with zero words to a power of two; a parent is the hash of its children from left to right.
///      The first byte of a leaf tells its kind, so that none can pass for one of the other tree.
library RewardsTree {
    uint8 private constant EARNER_LEAF = 0;
    uint8 private constant TOKEN_LEAF = 1;
    uint256 private constant WORD_SHIFT = 5;

    function hashOf(IRewardsCoordinator.EarnerTreeMerkleLeaf calldata leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(EARNER_LEAF, leaf.earner, leaf.earnerTokenRoot));
    }

    function hashOf(IRewardsCoordinator.TokenTreeMerkleLeaf calldata leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(TOKEN_LEAF, leaf.token, leaf.cumulativeEarnings));
    }

    /// @dev Whether a tree as deep as `proof` has a leaf at `index`.
    function hasLeaf(bytes calldata proof, uint32 index) internal pure returns (bool) {
        return index < 1 << (proof.length >> WORD_SHIFT);
    }

    /// @dev Reverts unless `leaf` is at `index`, which the tree must have, below `root`.
    function requireLeaf(bytes32 root, uint256 index, bytes32 leaf, bytes calldata proof) internal pure {
        require(proof.length & 31 == 0, IRewardsCoordinator.InvalidProofLength());
        require(root != 0, IRewardsCoordinator.EmptyRoot());
        bytes32 node = leaf;
        // Scratch space and data of the call only; words start at multiples of 32 below the proof's length.
        assembly ("memory-safe") {
            let end := add(proof.offset, proof.length)
            for {
                let at := proof.offset
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                let isRight := shl(5, and(index, 1)) // where the node stands: 0 left, 32 right
                mstore(isRight, node)
                mstore(xor(isRight, 0x20), calldataload(at))
                node := keccak256(0, 0x40)
                index := shr(1, index)
            }
        }
        require(node == root, IRewardsCoordinator.InvalidClaimProof());
    }
}
