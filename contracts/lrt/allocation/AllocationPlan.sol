// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title AllocationPlan
/// @notice What one operator should allocate of one asset to each set: as much of every target as the caps leave, the sets
///         that pay most first. Pure: same state, same plan, any caller.
/// @dev Every operator keeps every cap for its own stake. A sum of parts that are each at most the cap is at most the cap, so
///      no deposit, withdrawal or move between operators can break one; only a slash can, and lower caps.
library AllocationPlan {
    uint64 internal constant WAD = 1e18;

    /// @notice One set, as this operator's stake in one asset sees it.
    /// @param isOpen Whether something may be allocated to it at all.
    /// @param isVerified Whether its slasher has a proven maximum.
    /// @param avs Its AVS.
    /// @param group Its correlation group.
    /// @param capBps Cap of the set.
    /// @param avsCapBps Cap of all sets of its AVS.
    /// @param countedWad Part of an allocation that counts as exposure.
    /// @param rewardWad Reported rewards.
    /// @param target Part of the maximum that governance wants.
    /// @param current Allocated now.
    /// @param held The larger of what is allocated now and what will be.
    struct Cell {
        bool isOpen;
        bool isVerified;
        address avs;
        bytes32 group;
        uint16 capBps;
        uint16 avsCapBps;
        uint64 countedWad;
        uint64 rewardWad;
        uint64 target;
        uint64 current;
        uint64 held;
    }

    /// @param maximum What slashing has left of the operator's magnitude.
    /// @param reserveBps Part of it that stays unallocated.
    /// @param groupCapBps Cap of a correlation group.
    /// @param unverifiedCapBps Cap of all sets that are not verified.
    struct Frame {
        uint64 maximum;
        uint16 reserveBps;
        uint16 groupCapBps;
        uint16 unverifiedCapBps;
    }

    /// @notice Magnitude that each set should have; rounds down.
    function wanted(Cell[] memory cells, Frame memory frame) internal pure returns (uint64[] memory magnitudes) {
        magnitudes = new uint64[](cells.length);
        bool[] memory isDone = new bool[](cells.length);
        for (uint256 n = 0; n < cells.length; ++n) {
            uint256 k = _next(cells, isDone);
            isDone[k] = true;
            Cell memory cell = cells[k];
            if (!cell.isOpen) continue;
            uint256 target = ValueMath.partDown(frame.maximum, cell.target, WAD);
            magnitudes[k] = uint64(Math.min(target, room(cells, magnitudes, k, frame))); // ≤ maximum
        }
    }

    /// @notice Most that set `k` may have while the others have `used`; rounds down.
    function room(
        Cell[] memory cells,
        uint64[] memory used,
        uint256 k,
        Frame memory frame
    ) internal pure returns (uint256) {
        Cell memory cell = cells[k];
        uint256 allocated;
        uint256 ofAvs;
        uint256 ofGroup;
        uint256 ofUnverified;
        uint256 count = cells.length;
        for (uint256 i = 0; i < count; ++i) {
            uint64 magnitude = used[i];
            if (magnitude == 0 || i == k) continue;
            Cell memory other = cells[i];
            allocated += magnitude;
            uint256 counted = countedUp(other, magnitude);
            if (other.avs == cell.avs) ofAvs += counted;
            if (other.group == cell.group) ofGroup += counted;
            if (!other.isVerified) ofUnverified += counted;
        }
        uint256 left = Math.min(_left(frame, cell.capBps, 0), _left(frame, cell.avsCapBps, ofAvs));
        left = Math.min(left, _left(frame, frame.groupCapBps, ofGroup));
        if (!cell.isVerified) left = Math.min(left, _left(frame, frame.unverifiedCapBps, ofUnverified));
        uint256 free = ValueMath.minusOrZero(ValueMath.lessBpsDown(frame.maximum, frame.reserveBps), allocated);
        return Math.min(free, ValueMath.partDown(left, WAD, cell.countedWad));
    }

    /// @notice What an allocation counts as exposure; rounds up.
    function countedUp(Cell memory cell, uint64 magnitude) internal pure returns (uint256) {
        if (cell.countedWad == WAD) return magnitude; // most do: nobody has verified their slashers
        return ValueMath.partUp(magnitude, cell.countedWad, WAD);
    }

    function _left(Frame memory frame, uint16 capBps, uint256 used) private pure returns (uint256) {
        return ValueMath.minusOrZero(ValueMath.bpsDown(frame.maximum, capBps), used);
    }

    /// @dev Of the sets that are left the one that pays most, the earlier one of two that pay alike.
    function _next(Cell[] memory cells, bool[] memory isDone) private pure returns (uint256 best) {
        best = cells.length;
        for (uint256 i = 0; i < cells.length; ++i) {
            if (isDone[i]) continue;
            if (best == cells.length || cells[i].rewardWad > cells[best].rewardWad) best = i;
        }
    }
}
