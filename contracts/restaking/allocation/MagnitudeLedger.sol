// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SlashingMath} from "../math/SlashingMath.sol";

/// @title MagnitudeLedger
/// @notice What one operator has left, has promised and waits to get back in one strategy.
/// @dev The present is one slot; only a second slash in another block writes another slot of history.
///      `Present` is worked on in memory and stored once.
library MagnitudeLedger {
    using SafeCast for uint256;

    /// @dev 256 bits. The maximum is kept as what was slashed, so that an untouched slot means WAD.
    struct Present {
        uint64 slashed; // WAD - maximum
        uint64 encumbered; // in use, increases that are not yet in force included
        uint32 lastSlashBlock; // 0 without a slash
        uint32 pastCount; // entries of `past`
        uint32 queueStart; // first deallocation that was not completed
        uint32 queueEnd; // behind the last one
    }

    struct Past {
        uint32 fromBlock;
        uint64 slashed;
    }

    struct Ledger {
        Present present;
        mapping(uint256 index => Past) past; // before `lastSlashBlock`, by block
        mapping(uint256 index => uint192 set) queue; // deallocations, in the order in which they come into force
    }

    function max(Present memory self) internal pure returns (uint64) {
        return uint64(SlashingMath.WAD) - self.slashed; // 1e18 < 2^64
    }

    /// @dev Maximum at the end of `blockNumber`.
    function maxAt(Ledger storage self, uint32 blockNumber) internal view returns (uint64) {
        Present memory present = self.present;
        if (present.lastSlashBlock > blockNumber) present.slashed = _pastSlashed(self, present.pastCount, blockNumber);
        return max(present);
    }

    /// @dev Takes `magnitude` off the maximum and out of use; the caller stores `present`.
    function slash(Ledger storage self, Present memory present, uint64 magnitude) internal {
        uint32 blockNumber = block.number.toUint32();
        if (present.lastSlashBlock != blockNumber) {
            if (present.lastSlashBlock != 0) {
                self.past[present.pastCount++] = Past(present.lastSlashBlock, present.slashed);
            }
            present.lastSlashBlock = blockNumber;
        }
        present.slashed += magnitude;
        present.encumbered -= magnitude;
    }

    /// @dev Appends a deallocation; the caller stores `present`.
    function enqueue(Ledger storage self, Present memory present, uint192 set) internal {
        self.queue[present.queueEnd++] = set;
    }

    /// @dev Slashed at the end of `blockNumber`: the last of the first `count` entries not after it, or nothing.
    function _pastSlashed(Ledger storage self, uint256 count, uint32 blockNumber) private view returns (uint64) {
        uint256 low = 0;
        uint256 high = count;
        while (low < high) {
            uint256 middle = (low + high) >> 1;
            if (self.past[middle].fromBlock > blockNumber) high = middle;
            else low = middle + 1;
        }
        return low == 0 ? 0 : self.past[low - 1].slashed;
    }
}
