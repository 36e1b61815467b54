// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {ISlashAttribution} from "../allocation/ISlashAttribution.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {IRestakingDesk} from "../operators/IRestakingDesk.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {BookLedger} from "./BookLedger.sol";
import {FeeLedger} from "./FeeLedger.sol";
import {GrowthMath} from "./GrowthMath.sol";
import {IAccountant} from "./IAccountant.sol";
import {IStakeReader} from "./IStakeReader.sol";
import {LossLedger} from "./LossLedger.sol";
import {OpenClock} from "./OpenClock.sol";
import {ReadabilityLedger} from "./ReadabilityLedger.sol";
import {RestakedAssets} from "./RestakedAssets.sol";
import {Statements} from "./Statements.sol";

/// @title Accountant
/// @notice The books of what is restaked and on its way back, and the report that moves the rate.
/// @dev Owns: engine shares per delegator and asset, the loss ledger, the fee. Trusts: the engine's own numbers and each
///      asset's rate source (safety). Never: takes a number from its caller (A2); lets the rate stand above net asset
///      value per share after a report (A4); reverts because something else fails (A7) or because of a bound.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract Accountant is IAccountant, GovernedModule {
    using BookLedger for BookLedger.State;
    using FeeLedger for FeeLedger.State;
    using LossLedger for LossLedger.State;
    using OpenClock for OpenClock.State;
    using ReadabilityLedger for ReadabilityLedger.State;

    /* CONSTANTS */

    /// @notice Highest fee on recognised growth.
    uint16 public constant MAX_FEE_BPS = 2_000;
    /// @notice Gas that a read gets. One that fails must have had all of it, so that a stingy caller cannot pass for a failing
    ///         engine; one that burns everything burns no more than this.
    uint256 public constant READ_GAS = 5_000_000;
    /// @notice Gas of the question who has moved: enough at the maxima, little beside three reads that burn everything.
    uint256 public constant MOVED_GAS = 1_000_000;

    /* IMMUTABLES */

    IDepositPool public immutable POOL;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    IStakeReader public immutable STAKES;
    IIssuerDesk public immutable ISSUER_DESK;
    address public immutable RESTAKING_DESK;
    ITrEth public immutable TR_ETH;
    ISlashAttribution public immutable ATTRIBUTION;
    address public immutable BASKET_BOOK;
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
        FeeLedger.State fee;
        OpenClock.State clock;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.Accountant")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xe04b1977b91addb99cf2500c430d89100d92f6d4224e93e36f616f8e99b71d00;

    /// @dev While the desk moves units they are in no book, or in two; a token that calls out must not have that reported.
    modifier whenStill() {
        _requireStill();
        _;
    }

    /* SETUP */

    constructor(Modules memory modules, Params memory params) {
        POOL = modules.pool;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        STAKES = modules.stakes;
        ISSUER_DESK = modules.issuerDesk;
        RESTAKING_DESK = modules.restakingDesk;
        TR_ETH = modules.trEth;
        ATTRIBUTION = modules.attribution;
        BASKET_BOOK = modules.basketBook;
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
        _state().fee.start(feeBps, MAX_FEE_BPS, feeRecipient);
        _state().clock.tick(0, true); // nothing before counts
    }

    /* REPORTING */

    /// @inheritdoc IAccountant
    function report() external nonReentrant whenStill returns (uint256 rateWad) {
        State storage state = _state();
        (uint256 nav, uint256 supply, uint256 oldRate) = _assess(state);
        uint256 waitingWad;
        uint256 feeShares;
        (rateWad, waitingWad, feeShares) = GrowthMath.next(
            GrowthMath.Input({
                nav: nav,
                supply: supply,
                rateWad: oldRate,
                highWaterMarkWad: state.fee.highWaterMark,
                elapsed: block.timestamp - state.fee.grownAt,
                growthCapBpsPerDay: GROWTH_CAP_BPS_PER_DAY,
                feeBps: state.fee.bps,
                feeSharesLeft: ValueMath.minusOrZero(
                    ValueMath.bpsDown(supply, FEE_CAP_BPS_PER_DAY),
                    state.fee.mintedToday()
                )
            })
        );
        state.fee.book(rateWad, feeShares);
        POOL.setTerms(rateWad, waitingWad, _closedUntil(state));
        if (feeShares != 0) POOL.mintFee(state.fee.recipient, feeShares);
        emit Reported(nav, supply, rateWad, waitingWad, feeShares);
    }

    /// @inheritdoc IAccountant
    function settle() external nonReentrant whenStill returns (uint256 rateWad) {
        State storage state = _state();
        (uint256 nav, uint256 supply, uint256 oldRate) = _assess(state);
        rateWad = Math.min(oldRate, ValueMath.fromEtherDown(nav, supply));
        POOL.setTerms(rateWad, GrowthMath.waitingUp(nav, supply, rateWad), _closedUntil(state));
    }

    /// @inheritdoc IAccountant
    function sync(address delegator) external nonReentrant whenStill {
        _sync(_state(), OPERATORS.accountOf(delegator), delegator, RestakedAssets.read(REGISTRY), 0);
    }

    /// @inheritdoc IAccountant
    function syncAsset(address asset) external nonReentrant whenStill {
        REGISTRY.idOf(asset); // reverts unless it is accepted
        require(asset != ETHER, NotPriced(asset));
        _revalue(_state(), asset, POOL.idle(asset));
    }

    /// @inheritdoc IAccountant
    function syncIssuers() external nonReentrant whenStill {
        _readDesk(_state());
    }

    /// @inheritdoc IAccountant
    function rebook(address delegator) external onlyModule(RESTAKING_DESK) nonReentrant {
        State storage state = _state();
        require(!state.readability.isUnreadable[delegator], Unreadable(delegator));
        RestakedAssets.Lists memory r = RestakedAssets.read(REGISTRY);
        address account = OPERATORS.accountOf(delegator);
        (IStakeReader.Stake[] memory stakes, bytes32 stamp) = STAKES.read(account, delegator, r.strategies, 0);
        state.books.take(delegator, r.assets, stakes, stamp);
        // A deposit's rounding moves a small strategy's value per share; with the new stake that is no loss.
        for (uint256 i = 0; i < r.assets.length; ++i) {
            if (state.readability.isUnreadable[r.assets[i]]) continue;
            (bool isRead, , uint256 unitsPerShareWad) = Statements.tryRead(REGISTRY, r.assets[i], READ_GAS);
            if (isRead) state.books.setUnitsPerShare(r.assets[i], unitsPerShareWad); // else the next report finds out
        }
    }

    /// @inheritdoc IAccountant
    function strike(uint256 shares, uint256 supply) external onlyModule(BASKET_BOOK) nonReentrant whenStill {
        State storage state = _state();
        state.redeeming = ValueMath.partUp(state.redeeming, supply - shares, supply);
        (, address[] memory delegators) = OPERATORS.stakers();
        state.books.keep(delegators, RestakedAssets.read(REGISTRY).assets, shares, supply);
    }

    /* SETTINGS */

    /// @inheritdoc IAccountant
    function raiseFee(uint16 newFeeBps) external restricted {
        _state().fee.raise(newFeeBps, MAX_FEE_BPS);
    }

    /// @inheritdoc IAccountant
    function lowerFee(uint16 newFeeBps) external restricted {
        _state().fee.lower(newFeeBps);
    }

    /// @inheritdoc IAccountant
    function setFeeRecipient(address newRecipient) external restricted {
        _state().fee.setRecipient(newRecipient);
    }

    /* VIEWS */

    /// @inheritdoc IAccountant
    function netAssetValue() external view returns (uint256 etherValue) {
        State storage state = _state();
        address[] memory assets = RestakedAssets.read(REGISTRY).assets;
        (, uint256[] memory unitsIdle) = POOL.standing(assets);
        return Statements.reports(state.books, assets, unitsIdle, state.redeeming)[0].totalUnits;
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
    function positions(address asset, address[] calldata delegators) external view returns (Position[] memory) {
        return Statements.positions(_state().books, _state().readability, asset, delegators);
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
    function openSeconds() external view returns (uint256) {
        State storage state = _state();
        return state.clock.openSeconds(state.losses.window.closedUntil, state.readability.count != 0);
    }

    /// @inheritdoc IAccountant
    function isReadable(address subject) external view returns (bool) {
        return !_state().readability.isUnreadable[subject];
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
    function slashedOf(address delegator, address asset) external view returns (uint256 etherValue) {
        return _state().losses.slashed[delegator][asset];
    }

    /// @inheritdoc IAccountant
    function totalLoss() external view returns (uint256 etherValue) {
        return _state().losses.total;
    }

    /// @inheritdoc IAccountant
    function fee() external view returns (uint16 feeBps, address recipient, uint256 highWaterMarkWad) {
        FeeLedger.State storage f = _state().fee;
        return (f.bps, f.recipient, f.highWaterMark);
    }

    /// @inheritdoc IAccountant
    function feeToday() external view returns (uint256 minted, uint256 limit) {
        return (_state().fee.mintedToday(), ValueMath.bpsDown(TR_ETH.totalSupply(), FEE_CAP_BPS_PER_DAY));
    }

    /* INTERNALS */

    /// @dev Reads everything anew but what could not be read before, writes the ledgers, rings the alarm. Shared by both
    ///      halves of a report.
    function _assess(State storage state) private returns (uint256 nav, uint256 supply, uint256 oldRate) {
        RestakedAssets.Lists memory r = RestakedAssets.read(REGISTRY);
        (address[] memory accounts, address[] memory delegators) = OPERATORS.stakers();
        bytes32[] memory known = state.books.stampsOf(delegators);
        uint256 moved = _moved(accounts, delegators, r.strategies, known);
        for (uint256 i = 0; i < delegators.length; ++i) {
            if (known[i] != 0 && (moved >> i) & 1 != 0) _sync(state, accounts[i], delegators[i], r, known[i]);
        }
        // Nothing below runs code that could move anything.
        (IDepositPool.Terms memory t, uint256[] memory unitsIdle) = POOL.standing(r.assets);
        (supply, oldRate) = (TR_ETH.totalSupply(), t.rateWad);
        for (uint256 i = 0; i < r.assets.length; ++i) {
            if (!state.readability.isUnreadable[r.assets[i]]) _revalue(state, r.assets[i], unitsIdle[i + 1]);
        }
        if (!state.readability.isUnreadable[address(ISSUER_DESK)]) _readDesk(state);
        IDepositPool.AssetReport[] memory reports = Statements.reports(
            state.books,
            r.assets,
            unitsIdle,
            state.redeeming
        );
        nav = reports[0].totalUnits;
        _assessLosses(state, nav, ValueMath.toEtherDown(supply, oldRate + t.waitingWad));
        POOL.setAssetTerms(reports);
    }

    /// @dev An alarm closes the doors: the clock counts up to now by what has held until now.
    function _assessLosses(State storage state, uint256 nav, uint256 expectedNav) private {
        uint256 closedUntil = state.losses.window.closedUntil;
        if (!state.losses.assess(nav, expectedNav, ALARM_BPS, CLOSING_TIME, ALARM_REST)) return;
        state.clock.tick(closedUntil, state.readability.count != 0);
    }

    /// @dev Which delegators have moved, by bits. All of them when one question cannot tell: then each is read by itself, and
    ///      only that says who does not answer.
    function _moved(
        address[] memory accounts,
        address[] memory delegators,
        IStrategy[] memory strategies,
        bytes32[] memory known
    ) private view returns (uint256 which) {
        try STAKES.moved{gas: MOVED_GAS}(accounts, delegators, strategies, known) returns (uint256 bits) {
            return bits;
        } catch {} // not told: each is read
        return type(uint256).max;
    }

    /// @dev Brings a delegator's book in line with the engine unless its stamp is still the known one.
    function _sync(
        State storage state,
        address account,
        address delegator,
        RestakedAssets.Lists memory r,
        bytes32 known
    ) private {
        uint256 gas = gasleft();
        try STAKES.read{gas: READ_GAS}(account, delegator, r.strategies, known) returns (
            IStakeReader.Stake[] memory stakes,
            bytes32 stamp
        ) {
            if (stamp == known) return;
            _succeed(state, delegator);
            _takeSlashed(state, delegator, r.assets, stakes, stamp);
        } catch {
            _fail(state, delegator, gas);
            state.books.stamps[delegator] = BookLedger.UNREADABLE;
        }
    }

    /// @dev Takes over the engine's answer for a delegator; what is missing was slashed.
    function _takeSlashed(
        State storage state,
        address delegator,
        address[] memory assets,
        IStakeReader.Stake[] memory stakes,
        bytes32 stamp
    ) private {
        uint256[] memory missing = state.books.take(delegator, assets, stakes, stamp);
        bool isSlashed; // by more than dust
        for (uint256 i = 0; i < missing.length; ++i) {
            uint256 lost = state.books.toEther(assets[i], missing[i]);
            if (state.losses.enterSlash(delegator, assets[i], lost)) isSlashed = true;
        }
        // Whose loss it was changes no number here: when it cannot be told now, anyone may have it told later.
        if (isSlashed) try ATTRIBUTION.attribute{gas: READ_GAS >> 2}(delegator) {} catch {}
    }

    /// @dev Reads an asset's rate and what its strategy holds per share; a fall of either is a loss of its own kind.
    function _revalue(State storage state, address asset, uint256 unitsIdle) private {
        uint256 gas = gasleft();
        (bool isRead, uint256 rateWad, uint256 unitsPerShareWad) = Statements.tryRead(REGISTRY, asset, READ_GAS);
        if (!isRead) return _fail(state, asset, gas);
        _succeed(state, asset);
        (uint256 inStrategy, uint256 inRate) = state.books.revalue(asset, rateWad, unitsPerShareWad, unitsIdle);
        state.losses.enter(LossKind.Strategy, asset, asset, inStrategy);
        state.losses.enter(LossKind.Issuer, asset, asset, inRate);
    }

    function _readDesk(State storage state) private {
        uint256 gas = gasleft();
        try ISSUER_DESK.redeemingValue{gas: READ_GAS}() returns (uint256 etherValue) {
            _succeed(state, address(ISSUER_DESK));
            state.redeeming = etherValue;
        } catch {
            _fail(state, address(ISSUER_DESK), gas);
        }
    }

    function _succeed(State storage state, address subject) private {
        if (!state.readability.succeed(subject)) return;
        state.clock.tick(state.losses.window.closedUntil, true);
    }

    function _fail(State storage state, address subject, uint256 gasBefore) private {
        if (!state.readability.fail(subject, gasBefore, READ_GAS)) return;
        state.clock.tick(state.losses.window.closedUntil, state.readability.count != 1);
    }

    function _requireStill() private view {
        require(msg.sender == RESTAKING_DESK || !IRestakingDesk(RESTAKING_DESK).isMoving(), MoveUnderWay(msg.sender));
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
