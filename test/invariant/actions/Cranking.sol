// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAccountant} from "../../../contracts/lrt/accounting/IAccountant.sol";
import {IBasketBook} from "../../../contracts/lrt/baskets/IBasketBook.sol";
import {ICbEthRateSource} from "../../../contracts/lrt/assets/ICbEthRateSource.sol";
import {IHealth} from "../../../contracts/lrt/lens/IHealth.sol";
import {IIssuerDesk} from "../../../contracts/lrt/issuers/IIssuerDesk.sol";
import {IOperatorRegistry} from "../../../contracts/lrt/operators/IOperatorRegistry.sol";
import {IRestakingDesk} from "../../../contracts/lrt/operators/IRestakingDesk.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Paying} from "./Paying.sol";

/// @dev What anyone may turn, in any order.
abstract contract Cranking is Paying {
    /* REPORTING */

    /// @dev The lens, which costs more than all else, is asked after one report of four.
    function report(uint256 dice) external onTime {
        Deed memory d = _crank("report");
        d.reports = true;
        (bool ok, ) = _try(address(this), address(accountant), 0, abi.encodeCall(IAccountant.report, ()));
        d.refused = !ok;
        if (ok && dice % 4 == 0) d.unhealthy = _finding();
        if (dice % 2 == 0) (d.ticketGap, d.basketGap) = (_ticketGap(), _basketGap());
        _end(d);
    }

    function settle() external onTime {
        Deed memory d = _crank("settle");
        (bool ok, ) = _try(address(this), address(accountant), 0, abi.encodeCall(IAccountant.settle, ()));
        d.refused = !ok;
        _end(d);
    }

    function syncDelegator(uint256 op) external onTime {
        Deed memory d = _deed("syncDelegator");
        d.syncs = true;
        _as(address(this), address(accountant), 0, abi.encodeCall(IAccountant.sync, (delegators[op % OPERATORS])));
        _end(d);
    }

    function syncAsset(uint256 asset) external onTime {
        Deed memory d = _deed("syncAsset");
        d.syncs = true;
        _as(address(this), address(accountant), 0, abi.encodeCall(IAccountant.syncAsset, (assets[1 + (asset % 3)])));
        _end(d);
    }

    function syncIssuers() external onTime {
        Deed memory d = _deed("syncIssuers");
        d.syncs = true;
        _as(address(this), address(accountant), 0, abi.encodeCall(IAccountant.syncIssuers, ()));
        _end(d);
    }

    function poke() external onTime {
        _as(address(this), cbEthSource, 0, abi.encodeCall(ICbEthRateSource.poke, ()));
        _end(_deed("poke"));
    }

    /* MOVING */

    function restake(uint256 asset, uint256 most) external onTime {
        uint256 i = _anAsset(asset);
        Deed memory d = _crank("restake");
        d.moves = true;
        uint256[OPERATORS] memory before = _stakes(i);
        bytes memory call = abi.encodeCall(IRestakingDesk.restake, (assets[i], 1 + (most % OPERATORS)));
        _as(address(this), address(desk), 0, call);
        _judgeStakes(d, i, before);
        _end(d);
    }

    function unbond(uint256 asset, uint256 most) external onTime {
        Deed memory d = _crank("unbond");
        d.moves = true;
        bytes memory call = abi.encodeCall(IRestakingDesk.unbond, (assets[_anAsset(asset)], 1 + (most % OPERATORS)));
        _as(address(this), address(desk), 0, call);
        _end(d);
    }

    function complete(uint256 op, uint256 most) external onTime {
        Deed memory d = _deed("complete");
        (d.syncs, d.moves) = (true, true);
        bytes memory call = abi.encodeCall(IRestakingDesk.complete, (op % OPERATORS, 1 + (most % 8)));
        bytes memory result = _as(address(this), address(desk), 0, call);
        if (!crashed && abi.decode(result, (uint256)) == 0) revert NothingToDo();
        _end(d);
    }

    /* ISSUERS */

    function stakeAtIssuer() external onTime {
        _desk("stakeAtIssuer", abi.encodeCall(IIssuerDesk.stake, ()));
    }

    /// @dev As a rule when the ETH line lacks ether, and once what it lacks has come home.
    function redeemAtIssuer(uint256 dice) external onTime {
        if (dice % 4 != 0) _bringHomeForEther();
        _desk("redeemAtIssuer", abi.encodeCall(IIssuerDesk.redeem, ()));
    }

    /// @dev As a rule Lido has finalised what is asked for.
    function claimAtIssuer(uint256 most, uint256 dice) external onTime {
        uint256 open = issuer.openRequests().length;
        if (open == 0) revert NothingToDo();
        if (dice % 4 != 0)
            _as(address(this), address(stEth), 0, abi.encodeWithSignature("finalizeWithdrawals(uint256)", 8));
        Deed memory d = _crank("claimAtIssuer");
        d.moves = true;
        bytes memory result = _as(
            address(this),
            address(issuer),
            0,
            abi.encodeCall(IIssuerDesk.claim, (1 + (most % 8)))
        );
        if (!crashed && abi.decode(result, (uint256)) == 0) revert NothingToDo();
        _end(d);
    }

    function burnAtIssuer() external onTime {
        _desk("burnAtIssuer", abi.encodeCall(IIssuerDesk.burn, ()));
    }

    function sweep() external onTime {
        _as(address(this), address(issuer), 0, abi.encodeCall(IIssuerDesk.sweep, ()));
        _end(_deed("sweep"));
    }

    /* OPERATORS */

    function reportFault(uint256 op) external onTime {
        bytes memory call = abi.encodeCall(IOperatorRegistry.reportFault, (op % OPERATORS));
        _as(address(this), address(operators), 0, call);
        _end(_deed("reportFault"));
    }

    /// @dev A keeper's round: what has nothing to do is passed over.
    function keeperRound() external onTime {
        Deed memory d = _crank("keeperRound");
        (d.reports, d.moves) = (true, true);
        _turnFirst();
        for (uint256 i = 0; i < ASSETS; ++i) {
            Waiting[] memory before = _batches(i);
            if (!_turnFill(i)) continue;
            d.fills = true;
            _judgeOrder(d, i, before);
        }
        _turnLast();
        // What came home after the last look may be worth something else.
        _turn(address(accountant), abi.encodeCall(IAccountant.settle, ()));
        _end(d);
    }

    /* INTERNALS */

    function _desk(bytes32 name, bytes memory call) private {
        Deed memory d = _crank(name);
        d.moves = true;
        _as(address(this), address(issuer), 0, call);
        _end(d);
    }

    /// @dev Looks, and brings in what has arrived.
    function _turnFirst() internal {
        _turn(cbEthSource, abi.encodeCall(ICbEthRateSource.poke, ()));
        _turn(address(accountant), abi.encodeCall(IAccountant.report, ()));
        if (issuer.openRequests().length != 0) _turn(address(issuer), abi.encodeCall(IIssuerDesk.claim, (16)));
        for (uint256 op = 0; op < OPERATORS; ++op) {
            if (delegation.getQueuedWithdrawalRoots(delegators[op]).length == 0) continue;
            _turn(address(desk), abi.encodeCall(IRestakingDesk.complete, (op, 16)));
        }
        if (_isEtherShort()) _turn(address(issuer), abi.encodeCall(IIssuerDesk.burn, ()));
        _turn(address(basketBook), abi.encodeCall(IBasketBook.divide, (32)));
    }

    /// @dev When the oldest batch is due.
    function _turnFill(uint256 i) internal returns (bool isFilled) {
        if (queue.waitingShares(assets[i]) == 0) return false;
        if (block.timestamp < _fillableFrom(i)) return false;
        return _turn(address(queue), abi.encodeCall(IWithdrawalQueue.fill, (assets[i], 8)));
    }

    /// @dev Asks for more, and puts away what nobody waits for.
    function _turnLast() internal {
        if (_isEtherShort()) _turn(address(issuer), abi.encodeCall(IIssuerDesk.redeem, ()));
        bool drains = _isAnyDrained();
        for (uint256 i = 1; i < ASSETS; ++i) {
            if (!drains && !_mayLack(i)) continue;
            _turn(address(desk), abi.encodeCall(IRestakingDesk.unbond, (assets[i], OPERATORS)));
        }
        if (pool.idle(assets[0]) > instant.bufferTarget())
            _turn(address(issuer), abi.encodeCall(IIssuerDesk.stake, ()));
        for (uint256 i = 1; i < ASSETS; ++i) {
            if (pool.idle(assets[i]) < 0.01 ether) continue;
            _turn(address(desk), abi.encodeCall(IRestakingDesk.restake, (assets[i], OPERATORS)));
        }
    }

    function _isEtherShort() private view returns (bool) {
        (uint256 waiting, ) = queue.waitingUnits(assets[0]);
        return waiting > pool.idle(assets[0]);
    }

    /// @dev Whether anything may have to come back from the engine for a line, or for a basket.
    function _mayLack(uint256 i) private view returns (bool) {
        if (desk.basketsDue(assets[i]) != 0) return true;
        return queue.waitingShares(assets[i]) != 0 || (i != 3 && _isEtherShort());
    }

    function _isAnyDrained() private view returns (bool) {
        for (uint256 op = 0; op < OPERATORS; ++op) {
            IOperatorRegistry.Operator memory o = operators.operator(op);
            if (o.quarantined || o.weight == 0) return true;
        }
        return false;
    }

    function _turn(address to, bytes memory call) private returns (bool ok) {
        bytes memory reason;
        (ok, reason) = _try(address(this), to, 0, call);
        if (!ok && _isCrash(reason)) crashed = true;
    }

    /// @dev Waits until what the ETH line lacks is due and lets it be unbonded and completed.
    function _bringHomeForEther() private {
        (uint256 waiting, ) = queue.waitingUnits(assets[0]);
        if (waiting <= pool.idle(assets[0]) + accountant.redeeming()) revert NothingToDo();
        _waitUntil((block.timestamp / 1 days + 1) * 1 days);
        _turn(address(desk), abi.encodeCall(IRestakingDesk.unbond, (assets[1], OPERATORS)));
        _waitUntil(block.timestamp + 15 minutes);
        for (uint256 op = 0; op < OPERATORS; ++op) {
            _turn(address(desk), abi.encodeCall(IRestakingDesk.complete, (op, 8)));
        }
    }

    /// @dev One of those that go to the engine; Lido's as often as both others.
    function _anAsset(uint256 asset) private pure returns (uint256) {
        return asset % 4 < 2 ? 1 : asset % 4;
    }

    /// @dev In engine shares, which a gift to the strategy does not change.
    function _stakes(uint256 i) private view returns (uint256[OPERATORS] memory shares) {
        for (uint256 op = 0; op < OPERATORS; ++op) shares[op] = accountant.book(delegators[op], assets[i]).restaked;
    }

    /// @dev Who got more must be allowed to, and have no more than his part.
    function _judgeStakes(Deed memory d, uint256 i, uint256[OPERATORS] memory before) private view {
        uint256[OPERATORS] memory shares = _stakes(i);
        IAccountant.Backing memory b = accountant.backing(assets[i]);
        d.operatorCap = Math.mulDiv(b.pool + b.restaked + b.unbonding, desk.OPERATOR_CAP_BPS(), 10_000);
        for (uint256 op = 0; op < OPERATORS; ++op) {
            if (shares[op] <= before[op] + 0.001 ether) continue; // less is no move, only rounding
            d.operatorUnits = Math.max(d.operatorUnits, accountant.unitsOfEngineShares(assets[i], shares[op]));
            IOperatorRegistry.Operator memory o = operators.operator(op);
            if (o.quarantined || o.weight == 0 || operators.isFaulty(op)) d.wronglyStaked += shares[op] - before[op];
        }
    }

    /// @dev A finding of the lens right after a report, but for doors that are rightly closed and values that cannot be read.
    function _finding() private view returns (bytes32) {
        IHealth.Finding[] memory all = lens.health();
        for (uint256 i = 0; i < all.length; ++i) {
            bytes32 id = all[i].id;
            if (all[i].holds || id == "A7" || id == "A9-deposits" || id == "A9-fills" || id == "AL-3") continue;
            if (id == "A10-floor" || id == "A8-cap") continue;
            if (id == "AGE" && accountant.fillsClosedUntil() == type(uint40).max) continue;
            if (all[i].subject != address(0) && !accountant.isReadable(all[i].subject)) continue;
            return id;
        }
        return 0;
    }

    /// @dev By how much tickets could claim more than is set aside, or wait for more than the line counts.
    function _ticketGap() private view returns (uint256 gap) {
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
