// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {WordCall} from "../../shared/calls/WordCall.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWETH9} from "../../shared/external/IWETH9.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ExpiringPause} from "../../shared/pause/ExpiringPause.sol";
import {GrowthMath} from "../accounting/GrowthMath.sol";
import {AssetForms} from "../assets/AssetForms.sol";
import {ETHER} from "../assets/Ether.sol";
import {IRateSource} from "../assets/IRateSource.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {BasketShelf} from "./BasketShelf.sol";
import {Counters} from "./Counters.sol";
import {DepositFlag} from "./DepositFlag.sol";
import {Entrance} from "./Entrance.sol";
import {IDepositPool} from "./IDepositPool.sol";
import {InflowLedger} from "./InflowLedger.sol";

/// @title DepositPool
/// @notice The entrance: brings ETH or a liquid staking token in, gives trETH. Keeps what is idle.
/// @dev Owns: idle assets by counter, the stored rate, the door. Trusts: ACCOUNTANT for the rate (safety); WETH and WST_ETH
///      to move exactly what they are asked to (safety).
///      Never: reads a balance for value (A3); mints below value (A4); costs more with more operators (A1).
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract DepositPool is IDepositPool, GovernedModule, Entrance, BasketShelf {
    using ExpiringPause for ExpiringPause.State;
    using InflowLedger for InflowLedger.State;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using WordCall for address;

    /* CONSTANTS */

    /// @notice Value of the shares that nobody owns.
    uint256 public constant SEED = 0.01 ether;
    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;

    /* IMMUTABLES */

    address public immutable REGISTRY;
    address public immutable RESTAKING_DESK;
    address public immutable ISSUER_DESK;
    address public immutable INSTANT_REDEEMER;
    address public immutable REWARDS_ROUTER;
    IWETH9 public immutable WETH;

    /* STORAGE */

    /// @dev Two slots a deposit reads, of which it writes one, and two for what it never touches.
    struct Asset {
        IRateSource rateSource;
        uint64 minDeposit;
        uint16 haircutBps;
        bool listed;
        Counters counters; // ── second slot
        InflowLedger.State inflow; // ── third and fourth slot
    }

    /// @custom:storage-location erc7201:trellis.DepositPool
    struct State {
        Terms terms;
        mapping(address asset => Asset) assets;
        ExpiringPause.State pause;
        uint40 accountantClosedUntil;
        mapping(address asset => uint256 units) aside;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.DepositPool")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x16cba09a0727a437af3f64a6b8235fc2f74ee9876d39c7ea0b4eb3ac795d0f00;

    /* SETUP */

    constructor(
        Modules memory modules,
        Tokens memory tokens,
        uint40 maxReportAge
    ) Entrance(modules.accountant, maxReportAge) BasketShelf(modules, tokens) {
        REGISTRY = modules.registry;
        RESTAKING_DESK = modules.restakingDesk;
        ISSUER_DESK = modules.issuerDesk;
        INSTANT_REDEEMER = modules.instantRedeemer;
        REWARDS_ROUTER = modules.rewardsRouter;
        WETH = tokens.weth;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @notice Takes ether from WETH, and what the IssuerDesk sweeps; our own contracts otherwise come through `put`.
    receive() external payable {
        require(msg.sender == address(WETH) || msg.sender == ISSUER_DESK, UnexpectedEther(msg.sender));
    }

    /* SEEDING */

    /// @inheritdoc IDepositPool
    function seed() external payable nonReentrant {
        State storage state = _state();
        require(state.terms.rateWad == 0, AlreadySeeded());
        require(msg.value == SEED, WrongSeed(msg.value, SEED));
        state.terms.rateWad = uint88(ValueMath.WAD); // < type(uint88).max
        state.terms.reportedAt = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
        Asset storage a = state.assets[ETHER];
        a.counters = a.counters.withIdle(a.counters.idle() + SEED);
        emit Seeded(SEED);
        TR_ETH.mint(NOBODY, SEED);
    }

    /* MOVING IDLE ASSETS */

    /// @inheritdoc IDepositPool
    function take(address asset, uint256 units, address token, address to) external returns (uint256 sent) {
        _onlyDesks(address(0));
        sent = _send(asset, units, token, to);
        emit IdleTaken(asset, to, units, sent);
    }

    /// @inheritdoc IDepositPool
    function put(address asset, uint256 units) external payable {
        _onlyDesks(REWARDS_ROUTER);
        uint256 expected = asset == ETHER ? units : 0;
        // The router also counts ether that lies here already.
        require(msg.value == expected || msg.sender == REWARDS_ROUTER, WrongEtherValue(msg.value, expected));
        _count(asset, units);
        emit IdlePut(asset, msg.sender, units);
    }

    /// @inheritdoc IDepositPool
    function payLine(address asset, uint256 units, uint256 shares) external onlyModule(QUEUE) returns (uint256 sent) {
        _state().assets[asset].inflow.giveBack(units); // `_send` below refuses unknown assets
        _burn(shares, 0); // first: a token that calls out must not see shares without their value
        sent = _send(asset, units, asset, QUEUE);
        emit Paid(asset, units, sent, shares);
    }

    /// @inheritdoc IDepositPool
    function payInstantly(uint256 etherAmount, uint256 shares, address to) external onlyModule(INSTANT_REDEEMER) {
        require(!DepositFlag.isRaised(), DepositInThisTransaction());
        emit PaidInstantly(to, etherAmount, shares);
        _burn(shares, ValueMath.toEtherUp(shares, _state().terms.rateWad) - etherAmount);
        _send(ETHER, etherAmount, ETHER, to); // last: the receiver may be anything
    }

    /// @inheritdoc IDepositPool
    function burnReward(uint256 shares) external onlyModule(REWARDS_ROUTER) {
        _burn(shares, ValueMath.toEtherUp(shares, _state().terms.rateWad));
    }

    /* REPORTING */

    /// @inheritdoc IDepositPool
    function setTerms(
        uint256 rateWad,
        uint256 waitingWad,
        uint256 closedUntil
    ) external onlyModule(address(ACCOUNTANT)) {
        State storage state = _state();
        state.accountantClosedUntil = closedUntil.toUint40();
        uint256 until = Math.max(closedUntil, state.pause.until);
        // Closed for good = something could not be read: what is published then must not look fresh.
        uint40 reportedAt = closedUntil == type(uint40).max ? state.terms.reportedAt : uint40(block.timestamp);
        state.terms = Terms(rateWad.toUint88(), GrowthMath.capped(waitingWad), reportedAt, until.toUint40());
        emit TermsChanged(rateWad, waitingWad, until);
    }

    /// @inheritdoc IDepositPool
    function setAssetTerms(AssetReport[] calldata reports) external onlyModule(address(ACCOUNTANT)) {
        State storage state = _state();
        uint256 supply = _supply();
        for (uint256 i = 0; i < reports.length; ++i) {
            Asset storage a = state.assets[reports[i].asset]; // the registry's list: all of it is accepted
            _open(a, reports[i].totalUnits, supply, reports[i].rateWad);
        }
    }

    /// @inheritdoc IDepositPool
    function mintFee(address recipient, uint256 shares) external onlyModule(address(ACCOUNTANT)) {
        emit FeeMinted(recipient, shares);
        TR_ETH.mint(recipient, shares);
    }

    /* SETTINGS */

    /// @inheritdoc IDepositPool
    function setAsset(address asset, AssetSettings calldata settings) external onlyModule(REGISTRY) {
        Asset storage a = _state().assets[asset];
        uint256 inside; // nothing, of what was not known before
        if (a.listed) inside = _inside(asset);
        else _list(a, asset, settings.rateSource);
        a.minDeposit = settings.minDeposit;
        a.haircutBps = settings.haircutBps;
        (a.inflow.cap, a.inflow.bps, a.inflow.floor) = (settings.cap, settings.inflowBps, settings.inflowFloor);
        _open(a, inside, _supply(), a.counters.rateWad());
    }

    /// @inheritdoc IDepositPool
    function pauseDeposits(uint256 duration) external restricted {
        _setDoor(_state().pause.start(duration));
    }

    /// @inheritdoc IDepositPool
    function resumeDeposits() external restricted {
        _state().pause.stop();
        _setDoor(block.timestamp);
    }

    /* VIEWS */

    /// @inheritdoc IDepositPool
    function previewDeposit(address token, uint256 amount) external view returns (uint256 shares) {
        address asset = _assetOf(token);
        uint256 units = token == address(ST_ETH) ? ST_ETH.getSharesByPooledEth(amount) : amount;
        Asset storage a = _state().assets[asset];
        (shares, ) = _quote(a, a.counters, asset, units);
    }

    /// @inheritdoc IDepositPool
    function terms() external view returns (Terms memory) {
        return _state().terms;
    }

    /// @inheritdoc IDepositPool
    function assetTerms(address asset) external view returns (AssetTerms memory) {
        Asset storage a = _asset(asset);
        Counters c = a.counters;
        (uint88 units, uint88 headroom, uint80 rateWad) = (uint88(c.idle()), uint88(c.headroom()), uint80(c.rateWad()));
        return AssetTerms(a.rateSource, a.minDeposit, a.haircutBps, a.listed, units, headroom, rateWad);
    }

    /// @inheritdoc IDepositPool
    function inflow(address asset) external view returns (Inflow memory) {
        Asset storage a = _asset(asset);
        uint256 limit = _inflowLimit(a, _supply(), a.counters.rateWad());
        return Inflow(a.inflow.leftNow(a.counters.headroom(), limit), limit, a.inflow.cap);
    }

    /// @inheritdoc IDepositPool
    function standing(address[] calldata assets) external view returns (Terms memory, uint256[] memory units) {
        State storage state = _state();
        units = new uint256[](assets.length + 1);
        units[0] = state.assets[ETHER].counters.idle();
        for (uint256 i = 0; i < assets.length; ++i) units[i + 1] = state.assets[assets[i]].counters.idle();
        return (state.terms, units);
    }

    /// @inheritdoc IDepositPool
    function idle(address asset) external view returns (uint256 units) {
        return _state().assets[asset].counters.idle();
    }

    /// @inheritdoc IDepositPool
    function rate() external view returns (uint256 rateWad) {
        return _state().terms.rateWad;
    }

    /// @inheritdoc IDepositPool
    function rates(address asset) external view returns (uint256 rateWad, uint256 assetRateWad) {
        Asset storage a = _state().assets[asset];
        assetRateWad = a.counters.rateWad();
        require(assetRateWad != 0 || a.listed, AssetNotAccepted(asset)); // nearly always one slot
        rateWad = _state().terms.rateWad;
    }

    /* INTERNALS */

    function _list(Asset storage a, address asset, IRateSource rateSource) private {
        // Lido's shares are counted as wstETH, WETH as ETH, and our own shares back nothing.
        a.listed = true;
        require(_assetOf(asset) == asset && asset != address(TR_ETH), AssetNotAccepted(asset));
        a.rateSource = rateSource;
        a.counters = a.counters.withTerms(0, asset == ETHER ? ValueMath.WAD : rateSource.rate());
    }

    /// @dev WETH and wstETH are exact: code that cannot change, no fee, no rebase. Of others counts what arrived.
    function _pull(address token, uint256 amount) internal override returns (address asset, uint256 units) {
        if (token == address(WST_ETH) || token == address(WETH)) {
            IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
            if (token == address(WST_ETH)) return (token, amount);
            WETH.withdraw(amount);
            return (ETHER, amount);
        }
        require(token != ETHER, AssetNotAccepted(token)); // ETH comes with the call, not by a transfer
        if (token == address(ST_ETH))
            return (address(WST_ETH), AssetForms.pull(token, IStETH.sharesOf.selector, amount));
        _asset(token); // refuses unknown tokens before touching them
        return (token, AssetForms.pull(token, IERC20.balanceOf.selector, amount));
    }

    function _credit(
        address asset,
        address token,
        uint256 units,
        address receiver,
        uint256 minShares,
        bytes32 referral
    ) internal override returns (uint256 shares) {
        Asset storage a = _state().assets[asset]; // an unknown one has no headroom
        Counters counters = a.counters; // still so below: only views are called meanwhile
        uint256 leftWad;
        (shares, leftWad) = _quote(a, counters, asset, units);
        require(shares >= minShares, TooFewShares(shares, minShares));
        DepositFlag.raise();
        a.counters = counters.bringIn(units);
        if (leftWad != 0) _leave(_state().terms, leftWad, _supply() + shares);
        emit Deposited(msg.sender, receiver, token, units, shares, referral);
        TR_ETH.mint(receiver, shares);
    }

    function _burn(uint256 shares, uint256 etherLeft) private {
        Terms storage t = _state().terms; // what leavers leave waits for fewer shares now: no cheaper for newcomers
        if (t.waitingWad + etherLeft != 0)
            t.waitingWad = GrowthMath.waitingAfterUp(t.waitingWad, _supply(), shares, etherLeft);
        TR_ETH.burn(QUEUE, shares);
    }

    function _send(address asset, uint256 units, address token, address to) private returns (uint256 sent) {
        Asset storage a = _asset(asset);
        uint256 available = a.counters.idle();
        require(units <= available, NotEnoughIdle(asset, units, available));
        a.counters = a.counters.withIdle(available - units);
        return AssetForms.sendAs(ST_ETH, WST_ETH, asset, token, units, to);
    }

    function _open(Asset storage a, uint256 inside, uint256 supply, uint256 rateWad) private {
        Counters c = a.counters;
        a.counters = c.withTerms(a.inflow.open(c.headroom(), _inflowLimit(a, supply, rateWad), inside), rateWad);
    }

    function _lowerIdle(address asset, uint256 units) internal override {
        Asset storage a = _asset(asset);
        a.counters = a.counters.withIdle(a.counters.idle() - units);
    }

    function _shelf() internal view override returns (mapping(address asset => uint256 units) storage) {
        return _state().aside;
    }

    function _setDoor(uint256 pausedUntil) private {
        State storage state = _state();
        state.terms.closedUntil = Math.max(pausedUntil, state.accountantClosedUntil).toUint40();
        emit DepositsPaused(pausedUntil);
    }

    /// @dev Every rule of the entrance, and the price: rate plus what is waiting, so nobody buys others' gain. What the books
    ///      count for the units above the worth of the shares is left to all holders [ether value × 1e18].
    function _quote(
        Asset storage a,
        Counters counters,
        address asset,
        uint256 units
    ) private view returns (uint256 shares, uint256 leftWad) {
        uint256 priceWad = _priceIfOpen(_state().terms);
        // Each line is one read of one slot.
        (IRateSource source, uint256 minUnits, uint256 haircutBps) = (a.rateSource, a.minDeposit, a.haircutBps);
        (uint256 headroom, uint256 rateWad) = (counters.headroom(), counters.rateWad());
        require(units >= minUnits, DepositTooSmall(asset, units, minUnits));
        if (units > headroom) _refuse(a, asset, units, headroom); // which limit it is costs only those whom it stops
        // A fall of the token counts at once, a rise only when it has been reported.
        uint256 entryWad =
            asset == ETHER ? rateWad : Math.min(rateWad, address(source).ask(IRateSource.entryRate.selector));
        shares = ValueMath.depositSharesDown(units, entryWad, haircutBps, priceWad);
        if (haircutBps == 0 && entryWad == rateWad) return (shares, 0);
        leftWad = units * rateWad - shares * priceWad; // exact; no less than zero, as shares are rounded down
    }

    /// @dev Says which limit `units` are above, and when there is room again.
    function _refuse(Asset storage a, address asset, uint256 units, uint256 headroom) private view {
        _asset(asset); // an unknown one is refused for what it is
        uint256 room = ValueMath.minusOrZero(a.inflow.cap, _inside(asset));
        require(units <= room, CapExceeded(asset, units, room));
        uint256 limit = _inflowLimit(a, _supply(), a.counters.rateWad());
        revert InflowExceeded(asset, units, headroom, a.inflow.roomFrom(headroom, limit, units));
    }

    /// @dev Makes units idle that are there already.
    function _count(address asset, uint256 units) private {
        Asset storage a = _asset(asset);
        uint256 counted = a.counters.idle() + units;
        uint256 held = AssetForms.held(ST_ETH, WST_ETH, asset, address(this));
        uint256 backed = counted + _state().aside[asset];
        require(held >= backed, NotBacked(asset, backed, held));
        a.counters = a.counters.withIdle(counted);
    }

    function _supply() private view returns (uint256) {
        return TR_ETH.totalSupply();
    }

    function _inflowLimit(Asset storage a, uint256 supply, uint256 rateWad) private view returns (uint256) {
        return a.inflow.limitOf(supply, _state().terms.rateWad, rateWad);
    }

    function _assetOf(address token) internal view override returns (address asset) {
        if (token == ETHER || token == address(WETH)) return ETHER;
        if (token == address(ST_ETH) || token == address(WST_ETH)) return address(WST_ETH);
        _asset(token); // refuses unknown tokens
        return token;
    }

    function _asset(address asset) private view returns (Asset storage a) {
        a = _state().assets[asset];
        require(a.listed, AssetNotAccepted(asset));
    }

    function _onlyDesks(address other) private view {
        // What arrives in a deposit is its depositor's: a token that calls out must not bring anything else in meanwhile.
        require(!_reentrancyGuardEntered(), ReentrancyGuardReentrantCall());
        bool isDesk = msg.sender == RESTAKING_DESK || msg.sender == ISSUER_DESK;
        require(isDesk || msg.sender == other, OnlyModule(msg.sender, RESTAKING_DESK));
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
