// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRewardsCoordinator} from "../interfaces/IRewardsCoordinator.sol";

/// @title RootLedger
/// @notice Distribution roots: a slot for each hash, and one for the times of three.
/// @dev Indexes count from 0; who uses it keeps the length. A root that exists has a time of activation.
///
///      times: | 0 16 | root 3i+2 80 | root 3i+1 80 | root 3i 80 |, each | 0 15 | disabled 1 | activated 32 | end 32 |
library RootLedger {
    struct Ledger {
        mapping(uint256 index => bytes32) hashes;
        mapping(uint256 group => uint256) times;
    }

    uint256 private constant ROOTS_PER_WORD = 3;
    uint256 private constant BITS_PER_ROOT = 80;
    uint256 private constant ACTIVATED_SHIFT = 32;
    uint256 private constant DISABLED = 1 << 64;

    function append(Ledger storage self, uint256 index, bytes32 hash, uint32 end, uint32 activatedAt) internal {
        self.hashes[index] = hash;
        self.times[index / ROOTS_PER_WORD] |= (end | (uint256(activatedAt) << ACTIVATED_SHIFT)) << _shift(index);
    }

    function disable(Ledger storage self, uint256 index) internal {
        self.times[index / ROOTS_PER_WORD] |= DISABLED << _shift(index);
    }

    /// @dev Without the hash, which is another slot.
    function timesOf(
        Ledger storage self,
        uint256 index
    ) internal view returns (uint32 end, uint32 activatedAt, bool disabled) {
        uint256 word = self.times[index / ROOTS_PER_WORD] >> _shift(index);
        return (uint32(word), uint32(word >> ACTIVATED_SHIFT), word & DISABLED != 0); // the fields of 32 bits
    }

    function rootAt(
        Ledger storage self,
        uint256 index
    ) internal view returns (IRewardsCoordinator.DistributionRoot memory) {
        (uint32 end, uint32 activatedAt, bool disabled) = timesOf(self, index);
        return IRewardsCoordinator.DistributionRoot(self.hashes[index], end, activatedAt, disabled);
    }

    function _shift(uint256 index) private pure returns (uint256) {
        return (index % ROOTS_PER_WORD) * BITS_PER_ROOT;
    }
}
