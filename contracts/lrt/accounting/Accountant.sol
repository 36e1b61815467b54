// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {IOperatorDelegator} from "../operators/IOperatorDelegator.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {BookLedger} from "./BookLedger.sol";
import {GrowthMath} from "./GrowthMath.sol";
import {IAccountant} from "./IAccountant.sol";
import {LossLedger} from "./LossLedger.sol";
import {ReadabilityLedger} from "./ReadabilityLedger.sol";

/// @title Accountant
/// @notice The books of what is restaked and on its way back, and the report that moves the rate.
/// @dev Owns: engine shares per delegator and asset, the loss ledger, the fee. Trusts: the engine's own numbers and each
///      asset's rate source (safety). Never: takes a number from its caller (A2); lets the rate stand above net asset
///      value per share after a report (A4); reverts because something else fails (A7) or because of a bound.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract Accountant is IAccountant, GovernedModule {
    using BookLedger for BookLedger.State;
    using LossLedger for LossLedger.State;
    using ReadabilityLedger for ReadabilityLedger.State;
    using SafeCast for uint256;

    /* CONSTANTS */

    /// @notice Highest fee on recognised growth.
    uint16 public constant MAX_FEE_BPS = 2_000;
    /// @notice Gas that a read gets. One that fails must have had all of it, so that a stingy caller cannot pass for a failing
    ///         engine; one that burns everything burns no more than this.
    uint256 public constant READ_GAS = 4_000_000;

    /* IMMUTABLES */

    IDepositPool public immutable POOL;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    IIssuerDesk public immutable ISSUER_DESK;
    address public immutable RESTAKING_DESK;
    ITrEth public immutable TR_ETH;
    uint16 public immutable GROWTH_CAP_BPS_PER_DAY;
    uint16 public immutable ALARM_BPS;
    uint32 public immutable CLOSING_TIME;
    uint32 public immutable ALARM_REST;
    uint16 public immutable FEE_CAP_BPS_PER_DAY;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.Accountant
    struct State {
        BookLedger.State books;
        LossLedger.State losses;
        ReadabilityLedger.State readability;
        uint256 redeeming; // ether value at the issuers, as last read
        uint96 highWaterMark;
        uint40 grownAt;
        uint16 feeBps;
        uint32 feeDay;
        uint128 feeMinted; // on feeDay
        address feeRecipient;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.Accountant")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xe04b1977b91addb99cf2500c430d89100d92f6d4224e93e36f616f8e99b71d00;

    /* SETUP */

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        IDepositPool pool;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        IIssuerDesk issuerDesk;
        address restakingDesk;
        ITrEth trEth;
    }

    constructor(Modules memory modules, Params memory params) {
        POOL = modules.pool;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        ISSUER_DESK = modules.issuerDesk;
        RESTAKING_DESK = modules.restakingDesk;
        TR_ETH = modules.trEth;
        GROWTH_CAP_BPS_PER_DAY = params.growthCapBpsPerDay;
        ALARM_BPS = params.alarmBps;
        CLOSING_TIME = params.closingTime;
        ALARM_REST = params.alarmRest;
        FEE_CAP_BPS_PER_DAY = params.feeCapBpsPerDay;
    }

    /// @notice Sets the authority and the fee.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority, uint16 feeBps, address feeRecipient) external initializer {
        __AccessManaged_init(authority);
        require(feeBps <= MAX_FEE_BPS, FeeTooHigh(feeBps, MAX_FEE_BPS));
        require(feeRecipient != address(0), ZeroAddress());
        State storage state = _state();
        state.feeBps = feeBps;
        state.feeRecipient = feeRecipient;
        state.highWaterMark = uint96(ValueMath.WAD); // < type(uint96).max
        state.grownAt = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
    }

    /* REPORTING */

    /// @inheritdoc IAccountant
    function report() external nonReentrant returns (uint256 rateWad) {
        State storage state = _state();
        (uint256 nav, uint256 supply, uint256 oldRate) = _assess(state);
        uint256 waitingWad;
        uint256 feeShares;
        (rateWad, waitingWad, feeShares) = GrowthMath.next(
            GrowthMath.Input({
                nav: nav,
                supply: supply,
                rateWad: oldRate,
                highWaterMarkWad: state.highWaterMark,
                elapsed: block.timestamp - state.grownAt,
                growthCapBpsPerDay: GROWTH_CAP_BPS_PER_DAY,
                feeBps: state.feeBps,
                feeSharesLeft: _feeSharesLeft(state, supply)
            })
        );
        state.grownAt = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
        if (rateWad > state.highWaterMark) state.highWaterMark = rateWad.toUint96();
        POOL.setTerms(rateWad, waitingWad, _closedUntil(state));
        if (feeShares != 0) {
            state.feeMinted += feeShares.toUint128();
            POOL.mintFee(state.feeRecipient, feeShares);
        }
        emit Reported(nav, supply, rateWad, waitingWad, feeShares);
    }

    /// @inheritdoc IAccountant
    function settle() external nonReentrant returns (uint256 rateWad) {
        State storage state = _state();
        (uint256 nav, uint256 supply, uint256 oldRate) = _assess(state);
        rateWad = Math.min(oldRate, ValueMath.fromEtherDown(nav, supply));
        POOL.setTerms(rateWad, GrowthMath.waitingUp(nav, supply, rateWad), _closedUntil(state));
    }

    /// @inheritdoc IAccountant
    function sync(address delegator) external nonReentrant {
        OPERATORS.requireDelegator(delegator);
        _sync(_state(), delegator, REGISTRY.assets(), REGISTRY.strategies(), true);
    }

    /// @inheritdoc IAccountant
    function rebook(address delegator) external onlyModule(RESTAKING_DESK) nonReentrant {
        address[] memory assets = REGISTRY.assets();
        State storage state = _state();
        _sync(state, delegator, assets, REGISTRY.strategies(), false);
        // A deposit's rounding moves a small strategy's value per share; with the new stake that is no loss.
        for (uint256 i = 1; i < assets.length; ++i) {
            try REGISTRY.read{gas: READ_GAS}(assets[i]) returns (uint256, uint256 unitsPerShareWad) {
                state.books.setUnitsPerShare(assets[i], unitsPerShareWad);
            } catch {} // the next report finds out what that means
        }
    }

    /* SETTINGS */

    /// @inheritdoc IAccountant
    function raiseFee(uint16 newFeeBps) external restricted {
        uint16 old = _state().feeBps;
        require(newFeeBps > old, WrongDirection(old, newFeeBps));
        require(newFeeBps <= MAX_FEE_BPS, FeeTooHigh(newFeeBps, MAX_FEE_BPS));
        _setFee(old, newFeeBps);
    }

    /// @inheritdoc IAccountant
    function lowerFee(uint16 newFeeBps) external restricted {
        uint16 old = _state().feeBps;
        require(newFeeBps < old, WrongDirection(old, newFeeBps));
        _setFee(old, newFeeBps);
    }

    /// @inheritdoc IAccountant
    function setFeeRecipient(address newRecipient) external restricted {
        require(newRecipient != address(0), ZeroAddress());
        emit FeeRecipientChanged(_state().feeRecipient, newRecipient);
        _state().feeRecipient = newRecipient;
    }

    /* VIEWS */

    /// @inheritdoc IAccountant
    function netAssetValue() external view returns (uint256 etherValue) {
        return _netAssetValue(_state(), REGISTRY.assets());
    }

    /// @inheritdoc IAccountant
    function backing(address asset) external view returns (Backing memory) {
        BookLedger.State storage books = _state().books;
        BookLedger.Totals memory t = books.totals[asset];
        return
            Backing({
                pool: POOL.idle(asset),
                restaked: books.toUnits(asset, t.restaked),
                unbonding: books.toUnits(asset, t.unbonding),
                rateWad: asset == ETHER ? ValueMath.WAD : t.rateWad
            });
    }

    /// @inheritdoc IAccountant
    function book(address delegator, address asset) external view returns (Book memory) {
        return _state().books.books[delegator][asset];
    }

    /// @inheritdoc IAccountant
    function unitsOfEngineShares(address asset, uint256 engineShares) external view returns (uint256 units) {
        return _state().books.toUnits(asset, engineShares);
    }

    /// @inheritdoc IAccountant
    function fillsClosedUntil() external view returns (uint256) {
        return _closedUntil(_state());
    }

    /// @inheritdoc IAccountant
    function redeeming() external view returns (uint256 etherValue) {
        return _state().redeeming;
    }

    /// @inheritdoc IAccountant
    function lossOf(address subject) external view returns (uint256 etherValue) {
        return _state().losses.bySubject[subject];
    }

    /// @inheritdoc IAccountant
    function totalLoss() external view returns (uint256 etherValue) {
        return _state().losses.total;
    }

    /// @inheritdoc IAccountant
    function highWaterMark() external view returns (uint256 rateWad) {
        return _state().highWaterMark;
    }

    /// @inheritdoc IAccountant
    function fee() external view returns (uint16 feeBps, address recipient) {
        return (_state().feeBps, _state().feeRecipient);
    }

    /// @inheritdoc IAccountant
    function feeToday() external view returns (uint256 minted, uint256 limit) {
        State storage state = _state();
        minted = state.feeDay == ValueMath.dayOf(block.timestamp) ? state.feeMinted : 0;
        limit = ValueMath.bpsDown(TR_ETH.totalSupply(), FEE_CAP_BPS_PER_DAY);
    }

    /* INTERNALS */

    /// @dev Reads everything anew, writes the ledgers, rings the alarm. Shared by both halves of a report.
    function _assess(State storage state) private returns (uint256 nav, uint256 supply, uint256 oldRate) {
        address[] memory assets = REGISTRY.assets();
        IStrategy[] memory strategies = REGISTRY.strategies();
        address[] memory delegators = OPERATORS.delegators();
        for (uint256 i = 0; i < delegators.length; ++i) {
            if (!_isFresh(state, delegators[i], strategies)) {
                _sync(state, delegators[i], assets, strategies, true);
            }
        }
        for (uint256 i = 1; i < assets.length; ++i) {
            _revalue(state, assets[i]);
        }
        _readDesk(state);
        nav = _netAssetValue(state, assets);
        IDepositPool.Terms memory t = POOL.terms();
        supply = TR_ETH.totalSupply();
        oldRate = t.rateWad;
        uint256 expectedNav = ValueMath.toEtherDown(supply, oldRate + t.waitingWad);
        state.losses.assess(nav, expectedNav, ALARM_BPS, CLOSING_TIME, ALARM_REST);
        _pushAssetTerms(state, assets, nav);
    }

    /// @dev A delegator is fresh when nothing of ours is there, or when what can move its stake has not moved.
    function _isFresh(
        State storage state,
        address delegator,
        IStrategy[] memory strategies
    ) private view returns (bool) {
        if (state.readability.isUnreadable[delegator]) return false;
        bytes32 stamp = state.books.stamps[delegator];
        if (stamp == 0) return true;
        try IOperatorDelegator(delegator).stamp{gas: READ_GAS}(strategies) returns (bytes32 current) {
            return current == stamp;
        } catch {
            return false;
        }
    }

    function _sync(
        State storage state,
        address delegator,
        address[] memory assets,
        IStrategy[] memory strategies,
        bool missingIsLoss
    ) private {
        uint256 gas = gasleft();
        try IOperatorDelegator(delegator).stakes{gas: READ_GAS}(strategies) returns (
            IOperatorDelegator.Stake[] memory stakes,
            bytes32 stamp
        ) {
            state.readability.succeed(delegator);
            bool any = _takeOver(state, delegator, assets, stakes, missingIsLoss);
            state.books.stamps[delegator] = any ? stamp : bytes32(0);
        } catch {
            state.readability.fail(delegator, gas, READ_GAS);
        }
    }

    /// @dev Books a delegator's stakes and enters what is missing; returns whether anything is there.
    function _takeOver(
        State storage state,
        address delegator,
        address[] memory assets,
        IOperatorDelegator.Stake[] memory stakes,
        bool missingIsLoss
    ) private returns (bool any) {
        for (uint256 i = 1; i < assets.length; ++i) {
            address asset = assets[i];
            uint256 missing = state.books.put(delegator, asset, stakes[i].restaked, stakes[i].unbonding);
            if (missingIsLoss) {
                state.losses.enter(LossKind.Slash, delegator, asset, state.books.toEther(asset, missing));
            }
            any = any || stakes[i].restaked + stakes[i].unbonding != 0;
        }
    }

    /// @dev Reads an asset's rate and what its strategy holds per share; a fall of either is a loss of its own kind.
    function _revalue(State storage state, address asset) private {
        uint256 gas = gasleft();
        try REGISTRY.read{gas: READ_GAS}(asset) returns (uint256 rateWad, uint256 unitsPerShareWad) {
            state.readability.succeed(asset);
            (uint256 lostInStrategy, uint256 lostInRate) = state.books.revalue(
                asset,
                rateWad,
                unitsPerShareWad,
                POOL.idle(asset)
            );
            state.losses.enter(LossKind.Strategy, asset, asset, lostInStrategy);
            state.losses.enter(LossKind.Issuer, asset, asset, lostInRate);
        } catch {
            state.readability.fail(asset, gas, READ_GAS);
        }
    }

    function _readDesk(State storage state) private {
        uint256 gas = gasleft();
        try ISSUER_DESK.redeemingValue{gas: READ_GAS}() returns (uint256 etherValue) {
            state.readability.succeed(address(ISSUER_DESK));
            state.redeeming = etherValue;
        } catch {
            state.readability.fail(address(ISSUER_DESK), gas, READ_GAS);
        }
    }

    function _pushAssetTerms(State storage state, address[] memory assets, uint256 nav) private {
        POOL.setAssetTerms(ETHER, ValueMath.WAD, nav);
        for (uint256 i = 1; i < assets.length; ++i) {
            POOL.setAssetTerms(assets[i], state.books.totals[assets[i]].rateWad, _units(state, assets[i]));
        }
    }

    /// @dev Shares that may still be minted as fee today; a new day begins with the full limit.
    function _feeSharesLeft(State storage state, uint256 supply) private returns (uint256) {
        uint32 today = ValueMath.dayOf(block.timestamp);
        if (state.feeDay != today) {
            state.feeDay = today;
            state.feeMinted = 0;
        }
        return ValueMath.minusOrZero(ValueMath.bpsDown(supply, FEE_CAP_BPS_PER_DAY), state.feeMinted);
    }

    function _setFee(uint16 oldFeeBps, uint16 newFeeBps) private {
        _state().feeBps = newFeeBps;
        emit FeeChanged(oldFeeBps, newFeeBps);
    }

    function _netAssetValue(State storage state, address[] memory assets) private view returns (uint256 nav) {
        nav = POOL.idle(ETHER) + state.redeeming;
        for (uint256 i = 1; i < assets.length; ++i) {
            nav += ValueMath.toEtherDown(_units(state, assets[i]), state.books.totals[assets[i]].rateWad);
        }
    }

    function _units(State storage state, address asset) private view returns (uint256) {
        return POOL.idle(asset) + state.books.engineUnits(asset);
    }

    function _closedUntil(State storage state) private view returns (uint256) {
        return state.readability.count != 0 ? type(uint40).max : state.losses.window.closedUntil;
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
