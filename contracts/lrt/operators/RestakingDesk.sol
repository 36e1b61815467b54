// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {EnoughGas} from "../accounting/EnoughGas.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {AssetForms} from "../assets/AssetForms.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IBasketBook} from "../baskets/IBasketBook.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {LiquidityPlan} from "../issuers/LiquidityPlan.sol";
import {IOperatorDelegator} from "./IOperatorDelegator.sol";
import {IOperatorRegistry} from "./IOperatorRegistry.sol";
import {IRestakingDesk} from "./IRestakingDesk.sol";
import {WeightMath} from "./WeightMath.sol";

/// @title RestakingDesk
/// @notice Moves assets between the pool and the engine. Anyone turns the cranks; what they do follows from the books.
/// @dev Owns: the day of each operator's last withdrawal. Trusts: OPERATORS for weights, ISSUER_DESK for the plan.
///      Never: takes an amount from its caller; lets one failing operator stop the others (A7); keeps assets.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract RestakingDesk is IRestakingDesk, GovernedModule {
    using LiquidityPlan for LiquidityPlan.Books;

    /* CONSTANTS */

    /// @notice Smallest amount worth a move [units]; an operator's whole stake may be smaller.
    uint256 public constant MIN_MOVE = 0.01 ether;
    /// @notice Gas that one attempt to complete a withdrawal gets: several times what it takes.
    uint256 public constant COMPLETE_GAS = 1_000_000;
    /// @notice Days after which even what is owed to baskets and smaller than a move is brought back for itself. Until then it
    ///         goes along with any other withdrawal, or is paid from idle units when stake is added.
    uint256 public constant CRUMB_DAYS = 7;

    /* IMMUTABLES */

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        IDepositPool pool;
        IAccountant accountant;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        IIssuerDesk issuerDesk;
        IDelegationManager delegation;
        IBasketBook baskets;
        IStETH stEth;
        IWstETH wstEth;
    }

    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    IIssuerDesk public immutable ISSUER_DESK;
    IDelegationManager public immutable DELEGATION;
    IBasketBook public immutable BASKETS;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;
    /// @inheritdoc IRestakingDesk
    uint16 public immutable OPERATOR_CAP_BPS;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.RestakingDesk
    struct State {
        mapping(address delegator => mapping(address asset => uint32 day)) lastUnbond;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.RestakingDesk")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x61063478294c32c72de50e5283ddc5160ce9527e066606a8250d8e09b7ab5700;

    /// @dev One asset seen over all operators.
    struct Sheet {
        IOperatorRegistry.Operator[] operators;
        uint256[] units;
        uint256[] weights; // 0 = gets nothing and is drained
        uint256 unbondingUnits; // of operators that are not being drained
        uint256 totalUnits;
    }

    /* SETUP */

    constructor(Modules memory modules, uint16 operatorCapBps) {
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        ISSUER_DESK = modules.issuerDesk;
        DELEGATION = modules.delegation;
        BASKETS = modules.baskets;
        ST_ETH = modules.stEth;
        WST_ETH = modules.wstEth;
        OPERATOR_CAP_BPS = operatorCapBps;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /* CRANKS */

    /// @inheritdoc IRestakingDesk
    function restake(address asset, uint256 maxOperators) external nonReentrant {
        ACCOUNTANT.settle();
        // What is staked at today's value of a share must not be booked at an older one.
        require(_isReadable(asset), IAccountant.Unreadable(asset));
        Sheet memory sheet = _sheet(asset);
        uint256 available = _books(asset, sheet).restakeableUnits();
        _excludeFaulty(sheet);
        uint256 cap = ValueMath.bpsDown(sheet.totalUnits, OPERATOR_CAP_BPS);
        uint256[] memory lacks = WeightMath.lacking(sheet.units, sheet.weights, available, cap);
        IStrategy strategy = REGISTRY.configOf(asset).strategy;
        bool moved;
        for (uint256 i = 0; i < lacks.length && maxOperators != 0; ++i) {
            uint256 units = Math.min(lacks[i], _entityRoom(sheet, i, cap));
            if (units < MIN_MOVE) continue;
            --maxOperators;
            moved = true;
            sheet.units[i] += units;
            _restakeWith(i, sheet.operators[i].delegator, asset, strategy, units);
        }
        require(moved, NothingToMove(asset));
    }

    /// @inheritdoc IRestakingDesk
    function unbond(address asset, uint256 maxOperators) external nonReentrant {
        ACCOUNTANT.settle();
        Sheet memory sheet = _sheet(asset);
        uint256 needed = _books(asset, sheet).unbondUnits();
        uint256[] memory amounts = WeightMath.excess(sheet.units, sheet.weights, needed);
        IStrategy strategy = REGISTRY.configOf(asset).strategy;
        bool moved;
        for (uint256 i = 0; i < amounts.length && maxOperators != 0; ++i) {
            bool drains = sheet.weights[i] == 0;
            uint256 amount = drains ? sheet.units[i] : Math.min(amounts[i], needed);
            if (amount != 0) amount = Math.min(Math.max(amount, MIN_MOVE), sheet.units[i]);
            if (!_unbondFrom(i, sheet.operators[i].delegator, asset, strategy, amount)) continue;
            if (!drains) needed = ValueMath.minusOrZero(needed, amount);
            --maxOperators;
            moved = true;
        }
        require(moved, NothingToMove(asset));
    }

    /// @inheritdoc IRestakingDesk
    function complete(uint256 operatorId, uint256 maxWithdrawals) external nonReentrant returns (uint256 completed) {
        address delegator = OPERATORS.operator(operatorId).delegator;
        ACCOUNTANT.sync(delegator);
        (IDelegationManager.Withdrawal[] memory queue, ) = DELEGATION.getQueuedWithdrawals(delegator);
        uint256 delay = DELEGATION.minWithdrawalDelayBlocks();
        address wasteful; // asset whose last attempt burnt its gas: its next ones would burn the others'
        for (uint256 i = 0; i < queue.length && completed < maxWithdrawals; ++i) {
            if (block.number <= queue[i].startBlock + delay) continue;
            address asset = _assetOf(queue[i].strategies[0]);
            if (asset == wasteful) continue;
            uint256 gasBefore = gasleft();
            if (_completeOne(operatorId, delegator, asset, queue[i])) ++completed;
            else if (gasBefore - gasleft() >= COMPLETE_GAS >> 1) wasteful = asset;
        }
        ACCOUNTANT.rebook(delegator);
    }

    /* VIEWS */

    /// @inheritdoc IRestakingDesk
    function restakeable(address asset) external view returns (uint256 units) {
        return _books(asset, _sheet(asset)).restakeableUnits();
    }

    /// @inheritdoc IRestakingDesk
    function unbondNeeded(address asset) external view returns (uint256 units) {
        return _books(asset, _sheet(asset)).unbondUnits();
    }

    /// @inheritdoc IRestakingDesk
    function basketsDue(address asset) external view returns (uint256 units) {
        IOperatorRegistry.Operator[] memory operators = OPERATORS.operators();
        IStrategy strategy = REGISTRY.configOf(asset).strategy;
        for (uint256 i = 0; i < operators.length; ++i) {
            address delegator = operators[i].delegator;
            if (!_isReadable(delegator)) continue;
            (uint256 owed, bool isDue) = _owed(delegator, asset, strategy);
            if (isDue) units += _toUnits(asset, owed);
        }
    }

    /// @inheritdoc IRestakingDesk
    function isMoving() external view returns (bool) {
        return _reentrancyGuardEntered();
    }

    /// @notice Takes units from the pool and deposits them: all or nothing.
    /// @dev Caller: this contract, so that a failure undoes both halves.
    function stakeWith(address delegator, address asset, IStrategy strategy, uint256 units) external {
        require(msg.sender == address(this), OnlySelf(msg.sender));
        units -= _payOff(delegator, asset, strategy);
        IERC20 token = strategy.underlyingToken();
        uint256 before = token.balanceOf(delegator);
        POOL.take(asset, units, address(token), delegator);
        IOperatorDelegator(delegator).stake(strategy, token.balanceOf(delegator) - before);
    }

    /// @notice Completes a withdrawal and counts what came home: all or nothing.
    /// @dev Caller: this contract, so that a failure undoes both halves.
    function completeWith(
        address delegator,
        address asset,
        IDelegationManager.Withdrawal calldata withdrawal
    ) external returns (uint256 arrived) {
        require(msg.sender == address(this), OnlySelf(msg.sender));
        uint256 before = AssetForms.held(ST_ETH, WST_ETH, asset, address(POOL));
        IOperatorDelegator(delegator).complete(withdrawal);
        arrived = AssetForms.held(ST_ETH, WST_ETH, asset, address(POOL)) - before;
        if (arrived == 0) return 0;
        POOL.put(asset, arrived);
        BASKETS.divideWithdrawal(delegator, withdrawal.strategies[0], withdrawal.nonce, asset, arrived);
    }

    /* INTERNALS */

    /// @dev One entity has no more stake with all of its operators than one operator may have.
    function _entityRoom(Sheet memory sheet, uint256 id, uint256 cap) private pure returns (uint256) {
        uint256 units;
        uint32 entity = sheet.operators[id].entity;
        for (uint256 i = 0; i < sheet.units.length; ++i) {
            if (sheet.operators[i].entity == entity) units += sheet.units[i];
        }
        return ValueMath.minusOrZero(cap, units);
    }

    function _restakeWith(uint256 id, address delegator, address asset, IStrategy strategy, uint256 units) private {
        try this.stakeWith(delegator, asset, strategy, units) {
            ACCOUNTANT.rebook(delegator);
            emit Restaked(id, asset, units);
        } catch (bytes memory reason) {
            emit Skipped(id, asset, reason);
        }
    }

    function _unbondFrom(
        uint256 id,
        address delegator,
        address asset,
        IStrategy strategy,
        uint256 units
    ) private returns (bool) {
        uint32 today = ValueMath.dayOf(block.timestamp);
        if (_state().lastUnbond[delegator][asset] == today || !_isReadable(delegator)) return false;
        (uint256 owed, bool isDue) = _owed(delegator, asset, strategy);
        if (units == 0 && !isDue) return false;
        uint256 restaked = ACCOUNTANT.book(delegator, asset).restaked;
        uint256 engineShares = ValueMath.partUp(restaked, units, _toUnits(asset, restaked)) + owed;
        uint256 nonce = DELEGATION.cumulativeWithdrawalsQueued(delegator);
        try IOperatorDelegator(delegator).unbond(strategy, engineShares) {
            _state().lastUnbond[delegator][asset] = today;
            BASKETS.noteWithdrawal(delegator, strategy, nonce, owed, engineShares);
            ACCOUNTANT.rebook(delegator);
            emit Unbonded(id, asset, units);
            return true;
        } catch (bytes memory reason) {
            emit Skipped(id, asset, reason);
            return false;
        }
    }

    function _completeOne(
        uint256 id,
        address delegator,
        address asset,
        IDelegationManager.Withdrawal memory withdrawal
    ) private returns (bool) {
        uint256 gasBefore = gasleft();
        // Even a token that does not tell its balance, or burns all gas, stops no other token's withdrawals.
        try this.completeWith{gas: COMPLETE_GAS}(delegator, asset, withdrawal) returns (uint256 arrived) {
            emit Completed(id, asset, arrived, withdrawal.nonce);
            return true;
        } catch (bytes memory reason) {
            EnoughGas.requireGiven(gasBefore, COMPLETE_GAS);
            emit Skipped(id, asset, reason);
            return false;
        }
    }

    /// @dev Stake that is added must not be divided among baskets struck before. What is owed to them is paid first: crumbs
    ///      from idle units; more waits for a withdrawal.
    function _payOff(address delegator, address asset, IStrategy strategy) private returns (uint256 units) {
        if (BASKETS.markOf(delegator, strategy) == BASKETS.lastStrike()) return 0;
        (uint256 owed, ) = _owed(delegator, asset, strategy);
        units = _toUnits(asset, owed);
        require(units < MIN_MOVE, OwedToBaskets(delegator, units, MIN_MOVE));
        BASKETS.payOff(delegator, strategy, asset, units);
    }

    /// @dev Engine shares of a position that are baskets', and whether they are worth a withdrawal of their own.
    function _owed(
        address delegator,
        address asset,
        IStrategy strategy
    ) private view returns (uint256 owed, bool isDue) {
        uint256 mark = BASKETS.markOf(delegator, strategy);
        uint256 since = BASKETS.owedSince(mark);
        if (since == type(uint256).max) return (0, false); // nothing was struck since
        IStrategy[] memory strategies = new IStrategy[](1);
        strategies[0] = strategy;
        (uint256[] memory shares, ) = DELEGATION.getWithdrawableShares(delegator, strategies);
        owed = shares[0] - BASKETS.keptSince(mark, shares[0]);
        bool isOld = ValueMath.dayOf(block.timestamp) >= since + CRUMB_DAYS;
        isDue = owed != 0 && (isOld || _toUnits(asset, owed) >= MIN_MOVE);
    }

    function _isReadable(address subject) private view returns (bool) {
        return ACCOUNTANT.isReadable(subject);
    }

    function _toUnits(address asset, uint256 engineShares) private view returns (uint256) {
        return ACCOUNTANT.unitsOfEngineShares(asset, engineShares);
    }

    /// @dev A faulty operator gets no new stake, whether or not somebody has reported it yet.
    function _excludeFaulty(Sheet memory sheet) private view {
        bool[] memory faults = OPERATORS.faults();
        for (uint256 i = 0; i < faults.length; ++i) {
            if (faults[i]) sheet.weights[i] = 0;
        }
    }

    function _sheet(address asset) private view returns (Sheet memory sheet) {
        require(asset != ETHER, NotRestakable(asset));
        sheet.operators = OPERATORS.operators();
        uint256 count = sheet.operators.length;
        sheet.units = new uint256[](count);
        sheet.weights = new uint256[](count);
        IAccountant.Backing memory backing = ACCOUNTANT.backing(asset);
        sheet.totalUnits = backing.pool + backing.restaked + backing.unbonding;
        address[] memory delegators = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            delegators[i] = sheet.operators[i].delegator;
        }
        IAccountant.Position[] memory positions = ACCOUNTANT.positions(asset, delegators);
        for (uint256 i = 0; i < count; ++i) {
            if (!positions[i].isReadable) continue; // what cannot be booked must not move
            sheet.units[i] = positions[i].restaked;
            IOperatorRegistry.Operator memory op = sheet.operators[i];
            if (op.quarantined || op.weight == 0) continue;
            sheet.weights[i] = op.weight;
            sheet.unbondingUnits += positions[i].unbonding;
        }
    }

    function _books(address asset, Sheet memory sheet) private view returns (LiquidityPlan.Books memory) {
        return ISSUER_DESK.books(asset, sheet.unbondingUnits);
    }

    function _assetOf(IStrategy strategy) private view returns (address) {
        IStrategy[] memory strategies = REGISTRY.strategies();
        address[] memory assets = REGISTRY.assets();
        for (uint256 i = 1; i < strategies.length; ++i) {
            if (address(strategies[i]) == address(strategy)) return assets[i];
        }
        revert NotRestakable(address(strategy));
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
