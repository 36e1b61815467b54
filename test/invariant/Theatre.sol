// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDepositPool} from "../../contracts/lrt/deposits/IDepositPool.sol";
import {Looking} from "./Looking.sol";
import "./Moment.sol";
import {Promises} from "./Promises.sol";
import {Shelf} from "./Shelf.sol";

interface IParameters {
    function GROWTH_CAP_BPS_PER_DAY() external view returns (uint16);
    function FEE_CAP_BPS_PER_DAY() external view returns (uint16);
    function CLOSING_TIME() external view returns (uint32);
    function ALARM_REST() external view returns (uint32);
    function SEED() external view returns (uint256);
    function MIN_FEE_BPS() external view returns (uint16);
    function MAX_FEE_BPS() external view returns (uint16);
    function BUCKET_BPS() external view returns (uint16);
    function MAX_OPEN() external view returns (uint256);
}

/// @dev What is done and what is kept of it: every deed ends with a look at the chain and a judgement by all promises.
abstract contract Theatre is Looking, Shelf {
    /// @dev What a call gets: a block's gas, so that a receiver who burns all of it comes to an end.
    uint256 internal constant GAS = 30_000_000;

    /// @dev What a part outside answers when it fails.
    bytes internal constant OUT_OF_ORDER = abi.encodeWithSignature("OutOfOrder()");

    /// @dev Every so many deeds all is looked at, to prove that nothing has changed where nothing was written.
    uint256 private constant WHOLE_LOOK = 32;

    error NothingToDo();

    bytes32[] internal broken;
    bytes32 internal brokenBy;
    uint256 private _now;
    uint256 private _block;
    bool internal crashed;

    /* SETUP */

    function _open() internal {
        _arrive();
        (_now, _block) = (block.timestamp, block.number);
        accountant.report(); // so that what is known of growth begins here
        _requireLayout(_firstBook());
    }

    function _firstBook() internal returns (Book memory book) {
        _look(book.now, true);
        book.ghosts.day = block.timestamp / 1 days;
        (book.ghosts.grownAt, book.ghosts.lossSettled) = (book.now.reportedAt, book.now.totalLoss);
        Rules memory rules = book.rules;
        IParameters a = IParameters(address(accountant));
        IParameters r = IParameters(address(instant));
        rules.growthCapBps = a.GROWTH_CAP_BPS_PER_DAY();
        rules.feeCapBps = a.FEE_CAP_BPS_PER_DAY();
        (rules.feeBps, , ) = accountant.fee();
        (rules.closingTime, rules.alarmRest) = (a.CLOSING_TIME(), a.ALARM_REST());
        rules.reserveBps = controller.RESERVE_BPS();
        (rules.maxReportAge, rules.floorRate) = (pool.MAX_REPORT_AGE(), pool.FLOOR_RATE());
        rules.seed = IParameters(address(pool)).SEED();
        (rules.minFeeBps, rules.maxFeeBps, rules.bucketBps) = (r.MIN_FEE_BPS(), r.MAX_FEE_BPS(), r.BUCKET_BPS());
        rules.maxOpen = IParameters(address(issuer)).MAX_OPEN();
    }

    /* DEEDS */

    modifier onTime() {
        vm.warp(_now);
        vm.roll(_block);
        if (!_isKept()) _keep(_firstBook());
        vm.record();
        _;
    }

    /// @dev Lets time pass, with a block every twelve seconds.
    function _pass(uint256 time) internal {
        (_now, _block) = (_now + time, _block + time / 12);
        vm.warp(_now);
        vm.roll(_block);
    }

    /// @dev A deed of nobody in particular that changes nothing.
    function _deed(bytes32 name) internal pure returns (Deed memory d) {
        d.name = name;
        d.by = HOLDERS;
        d.slashed = d.allocated = d.breaks = OPERATORS;
        d.avsCap = d.cap = d.operatorCap = type(uint256).max >> 1;
    }

    /// @dev Ends a deed: looks, keeps sums, judges.
    function _end(Deed memory d) internal {
        function(Deed memory, Book memory, Snapshot memory) internal judge = _judge;
        function(Deed memory, uint256, uint256) internal judgeAt;
        // A variable for what lies at a place in memory, without room for another one.
        assembly ("memory-safe") {
            judgeAt := judge
        }
        judgeAt(d, _recall(), _recallSnapshot());
    }

    function _judge(Deed memory d, Book memory book, Snapshot memory before) private {
        (Snapshot memory s, Ghosts memory g) = (book.now, book.ghosts);
        d.crashed = crashed;
        Touched memory touched = _look(s, false);
        if (++g.deeds % WHOLE_LOOK == 0) d.unseen = _differs(s);
        _sum(d, before, s, g);
        _sumAlarm(s, g, book.rules);
        if (d.governs) (book.rules.feeBps, , ) = accountant.fee();
        if (d.breaks != OPERATORS) book.rules.broken[d.breaks] = true;
        bytes32[] memory ids = Promises.broken(Moment(before, s, d, g, book.rules, touched));
        for (uint256 i = 0; i < ids.length; ++i) broken.push(ids[i]);
        if (d.unhealthy != 0) broken.push(d.unhealthy); // which of its promises the lens means
        if (ids.length != 0 && brokenBy == 0) brokenBy = d.name;
        if (d.settles) g.lossSettled = s.totalLoss;
        if (d.reports) g.grownAt = s.time;
        _keep(book);
    }

    function _sum(Deed memory d, Snapshot memory before, Snapshot memory s, Ghosts memory g) private view {
        uint256 today = s.time / 1 days;
        if (g.day != today) {
            (g.day, g.feeOfDay, g.mostSupplyOfDay, g.instantOfDay) = (today, 0, 0, 0);
            for (uint256 i = 0; i < ASSETS; ++i) g.inOfDay[i] = g.outOfDay[i] = g.mostLimitOfDay[i] = 0;
        }
        g.mostSupplyOfDay = Math.max(g.mostSupplyOfDay, Math.max(before.supply, s.supply));
        if (d.reports) g.feeOfDay += s.shares[FEE_RECIPIENT] - before.shares[FEE_RECIPIENT];
        if (d.redeems) g.instantOfDay += d.shares;
        if (d.pausedUntil != 0) (g.pausedUntil, g.pauseEarly) = (d.pausedUntil, d.pauseEarly);
        g.sharesGiven += d.gaveLine;
        if (d.deposits) {
            g.inOfDay[d.asset] += d.units;
            g.mostLimitOfDay[d.asset] = Math.max(g.mostLimitOfDay[d.asset], pool.inflow(assets[d.asset]).limit);
        }
        if (!d.leaves && !d.fills && !d.donates) return;
        for (uint256 i = 0; i < ASSETS; ++i) {
            g.claimed[i] += d.claimed[i];
            uint256 came = Math.saturatingSub(s.setAside[i] + d.claimed[i], before.setAside[i]);
            if (d.fills) g.filled[i] += came;
            if (d.fills) g.outOfDay[i] += came;
            if (d.donates) g.gaveLine[i] += came;
        }
    }

    function _sumAlarm(Snapshot memory s, Ghosts memory g, Rules memory rules) private pure {
        uint256 until = s.fillsClosedUntil;
        if (until == type(uint40).max || until == g.lastClosing || until == 0) return;
        uint256 rang = until - rules.closingTime;
        if (g.lastAlarm != 0 && rang < g.lastAlarm + rules.alarmRest) {
            g.alarmEarly = g.lastAlarm + rules.alarmRest - rang;
        }
        (g.lastAlarm, g.lastClosing) = (rang, until);
    }

    /* CALLS */

    /// @dev Calls as somebody; a refusal undoes the deed, a crash is kept to be judged.
    function _as(address by, address to, uint256 value, bytes memory data) internal returns (bytes memory result) {
        bool ok;
        (ok, result) = _try(by, to, value, data);
        if (ok) return result;
        if (_isCrash(result)) {
            crashed = true;
            return "";
        }
        assembly {
            revert(add(result, 32), mload(result))
        }
    }

    function _try(
        address by,
        address to,
        uint256 value,
        bytes memory data
    ) internal returns (bool ok, bytes memory result) {
        if (value != 0) vm.deal(by, by.balance + value);
        vm.prank(by);
        (ok, result) = to.call{value: value, gas: GAS}(data);
    }

    /// @dev No reason at all, or a panic: nobody meant to refuse.
    function _isCrash(bytes memory reason) internal pure returns (bool) {
        return reason.length < 4 || bytes4(reason) == 0x4e487b71;
    }
}
