// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ETHER} from "../../../contracts/lrt/assets/Ether.sol";
import {IAccountant} from "../../../contracts/lrt/accounting/IAccountant.sol";
import {IDepositPool} from "../../../contracts/lrt/deposits/IDepositPool.sol";
import {IIssuerDesk} from "../../../contracts/lrt/issuers/IIssuerDesk.sol";
import {IRestakingDesk} from "../../../contracts/lrt/operators/IRestakingDesk.sol";
import {ITrEth} from "../../../contracts/lrt/token/ITrEth.sol";
import {IInstantRedeemer} from "../../../contracts/lrt/withdrawals/IInstantRedeemer.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {IStrategy} from "../../../contracts/restaking/interfaces/IStrategy.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Wallet} from "../Wallet.sol";
import {Cranking} from "./Cranking.sol";

/// @dev Thieves, donors, griefers, and tokens and issuers that fail.
abstract contract Hostile is Cranking {
    /* THIEVES */

    /// @dev What only a contract of ours may call, called by a stranger.
    function callModule(uint256 which, uint256 who, uint256 amount) external onTime {
        Deed memory d = _deed("callModule");
        address thief = people[who % PEOPLE];
        (address to, bytes memory call) = _module(which % 10, thief, sized(amount, 1, 100 ether));
        (d.robbed, ) = _try(thief, to, 0, call);
        _end(d);
    }

    /// @dev In and out at once, in one transaction.
    function depositAndRedeem(uint256 amount) external onTime {
        Deed memory d = _deed("depositAndRedeem");
        uint256 value = sized(amount, 0.001 ether, 10 ether);
        address wallet = people[WALLET];
        uint256 shares = pool.previewDeposit(ETHER, value); // or nobody gets in
        address[] memory to = new address[](3);
        bytes[] memory data = new bytes[](3);
        (to[0], to[1], to[2]) = (address(pool), address(trEth), address(instant));
        data[0] = abi.encodeCall(IDepositPool.depositEther, (wallet, 0, block.timestamp, NO_REFERRAL));
        data[1] = abi.encodeCall(IERC20.approve, (address(instant), shares));
        data[2] = abi.encodeCall(IInstantRedeemer.redeem, (shares, 0, wallet, block.timestamp));
        (d.robbed, ) = _try(address(this), wallet, value, abi.encodeCall(Wallet.run, (to, data)));
        _end(d);
    }

    /// @dev The wallet redeems at once and calls back while its ether arrives.
    function redeemAndReenter(uint256 part, uint256 which) external onTime {
        Deed memory d = _deed("redeemAndReenter");
        (d.redeems, d.settles, d.syncs, d.moves, d.by) = (true, true, true, true, WALLET);
        accountant.settle();
        d.bucket = instant.buffer().sharesLeft;
        uint256 most = Math.min(d.bucket, trEth.balanceOf(people[WALLET]));
        if (most < 2e12) revert NothingToDo();
        d.shares = sized(part, 1e12, most / 2);
        _approve(WALLET, address(instant), 2 * d.shares);
        Wallet wallet = Wallet(payable(people[WALLET]));
        bytes memory again =
            which % 2 == 0
                ? abi.encodeCall(IInstantRedeemer.redeem, (d.shares, 0, people[WALLET], block.timestamp))
                : abi.encodeCall(IWithdrawalQueue.fill, (ETHER, 1));
        wallet.feel(Wallet.Mood.Reenters, which % 2 == 0 ? address(instant) : address(queue), again);
        bytes memory call = abi.encodeCall(IInstantRedeemer.redeem, (d.shares, 0, people[WALLET], block.timestamp));
        bytes memory result = _as(people[WALLET], address(instant), 0, call);
        if (!crashed) d.units = abi.decode(result, (uint256));
        if (which % 2 == 0) d.robbed = wallet.reentered();
        else d.reports = d.fills = wallet.reentered();
        wallet.feel(Wallet.Mood.Accepts, address(0), "");
        d.fee = Math.mulDiv(d.shares, pool.rate(), 1e18) - d.units;
        d.level = d.watermark = 0;
        _end(d);
    }

    function changeMood(uint256 mood) external onTime {
        Wallet(payable(people[WALLET])).feel(Wallet.Mood(mood % 3), address(0), "");
        _end(_deed("changeMood"));
    }

    /* DONORS */

    function donate(uint256 asset, uint256 to, uint256 amount, bool asStEth) external onTime {
        Deed memory d = _deed("donate");
        d.donates = true;
        uint256 i = asset % ASSETS;
        uint256 units = sized(amount, 1_000, 10 ether);
        address receiver = _ours(to);
        if (i == 0) vm.deal(receiver, receiver.balance + units);
        else {
            address token = i == 1 && asStEth ? address(stEth) : assets[i];
            units = _gift(token, units);
            _as(address(this), token, 0, abi.encodeCall(IERC20.transfer, (receiver, units)));
        }
        _end(d);
    }

    /// @dev Shares for nothing, to a contract of ours or to who gets the fee.
    function giveShares(uint256 from, uint256 to, uint256 part) external onTime {
        Deed memory d = _deed("giveShares");
        (d.by, d.gives) = (from % PEOPLE, true);
        uint256 balance = trEth.balanceOf(people[d.by]);
        if (balance == 0) revert NothingToDo();
        d.shares = sized(part, 1, Math.min(balance, 0.1 ether));
        address receiver =
            to % 3 == 0
                ? feeRecipient
                : to % 3 == 1
                    ? address(pool)
                    : address(queue);
        _as(people[d.by], address(trEth), 0, abi.encodeCall(IERC20.transfer, (receiver, d.shares)));
        if (receiver == address(queue)) d.gaveLine = d.shares;
        _end(d);
    }

    /// @dev A gift to everybody in an engine strategy: a gain like any other.
    function donateToStrategy(uint256 asset, uint256 amount) external onTime {
        uint256 i = 1 + (asset % 3);
        address token = address(strategies[i].underlyingToken());
        uint256 units = _gift(token, sized(amount, 1_000, 1 ether));
        _as(address(this), token, 0, abi.encodeCall(IERC20.transfer, (address(strategies[i]), units)));
        _end(_deed("donateToStrategy"));
    }

    /* GRIEFERS */

    /// @dev Cranks with too little gas, or just enough.
    function crankStingily(uint256 which, uint256 gas_) external onTime {
        Deed memory d = _deed("crankStingily");
        bytes[7] memory calls = [
            abi.encodeCall(IAccountant.report, ()),
            abi.encodeCall(IAccountant.settle, ()),
            abi.encodeCall(IRestakingDesk.restake, (assets[1], 3)),
            abi.encodeCall(IRestakingDesk.complete, (which % OPERATORS, 8)),
            abi.encodeCall(IWithdrawalQueue.fill, (assets[which % ASSETS], 4)),
            abi.encodeCall(IIssuerDesk.redeem, ()),
            abi.encodeCall(IAccountant.sync, (delegators[which % OPERATORS]))
        ];
        address[7] memory to = [
            address(accountant),
            address(accountant),
            address(desk),
            address(desk),
            address(queue),
            address(issuer),
            address(accountant)
        ];
        which %= 7;
        (d.syncs, d.moves, d.reports, d.fills) = (true, which > 1, which == 0 || which == 4, which == 4);
        d.settles = which != 3 && which != 6; // completing and syncing do not
        uint256 unreadable = _unreadable();
        (bool ok, ) = to[which].call{gas: sized(gas_, 200_000, 20_000_000)}(calls[which]);
        if (!ok) revert NothingToDo();
        // Little gas must never pass for a value that cannot be read.
        d.robbed = !_isFaulty() && _unreadable() > unreadable;
        _end(d);
    }

    /* TOKENS AND ISSUERS THAT FAIL */

    function lidoLoses(uint256 amount) external onTime {
        uint256 pooled = stEth.getTotalPooledEther();
        bytes memory call = abi.encodeWithSignature("penalize(uint256)", sized(amount, 1, pooled / 500));
        _as(address(this), address(stEth), 0, call);
        _end(_deed("lidoLoses"));
    }

    /// @dev A rate that is not true and yet within its bounds.
    function issuerLies(bool isRocket, bool isUp, uint256 part) external onTime {
        uint256 rateWad = isRocket ? rEth.getExchangeRate() : cbEth.exchangeRate();
        uint256 step = sized(part, 1, rateWad / 200);
        rateWad = Math.max(0.6 ether, isUp ? rateWad + step : rateWad - step);
        if (isRocket) rocketBalances.report(Math.min(rateWad, 2.9 ether), 1 ether);
        else
            _as(
                cbEth.oracle(),
                address(cbEth),
                0,
                abi.encodeCall(cbEth.updateExchangeRate, (Math.min(rateWad, 2.9 ether)))
            );
        _end(_deed("issuerLies"));
    }

    function marketMoves(uint256 asset, uint256 part) external onTime {
        uint256 i = 2 + (asset % 2);
        uint256 rateWad = i == 2 ? rEth.getExchangeRate() : cbEth.exchangeRate();
        markets[i].report(int256(rateWad - sized(part, 1, rateWad / 20)));
        _end(_deed("marketMoves"));
    }

    function marketFails(uint256 asset, uint256 kind) external onTime {
        uint256 i = 2 + (asset % 2);
        if (kind % 3 == 0) markets[i].setSilent(true);
        else if (kind % 3 == 1) markets[i].reportAs(0, block.timestamp, 1);
        else markets[i].reportAs(1e18, block.timestamp - 2 days, 1);
        _end(_deed("marketFails"));
    }

    /// @dev A source or a strategy that cannot be read any more.
    function readingFails(uint256 asset, bool isStrategy) external onTime {
        uint256 i = 1 + (asset % 3);
        if (isStrategy) {
            vm.mockCallRevert(
                address(strategies[i]),
                abi.encodeWithSelector(IStrategy.sharesToUnderlyingView.selector),
                OUT_OF_ORDER
            );
        } else {
            address source = address(registry.configOf(assets[i]).rateSource);
            vm.mockCallRevert(source, abi.encodeWithSignature("rate()"), OUT_OF_ORDER);
        }
        _end(_deed("readingFails"));
    }

    /// @dev A strategy whose tokens do not come out.
    function strategyFails(uint256 asset) external onTime {
        uint256 i = 1 + (asset % 3);
        vm.mockCallRevert(address(strategies[i]), abi.encodeWithSelector(IStrategy.withdraw.selector), OUT_OF_ORDER);
        _end(_deed("strategyFails"));
    }

    function tokenStops(uint256 which, uint256 who) external onTime {
        which %= 3;
        if (which == 0) stEth.stop();
        else if (which == 1) cbEth.setPaused(true);
        else cbEth.setBlacklisted(who % 2 == 0 ? address(pool) : people[who % PEOPLE], true);
        _end(_deed("tokenStops"));
    }

    function lidoStops(uint256 which) external onTime {
        which %= 3;
        if (which == 0) _as(address(this), address(stEth), 0, abi.encodeWithSignature("pauseStaking()"));
        else if (which == 1) lidoQueue.pauseFor(1 days);
        else lidoQueue.onOracleReport(true, block.timestamp - 1, block.timestamp - 1);
        _end(_deed("lidoStops"));
    }

    /// @dev Everything outside works again, and whoever cares has it read.
    function heal() external onTime {
        vm.clearMockedCalls();
        stEth.resume();
        stEth.resumeStaking();
        if (lidoQueue.isPaused()) lidoQueue.resume();
        if (lidoQueue.isBunkerModeActive()) lidoQueue.onOracleReport(false, block.timestamp - 1, block.timestamp - 1);
        cbEth.setPaused(false);
        cbEth.setBlacklisted(address(pool), false);
        for (uint256 i = 0; i < PEOPLE; ++i) cbEth.setBlacklisted(people[i], false);
        for (uint256 i = 2; i < ASSETS; ++i) markets[i].setSilent(false);
        markets[2].report(int256(rEth.getExchangeRate()));
        markets[3].report(int256(cbEth.exchangeRate()));
        Wallet(payable(people[WALLET])).feel(Wallet.Mood.Accepts, address(0), "");
        Deed memory d = _deed("heal");
        d.syncs = true;
        for (uint256 i = 1; i < ASSETS; ++i) {
            (bool ok, ) = _try(
                address(this),
                address(accountant),
                0,
                abi.encodeCall(IAccountant.syncAsset, (assets[i]))
            );
            if (!ok || !accountant.isReadable(assets[i])) d.refused = true;
        }
        _end(d);
    }

    /* INTERNALS */

    function _unreadable() private view returns (uint256 count) {
        for (uint256 i = 1; i < ASSETS; ++i) if (!accountant.isReadable(assets[i])) ++count;
        for (uint256 i = 0; i < delegators.length; ++i) if (!accountant.isReadable(delegators[i])) ++count;
        if (!accountant.isReadable(address(issuer))) ++count;
    }

    /// @dev Whether something outside fails by itself just now.
    function _isFaulty() private view returns (bool) {
        for (uint256 i = 1; i < ASSETS; ++i) {
            (bool ok, ) = address(registry).staticcall(abi.encodeCall(registry.read, (assets[i])));
            if (!ok) return true;
        }
        return false;
    }

    function _gift(address token, uint256 units) private returns (uint256) {
        uint256 before = IERC20(token).balanceOf(address(this));
        if (token == address(rEth)) rocketPool.deposit{value: _coin(2 * units)}();
        else if (token == address(cbEth)) cbEth.mint{value: _coin(2 * units)}(address(this));
        else {
            stEth.submit{value: _coin(2 * units)}(address(0));
            if (token == address(wstEth)) {
                stEth.approve(address(wstEth), units);
                wstEth.wrap(units);
            }
        }
        return Math.min(IERC20(token).balanceOf(address(this)) - before, units);
    }

    function _coin(uint256 value) private returns (uint256) {
        vm.deal(address(this), address(this).balance + value);
        return value;
    }

    function _ours(uint256 to) private view returns (address) {
        address[9] memory all = [
            address(pool),
            address(queue),
            address(desk),
            address(issuer),
            address(accountant),
            address(instant),
            address(trEth),
            delegators[to % OPERATORS],
            address(registry)
        ];
        return all[to % 9];
    }

    function _module(uint256 which, address thief, uint256 amount) private view returns (address, bytes memory) {
        if (which == 0) return (address(pool), abi.encodeCall(IDepositPool.take, (ETHER, amount, ETHER, thief)));
        if (which == 1) return (address(pool), abi.encodeCall(IDepositPool.put, (assets[1], amount)));
        if (which == 2) return (address(pool), abi.encodeCall(IDepositPool.payLine, (ETHER, amount, amount)));
        if (which == 3) return (address(pool), abi.encodeCall(IDepositPool.payInstantly, (amount, amount, thief)));
        if (which == 4) return (address(pool), abi.encodeCall(IDepositPool.setTerms, (2e18, 0, 0)));
        if (which == 5) return (address(pool), abi.encodeCall(IDepositPool.mintFee, (thief, amount)));
        if (which == 6) return (address(trEth), abi.encodeCall(ITrEth.mint, (thief, amount)));
        if (which == 7) return (address(trEth), abi.encodeCall(ITrEth.burn, (address(queue), amount)));
        if (which == 8) return (address(accountant), abi.encodeCall(IAccountant.rebook, (delegators[0])));
        IDepositPool.AssetReport[] memory reports = new IDepositPool.AssetReport[](1);
        reports[0] = IDepositPool.AssetReport(assets[1], 2e18, 0);
        return (address(pool), abi.encodeCall(IDepositPool.setAssetTerms, (reports)));
    }
}
