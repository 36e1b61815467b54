// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAccountant} from "../../../contracts/lrt/accounting/IAccountant.sol";
import {IAllocationController} from "../../../contracts/lrt/allocation/IAllocationController.sol";
import {IAllocationManagerActions} from "../../../contracts/restaking/interfaces/IAllocationManagerActions.sol";
import {OperatorSet} from "../../../contracts/restaking/interfaces/OperatorSets.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Theatre} from "../Theatre.sol";

/// @dev What anyone may allocate, along the plan.
abstract contract Allocating is Theatre {
    /* ACTIONS */

    function allocate(uint256 op, uint256 set) external onTime {
        Deed memory d = _deed("allocate");
        d.syncs = true; // what was slashed is told from what is deallocated first
        d.allocated = op % OPERATORS;
        OperatorSet[] memory all = sets.sets();
        OperatorSet memory s = all[set % all.length];
        IAllocationManagerActions.Allocation[] memory before = _allocations(d.allocated, s);
        bytes memory call = abi.encodeCall(IAllocationController.allocate, (d.allocated, s));
        _as(address(this), address(controller), 0, call);
        _judgeAllocation(d, s, before);
        _end(d);
    }

    function rebalance(uint256 op, uint256 most) external onTime {
        Deed memory d = _deed("rebalance");
        (d.syncs, d.allocated) = (true, op % OPERATORS);
        OperatorSet[] memory all = sets.sets();
        IAllocationManagerActions.Allocation[][] memory before = new IAllocationManagerActions.Allocation[][](
            all.length
        );
        for (uint256 k = 0; k < all.length; ++k) before[k] = _allocations(d.allocated, all[k]);
        bytes memory call = abi.encodeCall(IAllocationController.rebalance, (d.allocated, 1 + (most % 4)));
        _as(address(this), address(controller), 0, call);
        for (uint256 k = 0; k < all.length; ++k) _judgeAllocation(d, all[k], before[k]);
        _end(d);
    }

    /* INTERNALS */

    function _allocations(
        uint256 op,
        OperatorSet memory set
    ) private view returns (IAllocationManagerActions.Allocation[] memory list) {
        list = new IAllocationManagerActions.Allocation[](ASSETS);
        for (uint256 i = 1; i < ASSETS; ++i) list[i] = allocation.getAllocation(accounts[op], set, strategies[i]);
    }

    /// @dev What was raised just now: it was not on its way before.
    function _judgeAllocation(
        Deed memory d,
        OperatorSet memory set,
        IAllocationManagerActions.Allocation[] memory before
    ) private view {
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

    function _judgeCaps(Deed memory d, OperatorSet memory set, uint256 i) private view {
        IAccountant.Backing memory b = accountant.backing(assets[i]);
        uint256 perShare = accountant.unitsOfEngineShares(assets[i], 1e18);
        uint256 total = Math.mulDiv(b.restaked + b.unbonding + 2, 1e18, perShare);
        d.exposure = reader.exposure(set, assets[i]);
        d.cap = Math.mulDiv(total, sets.limitsOf(set).capBps, 10_000);
        d.avsExposure = reader.exposureOfAvs(set.avs, assets[i]);
        d.avsCap = Math.mulDiv(total, sets.avsCapBps(set.avs), 10_000);
    }
}
