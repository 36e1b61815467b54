// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountant} from "../../../contracts/lrt/accounting/IAccountant.sol";
import {IAllocationController} from "../../../contracts/lrt/allocation/IAllocationController.sol";
import {ICbEthRateSource} from "../../../contracts/lrt/assets/ICbEthRateSource.sol";
import {IIssuerDesk} from "../../../contracts/lrt/issuers/IIssuerDesk.sol";
import {IOperatorRegistry} from "../../../contracts/lrt/operators/IOperatorRegistry.sol";
import {IRestakingDesk} from "../../../contracts/lrt/operators/IRestakingDesk.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {IAllocationManagerActions} from "../../../contracts/restaking/interfaces/IAllocationManagerActions.sol";
import {OperatorSet} from "../../../contracts/restaking/interfaces/OperatorSets.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Judging} from "./Judging.sol";

/// @dev What anyone may turn, in any order.
abstract contract Cranking is Judging {
    /* REPORTING */

    function report() external onTime {
        Deed memory d = _crank("report");
        d.reports = true;
        (bool ok, ) = _try(address(this), address(accountant), 0, abi.encodeCall(IAccountant.report, ()));
        d.refused = !ok;
        if (ok) d.unhealthy = _findings();
        d.ticketGap = _ticketGap();
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

    /// @dev As a rule where somebody waits and when the oldest batch is due.
    function fill(uint256 asset, uint256 batches, uint256 dice) external onTime {
        uint256 i = dice % 8 == 0 ? asset % ASSETS : _busyLine(asset);
        if (dice % 8 != 0) _waitUntil((uint256(queue.openBatches(assets[i])[0]) + 2) * 1 days);
        Deed memory d = _crank("fill");
        (d.moves, d.fills) = (true, true);
        Waiting[] memory before = _batches(i);
        bytes memory call = abi.encodeCall(IWithdrawalQueue.fill, (assets[i], 1 + (batches % 4)));
        _as(address(this), address(queue), 0, call);
        _judgeOrder(d, i, before);
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

    function _crank(bytes32 name) private pure returns (Deed memory d) {
        d = _deed(name);
        (d.settles, d.syncs) = (true, true);
    }

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
        _turn(address(issuer), abi.encodeCall(IIssuerDesk.claim, (16)));
        for (uint256 op = 0; op < OPERATORS; ++op) {
            _turn(address(desk), abi.encodeCall(IRestakingDesk.complete, (op, 16)));
        }
        _turn(address(issuer), abi.encodeCall(IIssuerDesk.burn, ()));
    }

    function _turnFill(uint256 i) internal returns (bool isFilled) {
        return _turn(address(queue), abi.encodeCall(IWithdrawalQueue.fill, (assets[i], 8)));
    }

    /// @dev Asks for more, and puts away what nobody waits for.
    function _turnLast() internal {
        _turn(address(issuer), abi.encodeCall(IIssuerDesk.redeem, ()));
        for (uint256 i = 1; i < ASSETS; ++i) {
            _turn(address(desk), abi.encodeCall(IRestakingDesk.unbond, (assets[i], OPERATORS)));
        }
        _turn(address(issuer), abi.encodeCall(IIssuerDesk.stake, ()));
        for (uint256 i = 1; i < ASSETS; ++i) {
            _turn(address(desk), abi.encodeCall(IRestakingDesk.restake, (assets[i], OPERATORS)));
        }
    }

    function _turn(address to, bytes memory call) private returns (bool ok) {
        bytes memory reason;
        (ok, reason) = _try(address(this), to, 0, call);
        if (!ok && _isCrash(reason)) crashed = true;
    }

    /// @dev The line asked for or the next in which somebody waits.
    function _busyLine(uint256 from) private view returns (uint256 i) {
        for (uint256 k = 0; k < ASSETS; ++k) {
            i = ((from % ASSETS) + k) % ASSETS;
            if (queue.waitingShares(assets[i]) != 0) return i;
        }
        revert NothingToDo();
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
}
