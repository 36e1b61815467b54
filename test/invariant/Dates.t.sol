// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ETHER} from "../../contracts/lrt/assets/Ether.sol";
import {IAccountant} from "../../contracts/lrt/accounting/IAccountant.sol";
import {IDepositPool} from "../../contracts/lrt/deposits/IDepositPool.sol";
import {IInstantRedeemer} from "../../contracts/lrt/withdrawals/IInstantRedeemer.sol";
import {IWithdrawalQueue} from "../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {ASSETS, OPERATORS, Deed} from "./Moment.sol";
import {Handler} from "./Handler.sol";

/// @dev The dates that tickets are told hold (WQ-9, WQ-10): over random requests, deposits, gains and losses, while a keeper
///      turns the cranks once a day and issuers are alive. `test/model/exit-walk.ts` is the same game on Hardhat's chain.
contract DatesTest is Handler {
    struct Told {
        uint256 id;
        uint256 earliest;
        uint256 latest;
        uint256 due; // `latest`, or later when what was on its way was slashed
        bool isOver;
    }

    error DateMoved(uint256 id, uint256 earliest, uint256 latest);
    error PaidTooEarly(uint256 id, uint256 time, uint256 earliest);
    error PaidTooLate(uint256 id, uint256 time, uint256 due, uint256 remainingShares);
    error Unexpected(bytes reason);

    /// @dev Days on which people come and go.
    uint256 private constant LIVELY_DAYS = 5;
    /// @dev Where results are added up by whoever runs many; see `scripts/campaign.ts`.
    string private constant RESULTS = ".forge/dates.txt";

    Told[] private _told;
    uint256 private _dice;
    uint256 private _lidoRests; // mornings on which Lido pays nothing, once in a run
    bool private _hasRested;
    uint256 private _short; // tickets for which there was less of their asset than their line was worth
    uint256 private _closest = type(uint256).max; // least time between a payment and its date

    function testFuzz_datesHold(uint256 seed) external {
        _dice = seed;
        uint256 hour = _pick(60, 23 hours); // at which the keeper comes
        for (uint256 day = 0; day < LIVELY_DAYS; ++day) {
            _dawn(hour, true);
            for (uint256 n = _pick(1, 4); n != 0; --n) _act();
        }
        uint256 most = 2 * ((queue.EXIT_TIME() + queue.ISSUER_TIME()) / 1 days + 1);
        for (uint256 day = 0; day < most && !_isDone(); ++day) _dawn(hour, _pick(0, 1) == 0);
        string memory line = string.concat(
            vm.toString(seed),
            " ",
            vm.toString(_told.length),
            " ",
            vm.toString(_moved()),
            " ",
            vm.toString(_short),
            " ",
            vm.toString(_closest == type(uint256).max ? 0 : _closest)
        );
        vm.writeLine(RESULTS, line);
    }

    /* EVERY DAY */

    function _dawn(uint256 hour, bool isLively) private {
        uint256 midnight = (block.timestamp / 1 days + 1) * 1 days;
        _pass(midnight + 12 - block.timestamp);
        _look(); // before midnight's dates pass unseen
        if (isLively) _weather();
        if (midnight + hour > block.timestamp) _pass(midnight + hour - block.timestamp);
        _rocketSays((rEth.getExchangeRate() * _pick(100_000, 100_030)) / 100_000 + 1);
        _coinbaseSays((cbEth.exchangeRate() * _pick(100_000, 100_030)) / 100_000 + 1);
        _marketsAgree();
        if (_lidoRests != 0) --_lidoRests;
        else _as(address(this), address(stEth), 0, abi.encodeWithSignature("finalizeWithdrawals(uint256)", 64));
        _turnFirst();
        for (uint256 i = 0; i < ASSETS; ++i) _turnFill(i);
        _turnLast();
        if (crashed) revert Unexpected("crash");
        _look();
    }

    /// @dev What happens to everybody.
    function _weather() private {
        uint256 dice = _pick(0, 99);
        uint256 pooled = stEth.getTotalPooledEther();
        if (dice < 45) {
            uint256 value = (pooled * _pick(1, 4)) / 10_000;
            _as(address(this), address(stEth), value, abi.encodeWithSignature("reward()"));
        } else if (dice < 50) {
            uint256 loss = (pooled * _pick(1, 90)) / 10_000;
            _as(address(this), address(stEth), 0, abi.encodeWithSignature("penalize(uint256)", loss));
        } else if (dice < 60) {
            _rewardStrategy(1 + _pick(0, 2), _pick(1, 60));
        } else if (dice < 66 && !_hasRested) {
            (_hasRested, _lidoRests) = (true, _pick(1, 3));
        } else if (dice >= 66 && dice < 76) {
            _slashSomebody();
        }
    }

    /// @dev A gain that is there at once, and that the rate recognises day by day.
    function _rewardStrategy(uint256 i, uint256 bps) private {
        address token = address(strategies[i].underlyingToken());
        uint256 units = (IERC20(token).balanceOf(address(strategies[i])) * bps) / 10_000;
        if (units == 0) return;
        units = _acquire(address(this), token, units);
        _as(address(this), token, 0, abi.encodeCall(IERC20.transfer, (address(strategies[i]), units)));
    }

    /// @dev A slash takes part of what waits on its way: for that part the time begins anew.
    function _slashSomebody() private {
        Deed memory d = _deed("slash");
        d.slashed = _pick(0, OPERATORS - 1);
        _slash(d, _anySet(_pick(0, 5)), _pick(1, 1e18));
        uint256 anew = (block.timestamp / 1 days + 1) * 1 days + queue.EXIT_TIME();
        for (uint256 k = 0; k < _told.length; ++k) {
            Told storage t = _told[k];
            uint256 due = anew + (t.id >> 64 == 0 ? queue.ISSUER_TIME() : 0);
            if (!t.isOver) t.due = Math.max(t.due, due);
        }
    }

    /* PEOPLE */

    /// @dev Later the same day.
    function _act() private {
        uint256 evening = (block.timestamp / 1 days + 1) * 1 days - 1;
        _pass(Math.min(_pick(20 minutes, 140 minutes), evening - block.timestamp));
        uint256 who = _pick(0, WALLET - 1);
        uint256 dice = _pick(0, 99);
        if (dice < 65) _request(who);
        else if (dice < 70) _redeem(who);
        else _deposit(who);
    }

    function _request(uint256 who) private {
        uint256 i = _pick(0, ASSETS - 1);
        uint256 shares = trEth.balanceOf(people[who]);
        if (_pick(0, 9) >= 3) shares = (shares * _pick(1, 9_999)) / 10_000;
        _approve(who, address(queue), shares);
        bytes memory call = abi.encodeCall(IWithdrawalQueue.request, (assets[i], shares, people[who]));
        (bool ok, bytes memory result) = _try(people[who], address(queue), 0, call);
        if (!ok) return _expect(result);
        uint256 id = abi.decode(result, (uint256));
        IWithdrawalQueue.Status memory s = queue.withdrawalStatus(id);
        _told.push(Told(id, s.earliest, s.latest, s.latest, false));
    }

    function _redeem(uint256 who) private {
        uint256 shares = (trEth.balanceOf(people[who]) * _pick(1, 100)) / 10_000;
        _approve(who, address(instant), shares);
        bytes memory call = abi.encodeCall(IInstantRedeemer.redeem, (shares, 0, people[who], block.timestamp));
        (bool ok, bytes memory reason) = _try(people[who], address(instant), 0, call);
        if (!ok) _expect(reason);
    }

    function _deposit(uint256 who) private {
        uint256 kind = _pick(0, 4);
        uint256 amount = _pick(0.01 ether, 20 ether);
        address token = kind == 4 ? address(stEth) : assets[kind];
        if (kind != 0) {
            amount = _acquire(people[who], token, amount);
            _as(people[who], token, 0, abi.encodeCall(IERC20.approve, (address(pool), amount)));
        }
        bytes memory call = abi.encodeCall(
            IDepositPool.reportAndDeposit,
            (token, amount, people[who], 0, block.timestamp, NO_REFERRAL)
        );
        (bool ok, bytes memory reason) = _try(people[who], address(pool), kind == 0 ? amount : 0, call);
        if (!ok) _expect(reason);
    }

    /// @dev Refusals and closed doors that are part of the game. (All of a run is one transaction here.)
    function _expect(bytes memory reason) private pure {
        bytes4 id = bytes4(reason);
        bool isLine =
            id == IWithdrawalQueue.BackingExceeded.selector || id == IWithdrawalQueue.RequestTooSmall.selector;
        bool isDoor =
            id == IDepositPool.DepositsClosed.selector ||
                id == IDepositPool.InflowExceeded.selector ||
                id == IDepositPool.DepositInThisTransaction.selector;
        bool isInstant =
            id == IInstantRedeemer.InstantClosed.selector ||
                id == IInstantRedeemer.BucketExceeded.selector ||
                id == IInstantRedeemer.RedemptionTooSmall.selector ||
                id == IInstantRedeemer.BufferExceeded.selector;
        if (!isLine && !isDoor && !isInstant) revert Unexpected(reason);
    }

    /* LOOKING */

    function _look() private {
        for (uint256 k = 0; k < _told.length; ++k) if (!_told[k].isOver) _lookAt(_told[k]);
    }

    function _lookAt(Told storage t) private {
        IWithdrawalQueue.Status memory s = queue.withdrawalStatus(t.id);
        if (s.earliest != t.earliest || s.latest != t.latest) revert DateMoved(t.id, s.earliest, s.latest);
        if (s.claimable != 0 && block.timestamp < t.earliest) revert PaidTooEarly(t.id, block.timestamp, t.earliest);
        if (s.remainingShares == 0) {
            t.isOver = true;
            _closest = Math.min(_closest, t.due - Math.min(t.due, block.timestamp));
            return;
        }
        if (block.timestamp <= t.due) return;
        // Losses of one asset can leave less of it, wherever it is, than its line is worth.
        (bool isBacked, ) = address(issuer).staticcall(abi.encodeCall(issuer.room, (s.asset)));
        if (isBacked) revert PaidTooLate(t.id, block.timestamp, t.due, s.remainingShares);
        ++_short;
        t.isOver = true;
    }

    function _isDone() private view returns (bool) {
        for (uint256 k = 0; k < _told.length; ++k) if (!_told[k].isOver) return false;
        return true;
    }

    function _moved() private view returns (uint256 count) {
        for (uint256 k = 0; k < _told.length; ++k) if (_told[k].due != _told[k].latest) ++count;
    }

    function _pick(uint256 least, uint256 most) private returns (uint256) {
        _dice = uint256(keccak256(abi.encode(_dice)));
        return least + (_dice % (most - least + 1));
    }
}
