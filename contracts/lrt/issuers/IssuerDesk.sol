// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ILidoWithdrawalQueue} from "../../shared/external/ILidoWithdrawalQueue.sol";
import {IRETH} from "../../shared/external/IRETH.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IBasketBook} from "../baskets/IBasketBook.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IInstantRedeemer} from "../withdrawals/IInstantRedeemer.sol";
import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";
import {IIssuerDesk} from "./IIssuerDesk.sol";
import {LiquidityPlan} from "./LiquidityPlan.sol";
import {TurnOrder} from "./TurnOrder.sol";

/// @title IssuerDesk
/// @notice Turns ETH into stETH and back, through Lido's own doors, and rETH into ETH. Anyone turns the cranks.
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
    /// @notice Gas that asking Rocket Pool for its collateral gets: several times what it takes.
    uint256 public constant COLLATERAL_GAS = 300_000;
    /// @dev Bits of a request's id; its mark, the strike as of which it belonged to those who stay, is above them.
    uint256 private constant ID_BITS = 128;

    /* IMMUTABLES */

    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IWithdrawalQueue public immutable QUEUE;
    IInstantRedeemer public immutable INSTANT_REDEEMER;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;
    ILidoWithdrawalQueue public immutable LIDO_QUEUE;
    /// @notice Zero when rETH is no asset.
    IRETH public immutable R_ETH;
    IBasketBook public immutable BASKETS;
    /// @notice What a share may gain in the time that leaving in kind takes at most, and in that of the issuer.
    uint256 public immutable EXIT_GROWTH_BPS;
    uint256 public immutable ISSUER_GROWTH_BPS;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.IssuerDesk
    struct State {
        uint256[] requests; // every request ever made, in order: its id, and above it its mark for baskets
        uint256 firstOpen; // index of the oldest that is not claimed
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.IssuerDesk")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xdd637a3eddfbca8d7ef96aae1c0a69fd87f85458a0ef2ac29d2b20b48886c700;

    /* SETUP */

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        IDepositPool pool;
        IAccountant accountant;
        IWithdrawalQueue queue;
        IInstantRedeemer instantRedeemer;
        IStETH stEth;
        IWstETH wstEth;
        ILidoWithdrawalQueue lidoQueue;
        IRETH rEth;
        IBasketBook baskets;
    }

    /// @param growthCapBpsPerDay What a share may gain in a day.
    /// @param exitTime Time in which tickets are paid in kind [seconds].
    /// @param issuerTime Time that the issuer takes to pay [seconds].
    constructor(Modules memory modules, uint16 growthCapBpsPerDay, uint256 exitTime, uint256 issuerTime) {
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        QUEUE = modules.queue;
        INSTANT_REDEEMER = modules.instantRedeemer;
        ST_ETH = modules.stEth;
        WST_ETH = modules.wstEth;
        LIDO_QUEUE = modules.lidoQueue;
        R_ETH = modules.rEth;
        BASKETS = modules.baskets;
        EXIT_GROWTH_BPS = uint256(growthCapBpsPerDay) * (ValueMath.dayOf(exitTime) + 1);
        ISSUER_GROWTH_BPS = uint256(growthCapBpsPerDay) * (ValueMath.dayOf(issuerTime) + 1);
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @notice Takes ether from the pool (to stake), Lido's queue (redeemed) and rETH (burnt); everybody else is refused.
    receive() external payable {
        bool isExpected =
            msg.sender == address(POOL) || msg.sender == address(LIDO_QUEUE) || msg.sender == address(R_ETH);
        require(isExpected, UnexpectedEther(msg.sender));
    }

    /* CRANKS */

    /// @inheritdoc IIssuerDesk
    function stake() external nonReentrant returns (uint256 units) {
        _settle();
        // What is bought at today's price must not be booked at an older one.
        require(ACCOUNTANT.isReadable(address(WST_ETH)), IAccountant.Unreadable(address(WST_ETH)));
        uint256 available = books(address(WST_ETH), 0).stakeableEther(INSTANT_REDEEMER.bufferTarget());
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
        _settle();
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
        _settle(); // the books follow at once: nobody reads the ether twice, or not at all
    }

    /// @inheritdoc IIssuerDesk
    function claim(uint256 maxRequests) external nonReentrant returns (uint256 etherAmount) {
        State storage state = _state();
        uint256 lastFinalised = LIDO_QUEUE.getLastFinalizedRequestId();
        uint256 next = state.firstOpen;
        uint256 end = Math.min(state.requests.length, next + maxRequests);
        for (; next < end; ++next) {
            uint256 id = uint128(state.requests[next]);
            if (id > lastFinalised) break;
            uint256 before = address(this).balance;
            LIDO_QUEUE.claimWithdrawal(id);
            uint256 paid = address(this).balance - before;
            etherAmount += paid;
            emit RedemptionClaimed(id, paid);
            POOL.put{value: paid}(ETHER, paid);
            BASKETS.dividePaid(ETHER, state.requests[next] >> ID_BITS, paid);
        }
        state.firstOpen = next;
        if (etherAmount != 0) _settle(); // as above
    }

    /// @inheritdoc IIssuerDesk
    function burn() external nonReentrant returns (uint256 etherAmount) {
        _settle();
        uint256 units = _burnable();
        require(units != 0, NothingToConvert());
        uint256 expected = ValueMath.toEtherDown(units, _rateOf(address(R_ETH)));
        uint256 before = address(this).balance;
        POOL.take(address(R_ETH), units, address(R_ETH), address(this));
        R_ETH.burn(units);
        etherAmount = address(this).balance - before;
        require(etherAmount >= expected, PaidTooLittle(etherAmount, expected));
        POOL.put{value: etherAmount}(ETHER, etherAmount);
        emit Burnt(units, etherAmount);
        _settle(); // as above
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
        (uint256[] memory values, uint256[] memory marks) = openValues();
        return values.length == 0 ? 0 : BASKETS.keptOf(marks, values);
    }

    /// @inheritdoc IIssuerDesk
    function openValues() public view returns (uint256[] memory values, uint256[] memory marks) {
        uint256[] memory ids = openRequests();
        if (ids.length == 0) return (ids, ids);
        uint256[] memory hints = LIDO_QUEUE.findCheckpointHints(ids, 1, LIDO_QUEUE.getLastCheckpointIndex());
        values = LIDO_QUEUE.getClaimableEther(ids, hints);
        ILidoWithdrawalQueue.WithdrawalRequestStatus[] memory status = LIDO_QUEUE.getWithdrawalStatus(ids);
        uint256 first = _state().firstOpen;
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = _state().requests[first + i] >> ID_BITS;
            if (status[i].isFinalized) continue;
            values[i] = Math.min(status[i].amountOfStETH, ST_ETH.getPooledEthByShares(status[i].amountOfShares));
        }
        marks = ids;
    }

    /// @inheritdoc IIssuerDesk
    function openRequests() public view returns (uint256[] memory requestIds) {
        State storage state = _state();
        uint256 first = state.firstOpen;
        requestIds = new uint256[](state.requests.length - first);
        for (uint256 i = 0; i < requestIds.length; ++i) {
            requestIds[i] = uint128(state.requests[first + i]);
        }
    }

    /// @inheritdoc IIssuerDesk
    function backsEther(address asset) public view returns (bool) {
        return asset == address(WST_ETH);
    }

    /// @inheritdoc IIssuerDesk
    function etherBacking() public view returns (uint256 etherValue, uint256 shares) {
        uint256 redeemable = ValueMath.toEtherDown(_backing(address(WST_ETH)), _rateOf(address(WST_ETH)));
        etherValue = _idle(ETHER) + ACCOUNTANT.redeeming() + redeemable;
        shares = QUEUE.waitingShares(ETHER) + QUEUE.waitingShares(address(WST_ETH));
    }

    /// @inheritdoc IIssuerDesk
    function room(address asset) external view returns (uint256 shares) {
        (uint256 rateWad, uint256 assetRateWad) = POOL.rates(asset); // refuses unknown assets
        shares = type(uint256).max;
        if (asset != ETHER) {
            shares = _room(asset, QUEUE.waitingShares(asset), _backing(asset), rateWad, assetRateWad);
            if (!backsEther(asset)) return shares;
        }
        (uint256 etherValue, uint256 sharesOnIt) = etherBacking();
        shares = Math.min(shares, _room(ETHER, sharesOnIt, etherValue, rateWad, ValueMath.WAD));
    }

    /// @inheritdoc IIssuerDesk
    function books(address asset, uint256 unitsUnbonding) public view returns (LiquidityPlan.Books memory b) {
        b.unitsIdle = _idle(asset);
        b.unitsUnbonding = unitsUnbonding;
        (b.unitsWaiting, b.unitsDue) = _waiting(asset);
        b.rateWad = _rateOf(asset);
        b.growthBps = EXIT_GROWTH_BPS;
        b.etherGrowthBps = EXIT_GROWTH_BPS;
        if (backsEther(asset)) {
            b.etherGrowthBps += ISSUER_GROWTH_BPS;
            b.etherIdle = _idle(ETHER);
            b.etherRedeeming = redeemingValue();
            (b.etherWaiting, b.etherDue) = _waiting(ETHER);
        } else if (asset == address(R_ETH)) {
            _lendToEther(b);
        }
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

    /// @dev What rETH is asked for is what wstETH cannot give, wherever it is and once its own line has all of its units,
    ///      and never more than Rocket Pool could pay now. Reads nothing of Lido: its failure is none of rETH's line.
    function _lendToEther(LiquidityPlan.Books memory b) private view {
        (uint256 ownUnits, ) = _waiting(address(WST_ETH));
        uint256 free = ValueMath.minusOrZero(_backing(address(WST_ETH)), ownUnits);
        b.etherIdle = _idle(ETHER);
        b.etherRedeeming = ACCOUNTANT.redeeming() + ValueMath.toEtherDown(free, _rateOf(address(WST_ETH)));
        uint256 most = b.etherIdle + b.etherRedeeming;
        try R_ETH.getTotalCollateral{gas: COLLATERAL_GAS}() returns (uint256 collateral) {
            most = Math.saturatingAdd(most, collateral);
        } catch {} // then it can pay nothing
        (uint256 waiting, uint256 due) = _waiting(ETHER);
        (b.etherWaiting, b.etherDue) = (Math.min(waiting, most), Math.min(due, most));
    }

    /// @dev Idle rETH that its own line does not need, as much as the ETH line is due and Rocket Pool can pay now.
    function _burnable() private view returns (uint256 units) {
        if (address(R_ETH) == address(0)) return 0;
        (uint256 ownUnits, ) = _waiting(address(R_ETH));
        uint256 free = LiquidityPlan.unitsToLend(_idle(address(R_ETH)), ownUnits, EXIT_GROWTH_BPS);
        (, uint256 due) = _waiting(ETHER);
        uint256 missing = ValueMath.minusOrZero(due, _idle(ETHER) + ACCOUNTANT.redeeming());
        uint256 given = Math.min(ValueMath.fromEtherUp(missing, _rateOf(address(R_ETH))), free);
        units = LiquidityPlan.redeemableUnits(given, free - given, 0); // it does not take a day
        return Math.min(units, R_ETH.getRethValue(R_ETH.getTotalCollateral()));
    }

    /// @dev Idle units whose turn it is to be redeemed.
    function _redeemable() private view returns (uint256) {
        (uint256 given, uint256 left) = TurnOrder.unitsForEther(
            QUEUE,
            address(WST_ETH),
            TurnOrder.Idle({
                units: _idle(address(WST_ETH)),
                etherCovered: _idle(ETHER) + redeemingValue(),
                rateWad: POOL.rate(),
                assetRateWad: POOL.assetTerms(address(WST_ETH)).rateWad,
                growthBps: EXIT_GROWTH_BPS
            })
        );
        return LiquidityPlan.redeemableUnits(given, left, ISSUER_GROWTH_BPS);
    }

    function _worthwhile() private view returns (uint256 units) {
        (, uint256 etherDue) = _waiting(ETHER);
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
        state.requests.push((BASKETS.lastStrike() << ID_BITS) | id);
        emit RedemptionRequested(id, units, amounts[0]);
    }

    function _rateOf(address asset) private view returns (uint256 assetRateWad) {
        (, assetRateWad) = POOL.rates(asset);
    }

    /// @dev Units of an asset, wherever they are.
    function _backing(address asset) private view returns (uint256 units) {
        IAccountant.Backing memory b = ACCOUNTANT.backing(asset);
        return b.pool + b.restaked + b.unbonding;
    }

    function _idle(address asset) private view returns (uint256) {
        return POOL.idle(asset);
    }

    function _waiting(address asset) private view returns (uint256 all, uint256 due) {
        return QUEUE.waitingUnits(asset);
    }

    function _settle() private {
        ACCOUNTANT.settle();
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
