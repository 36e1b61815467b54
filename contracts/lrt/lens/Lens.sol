// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {ISetRegistry} from "../allocation/ISetRegistry.sol";
import {ETHER} from "../assets/Ether.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";
import {TicketLedger} from "../withdrawals/TicketLedger.sol";
import {Health} from "./Health.sol";
import {ILens} from "./ILens.sol";
import {LensModules} from "./LensModules.sol";

/// @title Lens
/// @notice Everything a wallet, a dashboard or a watcher shows, in few calls.
/// @dev Owns nothing; immutable and redeployable; nobody trusts it. Never: computes a number that another contract has.
contract Lens is ILens, Health {
    /* SETUP */

    constructor(Modules memory modules) LensModules(modules) {}

    /* VIEWS */

    /// @inheritdoc ILens
    function position(address owner, uint256[] calldata ticketIds) external view returns (Position memory p) {
        p.shares = _shares(owner);
        p.etherValue = ValueMath.toEtherDown(p.shares, _terms().rateWad);
        p.ticketCount = QUEUE.balanceOf(owner);
        p.tickets = new Ticket[](ticketIds.length);
        for (uint256 i = 0; i < ticketIds.length; ++i) {
            Ticket memory ticket = p.tickets[i];
            ticket.id = ticketIds[i];
            try QUEUE.withdrawalStatus(ticket.id) returns (IWithdrawalQueue.Status memory status) {
                (ticket.exists, ticket.status) = (true, status);
            } catch {} // claimed, moved, or never there
        }
    }

    /// @inheritdoc ILens
    function backing() external view returns (Backing memory b) {
        address[] memory assets = _assets();
        b.assets = new AssetBacking[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            b.assets[i] = _backingOf(assets[i]);
        }
        IDepositPool.Terms memory t = _terms();
        b.redeeming = ACCOUNTANT.redeeming();
        b.netAssetValue = _netAssetValue();
        b.supply = TR_ETH.totalSupply();
        (b.rateWad, b.waitingWad) = (t.rateWad, t.waitingWad);
    }

    /// @inheritdoc ILens
    function books() external view returns (DelegatorBook[] memory list) {
        address[] memory assets = _assets();
        address[] memory delegators = OPERATORS.delegators();
        list = new DelegatorBook[](delegators.length * (assets.length - 1));
        uint256 n;
        for (uint256 i = 0; i < delegators.length; ++i) {
            for (uint256 j = 1; j < assets.length; ++j) {
                IAccountant.Book memory book = ACCOUNTANT.book(delegators[i], assets[j]);
                list[n++] = DelegatorBook({
                    operatorId: i,
                    delegator: delegators[i],
                    asset: assets[j],
                    restaked: _toUnits(assets[j], book.restaked),
                    unbonding: _toUnits(assets[j], book.unbonding)
                });
            }
        }
    }

    /// @inheritdoc ILens
    function queue(address asset, uint256 maxBatches) external view returns (Line memory line) {
        line.waitingShares = QUEUE.waitingShares(asset);
        (line.waitingUnits, line.dueUnits) = QUEUE.waitingUnits(asset);
        line.idleUnits = POOL.idle(asset);
        line.comingUnits = asset == ETHER ? ACCOUNTANT.redeeming() : _backing(asset).unbonding;
        line.heldUnits = _held(asset, address(QUEUE));
        uint32[] memory batchDays = QUEUE.openBatches(asset);
        line.openBatches = new OpenBatch[](Math.min(maxBatches, batchDays.length));
        for (uint256 i = 0; i < batchDays.length; ++i) {
            (uint32 day, uint256 fillableFrom) = (batchDays[i], TicketLedger.fillableFrom(batchDays[i]));
            IWithdrawalQueue.Batch memory batch = QUEUE.batch(asset, day);
            if (line.nextFillAt == 0 && batch.remaining != 0) {
                line.nextFillAt = Math.max(fillableFrom, _closedUntil());
            }
            if (i < maxBatches) line.openBatches[i] = OpenBatch(day, fillableFrom, batch);
            else if (line.nextFillAt != 0) break;
        }
    }

    /// @inheritdoc ILens
    function fees() external view returns (Fees memory f) {
        (f.feeBps, f.recipient, f.highWaterMarkWad) = ACCOUNTANT.fee();
        (f.mintedToday, f.dayLimit) = ACCOUNTANT.feeToday();
    }

    /// @inheritdoc ILens
    function exposures(uint256 first, uint256 count) external view returns (Exposure[] memory list) {
        OperatorSet[] memory sets = SETS.sets();
        address[] memory assets = _assets();
        first = Math.min(first, sets.length);
        count = Math.min(count, sets.length - first);
        list = new Exposure[](count * (assets.length - 1));
        uint256 n;
        for (uint256 j = 1; j < assets.length; ++j) {
            (, uint256 total) = READER.stakeOf(0, assets[j]);
            for (uint256 i = first; i < first + count; ++i) {
                list[n++] = _exposure(sets[i], assets[j], total);
            }
        }
    }

    /// @inheritdoc ILens
    function held(address asset, address account) external view returns (uint256 units) {
        return _held(asset, account);
    }

    /* INTERNALS */

    function _backingOf(address asset) private view returns (AssetBacking memory a) {
        IAccountant.Backing memory b = _backing(asset);
        a.asset = asset;
        (a.idle, a.restaked, a.unbonding, a.rateWad) = (b.pool, b.restaked, b.unbonding, b.rateWad);
        a.etherValue = ValueMath.toEtherDown(b.pool + b.restaked + b.unbonding, b.rateWad);
        // A token that does not answer hides two numbers, not the whole.
        (bool isKnown, uint256 inPool) = _tryHeld(asset, address(POOL));
        if (!isKnown) return a;
        (a.isHeldKnown, a.heldByLine) = _tryHeld(asset, address(QUEUE));
        if (a.isHeldKnown) a.surplus = ValueMath.minusOrZero(inPool, _counted(asset));
    }

    function _tryHeld(address asset, address account) private view returns (bool isKnown, uint256 units) {
        try this.held{gas: CHECK_GAS}(asset, account) returns (uint256 answer) {
            return (true, answer);
        } catch {}
    }

    function _exposure(OperatorSet memory set, address asset, uint256 total) private view returns (Exposure memory e) {
        ISetRegistry.Limits memory known = SETS.limitsOf(set);
        (e.avs, e.setId, e.isAdmitted, e.asset) = (set.avs, set.id, known.isAdmitted, asset);
        e.engineShares = READER.exposure(set, asset);
        e.cap = ValueMath.bpsDown(total, known.capBps);
        uint256 units = _toUnits(asset, e.engineShares);
        e.etherValue = ValueMath.toEtherDown(units, _backing(asset).rateWad);
    }
}
