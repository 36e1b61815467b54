// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IPermissionController} from "../../restaking/interfaces/IPermissionController.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ExpiringPause} from "../../shared/pause/ExpiringPause.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {RestakedAssets} from "../accounting/RestakedAssets.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {AllocationPlan} from "./AllocationPlan.sol";
import {IAllocationController} from "./IAllocationController.sol";
import {IExposureReader} from "./IExposureReader.sol";
import {ISetRegistry} from "./ISetRegistry.sol";
import {ISlashAttribution} from "./ISlashAttribution.sol";
import {setKey} from "./SetKey.sol";

/// @title AllocationController
/// @notice How much of our stake each AVS may slash: targets, and the cranks that follow the plan made of them.
/// @dev Owns: targets. Is the only admin of every operator account. Trusts: SETS for limits, the engine's answers about
///      allocations (safety). Never: allocates above a cap, into the reserve, or for a strategy that the set does not have;
///      raises again after a slash that governance has not looked at; lets the node operator allocate.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract AllocationController is IAllocationController, GovernedModule {
    using AllocationPlan for AllocationPlan.Cell[];
    using ExpiringPause for ExpiringPause.State;

    /* CONSTANTS */

    /// @notice Smallest change that caps alone may cause. The engine allows one pending change per allocation, so a stranger
    ///         who could cause crumbs of change could hold up the ones that matter.
    uint64 public constant MIN_STEP = 0.005e18;
    uint64 private constant WAD = 1e18;

    /* IMMUTABLES */

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        IAllocationManager allocation;
        IPermissionController permissions;
        IAccountant accountant;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        IExposureReader reader;
        ISetRegistry sets;
        ISlashAttribution attribution;
    }

    IAllocationManager public immutable ALLOCATION;
    IPermissionController public immutable PERMISSIONS;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    IExposureReader public immutable READER;
    ISetRegistry public immutable SETS;
    ISlashAttribution public immutable ATTRIBUTION;
    /// @inheritdoc IAllocationController
    uint16 public immutable RESERVE_BPS;
    /// @inheritdoc IAllocationController
    uint16 public immutable OPERATOR_CAP_BPS;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.AllocationController
    struct State {
        mapping(uint256 operatorId => mapping(bytes32 setKey => Target)) targets;
        mapping(uint256 operatorId => uint64) targetSums;
        ExpiringPause.State increases;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.AllocationController")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x4545c8fe5234d74bb1cae08efa4f7454ee8d76aa4fff008ddee306ee8ba98000;

    /// @dev An operator and what the plan must know of the sets.
    struct Run {
        uint256 id;
        IOperatorRegistry.Operator operator;
        ISetRegistry.Limits[] limits;
        IStrategy[][] strategiesOf; // empty where nothing may be allocated
    }

    /// @dev One asset of a run.
    struct Sheet {
        address asset;
        IStrategy strategy;
        AllocationPlan.Cell[] cells;
        AllocationPlan.Frame frame;
        uint64[] wanted;
    }

    /* SETUP */

    constructor(Modules memory modules, uint16 reserveBps, uint16 operatorCapBps) {
        ALLOCATION = modules.allocation;
        PERMISSIONS = modules.permissions;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        READER = modules.reader;
        SETS = modules.sets;
        ATTRIBUTION = modules.attribution;
        RESERVE_BPS = reserveBps;
        OPERATOR_CAP_BPS = operatorCapBps;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /* TARGETS */

    /// @inheritdoc IAllocationController
    function raiseTarget(uint256 operatorId, OperatorSet calldata set, uint64 newMagnitude) external restricted {
        _requireAdmitted(set);
        OPERATORS.operator(operatorId); // refuses unknown operators
        Target storage target = _state().targets[operatorId][setKey(set)];
        uint64 old = target.magnitude;
        require(newMagnitude >= old, WrongDirection(old, newMagnitude));
        uint256 sum = uint256(_state().targetSums[operatorId]) - old + newMagnitude;
        uint256 limit = ValueMath.lessBpsDown(WAD, RESERVE_BPS);
        require(sum <= limit, ReserveBroken(operatorId, sum, limit));
        target.slashCount = uint64(ALLOCATION.getSlashCount(set)); // counts single slashes
        _setTarget(operatorId, set, target, newMagnitude);
    }

    /// @inheritdoc IAllocationController
    function lowerTarget(uint256 operatorId, OperatorSet calldata set, uint64 newMagnitude) external restricted {
        Target storage target = _state().targets[operatorId][setKey(set)];
        uint64 old = target.magnitude;
        require(newMagnitude < old, WrongDirection(old, newMagnitude));
        _setTarget(operatorId, set, target, newMagnitude);
    }

    /// @inheritdoc IAllocationController
    function pauseIncreases(uint256 duration) external restricted {
        emit IncreasesPaused(_state().increases.start(duration));
    }

    /// @inheritdoc IAllocationController
    function resumeIncreases() external restricted {
        _state().increases.stop();
        emit IncreasesPaused(block.timestamp);
    }

    /* ALLOCATING */

    /// @inheritdoc IAllocationController
    function allocate(uint256 operatorId, OperatorSet calldata set) external nonReentrant {
        uint256 steps = _follow(operatorId, setKey(set), address(0), type(uint256).max);
        require(steps != 0, NothingToChange(operatorId, set.avs, set.id));
    }

    /// @inheritdoc IAllocationController
    function rebalance(uint256 operatorId, uint256 maxSteps) external nonReentrant returns (uint256 steps) {
        steps = _follow(operatorId, 0, address(0), maxSteps);
        require(steps != 0, NothingToRebalance(operatorId));
    }

    /// @inheritdoc IAllocationController
    function rebalanceAsset(
        uint256 operatorId,
        address asset,
        uint256 maxSteps
    ) external nonReentrant returns (uint256 steps) {
        steps = _follow(operatorId, 0, asset, maxSteps);
        require(steps != 0, NothingToRebalance(operatorId));
    }

    /* MEMBERSHIP */

    /// @inheritdoc IAllocationController
    function register(
        uint256 operatorId,
        address avs,
        uint32[] calldata setIds,
        bytes calldata data
    ) external nonReentrant {
        IOperatorRegistry.Operator memory op = OPERATORS.operator(operatorId);
        require(msg.sender == op.nodeOperator, NotNodeOperator(msg.sender, op.nodeOperator));
        for (uint256 i = 0; i < setIds.length; ++i) {
            _requireAdmitted(OperatorSet(avs, setIds[i]));
        }
        ALLOCATION.registerForOperatorSets(op.account, IAllocationManagerActions.RegisterParams(avs, setIds, data));
    }

    /// @inheritdoc IAllocationController
    function deregister(uint256 operatorId, address avs, uint32[] calldata setIds) external restricted nonReentrant {
        address account = OPERATORS.operator(operatorId).account;
        ALLOCATION.deregisterFromOperatorSets(IAllocationManagerActions.DeregisterParams(account, avs, setIds));
    }

    /// @inheritdoc IAllocationController
    function acceptAccount(address account) external onlyModule(address(OPERATORS)) {
        PERMISSIONS.acceptAdmin(account);
    }

    /* VIEWS */

    /// @inheritdoc IAllocationController
    function targetOf(uint256 operatorId, OperatorSet calldata set) external view returns (Target memory) {
        return _state().targets[operatorId][setKey(set)];
    }

    /// @inheritdoc IAllocationController
    function plan(uint256 operatorId, address asset) external view returns (uint64[] memory magnitudes) {
        return _sheet(_run(operatorId), asset, REGISTRY.configOf(asset).strategy).wanted;
    }

    /* INTERNALS */

    /// @dev Takes steps towards the plan, for one set or, without a key, for all, and likewise for one asset or all: down first,
    ///      so that there is room.
    function _follow(
        uint256 operatorId,
        bytes32 onlyKey,
        address onlyAsset,
        uint256 maxSteps
    ) private returns (uint256 steps) {
        Run memory run = _run(operatorId);
        // What was slashed must be told from what is deallocated before more changes.
        if (ATTRIBUTION.isBehind(run.operator.account)) {
            ACCOUNTANT.sync(run.operator.delegator);
            ATTRIBUTION.attribute(run.operator.delegator); // with many sets it takes more gas than a sync gives it
        }
        RestakedAssets.Lists memory r = RestakedAssets.read(REGISTRY);
        for (uint256 i = 0; i < r.assets.length; ++i) {
            if (onlyAsset != address(0) && r.assets[i] != onlyAsset) continue;
            Sheet memory sheet = _sheet(run, r.assets[i], r.strategies[i]);
            for (uint256 pass = 0; pass < 2; ++pass) {
                for (uint256 k = 0; k < sheet.cells.length && steps < maxSteps; ++k) {
                    if (onlyKey != 0 && setKey(run.limits[k].set) != onlyKey) continue;
                    if (_step(run, sheet, k, pass == 1)) ++steps;
                }
            }
        }
    }

    /// @dev Moves one allocation in one direction; false when there is nothing to move, or not now.
    function _step(Run memory run, Sheet memory sheet, uint256 k, bool up) private returns (bool) {
        AllocationPlan.Cell memory cell = sheet.cells[k];
        OperatorSet memory set = run.limits[k].set;
        address account = run.operator.account;
        uint64 wanted = sheet.wanted[k];
        if (wanted == cell.current || (wanted > cell.current) != up) return false;
        if (ALLOCATION.getAllocation(account, set, sheet.strategy).effectBlock > block.number) return false; // one at a time
        bool isTarget = wanted == 0 || wanted == ValueMath.partDown(sheet.frame.maximum, cell.target, WAD);
        if (up) {
            // The plan is for when decreases are over; until then they take room.
            uint256 free = sheet.cells.room(_held(sheet.cells), k, sheet.frame);
            if (free < wanted) (wanted, isTarget) = (uint64(free), false);
            if (wanted <= cell.current || !_mayRaise(run, set, sheet.asset)) return false;
        }
        uint64 size = up ? wanted - cell.current : cell.current - wanted;
        if (!isTarget && size < MIN_STEP) return false;
        _modify(run.id, account, set, sheet, cell.current, wanted);
        (cell.current, cell.held) = _allocated(account, set, sheet.strategy);
        return true;
    }

    function _modify(
        uint256 operatorId,
        address account,
        OperatorSet memory set,
        Sheet memory sheet,
        uint64 current,
        uint64 wanted
    ) private {
        IAllocationManagerActions.AllocateParams[] memory params = new IAllocationManagerActions.AllocateParams[](1);
        params[0].operatorSet = set;
        params[0].strategies = new IStrategy[](1);
        params[0].strategies[0] = sheet.strategy;
        params[0].newMagnitudes = new uint64[](1);
        params[0].newMagnitudes[0] = wanted;
        emit Allocated(operatorId, set.avs, set.id, sheet.asset, current, wanted);
        ALLOCATION.modifyAllocations(account, params);
        ATTRIBUTION.observe(account, set, sheet.strategy);
    }

    /// @dev Of an operator that is set aside or drained everything is taken down.
    function _run(uint256 operatorId) private view returns (Run memory run) {
        run.id = operatorId;
        run.operator = OPERATORS.operator(operatorId);
        run.limits = SETS.limits();
        run.strategiesOf = new IStrategy[][](run.limits.length);
        if (run.operator.quarantined || run.operator.weight == 0) return run;
        for (uint256 k = 0; k < run.limits.length; ++k) {
            ISetRegistry.Limits memory known = run.limits[k];
            if (!known.isAdmitted || _state().targets[operatorId][setKey(known.set)].magnitude == 0) continue;
            run.strategiesOf[k] = ALLOCATION.getStrategiesInOperatorSet(known.set);
        }
    }

    function _sheet(Run memory run, address asset, IStrategy strategy) private view returns (Sheet memory sheet) {
        (sheet.asset, sheet.strategy) = (asset, strategy);
        sheet.frame = AllocationPlan.Frame({
            maximum: ALLOCATION.getMaxMagnitude(run.operator.account, strategy),
            reserveBps: RESERVE_BPS,
            groupCapBps: SETS.GROUP_CAP_BPS(),
            unverifiedCapBps: SETS.UNVERIFIED_CAP_BPS()
        });
        sheet.cells = new AllocationPlan.Cell[](run.limits.length);
        for (uint256 k = 0; k < sheet.cells.length; ++k) {
            sheet.cells[k] = _cell(run, k, strategy);
        }
        sheet.wanted = sheet.cells.wanted(sheet.frame);
    }

    function _cell(
        Run memory run,
        uint256 k,
        IStrategy strategy
    ) private view returns (AllocationPlan.Cell memory cell) {
        ISetRegistry.Limits memory known = run.limits[k];
        IStrategy[] memory strategies = run.strategiesOf[k];
        for (uint256 i = 0; i < strategies.length; ++i) {
            // What is allocated for a strategy that the set may add later could be slashed without notice.
            if (address(strategies[i]) == address(strategy)) cell.isOpen = true;
        }
        (cell.isVerified, cell.countedWad, cell.rewardWad) = (known.isVerified, known.countedWad, known.rewardWad);
        (cell.avs, cell.group, cell.capBps, cell.avsCapBps) = (
            known.set.avs,
            known.group,
            known.capBps,
            known.avsCapBps
        );
        cell.target = _state().targets[run.id][setKey(known.set)].magnitude;
        (cell.current, cell.held) = _allocated(run.operator.account, known.set, strategy);
    }

    /// @return current What is allocated now.
    /// @return held The larger of that and what it will be: a pending decrease can be slashed still.
    function _allocated(
        address account,
        OperatorSet memory set,
        IStrategy strategy
    ) private view returns (uint64 current, uint64 held) {
        IAllocationManagerActions.Allocation memory a = ALLOCATION.getAllocation(account, set, strategy);
        current = a.currentMagnitude;
        // Magnitudes and their changes are at most 1e18.
        held = a.pendingDiff > 0 ? current + uint64(uint128(a.pendingDiff)) : current;
    }

    function _held(AllocationPlan.Cell[] memory cells) private pure returns (uint64[] memory held) {
        held = new uint64[](cells.length);
        for (uint256 i = 0; i < held.length; ++i) {
            held[i] = cells[i].held;
        }
    }

    /// @dev Not while the guardian pauses, after a slash that nobody has looked at, to a set that has changed, or with an
    ///      operator that shows a fault or has more stake than its entity may have.
    function _mayRaise(Run memory run, OperatorSet memory set, address asset) private view returns (bool) {
        if (_state().increases.isActive() || OPERATORS.isFaulty(run.id)) return false;
        if (ALLOCATION.getSlashCount(set) != _state().targets[run.id][setKey(set)].slashCount) return false;
        if (SETS.faultOf(set) != ISetRegistry.Fault.None) return false;
        (uint256 ofEntity, uint256 total) = READER.stakeOfEntity(run.operator.entity, asset);
        return ofEntity <= ValueMath.bpsDown(total, OPERATOR_CAP_BPS);
    }

    function _setTarget(
        uint256 operatorId,
        OperatorSet calldata set,
        Target storage target,
        uint64 newMagnitude
    ) private {
        uint64 old = target.magnitude;
        _state().targetSums[operatorId] = _state().targetSums[operatorId] - old + newMagnitude;
        target.magnitude = newMagnitude;
        emit TargetChanged(operatorId, set.avs, set.id, old, newMagnitude);
    }

    function _requireAdmitted(OperatorSet memory set) private view {
        require(SETS.limitsOf(set).isAdmitted, ISetRegistry.SetNotAdmitted(set.avs, set.id));
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
