// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {ASSETS, Deed} from "../Moment.sol";
import {Baskets} from "./Baskets.sol";

/// @dev Paying a line, and who turns that crank for himself.
abstract contract Paying is Baskets {
    /// @dev A batch that waited before a fill.
    struct Waiting {
        uint32 day;
        uint256 remaining;
    }

    /* ACTIONS */

    /// @dev As a rule where somebody waits and when the oldest batch is due.
    function fill(uint256 asset, uint256 batches, uint256 dice) external onTime {
        uint256 i = dice % 8 == 0 ? asset % ASSETS : _busyLine(asset);
        if (dice % 8 != 0) _waitUntil(_fillableFrom(i));
        _fill(i, 1 + (batches % 4));
    }

    /// @dev A holder who wants stETH: when nothing of that line can be claimed he turns its crank himself.
    function claimUnwrapped(uint256 ticket, uint256 to) external onTime {
        if (!_isClaimable(1)) {
            if (queue.waitingShares(assets[1]) == 0) revert NothingToDo();
            _waitUntil(_fillableFrom(1));
            _fill(1, 4);
        }
        (Deed memory d, uint256 id, address owner) = _claimer("claimUnwrapped", ticket, 1);
        address receiver = people[to % PEOPLE];
        uint256 before = _held(1, receiver);
        _as(owner, address(queue), 0, abi.encodeCall(IWithdrawalQueue.claimUnwrapped, (id, receiver)));
        d.received = _held(1, receiver) - before;
        // Lido's wrapper hands out whole shares and may keep one.
        if (d.received + 1 == d.promised) d.received = d.promised;
        _endClaim(d);
    }

    /* INTERNALS */

    function _crank(bytes32 name) internal pure returns (Deed memory d) {
        d = _deed(name);
        (d.settles, d.syncs) = (true, true);
    }

    function _fill(uint256 i, uint256 most) private {
        Deed memory d = _crank("fill");
        (d.reports, d.moves, d.fills) = (true, true, true);
        Waiting[] memory before = _batches(i);
        _as(address(this), address(queue), 0, abi.encodeCall(IWithdrawalQueue.fill, (assets[i], most)));
        _judgeOrder(d, i, before);
        _end(d);
    }

    /// @dev When the oldest batch of a line in which somebody waits may be paid.
    function _fillableFrom(uint256 i) internal view returns (uint256) {
        return (uint256(queue.openBatches(assets[i])[0]) + 2) * 1 days;
    }

    /// @dev The line asked for or the next in which somebody waits.
    function _busyLine(uint256 from) private view returns (uint256 i) {
        for (uint256 k = 0; k < ASSETS; ++k) {
            i = ((from % ASSETS) + k) % ASSETS;
            if (queue.waitingShares(assets[i]) != 0) return i;
        }
        revert NothingToDo();
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
}
