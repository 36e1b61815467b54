// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccountant} from "../../../contracts/lrt/accounting/IAccountant.sol";
import {IAllocationController} from "../../../contracts/lrt/allocation/IAllocationController.sol";
import {IAssetRegistry} from "../../../contracts/lrt/assets/IAssetRegistry.sol";
import {ISetRegistry} from "../../../contracts/lrt/allocation/ISetRegistry.sol";
import {IDepositPool} from "../../../contracts/lrt/deposits/IDepositPool.sol";
import {IOperatorRegistry} from "../../../contracts/lrt/operators/IOperatorRegistry.sol";
import {IRewardsRouter} from "../../../contracts/lrt/rewards/IRewardsRouter.sol";
import {IInstantRedeemer} from "../../../contracts/lrt/withdrawals/IInstantRedeemer.sol";
import {OperatorSet} from "../../../contracts/restaking/interfaces/OperatorSets.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Outside} from "./Outside.sol";

/// @dev Those who govern: what loosens waits, what tightens does not, what pauses ends by itself.
abstract contract Governing is Outside {
    struct Decision {
        address target;
        bytes data;
        uint256 openAt; // seconds that doors had been open
        uint256 madeAt;
    }

    uint256 private constant LOOSENING_DELAY = 6 days;
    Decision[] private _decisions;
    uint256[3] private _restsUntil; // of each door

    /* ACTIONS */

    function scheduleLoosening(uint256 kind, uint256 amount) external onTime {
        (address target, bytes memory data) = _loosening(kind, amount);
        bytes memory call = abi.encodeCall(AccessManager.schedule, (target, data, 0));
        _as(admin, address(manager), 0, call);
        if (!crashed) _decisions.push(Decision(target, data, accountant.openSeconds(), block.timestamp));
        _end(_deed("scheduleLoosening"));
    }

    /// @dev A decision; half of the time doors have been open for long enough, unless they are closed just now.
    function executeLoosening(uint256 which, bool waits) external onTime {
        if (_decisions.length == 0) revert NothingToDo();
        uint256 place = which % _decisions.length;
        Decision memory decision = _decisions[place];
        if (waits) _waitUntil(decision.madeAt + LOOSENING_DELAY + 1 hours);
        Deed memory d = _deed("executeLoosening");
        d.governs = true;
        // Recognising what lies uncounted settles.
        (d.settles, d.syncs, d.moves) = _isRecognising(decision) ? (true, true, true) : (false, false, false);
        uint256 open = accountant.openSeconds() - decision.openAt;
        bytes memory call = abi.encodeCall(AccessManager.execute, (decision.target, decision.data));
        _as(admin, address(manager), 0, call);
        bool isPatienceOver = block.timestamp >= decision.madeAt + LOOSENING_DELAY + 30 days;
        if (open < LOOSENING_DELAY && !isPatienceOver) d.early = LOOSENING_DELAY - open;
        _decisions[place] = _decisions[_decisions.length - 1];
        _decisions.pop();
        _end(d);
    }

    /// @dev What nobody may do before its time, done by whoever likes.
    function loosenWithoutRight(uint256 kind, uint256 amount, uint256 who) external onTime {
        Deed memory d = _deed("loosenWithoutRight");
        (address target, bytes memory data) = _loosening(kind, amount);
        address[4] memory hasty = [people[who % PEOPLE], guardian, tightening, deployer];
        (d.robbed, ) = _try(hasty[who % 4], target, 0, data);
        _end(d);
    }

    function tighten(uint256 kind, uint256 amount) external onTime {
        Deed memory d = _deed("tighten");
        d.governs = true;
        (address target, bytes memory data) = _tightening(kind, amount);
        _as(tightening, target, 0, data);
        _end(d);
    }

    function guardianPauses(uint256 door, uint256 duration) external onTime {
        Deed memory d = _deed("guardianPauses");
        d.pauses = true;
        duration = bound(duration, 1 hours, 4 days);
        door %= 3;
        bytes memory data =
            door == 0
                ? abi.encodeCall(IDepositPool.pauseDeposits, (duration))
                : door == 1
                    ? abi.encodeCall(IInstantRedeemer.pauseInstant, (duration))
                    : abi.encodeCall(IAllocationController.pauseIncreases, (duration));
        _as(guardian, _door(door), 0, data);
        d.pausedUntil = block.timestamp + duration;
        if (block.timestamp < _restsUntil[door]) d.pauseEarly = _restsUntil[door] - block.timestamp;
        _restsUntil[door] = d.pausedUntil + 7 days;
        _end(d);
    }

    function guardianResumes(uint256 door) external onTime {
        Deed memory d = _deed("guardianResumes");
        d.pauses = true;
        door %= 3;
        bytes memory data =
            door == 0
                ? abi.encodeCall(IDepositPool.resumeDeposits, ())
                : door == 1
                    ? abi.encodeCall(IInstantRedeemer.resumeInstant, ())
                    : abi.encodeCall(IAllocationController.resumeIncreases, ());
        _as(guardian, _door(door), 0, data);
        _end(d);
    }

    /* INTERNALS */

    function _door(uint256 door) private view returns (address) {
        return
            door == 0
                ? address(pool)
                : door == 1
                    ? address(instant)
                    : address(controller);
    }

    function _isRecognising(Decision memory decision) private pure returns (bool) {
        return bytes4(decision.data) == IRewardsRouter.recogniseSurplus.selector;
    }

    function _loosening(uint256 kind, uint256 amount) private view returns (address, bytes memory) {
        kind %= 8;
        uint256 op = amount % OPERATORS;
        address asset = assets[amount % ASSETS];
        if (kind == 0)
            return (
                address(registry),
                abi.encodeCall(IAssetRegistry.raiseCap, (asset, uint88(sized(amount, 1e24, 1e26))))
            );
        if (kind == 1) {
            uint256 units = sized(amount, 1, 1 + router.surplus(asset));
            return (address(router), abi.encodeCall(IRewardsRouter.recogniseSurplus, (asset, units)));
        }
        if (kind == 2)
            return (address(accountant), abi.encodeCall(IAccountant.raiseFee, (uint16(bound(amount, 1, 2_000)))));
        if (kind == 3) return (address(operators), abi.encodeCall(IOperatorRegistry.release, (op)));
        if (kind == 4) {
            return (
                address(operators),
                abi.encodeCall(IOperatorRegistry.raiseWeight, (op, uint32(bound(amount, 1, 5_000))))
            );
        }
        if (kind == 5) {
            bytes memory data = abi.encodeCall(
                IAssetRegistry.raiseInflowLimit,
                (asset, uint16(bound(amount, 500, 2_000)), uint80(sized(amount, 1e21, 1e23)))
            );
            return (address(registry), data);
        }
        OperatorSet memory set = _set(amount);
        if (kind == 6) {
            uint64 magnitude = uint64(bound(amount, 0.01e18, 0.3e18));
            return (address(controller), abi.encodeCall(IAllocationController.raiseTarget, (op, set, magnitude)));
        }
        return (address(sets), abi.encodeCall(ISetRegistry.raiseSetCap, (set, uint16(bound(amount, 100, 2_000)))));
    }

    function _tightening(uint256 kind, uint256 amount) private view returns (address, bytes memory) {
        kind %= 8;
        uint256 op = amount % OPERATORS;
        address asset = assets[amount % ASSETS];
        if (kind == 0)
            return (
                address(registry),
                abi.encodeCall(IAssetRegistry.lowerCap, (asset, uint88(sized(amount, 1e20, 1e24))))
            );
        if (kind == 1)
            return (
                address(registry),
                abi.encodeCall(IAssetRegistry.raiseHaircut, (asset, uint16(bound(amount, 1, 500))))
            );
        if (kind == 2)
            return (address(accountant), abi.encodeCall(IAccountant.lowerFee, (uint16(bound(amount, 0, 1_000)))));
        if (kind == 3) return (address(operators), abi.encodeCall(IOperatorRegistry.quarantine, (op)));
        if (kind == 4) {
            return (
                address(operators),
                abi.encodeCall(IOperatorRegistry.lowerWeight, (op, uint32(bound(amount, 0, 4_000))))
            );
        }
        OperatorSet memory set = _set(amount);
        if (kind == 5) {
            uint64 magnitude = uint64(bound(amount, 0, 0.05e18));
            return (address(controller), abi.encodeCall(IAllocationController.lowerTarget, (op, set, magnitude)));
        }
        if (kind == 6)
            return (address(sets), abi.encodeCall(ISetRegistry.lowerSetCap, (set, uint16(bound(amount, 0, 600)))));
        uint32[] memory ids = new uint32[](1);
        ids[0] = set.id;
        return (address(controller), abi.encodeCall(IAllocationController.deregister, (op, set.avs, ids)));
    }

    function _set(uint256 seed) internal view returns (OperatorSet memory) {
        OperatorSet[] memory all = sets.sets();
        return all[(seed >> 8) % all.length];
    }
}
