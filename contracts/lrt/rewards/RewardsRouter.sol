// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWETH9} from "../../shared/external/IWETH9.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ExpiringPause} from "../../shared/pause/ExpiringPause.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {AssetForms} from "../assets/AssetForms.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {IRewardsRouter} from "./IRewardsRouter.sol";
import {LotLedger} from "./LotLedger.sol";

/// @title RewardsRouter
/// @notice Claims what AVSs pay, gives accepted assets to the pool and sells everything else for them.
/// @dev Owns: reward tokens until they are sold; nothing that is counted. Trusts: ACCOUNTANT to let gains wait (safety);
///      each asset's rate source for what a payment is worth (safety). Never: sells below a floor (RW-1), or for less than
///      the price of the moment (RW-2); moves the rate (RW-3); reaches from one token to another (RW-4).
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract RewardsRouter is IRewardsRouter, GovernedModule {
    using ExpiringPause for ExpiringPause.State;
    using LotLedger for LotLedger.State;
    using SafeERC20 for IERC20;
    using SafeERC20 for IWstETH;

    /* CONSTANTS */

    /// @notice Shortest lot: less than this is too few blocks for bidders to compete in.
    uint32 public constant LEAST_DURATION = 1 hours;
    /// @notice Longest time between two lots.
    uint32 public constant MOST_COOLDOWN = 30 days;
    /// @notice Highest multiple of the floor for a first lot: the price must not fall too far in a block.
    uint16 public constant MOST_START_FACTOR = 100;

    /* IMMUTABLES */

    ITrEth public immutable TR_ETH;
    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    address public immutable QUEUE;
    /// @inheritdoc IRewardsRouter
    IRewardsCoordinator public immutable REWARDS;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;
    IWETH9 public immutable WETH;
    uint32 public immutable DURATION;
    uint32 public immutable COOLDOWN;
    uint16 public immutable START_FACTOR;
    uint128 public immutable MIN_LOT;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.RewardsRouter
    struct State {
        mapping(address token => LotLedger.State) lots;
        ExpiringPause.State pause;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.RewardsRouter")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xdd09ba91b97ab0960442bc2399457f863eb76ff07b25c440f58f251808d21c00;

    /* SETUP */

    /// @notice The contracts that this one calls.
    struct Modules {
        ITrEth trEth;
        IDepositPool pool;
        IAccountant accountant;
        IAssetRegistry registry;
        address queue;
        IRewardsCoordinator rewards;
        IStETH stEth;
        IWstETH wstEth;
        IWETH9 weth;
    }

    constructor(Modules memory modules, Params memory params) {
        _atMost(LEAST_DURATION, params.duration);
        _atMost(params.duration, params.cooldown);
        _atMost(params.cooldown, MOST_COOLDOWN);
        _atMost(1, params.startFactor);
        _atMost(params.startFactor, MOST_START_FACTOR);
        _atMost(1, params.minLot);
        TR_ETH = modules.trEth;
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        QUEUE = modules.queue;
        REWARDS = modules.rewards;
        ST_ETH = modules.stEth;
        WST_ETH = modules.wstEth;
        WETH = modules.weth;
        DURATION = params.duration;
        COOLDOWN = params.cooldown;
        START_FACTOR = params.startFactor;
        MIN_LOT = params.minLot;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @notice Takes ether from WETH, which it unwraps; bidders send theirs with the bid.
    receive() external payable {
        require(msg.sender == address(WETH), UnexpectedEther(msg.sender));
    }

    /* INCOME */

    /// @inheritdoc IRewardsRouter
    function claim(IRewardsCoordinator.RewardsMerkleClaim calldata proof) external nonReentrant {
        REWARDS.processClaim(proof, address(this));
    }

    /// @inheritdoc IRewardsRouter
    function deliver(address token) external nonReentrant returns (uint256 units) {
        units = token == address(TR_ETH) ? _burnShares() : _passOn(token);
        require(units != 0, NothingToDeliver(token));
        ACCOUNTANT.settle(); // from here on a newcomer pays for what waits
    }

    /// @inheritdoc IRewardsRouter
    function recogniseSurplus(address asset, uint256 units) external restricted nonReentrant {
        emit SurplusRecognised(asset, units);
        POOL.put(asset, units);
        ACCOUNTANT.settle(); // as above
    }

    /* SELLING */

    /// @inheritdoc IRewardsRouter
    function startLot(address token) external nonReentrant returns (uint256 units) {
        _requireOpen();
        require(token != address(TR_ETH) && _assetOf(token) == address(0), NeedsNoAuction(token));
        LotLedger.State storage lot = _state().lots[token];
        uint256 floorWad = lot.floorWad;
        require(floorWad != 0, NoFloor(token));
        uint256 nextFrom = _nextFrom(lot);
        require(block.timestamp >= nextFrom, LotTooSoon(token, block.timestamp, nextFrom));
        units = Math.min(_balance(token), type(uint128).max);
        uint256 value = ValueMath.toEtherDown(units, floorWad);
        require(value >= MIN_LOT, LotTooSmall(token, value, MIN_LOT));
        lot.open(units, START_FACTOR);
        emit LotStarted(token, units, lot.startWad, floorWad, block.timestamp + DURATION);
    }

    /// @inheritdoc IRewardsRouter
    function bid(
        address token,
        uint256 units,
        address asset,
        uint256 maxPayment,
        address receiver,
        uint256 deadline
    ) external payable nonReentrant returns (uint256 bought, uint256 payment) {
        require(block.timestamp <= deadline, IDepositPool.DeadlinePassed(block.timestamp, deadline));
        require(receiver != address(0), ZeroAddress());
        uint256 value;
        (bought, payment, value) = _quote(token, units, asset);
        uint256 limit = ValueMath.partUp(maxPayment, bought, units);
        require(payment <= limit, TooDear(payment, limit));
        _state().lots[token].sell(bought, value);
        emit Sold(token, msg.sender, asset, receiver, bought, payment, value);
        _collect(asset, payment);
        ACCOUNTANT.settle(); // from here on a newcomer pays for what waits
        IERC20(token).safeTransfer(receiver, bought); // last: the token may be anything
        if (msg.value > payment && asset == ETHER) Address.sendValue(payable(msg.sender), msg.value - payment);
    }

    /* SETTINGS */

    /// @inheritdoc IRewardsRouter
    function lowerFloor(address token, uint128 newFloorWad) external restricted {
        uint256 old = _state().lots[token].floorWad;
        if (old == 0) old = type(uint256).max; // nothing is sold at no price
        require(newFloorWad != 0, ZeroFloor(token));
        require(newFloorWad < old, WrongDirection(old, newFloorWad));
        _setFloor(token, old, newFloorWad);
    }

    /// @inheritdoc IRewardsRouter
    function raiseFloor(address token, uint128 newFloorWad) external restricted {
        uint256 old = _state().lots[token].floorWad;
        require(old != 0, NoFloor(token));
        require(newFloorWad > old, WrongDirection(old, newFloorWad));
        _setFloor(token, old, newFloorWad);
    }

    /// @inheritdoc IRewardsRouter
    function pauseAuctions(uint256 duration) external restricted {
        emit AuctionsPaused(_state().pause.start(duration));
    }

    /// @inheritdoc IRewardsRouter
    function resumeAuctions() external restricted {
        _state().pause.stop();
        emit AuctionsPaused(block.timestamp);
    }

    /* VIEWS */

    /// @inheritdoc IRewardsRouter
    function quote(
        address token,
        uint256 units,
        address asset
    ) external view returns (uint256 bought, uint256 payment, uint256 etherValue) {
        return _quote(token, units, asset);
    }

    /// @inheritdoc IRewardsRouter
    function auction(address token) external view returns (Auction memory a) {
        LotLedger.State storage lot = _state().lots[token];
        a.held = _balance(token);
        a.floorWad = lot.floorWad;
        a.endsAt = _endsAt(lot);
        if (block.timestamp < a.endsAt) {
            a.left = lot.left;
            a.priceWad = lot.priceUp(block.timestamp - lot.startedAt, DURATION);
        }
        a.nextFrom = _nextFrom(lot);
        a.nextStartWad = lot.nextStartUp(START_FACTOR);
    }

    /// @inheritdoc IRewardsRouter
    function closedUntil() external view returns (uint256) {
        return _state().pause.until;
    }

    /// @inheritdoc IRewardsRouter
    function surplus(address asset) external view returns (uint256 units) {
        uint256 counted = POOL.assetTerms(asset).idle + POOL.aside(asset); // refuses unknown assets
        return ValueMath.minusOrZero(AssetForms.held(ST_ETH, WST_ETH, asset, address(POOL)), counted);
    }

    /* INTERNALS */

    /// @dev Every rule of a purchase, and the price.
    function _quote(
        address token,
        uint256 units,
        address asset
    ) private view returns (uint256 bought, uint256 payment, uint256 value) {
        _requireOpen();
        LotLedger.State storage lot = _state().lots[token];
        uint256 endsAt = _endsAt(lot);
        bought = Math.min(units, lot.left); // who is late by a unit still gets the rest
        require(block.timestamp < endsAt && bought != 0, NothingForSale(token, block.timestamp, endsAt));
        value = ValueMath.toEtherUp(bought, lot.priceUp(block.timestamp - lot.startedAt, DURATION));
        if (asset == ETHER) return (bought, value, value);
        IDepositPool.AssetTerms memory a = POOL.assetTerms(asset); // refuses unknown assets
        uint256 rateWad = Math.min(a.rateWad, a.rateSource.entryRate());
        payment = ValueMath.fromEtherUp(value, ValueMath.lessBpsDown(rateWad, a.haircutBps));
        require(payment <= a.headroom, PaymentTooLarge(asset, payment, a.headroom));
    }

    /// @dev Brings the payment into the pool and counts it.
    function _collect(address asset, uint256 payment) private {
        if (asset == ETHER) {
            require(msg.value >= payment, IDepositPool.WrongEtherValue(msg.value, payment));
            POOL.put{value: payment}(ETHER, payment);
            return;
        }
        require(msg.value == 0, IDepositPool.WrongEtherValue(msg.value, 0));
        uint256 before = AssetForms.heldAs(ST_ETH, asset, address(POOL));
        IERC20(asset).safeTransferFrom(msg.sender, address(POOL), payment);
        uint256 arrived = AssetForms.heldAs(ST_ETH, asset, address(POOL)) - before;
        require(arrived >= payment, PaymentShort(asset, arrived, payment));
        POOL.put(asset, payment);
    }

    /// @dev Sends everything of an accepted asset to the pool and counts it.
    function _passOn(address token) private returns (uint256 units) {
        address asset = _assetOf(token);
        require(asset != address(0), NeedsAuction(token));
        if (asset == ETHER) {
            WETH.withdraw(WETH.balanceOf(address(this)));
            units = address(this).balance;
            POOL.put{value: units}(ETHER, units);
        } else {
            uint256 before = AssetForms.held(ST_ETH, WST_ETH, asset, address(POOL));
            uint256 stEthShares = asset == address(WST_ETH) ? ST_ETH.sharesOf(address(this)) : 0;
            if (stEthShares != 0) ST_ETH.transferShares(address(POOL), stEthShares);
            IERC20(asset).safeTransfer(address(POOL), _balance(asset));
            units = AssetForms.held(ST_ETH, WST_ETH, asset, address(POOL)) - before;
            POOL.put(asset, units);
        }
        emit Delivered(token, asset, units);
    }

    /// @dev Only shares that lie with the line can be burnt; these do for the length of this call.
    function _burnShares() private returns (uint256 shares) {
        shares = _balance(address(TR_ETH));
        emit SharesBurnt(shares);
        IERC20(TR_ETH).safeTransfer(QUEUE, shares);
        POOL.burnReward(shares);
    }

    function _setFloor(address token, uint256 old, uint128 newFloorWad) private {
        _state().lots[token].floorWad = newFloorWad;
        emit FloorChanged(token, old, newFloorWad);
    }

    function _requireOpen() private view {
        uint256 until = _state().pause.until;
        require(block.timestamp >= until, AuctionsClosed(block.timestamp, until));
    }

    /// @dev A pause ends the lots that run: their price must not fall while nobody can bid.
    function _endsAt(LotLedger.State storage lot) private view returns (uint256) {
        uint256 startedAt = lot.startedAt;
        if (startedAt == 0 || startedAt < _state().pause.until) return startedAt;
        return startedAt + DURATION;
    }

    function _nextFrom(LotLedger.State storage lot) private view returns (uint256) {
        uint256 startedAt = lot.startedAt;
        return startedAt == 0 ? 0 : startedAt + COOLDOWN;
    }

    /// @dev The accepted asset of which a token is a form; zero for any other token.
    function _assetOf(address token) private view returns (address asset) {
        if (token == ETHER || token == address(WETH)) return ETHER;
        if (token == address(ST_ETH)) return address(WST_ETH);
        address[] memory assets = REGISTRY.assets();
        for (uint256 i = 0; i < assets.length; ++i) {
            if (assets[i] == token) return token;
        }
    }

    function _balance(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }

    function _atMost(uint256 value, uint256 limit) private pure {
        require(value <= limit, LotTermsOutOfBounds(value, limit));
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
