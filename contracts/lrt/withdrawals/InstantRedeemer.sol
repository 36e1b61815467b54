// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ExpiringPause} from "../../shared/pause/ExpiringPause.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {ETHER} from "../assets/Ether.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {IInstantRedeemer} from "./IInstantRedeemer.sol";
import {IPendingSlashes} from "./IPendingSlashes.sol";
import {IWithdrawalQueue} from "./IWithdrawalQueue.sol";
import {UtilisationMath} from "./UtilisationMath.sol";

/// @title InstantRedeemer
/// @notice Takes trETH and pays ether at once, from what is idle and promised to nobody, at a fee that stays with holders.
/// @dev Owns: the bucket and its door; no assets. Trusts: ACCOUNTANT for the rate (safety), POOL to burn and pay.
///      Never: pays before every loss is counted (A5); touches what tickets wait for or what is below the watermark.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract InstantRedeemer is IInstantRedeemer, GovernedModule {
    using ExpiringPause for ExpiringPause.State;
    using RateLimiter for RateLimiter.RefillingBucket;
    using SafeERC20 for IERC20;
    using UtilisationMath for UtilisationMath.Curve;

    /* CONSTANTS */

    /// @inheritdoc IInstantRedeemer
    uint256 public constant MIN_SHARES = 1e12;
    /// @notice Largest buffer.
    uint16 public constant MAX_TARGET_BPS = 2_000;
    /// @notice Least fee: more than the rate may grow in a day, so that nobody comes for a day's growth.
    uint16 public constant LEAST_FEE_BPS = 10;
    /// @notice Highest fee.
    uint16 public constant HIGHEST_FEE_BPS = 500;
    /// @notice Largest part of the supply that may be redeemed in a day.
    uint16 public constant MAX_BUCKET_BPS = 500;
    /// @dev There is one bucket for everybody.
    bytes32 private constant ALL = 0;

    /* IMMUTABLES */

    ITrEth public immutable TR_ETH;
    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IWithdrawalQueue public immutable QUEUE;
    /// @inheritdoc IInstantRedeemer
    IPendingSlashes public immutable PENDING_SLASHES;
    uint16 public immutable TARGET_BPS;
    uint16 public immutable WATERMARK_BPS;
    uint16 public immutable MIN_FEE_BPS;
    uint16 public immutable MAX_FEE_BPS;
    uint16 public immutable BUCKET_BPS;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.InstantRedeemer
    struct State {
        RateLimiter.RefillingBucket bucket; // in parts of the supply (WAD)
        ExpiringPause.State pause;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.InstantRedeemer")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xa0e9e951c702bf5c2fdfc5fa52d1dd15a1995715509ff6a2aec3abc7411c1800;

    /* SETUP */

    /// @notice The contracts that this one calls.
    struct Modules {
        ITrEth trEth;
        IDepositPool pool;
        IAccountant accountant;
        IWithdrawalQueue queue;
        IPendingSlashes pendingSlashes;
    }

    constructor(Modules memory modules, Params memory params) {
        _atMost(params.targetBps, MAX_TARGET_BPS);
        _atMost(params.watermarkBps, params.targetBps);
        _atMost(LEAST_FEE_BPS, params.minFeeBps);
        _atMost(params.minFeeBps, params.maxFeeBps);
        _atMost(params.maxFeeBps, HIGHEST_FEE_BPS);
        _atMost(params.bucketBps, MAX_BUCKET_BPS);
        TR_ETH = modules.trEth;
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        QUEUE = modules.queue;
        PENDING_SLASHES = modules.pendingSlashes;
        TARGET_BPS = params.targetBps;
        WATERMARK_BPS = params.watermarkBps;
        MIN_FEE_BPS = params.minFeeBps;
        MAX_FEE_BPS = params.maxFeeBps;
        BUCKET_BPS = params.bucketBps;
    }

    /// @notice Sets the authority and the size of the bucket, which begins full.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
        _state().bucket.updateSettings(1 days, uint208(ValueMath.bpsDown(ValueMath.WAD, BUCKET_BPS))); // ≤ WAD
    }

    /* REDEEMING */

    /// @inheritdoc IInstantRedeemer
    function redeem(
        uint256 shares,
        uint256 minEther,
        address receiver,
        uint256 deadline
    ) external nonReentrant returns (uint256 etherPaid) {
        require(block.timestamp <= deadline, IDepositPool.DeadlinePassed(block.timestamp, deadline));
        require(receiver != address(0), ZeroAddress());
        uint256 rateWad = ACCOUNTANT.settle();
        uint256 etherFee;
        uint256 part;
        (etherPaid, etherFee, part) = _quote(shares, rateWad);
        require(etherPaid >= minEther, TooLittleEther(etherPaid, minEther));
        _state().bucket.consume(ALL, part);
        emit RedeemedInstantly(msg.sender, receiver, shares, etherPaid, etherFee, rateWad);
        // Only shares that lie with the line can be burnt; these do for the length of this call.
        IERC20(TR_ETH).safeTransferFrom(msg.sender, address(QUEUE), shares);
        POOL.payInstantly(etherPaid, shares, receiver);
    }

    /* SETTINGS */

    /// @inheritdoc IInstantRedeemer
    function pauseInstant(uint256 duration) external restricted {
        emit InstantPaused(_state().pause.start(duration));
    }

    /// @inheritdoc IInstantRedeemer
    function resumeInstant() external restricted {
        _state().pause.stop();
        emit InstantPaused(block.timestamp);
    }

    /* VIEWS */

    /// @inheritdoc IInstantRedeemer
    function preview(uint256 shares) external view returns (uint256 etherPaid) {
        (etherPaid, , ) = _quote(shares, POOL.rate());
    }

    /// @inheritdoc IInstantRedeemer
    function buffer() external view returns (Buffer memory b) {
        UtilisationMath.Curve memory c;
        (c, b.watermark) = _curve(POOL.rate());
        (b.level, b.target) = (c.level, c.target);
        b.sharesLeft = _sharesLeft(TR_ETH.totalSupply());
        b.closedUntil = _closedUntil();
    }

    /// @inheritdoc IInstantRedeemer
    function bufferTarget() external view returns (uint256 etherValue) {
        return ValueMath.partUp(ACCOUNTANT.netAssetValue(), TARGET_BPS, ValueMath.BPS);
    }

    /* INTERNALS */

    /// @dev Every rule of the door, and the price. `part` is what the shares are of the supply (WAD).
    function _quote(
        uint256 shares,
        uint256 rateWad
    ) private view returns (uint256 etherPaid, uint256 etherFee, uint256 part) {
        require(shares >= MIN_SHARES, RedemptionTooSmall(shares, MIN_SHARES));
        uint256 closedUntil = _closedUntil();
        require(block.timestamp >= closedUntil, InstantClosed(block.timestamp, closedUntil));
        IPendingSlashes slashes = PENDING_SLASHES;
        bool isPending = address(slashes) != address(0) && slashes.isSlashPending();
        require(!isPending, SlashPending(address(slashes)));
        uint256 supply = TR_ETH.totalSupply();
        uint256 sharesLeft = _sharesLeft(supply);
        require(shares <= sharesLeft, BucketExceeded(shares, sharesLeft));
        part = ValueMath.partUp(ValueMath.WAD, shares, supply);
        (UtilisationMath.Curve memory c, uint256 watermark) = _curve(rateWad);
        uint256 value = ValueMath.toEtherDown(shares, rateWad);
        uint256 available = ValueMath.minusOrZero(c.level, watermark);
        uint256 limit = available + c.feeUp(available);
        require(value <= limit, BufferExceeded(value, limit));
        etherPaid = c.paidDown(value); // ≤ available: that costs the limit
        etherFee = value - etherPaid;
    }

    /// @dev Target and watermark are counted from what is not in the buffer, which a redemption leaves as it is: parts t of
    ///      everything are t / (1 − t) of the rest. So they do not move with the level while it is paid out.
    function _curve(uint256 rateWad) private view returns (UtilisationMath.Curve memory c, uint256 watermark) {
        uint256 reserved = ValueMath.toEtherUp(QUEUE.waitingShares(ETHER), rateWad);
        c.level = ValueMath.minusOrZero(POOL.idle(ETHER), reserved);
        // What all shares stand for is net asset value, to rounding: it was settled in this call, and one slot tells it.
        IDepositPool.Terms memory t = POOL.terms();
        uint256 nav = ValueMath.toEtherUp(TR_ETH.totalSupply(), uint256(t.rateWad) + t.waitingWad);
        uint256 rest = ValueMath.minusOrZero(nav, c.level); // idle ether is part of net asset value
        c.target = Math.max(1, ValueMath.partUp(rest, TARGET_BPS, ValueMath.BPS - TARGET_BPS));
        c.minFeeBps = MIN_FEE_BPS;
        c.maxFeeBps = MAX_FEE_BPS;
        watermark = ValueMath.partUp(rest, WATERMARK_BPS, ValueMath.BPS - WATERMARK_BPS);
    }

    function _sharesLeft(uint256 supply) private view returns (uint256) {
        return ValueMath.partDown(supply, _state().bucket.available(ALL), ValueMath.WAD);
    }

    function _closedUntil() private view returns (uint256) {
        return Math.max(_state().pause.until, ACCOUNTANT.fillsClosedUntil());
    }

    function _atMost(uint256 value, uint256 limit) private pure {
        require(value <= limit, ParameterOutOfBounds(value, limit));
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
