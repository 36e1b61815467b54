// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAccountant} from "../../contracts/lrt/accounting/IAccountant.sol";
import {IDepositPool} from "../../contracts/lrt/deposits/IDepositPool.sol";
import "./Moment.sol";
import {Promises} from "./Promises.sol";
import {Stage} from "./Stage.sol";

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
abstract contract Theatre is Stage {
    /// @dev What a call gets: a block's gas, so that a receiver who burns all of it comes to an end.
    uint256 internal constant GAS = 30_000_000;

    /// @dev What a part outside answers when it fails.
    bytes internal constant OUT_OF_ORDER = abi.encodeWithSignature("OutOfOrder()");

    error NothingToDo();

    Snapshot internal last;
    Ghosts internal ghosts;
    Rules internal rules;
    bytes32[] internal broken;
    bytes32 internal brokenBy;
    uint256 private _now;
    uint256 private _block;
    uint256 private _lastClosing;
    bool internal crashed;

    /* SETUP */

    function _open() internal {
        _arrive();
        (_now, _block) = (block.timestamp, block.number);
        IParameters a = IParameters(address(accountant));
        IParameters r = IParameters(address(instant));
        rules.growthCapBps = a.GROWTH_CAP_BPS_PER_DAY();
        rules.feeCapBps = a.FEE_CAP_BPS_PER_DAY();
        (rules.feeBps, ) = accountant.fee();
        (rules.closingTime, rules.alarmRest) = (a.CLOSING_TIME(), a.ALARM_REST());
        rules.reserveBps = controller.RESERVE_BPS();
        (rules.maxReportAge, rules.floorRate) = (pool.MAX_REPORT_AGE(), pool.FLOOR_RATE());
        rules.seed = IParameters(address(pool)).SEED();
        (rules.minFeeBps, rules.maxFeeBps, rules.bucketBps) = (r.MIN_FEE_BPS(), r.MAX_FEE_BPS(), r.BUCKET_BPS());
        rules.maxOpen = IParameters(address(issuer)).MAX_OPEN();
        accountant.report(); // so that what is known of growth begins here
        last = look();
        ghosts.day = _now / 1 days;
        (ghosts.grownAt, ghosts.lossSettled) = (last.reportedAt, last.totalLoss);
    }

    /* DEEDS */

    modifier onTime() {
        vm.warp(_now);
        vm.roll(_block);
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
        d.slashed = d.allocated = OPERATORS;
        d.avsCap = d.cap = d.operatorCap = type(uint256).max >> 1;
    }

    /// @dev Ends a deed: looks, keeps sums, judges.
    function _end(Deed memory d) internal {
        d.crashed = crashed;
        Snapshot memory s = look();
        _sum(d, s);
        bytes32[] memory ids = Promises.broken(Moment(last, s, d, ghosts, rules));
        for (uint256 i = 0; i < ids.length; ++i) broken.push(ids[i]);
        if (ids.length != 0 && brokenBy == 0) brokenBy = d.name;
        last = s;
        if (d.settles) ghosts.lossSettled = s.totalLoss;
        if (d.reports) ghosts.grownAt = s.time;
    }

    function _sum(Deed memory d, Snapshot memory s) private {
        Ghosts storage g = ghosts;
        uint256 today = s.time / 1 days;
        if (g.day != today) {
            (g.day, g.feeOfDay, g.mostSupplyOfDay, g.instantOfDay) = (today, 0, 0, 0);
            delete g.inOfDay;
            delete g.outOfDay;
            delete g.mostLimitOfDay;
        }
        g.mostSupplyOfDay = Math.max(g.mostSupplyOfDay, Math.max(last.supply, s.supply));
        if (d.reports) g.feeOfDay += s.shares[FEE_RECIPIENT] - last.shares[FEE_RECIPIENT];
        if (d.redeems) g.instantOfDay += d.shares;
        if (d.deposits) {
            g.inOfDay[d.asset] += d.units;
        }
        for (uint256 i = 0; i < ASSETS; ++i) {
            g.claimed[i] += d.claimed[i];
            uint256 came = s.setAside[i] + d.claimed[i] - Math.min(last.setAside[i], s.setAside[i] + d.claimed[i]);
            if (d.fills) g.filled[i] += came;
            if (d.fills) g.outOfDay[i] += came;
            if (d.donates) g.gaveLine[i] += came;
            if (d.deposits && i == d.asset)
                g.mostLimitOfDay[i] = Math.max(g.mostLimitOfDay[i], pool.inflow(assets[i]).limit);
        }
        _sumAlarm(s);
    }

    function _sumAlarm(Snapshot memory s) private {
        uint256 until = s.fillsClosedUntil;
        if (until == type(uint40).max || until == _lastClosing || until == 0) return;
        uint256 rang = until - rules.closingTime;
        if (ghosts.lastAlarm != 0 && rang < ghosts.lastAlarm + rules.alarmRest) {
            ghosts.alarmEarly = ghosts.lastAlarm + rules.alarmRest - rang;
        }
        (ghosts.lastAlarm, _lastClosing) = (rang, until);
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

    /* LOOKING */

    function look() internal view returns (Snapshot memory s) {
        (s.time, s.blockNumber) = (block.timestamp, block.number);
        IDepositPool.Terms memory t = pool.terms();
        (s.rate, s.waiting, s.reportedAt, s.closedUntil) = (t.rateWad, t.waitingWad, t.reportedAt, t.closedUntil);
        (s.nav, s.supply) = (accountant.netAssetValue(), trEth.totalSupply());
        (s.redeeming, s.totalLoss) = (accountant.redeeming(), accountant.totalLoss());
        s.mark = accountant.highWaterMark();
        (s.feeToday, s.feeLimit) = accountant.feeToday();
        (s.fillsClosedUntil, s.openSeconds) = (accountant.fillsClosedUntil(), accountant.openSeconds());
        s.openRequests = issuer.openRequests().length;
        s.deskHoldings = _heldBy(address(desk));
        (bool isMember, ) = manager.hasRole(0, deployer);
        (bool loosens, ) = manager.hasRole(1, deployer);
        s.deployerRoles = (isMember ? 1 : 0) + (loosens ? 1 : 0);
        for (uint256 i = 0; i < ASSETS; ++i) _lookAtAsset(s, i);
        _lookAtHolders(s);
        _lookAtEngine(s);
    }

    function _lookAtAsset(Snapshot memory s, uint256 i) private view {
        address asset = assets[i];
        IDepositPool.AssetTerms memory a = pool.assetTerms(asset);
        (s.idle[i], s.headroom[i]) = (a.idle, a.headroom);
        IAccountant.Backing memory b = accountant.backing(asset);
        (s.assetRate[i], s.restaked[i], s.unbonding[i]) = (b.rateWad, b.restaked, b.unbonding);
        s.held[i] = _held(i, address(pool));
        s.line[i] = queue.waitingShares(asset);
        s.setAside[i] = _held(i, address(queue));
    }

    function _lookAtHolders(Snapshot memory s) private view {
        for (uint256 i = 0; i < PEOPLE; ++i) s.shares[i] = trEth.balanceOf(people[i]);
        s.shares[FEE_RECIPIENT] = trEth.balanceOf(feeRecipient);
        s.shares[NOBODY] = trEth.balanceOf(0x000000000000000000000000000000000000dEaD);
        s.shares[QUEUE] = trEth.balanceOf(address(queue));
        s.shares[ELSEWHERE] = trEth.balanceOf(address(pool));
    }

    function _lookAtEngine(Snapshot memory s) private view {
        for (uint256 op = 0; op < OPERATORS; ++op) {
            for (uint256 i = 1; i < ASSETS; ++i) {
                s.magnitude[op][i] = allocation.getMaxMagnitude(accounts[op], strategies[i]);
                s.encumbered[op][i] = allocation.getEncumberedMagnitude(accounts[op], strategies[i]);
            }
        }
    }

    /// @dev Units of an asset in all its forms.
    function _held(uint256 i, address account) internal view returns (uint256 units) {
        if (i == 0) return account.balance;
        if (i == 1) return stEth.sharesOf(account) + wstEth.balanceOf(account);
        return i == 2 ? rEth.balanceOf(account) : cbEth.balanceOf(account);
    }

    function _heldBy(address account) private view returns (uint256 sum) {
        for (uint256 i = 0; i < ASSETS; ++i) sum += _held(i, account);
    }
}
