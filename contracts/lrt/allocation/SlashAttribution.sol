// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {RestakedAssets} from "../accounting/RestakedAssets.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {ISetRegistry} from "./ISetRegistry.sol";
import {ISlashAttribution} from "./ISlashAttribution.sol";
import {setKey} from "./SetKey.sol";

/// @title SlashAttribution
/// @notice Which operator set cost what.
/// @dev Owns: the ledger by set, AVS and operator; magnitudes as last seen. Trusts: ACCOUNTANT for how much was lost, the
///      engine for whose allocation it was; both only for this ledger. Never: attributes more or less than was entered.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract SlashAttribution is ISlashAttribution, GovernedModule {
    /* CONSTANTS */

    uint64 private constant WAD = 1e18;
    /// @dev A set that has taken something, but nobody can see how much any more.
    uint256 private constant HIDDEN = type(uint256).max;

    /* IMMUTABLES */

    /// @notice The contracts that this one answers to or asks.
    struct Modules {
        IAllocationManager allocation;
        IAccountant accountant;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        ISetRegistry sets;
        address controller;
    }

    IAllocationManager public immutable ALLOCATION;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    ISetRegistry public immutable SETS;
    address public immutable CONTROLLER;

    /* STORAGE */

    /// @dev An allocation as it was when we last looked: what is due at `effectBlock` is not in `current` yet.
    struct Seen {
        uint64 current;
        int128 pendingDiff;
        uint32 effectBlock;
    }

    /// @custom:storage-location erc7201:trellis.SlashAttribution
    struct State {
        mapping(address account => mapping(IStrategy strategy => uint64)) slashed; // of the maximum magnitude
        mapping(address account => mapping(bytes32 setKey => mapping(IStrategy strategy => Seen))) seen;
        mapping(address delegator => mapping(address asset => uint256)) divided; // of what the accountant has entered
        mapping(bytes32 setKey => uint256) bySet;
        mapping(address avs => uint256) byAvs;
        mapping(address account => uint256) byOperator;
        uint256 total;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.SlashAttribution")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x459d163c443036f71e8cc390cf9f55ce87d54fdd72e1dd1bca380cc3ffea9c00;

    /* SETUP */

    constructor(Modules memory modules) {
        ALLOCATION = modules.allocation;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        SETS = modules.sets;
        CONTROLLER = modules.controller;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /* ATTRIBUTING */

    /// @inheritdoc ISlashAttribution
    function attribute(address delegator) external nonReentrant {
        address account = OPERATORS.accountOf(delegator);
        RestakedAssets.Lists memory r = RestakedAssets.read(REGISTRY);
        OperatorSet[] memory sets = SETS.sets();
        State storage state = _state();
        for (uint256 i = 0; i < r.assets.length; ++i) {
            uint256 entered = ACCOUNTANT.slashedOf(delegator, r.assets[i]);
            uint256 open = entered - state.divided[delegator][r.assets[i]];
            if (open == 0) continue;
            state.divided[delegator][r.assets[i]] = entered;
            _divide(account, r.assets[i], r.strategies[i], sets, open);
        }
    }

    /// @inheritdoc ISlashAttribution
    function observe(address account, OperatorSet calldata set, IStrategy strategy) external onlyModule(CONTROLLER) {
        State storage state = _state();
        state.slashed[account][strategy] = WAD - ALLOCATION.getMaxMagnitude(account, strategy);
        state.seen[account][setKey(set)][strategy] = _look(account, set, strategy);
    }

    /* VIEWS */

    /// @inheritdoc ISlashAttribution
    function isBehind(address account) external view returns (bool) {
        IStrategy[] memory strategies = RestakedAssets.read(REGISTRY).strategies;
        uint64[] memory maxima = ALLOCATION.getMaxMagnitudes(account, strategies);
        for (uint256 i = 0; i < maxima.length; ++i) {
            if (WAD - maxima[i] != _state().slashed[account][strategies[i]]) return true;
        }
        return false;
    }

    /// @inheritdoc ISlashAttribution
    function lossOfSet(OperatorSet calldata set) external view returns (uint256 etherValue) {
        return _state().bySet[setKey(set)];
    }

    /// @inheritdoc ISlashAttribution
    function lossOfAvs(address avs) external view returns (uint256 etherValue) {
        return _state().byAvs[avs];
    }

    /// @inheritdoc ISlashAttribution
    function lossOfOperator(address account) external view returns (uint256 etherValue) {
        return _state().byOperator[account];
    }

    /// @inheritdoc ISlashAttribution
    function attributedLoss() external view returns (uint256 etherValue) {
        return _state().total;
    }

    /* INTERNALS */

    /// @dev Divides a loss by the magnitude that each set has taken since the last look, and looks again.
    function _divide(
        address account,
        address asset,
        IStrategy strategy,
        OperatorSet[] memory sets,
        uint256 etherValue
    ) private {
        uint256 moved = _moved(account, strategy);
        (uint256[] memory taken, uint256 visible) = _takenBySet(account, strategy, sets, moved);
        uint256 open = etherValue;
        uint256 left = visible; // when nothing of it is left, the last set takes what rounding leaves
        for (uint256 i = 0; i < sets.length; ++i) {
            if (taken[i] == 0) continue;
            left -= taken[i];
            uint256 part =
                left == 0 && visible >= moved
                    ? open
                    : ValueMath.partDown(etherValue, taken[i], Math.max(moved, visible));
            open -= part;
            _enter(sets[i], account, asset, part);
        }
        if (open != 0) _enter(OperatorSet(address(0), 0), account, asset, open);
    }

    /// @dev Magnitude that the operator has lost since the last look.
    function _moved(address account, IStrategy strategy) private returns (uint256 moved) {
        mapping(IStrategy => uint64) storage seen = _state().slashed[account];
        uint64 slashed = WAD - ALLOCATION.getMaxMagnitude(account, strategy);
        moved = slashed - seen[strategy];
        seen[strategy] = slashed;
    }

    /// @dev Magnitude that each set has taken. What one hidden set has taken is what the others leave.
    function _takenBySet(
        address account,
        IStrategy strategy,
        OperatorSet[] memory sets,
        uint256 moved
    ) private returns (uint256[] memory taken, uint256 visible) {
        taken = new uint256[](sets.length);
        uint256 hidden; // how many
        uint256 which;
        for (uint256 i = 0; i < sets.length; ++i) {
            taken[i] = _lookAgain(account, sets[i], strategy);
            if (taken[i] != HIDDEN) {
                visible += taken[i];
                continue;
            }
            taken[i] = 0;
            (hidden, which) = (hidden + 1, i);
        }
        if (hidden != 1 || visible >= moved) return (taken, visible);
        (taken[which], visible) = (moved - visible, moved);
    }

    function _lookAgain(address account, OperatorSet memory set, IStrategy strategy) private returns (uint256 taken) {
        mapping(IStrategy => Seen) storage seen = _state().seen[account][setKey(set)];
        Seen memory now_ = _look(account, set, strategy);
        taken = _taken(seen[strategy], now_.current);
        seen[strategy] = now_;
    }

    /// @dev Magnitude that slashes have taken of an allocation. A decrease that has ended meanwhile was slashed alike, so the
    ///      same part of both is gone; rounds up, as the engine does.
    function _taken(Seen memory was, uint64 current) private view returns (uint256) {
        bool isDue = was.effectBlock != 0 && block.number >= was.effectBlock;
        int256 due = isDue ? was.pendingDiff : int128(0);
        uint256 expected = uint256(int256(uint256(was.current)) + due); // a decrease is never more than there is
        if (due >= 0) return ValueMath.minusOrZero(expected, current);
        if (expected == 0) return was.current == 0 ? 0 : HIDDEN;
        return was.current - Math.min(was.current, ValueMath.partDown(was.current, current, expected));
    }

    function _look(address account, OperatorSet memory set, IStrategy strategy) private view returns (Seen memory) {
        IAllocationManagerActions.Allocation memory a = ALLOCATION.getAllocation(account, set, strategy);
        return Seen(a.currentMagnitude, a.pendingDiff, a.effectBlock);
    }

    function _enter(OperatorSet memory set, address account, address asset, uint256 etherValue) private {
        State storage state = _state();
        state.bySet[setKey(set)] += etherValue;
        state.byAvs[set.avs] += etherValue;
        state.byOperator[account] += etherValue;
        state.total += etherValue;
        emit LossAttributed(set.avs, set.id, account, asset, etherValue);
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
