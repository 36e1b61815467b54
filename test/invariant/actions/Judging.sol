// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAccountant} from "../../../contracts/lrt/accounting/IAccountant.sol";
import {IHealth} from "../../../contracts/lrt/lens/IHealth.sol";
import {IOperatorRegistry} from "../../../contracts/lrt/operators/IOperatorRegistry.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {IAllocationManagerActions} from "../../../contracts/restaking/interfaces/IAllocationManagerActions.sol";
import {OperatorSet} from "../../../contracts/restaking/interfaces/OperatorSets.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Leaving} from "./Leaving.sol";

/// @dev What was so before a crank, and what a look after it says.
abstract contract Judging is Leaving {
    /// @dev A batch that waited before a fill.
    struct Waiting {
        uint32 day;
        uint256 remaining;
    }

    function _stakes(uint256 i) internal view returns (uint256[OPERATORS] memory units) {
        for (uint256 op = 0; op < OPERATORS; ++op) {
            units[op] = accountant.unitsOfEngineShares(assets[i], accountant.book(delegators[op], assets[i]).restaked);
        }
    }

    /// @dev Who got more must be allowed to, and have no more than his part.
    function _judgeStakes(Deed memory d, uint256 i, uint256[OPERATORS] memory before) internal view {
        uint256[OPERATORS] memory units = _stakes(i);
        IAccountant.Backing memory b = accountant.backing(assets[i]);
        d.operatorCap = Math.mulDiv(b.pool + b.restaked + b.unbonding, desk.OPERATOR_CAP_BPS(), 10_000);
        for (uint256 op = 0; op < OPERATORS; ++op) {
            if (units[op] <= before[op] + 0.001 ether) continue; // less is no move, only another value per share
            d.operatorUnits = Math.max(d.operatorUnits, units[op]);
            IOperatorRegistry.Operator memory o = operators.operator(op);
            if (o.quarantined || o.weight == 0 || operators.isFaulty(op)) d.wronglyStaked += units[op] - before[op];
        }
    }

    function _batches(uint256 i) internal view returns (Waiting[] memory list) {
        uint32[] memory open = queue.openBatches(assets[i]);
        list = new Waiting[](open.length);
        for (uint256 k = 0; k < open.length; ++k) {
            list[k] = Waiting(open[k], queue.batch(assets[i], open[k]).remaining);
        }
    }

    /// @dev A batch that was paid was old enough, and nothing of an older one waits.
    function _judgeOrder(Deed memory d, uint256 i, Waiting[] memory before) internal view {
        d.price = Math.max(d.price, pool.rate());
        bool olderWaits;
        for (uint256 k = 0; k < before.length; ++k) {
            uint256 remaining = queue.batch(assets[i], before[k].day).remaining;
            if (remaining < before[k].remaining) {
                uint256 fillable = (uint256(before[k].day) + 2) * 1 days;
                if (block.timestamp < fillable) d.early = fillable - block.timestamp;
                if (olderWaits) ++d.outOfOrder;
            }
            if (remaining != 0) olderWaits = true;
        }
    }

    function _allocations(
        uint256 op,
        OperatorSet memory set
    ) internal view returns (IAllocationManagerActions.Allocation[] memory list) {
        list = new IAllocationManagerActions.Allocation[](ASSETS);
        for (uint256 i = 1; i < ASSETS; ++i) list[i] = allocation.getAllocation(accounts[op], set, strategies[i]);
    }

    /// @dev What was raised just now: it was not on its way before.
    function _judgeAllocation(
        Deed memory d,
        OperatorSet memory set,
        IAllocationManagerActions.Allocation[] memory before
    ) internal view {
        bool isStale = allocation.getSlashCount(set) != controller.targetOf(d.allocated, set).slashCount;
        IAllocationManagerActions.Allocation[] memory list = _allocations(d.allocated, set);
        for (uint256 i = 1; i < ASSETS; ++i) {
            bool isSame = list[i].effectBlock == before[i].effectBlock && list[i].pendingDiff == before[i].pendingDiff;
            bool isRaised = list[i].pendingDiff > 0 || list[i].currentMagnitude > before[i].currentMagnitude;
            if (isSame || !isRaised) continue;
            if (list[i].effectBlock <= block.number) ++d.early;
            if (isStale) ++d.raisedAfterSlash;
            _judgeCaps(d, set, i);
        }
    }

    function _judgeCaps(Deed memory d, OperatorSet memory set, uint256 i) internal view {
        IAccountant.Backing memory b = accountant.backing(assets[i]);
        uint256 perShare = accountant.unitsOfEngineShares(assets[i], 1e18);
        uint256 total = Math.mulDiv(b.restaked + b.unbonding + 2, 1e18, perShare);
        d.exposure = reader.exposure(set, assets[i]);
        d.cap = Math.mulDiv(total, sets.limitsOf(set).capBps, 10_000);
        d.avsExposure = reader.exposureOfAvs(set.avs, assets[i]);
        d.avsCap = Math.mulDiv(total, sets.avsCapBps(set.avs), 10_000);
    }

    /// @dev Findings of the lens right after a report, but for doors that are rightly closed and values that cannot be read.
    function _findings() internal view returns (uint256 count) {
        IHealth.Finding[] memory all = lens.health();
        for (uint256 i = 0; i < all.length; ++i) {
            bytes32 id = all[i].id;
            if (all[i].holds || id == "A7" || id == "A9-deposits" || id == "A9-fills" || id == "AL-3") continue;
            if (id == "A10-floor" || id == "A8-cap") continue;
            if (id == "AGE" && accountant.fillsClosedUntil() == type(uint40).max) continue;
            if (all[i].subject != address(0) && !accountant.isReadable(all[i].subject)) continue;
            ++count;
        }
    }

    /// @dev By how much tickets could claim more than is set aside, or wait for more than the line counts.
    function _ticketGap() internal view returns (uint256 gap) {
        uint256[ASSETS] memory claimable;
        uint256[ASSETS] memory remaining;
        for (uint256 k = 0; k < tickets.length; ++k) {
            IWithdrawalQueue.Status memory s = queue.withdrawalStatus(tickets[k]);
            claimable[tickets[k] >> 64] += s.claimable;
            remaining[tickets[k] >> 64] += s.remainingShares;
        }
        for (uint256 i = 0; i < ASSETS; ++i) {
            gap += claimable[i] - Math.min(claimable[i], _held(i, address(queue)));
            gap += remaining[i] - Math.min(remaining[i], queue.waitingShares(assets[i]));
        }
    }
}
