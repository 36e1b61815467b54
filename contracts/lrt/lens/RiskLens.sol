// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {RestakedAssets} from "../accounting/RestakedAssets.sol";
import {AllocationPlan} from "../allocation/AllocationPlan.sol";
import {ISetRegistry} from "../allocation/ISetRegistry.sol";
import {setKey} from "../allocation/SetKey.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {IRiskLens} from "./IRiskLens.sol";
import {LensModules} from "./LensModules.sol";

/// @title RiskLens
/// @notice Who can slash how much of our stake, now and soon, and what would be left if they did.
/// @dev Owns nothing; immutable and redeployable; nobody trusts it.
contract RiskLens is IRiskLens, LensModules {
    using AllocationPlan for AllocationPlan.Cell[];

    uint64 private constant WAD = 1e18;

    /// @dev What every view reads first.
    struct Scene {
        IOperatorRegistry.Operator[] operators;
        ISetRegistry.Limits[] limits;
        address[] assets;
        IStrategy[] strategies;
        uint256[] unitsPerShareWad;
        uint256[] rateWad;
        uint256 first; // operator of this page
        uint256 end; // the one after the last
    }

    /// @dev One operator and one asset while slashes are imagined.
    struct Stage {
        uint256 operatorId;
        uint256 asset;
        uint256 shares; // that can be slashed
        uint64 maximum;
        uint64[] magnitudes; // by set
    }

    /* SETUP */

    constructor(Modules memory modules) LensModules(modules) {}

    /* VIEWS */

    /// @inheritdoc IRiskLens
    function checklist() external view returns (Checklist memory list) {
        list.netAssetValue = _netAssetValue();
        list.slashableStake = slashableStake();
        list.worstCaseLoss = worstCaseLoss();
        address[] memory assets = _assets();
        list.assets = new AssetLine[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            IAccountant.Backing memory b = _backing(assets[i]);
            (uint256 waiting, ) = QUEUE.waitingUnits(assets[i]);
            list.assets[i] = AssetLine(assets[i], b.pool, b.restaked, b.unbonding, b.rateWad, waiting);
        }
        list.byAvs = exposures(By.Avs);
        list.byOperator = exposures(By.Operator);
        list.pending = pendingChanges();
        list.proposals = SETS.proposals();
        (list.exitTime, list.admissionWait) = (QUEUE.EXIT_TIME(), SETS.ADMISSION_WAIT());
    }

    /// @inheritdoc IRiskLens
    function cells(uint256 operatorId) external view returns (Cell[] memory) {
        return _cells(_pageOf(operatorId), false);
    }

    /// @inheritdoc IRiskLens
    function pendingChanges() public view returns (Cell[] memory) {
        return _cells(_scene(), true);
    }

    /// @inheritdoc IRiskLens
    function exposures(By by) public view returns (Slice[] memory) {
        return _slices(_scene(), by);
    }

    /// @inheritdoc IRiskLens
    function exposuresOf(uint256 operatorId, By by) external view returns (Slice[] memory) {
        return _slices(_pageOf(operatorId), by);
    }

    /// @inheritdoc IRiskLens
    function worstCaseLoss() public view returns (uint256 etherValue) {
        Cell[] memory all = _cells(_scene(), false);
        for (uint256 i = 0; i < all.length; ++i) etherValue += all[i].etherAtRisk;
    }

    /// @inheritdoc IRiskLens
    function slashableStake() public view returns (uint256 etherValue) {
        return _slashableStake(_scene());
    }

    /// @inheritdoc IRiskLens
    function slashableStakeOf(uint256 operatorId) external view returns (uint256 etherValue) {
        return _slashableStake(_pageOf(operatorId));
    }

    /// @inheritdoc IRiskLens
    function concentration(By by) external view returns (uint256 index) {
        Slice[] memory slices = exposures(by);
        uint256 sum;
        for (uint256 i = 0; i < slices.length; ++i) sum += slices[i].etherAtRisk;
        for (uint256 i = 0; i < slices.length; ++i) {
            uint256 part = ValueMath.partDown(WAD, slices[i].etherAtRisk, sum);
            index += ValueMath.toEtherDown(part, part);
        }
        index = ValueMath.partDown(ValueMath.bpsDown(index, ValueMath.BPS), ValueMath.BPS, WAD);
    }

    /// @inheritdoc IRiskLens
    function stress(Slash[] calldata slashes) external view returns (Outcome memory o) {
        o = _imagined(_scene(), slashes);
        uint256 supply = TR_ETH.totalSupply();
        o.netAssetValue = ValueMath.minusOrZero(_netAssetValue(), o.loss);
        o.rateWad = Math.min(_terms().rateWad, ValueMath.fromEtherDown(o.netAssetValue, supply));
        o.lossInLine = ValueMath.partUp(o.loss, _shares(address(QUEUE)), supply);
    }

    /// @inheritdoc IRiskLens
    function stressOf(
        uint256 operatorId,
        Slash[] calldata slashes
    ) external view returns (uint256 loss, uint256[] memory lossBySlash, uint256 brokenCaps) {
        Outcome memory o = _imagined(_pageOf(operatorId), slashes);
        return (o.loss, o.lossBySlash, o.brokenCaps);
    }

    /* INTERNALS */

    function _scene() private view returns (Scene memory scene) {
        RestakedAssets.Lists memory r = RestakedAssets.read(REGISTRY);
        (scene.operators, scene.limits) = (OPERATORS.operators(), SETS.limits());
        (scene.assets, scene.strategies) = (r.assets, r.strategies);
        (scene.unitsPerShareWad, scene.rateWad) = (new uint256[](r.assets.length), new uint256[](r.assets.length));
        for (uint256 j = 0; j < r.assets.length; ++j) {
            scene.unitsPerShareWad[j] = _toUnits(r.assets[j], WAD);
            scene.rateWad[j] = _backing(r.assets[j]).rateWad;
        }
        scene.end = scene.operators.length;
    }

    /// @dev One operator alone.
    function _pageOf(uint256 operatorId) private view returns (Scene memory scene) {
        OPERATORS.operator(operatorId); // refuses unknown operators
        scene = _scene();
        (scene.first, scene.end) = (operatorId, operatorId + 1);
    }

    /// @dev Parts are of the stake of the operators in the scene.
    function _slices(Scene memory scene, By by) private view returns (Slice[] memory slices) {
        Cell[] memory all = _cells(scene, false);
        slices = new Slice[](all.length);
        uint256 n;
        for (uint256 i = 0; i < all.length; ++i) {
            bytes32 key = _keyOf(scene, all[i], by);
            uint256 j;
            while (j < n && slices[j].key != key) ++j;
            if (j == n) slices[n++].key = key;
            slices[j].etherNow += all[i].etherNow;
            slices[j].etherLater += all[i].etherLater;
            slices[j].etherAtRisk += all[i].etherAtRisk;
        }
        uint256 stake = _slashableStake(scene);
        for (uint256 j = 0; j < n; ++j) {
            slices[j].atRiskBps = ValueMath.partUp(slices[j].etherAtRisk, ValueMath.BPS, stake);
        }
        // The list was as long as the longest answer.
        assembly ("memory-safe") {
            mstore(slices, n)
        }
    }

    function _cells(Scene memory scene, bool onlyPending) private view returns (Cell[] memory list) {
        list = new Cell[]((scene.end - scene.first) * scene.limits.length * scene.assets.length);
        uint256 n;
        for (uint256 i = scene.first; i < scene.end; ++i) {
            n = _collect(scene, i, list, n, onlyPending);
        }
        _cut(list, n);
    }

    function _collect(
        Scene memory scene,
        uint256 operatorId,
        Cell[] memory list,
        uint256 n,
        bool onlyPending
    ) private view returns (uint256) {
        uint256[] memory stakes = _slashable(scene, operatorId);
        for (uint256 j = 0; j < scene.assets.length; ++j) {
            uint64 maximum = ALLOCATION.getMaxMagnitude(scene.operators[operatorId].account, scene.strategies[j]);
            for (uint256 k = 0; k < scene.limits.length; ++k) {
                IAllocationManagerActions.Allocation memory a = _allocation(scene, operatorId, j, k);
                if (a.currentMagnitude == 0 && a.pendingDiff == 0) continue;
                if (onlyPending && a.effectBlock == 0) continue;
                list[n++] = _cell(scene, operatorId, j, k, a);
                _value(scene, list[n - 1], j, k, stakes[j], maximum);
            }
        }
        return n;
    }

    function _cell(
        Scene memory scene,
        uint256 operatorId,
        uint256 asset,
        uint256 k,
        IAllocationManagerActions.Allocation memory a
    ) private pure returns (Cell memory cell) {
        (cell.operatorId, cell.set, cell.asset) = (operatorId, scene.limits[k].set, scene.assets[asset]);
        (cell.current, cell.pendingDiff, cell.effectBlock) = (a.currentMagnitude, a.pendingDiff, a.effectBlock);
    }

    function _value(
        Scene memory scene,
        Cell memory cell,
        uint256 asset,
        uint256 k,
        uint256 stake,
        uint64 maximum
    ) private pure {
        uint256 later = uint256(int256(uint256(cell.current)) + cell.pendingDiff); // 0 … 1e18
        cell.etherNow = _ether(scene, asset, ValueMath.partUp(stake, cell.current, maximum));
        cell.etherLater = _ether(scene, asset, ValueMath.partUp(stake, later, maximum));
        cell.etherAtRisk = ValueMath.partUp(Math.max(cell.etherNow, cell.etherLater), scene.limits[k].countedWad, WAD);
    }

    function _keyOf(Scene memory scene, Cell memory cell, By by) private pure returns (bytes32) {
        if (by == By.Set) return setKey(cell.set);
        if (by == By.Avs) return bytes32(uint256(uint160(cell.set.avs)));
        if (by == By.Operator) return bytes32(cell.operatorId);
        if (by == By.Entity) return bytes32(uint256(scene.operators[cell.operatorId].entity));
        if (by == By.Asset) return bytes32(uint256(uint160(cell.asset)));
        uint256 k;
        while (setKey(scene.limits[k].set) != setKey(cell.set)) ++k; // the cell was made from it
        return scene.limits[k].group;
    }

    /// @dev What slashes cost some operators, and how many of their allocations are above a cap then.
    function _imagined(Scene memory scene, Slash[] calldata slashes) private view returns (Outcome memory o) {
        o.lossBySlash = new uint256[](slashes.length);
        o.lossByOperator = new uint256[](scene.operators.length);
        for (uint256 i = scene.first; i < scene.end; ++i) {
            uint256[] memory stakes = _slashable(scene, i);
            IStrategy[][] memory reach = _reach(scene, i, slashes);
            for (uint256 j = 0; j < scene.assets.length; ++j) {
                Stage memory stage = _stage(scene, i, j, stakes[j]);
                _imagine(scene, stage, slashes, reach, o);
                o.brokenCaps += _broken(scene, stage);
            }
            o.loss += o.lossByOperator[i];
        }
    }

    /// @dev Makes the slashes one after the other, and enters what they cost.
    function _imagine(
        Scene memory scene,
        Stage memory stage,
        Slash[] calldata slashes,
        IStrategy[][] memory reach,
        Outcome memory o
    ) private pure {
        uint64 before = stage.maximum;
        for (uint256 n = 0; n < slashes.length; ++n) {
            if (!_has(reach[n], scene.strategies[stage.asset])) continue;
            uint256 k = _find(scene, slashes[n].set);
            // ≤ what is allocated; rounds up, as the engine does.
            uint64 taken = uint64(ValueMath.partUp(stage.magnitudes[k], slashes[n].wad, WAD));
            stage.magnitudes[k] -= taken;
            stage.maximum -= taken;
            uint256 lost = ValueMath.partUp(stage.shares, taken, before);
            o.lossBySlash[n] += _ether(scene, stage.asset, lost);
        }
        uint256 left = ValueMath.partDown(stage.shares, stage.maximum, before);
        o.lossByOperator[stage.operatorId] += _ether(scene, stage.asset, stage.shares - left);
    }

    /// @dev Strategies in which each slash could reach an operator; none where it cannot.
    function _reach(
        Scene memory scene,
        uint256 operatorId,
        Slash[] calldata slashes
    ) private view returns (IStrategy[][] memory reach) {
        reach = new IStrategy[][](slashes.length);
        address account = scene.operators[operatorId].account;
        for (uint256 n = 0; n < slashes.length; ++n) {
            if (_find(scene, slashes[n].set) == scene.limits.length) continue;
            if (!ALLOCATION.isOperatorSlashable(account, slashes[n].set)) continue;
            reach[n] = ALLOCATION.getStrategiesInOperatorSet(slashes[n].set);
        }
    }

    function _has(IStrategy[] memory list, IStrategy strategy) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (address(list[i]) == address(strategy)) return true;
        }
        return false;
    }

    function _stage(
        Scene memory scene,
        uint256 operatorId,
        uint256 asset,
        uint256 shares
    ) private view returns (Stage memory stage) {
        (stage.operatorId, stage.asset, stage.shares) = (operatorId, asset, shares);
        stage.maximum = ALLOCATION.getMaxMagnitude(scene.operators[operatorId].account, scene.strategies[asset]);
        stage.magnitudes = new uint64[](scene.limits.length);
        for (uint256 k = 0; k < scene.limits.length; ++k) {
            stage.magnitudes[k] = _allocation(scene, operatorId, asset, k).currentMagnitude;
        }
    }

    /// @dev How many of the allocations are above a cap.
    function _broken(Scene memory scene, Stage memory stage) private view returns (uint256 count) {
        AllocationPlan.Cell[] memory list = new AllocationPlan.Cell[](scene.limits.length);
        for (uint256 k = 0; k < list.length; ++k) {
            ISetRegistry.Limits memory known = scene.limits[k];
            (list[k].isVerified, list[k].countedWad, list[k].group) = (known.isVerified, known.countedWad, known.group);
            (list[k].avs, list[k].capBps, list[k].avsCapBps) = (known.set.avs, known.capBps, known.avsCapBps);
        }
        AllocationPlan.Frame memory frame = AllocationPlan.Frame({
            maximum: stage.maximum,
            reserveBps: CONTROLLER.RESERVE_BPS(),
            groupCapBps: SETS.GROUP_CAP_BPS(),
            unverifiedCapBps: SETS.UNVERIFIED_CAP_BPS()
        });
        for (uint256 k = 0; k < list.length; ++k) {
            uint64 magnitude = stage.magnitudes[k];
            if (magnitude != 0 && magnitude > list.room(stage.magnitudes, k, frame)) ++count;
        }
    }

    /// @dev Engine shares that a slash would reach, by asset: what is staked, and what is queued and still slashable.
    function _slashable(Scene memory scene, uint256 operatorId) private view returns (uint256[] memory shares) {
        IDelegationManager delegation = ALLOCATION.delegation();
        address delegator = scene.operators[operatorId].delegator;
        (shares, ) = delegation.getWithdrawableShares(delegator, scene.strategies);
        (IDelegationManager.Withdrawal[] memory queue, uint256[][] memory queued) = delegation.getQueuedWithdrawals(
            delegator
        );
        uint256 delay = delegation.minWithdrawalDelayBlocks();
        for (uint256 i = 0; i < queue.length; ++i) {
            if (block.number > queue[i].startBlock + delay) continue;
            for (uint256 j = 0; j < queue[i].strategies.length; ++j) {
                _add(scene, shares, queue[i].strategies[j], queued[i][j]);
            }
        }
    }

    function _add(Scene memory scene, uint256[] memory shares, IStrategy strategy, uint256 queued) private pure {
        for (uint256 j = 0; j < shares.length; ++j) {
            if (address(scene.strategies[j]) == address(strategy)) shares[j] += queued;
        }
    }

    function _slashableStake(Scene memory scene) private view returns (uint256 etherValue) {
        for (uint256 i = scene.first; i < scene.end; ++i) {
            uint256[] memory stakes = _slashable(scene, i);
            for (uint256 j = 0; j < scene.assets.length; ++j) etherValue += _ether(scene, j, stakes[j]);
        }
    }

    function _allocation(
        Scene memory scene,
        uint256 operatorId,
        uint256 asset,
        uint256 k
    ) private view returns (IAllocationManagerActions.Allocation memory) {
        address account = scene.operators[operatorId].account;
        return ALLOCATION.getAllocation(account, scene.limits[k].set, scene.strategies[asset]);
    }

    function _find(Scene memory scene, OperatorSet calldata set) private pure returns (uint256 k) {
        while (k < scene.limits.length && (scene.limits[k].set.avs != set.avs || scene.limits[k].set.id != set.id)) ++k;
    }

    function _ether(Scene memory scene, uint256 asset, uint256 engineShares) private pure returns (uint256) {
        uint256 units = ValueMath.toEtherDown(engineShares, scene.unitsPerShareWad[asset]);
        return ValueMath.toEtherUp(units, scene.rateWad[asset]);
    }

    function _cut(Cell[] memory list, uint256 length) private pure {
        // The list was as long as the longest answer.
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }
}
