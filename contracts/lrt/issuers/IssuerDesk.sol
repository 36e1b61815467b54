// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ILidoWithdrawalQueue} from "../../shared/external/ILidoWithdrawalQueue.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IInstantRedeemer} from "../withdrawals/IInstantRedeemer.sol";
import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";
import {IIssuerDesk} from "./IIssuerDesk.sol";
import {LiquidityPlan} from "./LiquidityPlan.sol";
import {TurnOrder} from "./TurnOrder.sol";

/// @title IssuerDesk
/// @notice Turns ETH into stETH and back, through Lido's own doors. Anyone turns the cranks.
/// @dev Owns: open redemption requests (the oldest first). Trusts: Lido's queue to pay what it has finalised (safety).
///      Never: takes an amount from its caller; redeems what older tickets of the LST's own line wait for;
///      keeps assets.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract IssuerDesk is IIssuerDesk, GovernedModule {
    using LiquidityPlan for LiquidityPlan.Books;
    using SafeERC20 for IStETH;
    using SafeERC20 for IWstETH;

    /* CONSTANTS */

    /// @notice Most open requests; valuing them is a loop.
    uint256 public constant MAX_OPEN = 16;
    /// @notice Open requests from which on a further one must be worth its place: growth of the rate alone makes crumbs,
    ///         and whoever redeems them one by one must not make others wait for a place.
    uint256 public constant MAX_SMALL = 8;
    /// @notice A request is worth a place when it is at least this part of what the ETH line is due: 1 / 64.
    uint256 public constant WORTHWHILE_PART = 64;
    /// @notice Smallest amount worth a move [wei].
    uint256 public constant MIN_MOVE = 0.01 ether;
    /// @notice Lido's limits of one request [wei of stETH].
    uint256 public constant MAX_REQUEST = 1_000 ether;
    uint256 public constant MIN_REQUEST = 100;

    /* IMMUTABLES */

    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IWithdrawalQueue public immutable QUEUE;
    IInstantRedeemer public immutable INSTANT_REDEEMER;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;
    ILidoWithdrawalQueue public immutable LIDO_QUEUE;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.IssuerDesk
    struct State {
        uint256[] requests; // every request ever made, in order
        uint256 firstOpen; // index of the oldest that is not claimed
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.IssuerDesk")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xdd637a3eddfbca8d7ef96aae1c0a69fd87f85458a0ef2ac29d2b20b48886c700;

    /* SETUP */

    constructor(
        IDepositPool pool,
        IAccountant accountant,
        IWithdrawalQueue queue,
        IInstantRedeemer instantRedeemer,
        IStETH stEth,
        IWstETH wstEth,
        ILidoWithdrawalQueue lidoQueue
    ) {
        POOL = pool;
        ACCOUNTANT = accountant;
        QUEUE = queue;
        INSTANT_REDEEMER = instantRedeemer;
        ST_ETH = stEth;
        WST_ETH = wstEth;
        LIDO_QUEUE = lidoQueue;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @notice Takes ether from the pool (to stake) and from Lido's queue (redeemed); everybody else is refused.
    receive() external payable {
        require(msg.sender == address(POOL) || msg.sender == address(LIDO_QUEUE), UnexpectedEther(msg.sender));
    }

    /* CRANKS */

    /// @inheritdoc IIssuerDesk
    function stake() external nonReentrant returns (uint256 units) {
        ACCOUNTANT.settle();
        // What is bought at today's price must not be booked at an older one.
        require(ACCOUNTANT.isReadable(address(WST_ETH)), IAccountant.Unreadable(address(WST_ETH)));
        uint256 available = _books(0).stakeableEther(INSTANT_REDEEMER.bufferTarget());
        require(available >= MIN_MOVE, NothingToConvert());
        uint256 limit = ST_ETH.isStakingPaused() ? 0 : ST_ETH.getCurrentStakeLimit();
        uint256 amount = Math.min(available, limit);
        require(amount >= MIN_MOVE, IssuerClosed(available, limit));
        POOL.take(ETHER, amount, ETHER, address(this));
        uint256 before = ST_ETH.sharesOf(address(this));
        ST_ETH.submit{value: amount}(address(0));
        units = ST_ETH.sharesOf(address(this)) - before;
        ST_ETH.transferShares(address(POOL), units);
        POOL.put(address(WST_ETH), units);
        emit Staked(amount, units);
    }

    /// @inheritdoc IIssuerDesk
    function redeem() external nonReentrant returns (uint256 units) {
        ACCOUNTANT.settle();
        State storage state = _state();
        uint256 open = state.requests.length - state.firstOpen;
        require(open < MAX_OPEN, TooManyOpen(open, MAX_OPEN));
        uint256 wanted = _redeemable();
        uint256 chunk = ST_ETH.getSharesByPooledEth(MAX_REQUEST);
        uint256 worthwhile = Math.min(chunk, _worthwhile());
        for (; open < MAX_OPEN && wanted != 0; ++open) {
            uint256 part = Math.min(wanted, chunk);
            if (ST_ETH.getPooledEthByShares(part) <= MIN_REQUEST) break; // what is left is dust
            if (open >= MAX_SMALL && part < worthwhile) break; // the rest of the places is not for crumbs
            wanted -= part;
            units += part;
            _redeem(state, part);
        }
        require(units != 0, NothingToConvert());
        ACCOUNTANT.settle(); // the books follow at once: nobody reads the ether twice, or not at all
    }

    /// @inheritdoc IIssuerDesk
    function claim(uint256 maxRequests) external nonReentrant returns (uint256 etherAmount) {
        State storage state = _state();
        uint256 lastFinalised = LIDO_QUEUE.getLastFinalizedRequestId();
        uint256 next = state.firstOpen;
        uint256 end = Math.min(state.requests.length, next + maxRequests);
        for (; next < end; ++next) {
            uint256 id = state.requests[next];
            if (id > lastFinalised) break;
            uint256 before = address(this).balance;
            LIDO_QUEUE.claimWithdrawal(id);
            uint256 paid = address(this).balance - before;
            etherAmount += paid;
            emit RedemptionClaimed(id, paid);
        }
        state.firstOpen = next;
        if (etherAmount == 0) return 0;
        POOL.put{value: etherAmount}(ETHER, etherAmount);
        ACCOUNTANT.settle(); // as above
    }

    /// @inheritdoc IIssuerDesk
    function sweep() external nonReentrant returns (uint256 etherAmount, uint256 units) {
        etherAmount = address(this).balance;
        uint256 stEthShares = ST_ETH.sharesOf(address(this));
        uint256 wrapped = WST_ETH.balanceOf(address(this));
        units = stEthShares + wrapped;
        require(etherAmount != 0 || units != 0, NothingToConvert());
        emit Swept(etherAmount, units);
        if (stEthShares != 0) ST_ETH.transferShares(address(POOL), stEthShares);
        if (wrapped != 0) WST_ETH.safeTransfer(address(POOL), wrapped);
        if (etherAmount != 0) Address.sendValue(payable(address(POOL)), etherAmount);
    }

    /* VIEWS */

    /// @inheritdoc IIssuerDesk
    function redeemingValue() public view returns (uint256 etherValue) {
        uint256[] memory ids = openRequests();
        if (ids.length == 0) return 0;
        uint256[] memory hints = LIDO_QUEUE.findCheckpointHints(ids, 1, LIDO_QUEUE.getLastCheckpointIndex());
        uint256[] memory claimable = LIDO_QUEUE.getClaimableEther(ids, hints);
        ILidoWithdrawalQueue.WithdrawalRequestStatus[] memory status = LIDO_QUEUE.getWithdrawalStatus(ids);
        for (uint256 i = 0; i < ids.length; ++i) {
            etherValue +=
                status[i].isFinalized
                    ? claimable[i]
                    : Math.min(status[i].amountOfStETH, ST_ETH.getPooledEthByShares(status[i].amountOfShares));
        }
    }

    /// @inheritdoc IIssuerDesk
    function openRequests() public view returns (uint256[] memory requestIds) {
        State storage state = _state();
        uint256 first = state.firstOpen;
        requestIds = new uint256[](state.requests.length - first);
        for (uint256 i = 0; i < requestIds.length; ++i) {
            requestIds[i] = state.requests[first + i];
        }
    }

    /// @inheritdoc IIssuerDesk
    function redeems(address asset) public view returns (bool) {
        return asset == address(WST_ETH);
    }

    /// @inheritdoc IIssuerDesk
    function etherBacking() public view returns (uint256 etherValue, uint256 shares) {
        IAccountant.Backing memory b = ACCOUNTANT.backing(address(WST_ETH));
        uint256 redeemable = ValueMath.toEtherDown(b.pool + b.restaked + b.unbonding, _rateOf(address(WST_ETH)));
        etherValue = POOL.idle(ETHER) + ACCOUNTANT.redeeming() + redeemable;
        shares = QUEUE.waitingShares(ETHER) + QUEUE.waitingShares(address(WST_ETH));
    }

    /// @inheritdoc IIssuerDesk
    function room(address asset) external view returns (uint256 shares) {
        (uint256 rateWad, uint256 assetRateWad) = POOL.rates(asset); // refuses unknown assets
        shares = type(uint256).max;
        if (asset != ETHER) {
            IAccountant.Backing memory b = ACCOUNTANT.backing(asset);
            uint256 backing = b.pool + b.restaked + b.unbonding;
            shares = _room(asset, QUEUE.waitingShares(asset), backing, rateWad, assetRateWad);
            if (!redeems(asset)) return shares;
        }
        (uint256 etherValue, uint256 sharesOnIt) = etherBacking();
        shares = Math.min(shares, _room(ETHER, sharesOnIt, etherValue, rateWad, ValueMath.WAD));
    }

    /// @inheritdoc IIssuerDesk
    function books(address asset, uint256 unitsUnbonding) public view returns (LiquidityPlan.Books memory b) {
        b.unitsIdle = POOL.idle(asset);
        b.unitsUnbonding = unitsUnbonding;
        (b.unitsWaiting, b.unitsDue) = QUEUE.waitingUnits(asset);
        b.rateWad = _rateOf(asset);
        if (!redeems(asset)) return b;
        b.etherIdle = POOL.idle(ETHER);
        b.etherRedeeming = redeemingValue();
        (b.etherWaiting, b.etherDue) = QUEUE.waitingUnits(ETHER);
    }

    /* INTERNALS */

    function _room(
        address asset,
        uint256 sharesWaiting,
        uint256 unitsBacking,
        uint256 rateWad,
        uint256 assetRateWad
    ) private pure returns (uint256 shares) {
        uint256 unitsWaiting = ValueMath.convertDown(sharesWaiting, rateWad, assetRateWad);
        require(unitsWaiting <= unitsBacking, IWithdrawalQueue.BackingExceeded(asset, unitsWaiting, unitsBacking));
        return ValueMath.partDown(unitsBacking - unitsWaiting, assetRateWad, rateWad); // none when shares are worth nothing
    }

    /// @dev Idle units whose turn it is to be redeemed.
    function _redeemable() private view returns (uint256) {
        (uint256 given, uint256 left) = TurnOrder.unitsForEther(
            QUEUE,
            address(WST_ETH),
            TurnOrder.Idle({
                units: POOL.idle(address(WST_ETH)),
                etherCovered: POOL.idle(ETHER) + redeemingValue(),
                rateWad: POOL.rate(),
                assetRateWad: POOL.assetTerms(address(WST_ETH)).rateWad
            })
        );
        return LiquidityPlan.redeemableUnits(given, left);
    }

    function _worthwhile() private view returns (uint256 units) {
        (, uint256 etherDue) = QUEUE.waitingUnits(ETHER);
        uint256 part = ValueMath.partDown(etherDue, 1, WORTHWHILE_PART);
        return ValueMath.fromEtherDown(part, _rateOf(address(WST_ETH)));
    }

    /// @dev Takes units from the pool as stETH and asks Lido to redeem them.
    function _redeem(State storage state, uint256 units) private {
        uint256 before = ST_ETH.balanceOf(address(this));
        POOL.take(address(WST_ETH), units, address(ST_ETH), address(this));
        uint256[] memory amounts = new uint256[](1);
        amounts[0] = Math.min(ST_ETH.balanceOf(address(this)) - before, MAX_REQUEST);
        ST_ETH.forceApprove(address(LIDO_QUEUE), amounts[0]);
        uint256 id = LIDO_QUEUE.requestWithdrawals(amounts, address(this))[0];
        state.requests.push(id);
        emit RedemptionRequested(id, units, amounts[0]);
    }

    function _rateOf(address asset) private view returns (uint256 assetRateWad) {
        (, assetRateWad) = POOL.rates(asset);
    }

    function _books(uint256 unitsUnbonding) private view returns (LiquidityPlan.Books memory) {
        return books(address(WST_ETH), unitsUnbonding);
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
