// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IPermissionController} from "../../restaking/interfaces/IPermissionController.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ExpiringPause} from "../../shared/pause/ExpiringPause.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {ExposureReader} from "./ExposureReader.sol";
import {IAllocationController} from "./IAllocationController.sol";

/// @title AllocationController
/// @notice Which AVS may slash how much of our stake: admission, targets, caps, and the crank that follows them.
/// @dev Owns: admitted sets, caps, targets. Is the only admin of every operator account. Trusts: the engine's answers
///      about allocations (safety). Never: allocates above a cap or into the reserve; raises again after a slash that
///      governance has not looked at; lets the node operator allocate.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract AllocationController is IAllocationController, GovernedModule {
    using ExpiringPause for ExpiringPause.State;

    /* CONSTANTS */

    /// @notice Most sets; every loop over sets is measured at this number.
    uint256 public constant MAX_SETS = 32;
    /// @notice Smallest change that caps alone may cause. The engine allows one pending change per allocation, so a stranger
    ///         who could cause crumbs of change could hold up the ones that matter.
    uint64 public constant MIN_STEP = 0.005e18;
    uint64 private constant WAD = 1e18;

    /* IMMUTABLES */

    IAllocationManager public immutable ALLOCATION;
    IPermissionController public immutable PERMISSIONS;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    ExposureReader public immutable READER;
    /// @inheritdoc IAllocationController
    uint16 public immutable RESERVE_BPS;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.AllocationController
    struct State {
        OperatorSet[] sets;
        mapping(bytes32 setKey => SetTerms) terms;
        mapping(bytes32 setKey => bool) listed;
        mapping(address avs => uint16) avsCaps;
        mapping(uint256 operatorId => mapping(bytes32 setKey => Target)) targets;
        mapping(uint256 operatorId => uint64) targetSums;
        ExpiringPause.State increases;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.AllocationController")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x4545c8fe5234d74bb1cae08efa4f7454ee8d76aa4fff008ddee306ee8ba98000;

    /* SETUP */

    constructor(
        IAllocationManager allocation,
        IPermissionController permissions,
        IAssetRegistry registry,
        IOperatorRegistry operators,
        ExposureReader reader,
        uint16 reserveBps
    ) {
        ALLOCATION = allocation;
        PERMISSIONS = permissions;
        REGISTRY = registry;
        OPERATORS = operators;
        READER = reader;
        RESERVE_BPS = reserveBps;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /* ADMISSION */

    /// @inheritdoc IAllocationController
    function admitSet(OperatorSet calldata set, uint16 capBps) external restricted {
        State storage state = _state();
        bytes32 key = _key(set);
        require(!state.terms[key].admitted, SetAlreadyAdmitted(set.avs, set.id));
        require(ALLOCATION.isOperatorSet(set), UnknownSet(set.avs, set.id));
        require(!ALLOCATION.isRedistributingOperatorSet(set), RedistributingSet(set.avs, set.id));
        _requireCap(capBps);
        state.terms[key] = SetTerms(true, capBps);
        if (!state.listed[key]) {
            uint256 count = state.sets.length;
            require(count < MAX_SETS, TooManySets(count, MAX_SETS));
            state.listed[key] = true;
            state.sets.push(set);
        }
        emit SetAdmitted(set.avs, set.id, capBps);
    }

    /// @inheritdoc IAllocationController
    function dropSet(OperatorSet calldata set) external restricted {
        _admitted(set).admitted = false;
        emit SetDropped(set.avs, set.id);
    }

    /// @inheritdoc IAllocationController
    function raiseSetCap(OperatorSet calldata set, uint16 newCapBps) external restricted {
        uint16 old = _admitted(set).capBps;
        require(newCapBps > old, WrongDirection(old, newCapBps));
        _requireCap(newCapBps);
        _setSetCap(set, old, newCapBps);
    }

    /// @inheritdoc IAllocationController
    function lowerSetCap(OperatorSet calldata set, uint16 newCapBps) external restricted {
        uint16 old = _admitted(set).capBps;
        require(newCapBps < old, WrongDirection(old, newCapBps));
        _setSetCap(set, old, newCapBps);
    }

    /// @inheritdoc IAllocationController
    function raiseAvsCap(address avs, uint16 newCapBps) external restricted {
        uint16 old = _state().avsCaps[avs];
        require(newCapBps > old, WrongDirection(old, newCapBps));
        _requireCap(newCapBps);
        _setAvsCap(avs, old, newCapBps);
    }

    /// @inheritdoc IAllocationController
    function lowerAvsCap(address avs, uint16 newCapBps) external restricted {
        uint16 old = _state().avsCaps[avs];
        require(newCapBps < old, WrongDirection(old, newCapBps));
        _setAvsCap(avs, old, newCapBps);
    }

    /* TARGETS */

    /// @inheritdoc IAllocationController
    function raiseTarget(uint256 operatorId, OperatorSet calldata set, uint64 newMagnitude) external restricted {
        _admitted(set);
        OPERATORS.operator(operatorId); // refuses unknown operators
        Target storage target = _state().targets[operatorId][_key(set)];
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
        Target storage target = _state().targets[operatorId][_key(set)];
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
        address account = OPERATORS.operator(operatorId).account;
        address[] memory assets = REGISTRY.assets();
        IStrategy[] memory strategies = REGISTRY.strategies();
        bool moved;
        for (uint256 i = 1; i < assets.length; ++i) {
            if (_allocateOne(operatorId, account, set, assets[i], strategies[i])) moved = true;
        }
        require(moved, NothingToChange(operatorId, set.avs, set.id));
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
            _admitted(OperatorSet(avs, setIds[i]));
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
    function sets() external view returns (OperatorSet[] memory) {
        return _state().sets;
    }

    /// @inheritdoc IAllocationController
    function termsOf(OperatorSet calldata set) external view returns (SetTerms memory) {
        return _state().terms[_key(set)];
    }

    /// @inheritdoc IAllocationController
    function avsCapBps(address avs) external view returns (uint16) {
        return _state().avsCaps[avs];
    }

    /// @inheritdoc IAllocationController
    function targetOf(uint256 operatorId, OperatorSet calldata set) external view returns (Target memory) {
        return _state().targets[operatorId][_key(set)];
    }

    /// @inheritdoc IAllocationController
    function exposure(OperatorSet calldata set, address asset) external view returns (uint256 engineShares) {
        return READER.exposure(set, asset);
    }

    /// @inheritdoc IAllocationController
    function exposureOfAvs(address avs, address asset) public view returns (uint256 engineShares) {
        OperatorSet[] memory all = _state().sets;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].avs == avs) engineShares += READER.exposure(all[i], asset);
        }
    }

    /* INTERNALS */

    /// @dev Moves one strategy's allocation to where it should be; false when it is there or cannot move now.
    function _allocateOne(
        uint256 operatorId,
        address account,
        OperatorSet calldata set,
        address asset,
        IStrategy strategy
    ) private returns (bool) {
        IAllocationManagerActions.Allocation memory now_ = ALLOCATION.getAllocation(account, set, strategy);
        if (now_.effectBlock > block.number) return false; // the engine allows one pending change
        (uint64 wanted, bool isTarget) = _wanted(operatorId, account, set, asset, strategy, now_.currentMagnitude);
        if (!_isWorthAChange(now_.currentMagnitude, wanted, isTarget)) return false;
        IAllocationManagerActions.AllocateParams[] memory params = new IAllocationManagerActions.AllocateParams[](1);
        params[0].operatorSet = set;
        params[0].strategies = new IStrategy[](1);
        params[0].strategies[0] = strategy;
        params[0].newMagnitudes = new uint64[](1);
        params[0].newMagnitudes[0] = wanted;
        emit Allocated(operatorId, set.avs, set.id, asset, now_.currentMagnitude, wanted);
        ALLOCATION.modifyAllocations(account, params);
        return true;
    }

    /// @dev The magnitude an allocation should have now, and whether that is the target itself; rounds down.
    function _wanted(
        uint256 operatorId,
        address account,
        OperatorSet calldata set,
        address asset,
        IStrategy strategy,
        uint64 current
    ) private view returns (uint64 wanted, bool isTarget) {
        SetTerms memory t = _state().terms[_key(set)];
        Target memory target = _state().targets[operatorId][_key(set)];
        if (!t.admitted || target.magnitude == 0) return (0, true);
        uint64 maximum = ALLOCATION.getMaxMagnitude(account, strategy);
        uint256 portion = ValueMath.partDown(maximum, target.magnitude, WAD);
        uint256 others = ALLOCATION.getEncumberedMagnitude(account, strategy) - current;
        uint256 free = ValueMath.minusOrZero(ValueMath.lessBpsDown(maximum, RESERVE_BPS), others);
        uint256 allowed = _allowed(operatorId, set, asset, maximum, current, t.capBps);
        wanted = uint64(Math.min(portion, Math.min(free, allowed))); // ≤ maximum
        if (wanted > current && !_mayRaise(set, target)) return (current, false);
        return (wanted, wanted == portion);
    }

    function _isWorthAChange(uint64 current, uint64 wanted, bool isTarget) private pure returns (bool) {
        if (wanted == current) return false;
        uint64 step = wanted > current ? wanted - current : current - wanted;
        return isTarget || wanted == 0 || step >= MIN_STEP;
    }

    /// @dev Largest magnitude the set's and the AVS's caps leave to this operator; rounds down.
    function _allowed(
        uint256 operatorId,
        OperatorSet calldata set,
        address asset,
        uint64 maximum,
        uint64 current,
        uint16 setCapBps
    ) private view returns (uint256) {
        (uint256 stake, uint256 total) = READER.stakeOf(operatorId, asset);
        if (stake == 0) return 0;
        uint256 mine = ValueMath.partDown(stake, current, maximum);
        uint256 setRoom = _room(total, setCapBps, READER.exposure(set, asset), mine);
        uint256 avsRoom = _room(total, _state().avsCaps[set.avs], exposureOfAvs(set.avs, asset), mine);
        return ValueMath.partDown(maximum, Math.min(setRoom, avsRoom), stake);
    }

    /// @dev Engine shares that this operator may expose: the cap less what the others expose.
    function _room(uint256 total, uint16 capBps, uint256 exposed, uint256 mine) private pure returns (uint256) {
        return ValueMath.minusOrZero(ValueMath.bpsDown(total, capBps), ValueMath.minusOrZero(exposed, mine));
    }

    function _mayRaise(OperatorSet calldata set, Target memory target) private view returns (bool) {
        return !_state().increases.isActive() && ALLOCATION.getSlashCount(set) == target.slashCount;
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

    function _setSetCap(OperatorSet calldata set, uint16 oldCapBps, uint16 newCapBps) private {
        _state().terms[_key(set)].capBps = newCapBps;
        emit SetCapChanged(set.avs, set.id, oldCapBps, newCapBps);
    }

    function _setAvsCap(address avs, uint16 oldCapBps, uint16 newCapBps) private {
        _state().avsCaps[avs] = newCapBps;
        emit AvsCapChanged(avs, oldCapBps, newCapBps);
    }

    function _requireCap(uint16 capBps) private pure {
        require(capBps <= ValueMath.BPS, CapTooHigh(capBps, ValueMath.BPS));
    }

    function _admitted(OperatorSet memory set) private view returns (SetTerms storage t) {
        t = _state().terms[_key(set)];
        require(t.admitted, SetNotAdmitted(set.avs, set.id));
    }

    function _key(OperatorSet memory set) private pure returns (bytes32) {
        return bytes32(abi.encodePacked(set.avs, uint96(set.id)));
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
