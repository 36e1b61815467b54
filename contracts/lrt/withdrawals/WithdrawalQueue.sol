// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {AssetForms} from "../assets/AssetForms.sol";
import {ETHER} from "../assets/Ether.sol";
import {IBasketExit} from "../baskets/IBasketExit.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {TrEth} from "../token/TrEth.sol";
import {IPendingSlashes} from "./IPendingSlashes.sol";
import {IWithdrawalQueue} from "./IWithdrawalQueue.sol";
import {TicketBook} from "./TicketBook.sol";
import {TicketLedger} from "./TicketLedger.sol";

/// @title WithdrawalQueue
/// @notice A line per payout asset in which holders wait, still sharing gains and losses, until their shares are paid.
/// @dev Owns: tickets, batches, assets set aside. Trusts: ACCOUNTANT for the rate (safety), POOL to send what it pays.
///      Never: pays more than was set aside; reorders batches; has a door for requests and claims; cancels. Has no proxy and
///      no authority: what is set aside here is its owners', and nobody's decision changes that.
contract WithdrawalQueue is IWithdrawalQueue, TicketBook, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using TicketLedger for TicketLedger.Line;

    /* CONSTANTS */

    /// @inheritdoc IWithdrawalQueue
    uint256 public constant MIN_SHARES = 1e12;
    /// @notice Part of what is free that may join without another look at the backing: 1 / 8. There are at most eight lines,
    ///         so together they promise less than twice what is there, for a day; a promise too many only waits longer.
    uint256 public constant ROOM_PART = 8;

    /* IMMUTABLES */

    ITrEth public immutable TR_ETH;
    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    address public immutable REGISTRY;
    IIssuerDesk public immutable ISSUER_DESK;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;
    IPendingSlashes public immutable PENDING_SLASHES;
    IBasketExit public immutable BASKET_EXIT;
    /// @inheritdoc IWithdrawalQueue
    uint256 public immutable EXIT_TIME;
    /// @inheritdoc IWithdrawalQueue
    uint256 public immutable ISSUER_TIME;

    /* STORAGE */

    mapping(address asset => TicketLedger.Line) private _lines;
    Book private _tickets;
    mapping(uint256 id => uint256) private _collected; // units a partly filled ticket has claimed
    mapping(uint256 number => address) private _assets; // but ETH, which is 0
    uint8 private _lastNumber;

    /// @dev A ticket and where it stands.
    struct Place {
        uint256 id;
        address asset;
        uint32 day;
        address owner;
        uint256 shares;
    }

    /* SETUP */

    /// @dev Makes the token: each knows the other for good, as only shares that lie here can be burnt.
    constructor(Modules memory modules, uint256 exitTime, uint256 issuerTime) initializer {
        __ERC721_init("Trellis Withdrawal Ticket", "trTICKET");
        TR_ETH = new TrEth(address(modules.pool), address(this));
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        ISSUER_DESK = modules.issuerDesk;
        ST_ETH = modules.stEth;
        WST_ETH = modules.wstEth;
        PENDING_SLASHES = modules.pendingSlashes;
        BASKET_EXIT = modules.basketExit;
        EXIT_TIME = exitTime;
        ISSUER_TIME = issuerTime;
        _lines[ETHER].isKnown = true;
    }

    /// @notice Takes ether from the pool; everybody else is refused.
    receive() external payable {
        require(msg.sender == address(POOL), UnexpectedEther(msg.sender));
    }

    /* REQUESTING */

    /// @inheritdoc IWithdrawalQueue
    function request(address asset, uint256 shares, address receiver) external nonReentrant returns (uint256 id) {
        _requireReceiver(receiver);
        require(shares >= MIN_SHARES, RequestTooSmall(shares, MIN_SHARES));
        id = _join(asset, shares, receiver);
        IERC20(TR_ETH).safeTransferFrom(msg.sender, address(this), shares);
    }

    /// @inheritdoc IWithdrawalQueue
    function moveTicket(uint256 id, address newAsset) external nonReentrant returns (uint256 newId) {
        Place memory p = _ownPlace(id);
        uint256 movableFrom = _dueBy(p.day);
        require(block.timestamp >= movableFrom, TooEarlyToMove(id, block.timestamp, movableFrom));
        uint256 units = _claimable(p);
        _end(id, p.owner);
        uint256 remaining = _lines[p.asset].depart(p.day, p.shares);
        require(remaining != 0, TicketFilled(id));
        delete _collected[id];
        bool leaves = newAsset == address(BASKET_EXIT);
        newId = leaves ? BASKET_EXIT.join(remaining, p.owner) : _join(newAsset, remaining, p.owner);
        emit TicketMoved(id, newId, remaining);
        if (units == 0) return newId;
        emit Claimed(id, p.owner, p.asset, units);
        _send(p.asset, units, p.owner);
    }

    /* FILLING */

    /// @inheritdoc IWithdrawalQueue
    function fill(address asset, uint256 maxBatches) external nonReentrant returns (uint256 shares, uint256 units) {
        uint256 rateWad = ACCOUNTANT.report(); // growth too: whoever fills must not choose what leavers have of it
        uint256 closedUntil = ACCOUNTANT.fillsClosedUntil();
        require(block.timestamp >= closedUntil, FillsClosed(block.timestamp, closedUntil));
        TicketLedger.Line storage line = _lines[asset];
        uint256 assetRateWad = ValueMath.WAD;
        if (asset != ETHER) (, assetRateWad) = POOL.rates(asset);
        for (; maxBatches != 0; --maxBatches) {
            (uint256 burnt, uint256 paid) = _fillNext(line, asset, rateWad, assetRateWad);
            if (burnt == 0) break;
            shares += burnt;
            units += paid;
        }
        line.advance();
        require(shares != 0, NothingToFill(asset, POOL.idle(asset)));
    }

    /* CLAIMING */

    /// @inheritdoc IWithdrawalQueue
    function claim(uint256 id) external nonReentrant returns (uint256 units) {
        Place memory p = _place(id);
        units = _collect(p, p.owner);
        _send(p.asset, units, p.owner);
    }

    /// @inheritdoc IWithdrawalQueue
    function claimBatch(uint256[] calldata ids) external nonReentrant {
        address owner;
        address asset;
        uint256 units; // of tickets in a row that are paid together
        for (uint256 i = 0; i < ids.length; ++i) {
            Place memory p = _place(ids[i]);
            if (p.owner != owner || p.asset != asset) {
                if (units != 0) _send(asset, units, owner);
                (owner, asset, units) = (p.owner, p.asset, 0);
            }
            units += _collect(p, owner);
        }
        if (units != 0) _send(asset, units, owner);
    }

    /// @inheritdoc IWithdrawalQueue
    function claimTo(uint256 id, address payable receiver) external nonReentrant returns (uint256 units) {
        _requireReceiver(receiver);
        Place memory p = _ownPlace(id);
        units = _collect(p, receiver);
        _send(p.asset, units, receiver);
    }

    /// @inheritdoc IWithdrawalQueue
    function claimUnwrapped(uint256 id, address receiver) external nonReentrant returns (uint256 units) {
        _requireReceiver(receiver);
        Place memory p = _ownPlace(id);
        require(p.asset == address(WST_ETH), NoOtherForm(p.asset));
        units = _collect(p, receiver);
        AssetForms.sendAsStEth(ST_ETH, WST_ETH, units, receiver);
    }

    /* SETTINGS */

    /// @inheritdoc IWithdrawalQueue
    function addLine(address asset) external {
        require(msg.sender == REGISTRY, OnlyModule(msg.sender, REGISTRY));
        uint8 number = ++_lastNumber;
        _assets[number] = asset;
        (_lines[asset].number, _lines[asset].isKnown) = (number, true);
    }

    /* VIEWS */

    /// @inheritdoc IWithdrawalQueue
    function claimable(uint256 id) external view returns (uint256 units) {
        return _claimable(_place(id));
    }

    /// @inheritdoc IWithdrawalQueue
    function withdrawalStatus(uint256 id) external view returns (Status memory status) {
        Place memory p = _place(id);
        status.owner = p.owner;
        status.asset = p.asset;
        status.claimable = _claimable(p);
        status.remainingShares = _lines[p.asset].remainingOf(p.day, p.shares);
        (uint256 rateWad, uint256 assetRateWad) = POOL.rates(p.asset);
        status.estimate = ValueMath.convertDown(status.remainingShares, rateWad, assetRateWad);
        status.earliest = TicketLedger.fillableFrom(p.day);
        status.latest = _dueBy(p.day) + (p.asset == ETHER ? ISSUER_TIME : 0);
        if (status.remainingShares == 0) status.waitsFor = Waiting.Nothing;
        else if (!TicketLedger.isClosed(p.day)) status.waitsFor = Waiting.BatchToClose;
        else if (block.timestamp < status.earliest) status.waitsFor = Waiting.MinimumAge;
        else status.waitsFor = Waiting.Assets;
    }

    /// @inheritdoc IWithdrawalQueue
    function waitingUnits(address asset) external view returns (uint256 all, uint256 due) {
        (uint256 rateWad, uint256 assetRateWad) = POOL.rates(asset);
        all = ValueMath.convertUp(_lines[asset].waiting, rateWad, assetRateWad);
        due = ValueMath.convertUp(_lines[asset].due(), rateWad, assetRateWad);
    }

    /// @inheritdoc IWithdrawalQueue
    function waitingShares(address asset) external view returns (uint256 shares) {
        return _lines[asset].waiting;
    }

    /// @inheritdoc IWithdrawalQueue
    function batch(address asset, uint32 day) external view returns (Batch memory) {
        return _lines[asset].batchOf(day);
    }

    /// @inheritdoc IWithdrawalQueue
    function openBatches(address asset) external view returns (uint32[] memory batchDays) {
        TicketLedger.Line storage line = _lines[asset];
        uint256 first = line.firstOpen;
        batchDays = new uint32[](line.batchDays.length - first);
        for (uint256 i = 0; i < batchDays.length; ++i) {
            batchDays[i] = line.batchDays[first + i];
        }
    }

    /* INTERNALS */

    function _requireReceiver(address receiver) private pure {
        require(receiver != address(0), ZeroAddress());
    }

    /// @dev Pays the oldest batch if it is old enough; whole when there is enough, in part otherwise.
    function _fillNext(
        TicketLedger.Line storage line,
        address asset,
        uint256 rateWad,
        uint256 assetRateWad
    ) private returns (uint256 shares, uint256 units) {
        line.advance();
        uint256 first = line.firstOpen;
        if (first == line.batchDays.length) return (0, 0);
        uint32 day = line.batchDays[first];
        if (block.timestamp < TicketLedger.fillableFrom(day)) return (0, 0);
        if (day >= PENDING_SLASHES.heldFrom()) return (0, 0); // who stays would pay for who leaves
        shares = line.remainingIn(day);
        units = ValueMath.convertDown(shares, rateWad, assetRateWad);
        uint256 available = ValueMath.minusOrZero(POOL.idle(asset), _heldForEther(asset, day, rateWad, assetRateWad));
        if (available < units) {
            units = available;
            shares = ValueMath.convertUp(units, assetRateWad, rateWad); // ≤ remaining: units < its worth
            if (shares == 0) return (0, 0);
        }
        uint256 sent = POOL.payLine(asset, units, shares);
        line.pay(day, shares, sent);
        emit BatchFilled(asset, day, shares, sent, rateWad);
    }

    /// @dev Units that older batches of the ETH line still need, so that younger tickets cannot pass them for ever: none of
    ///      an asset that does not back ETH. What both lines need has been asked back from the engine, so nobody
    ///      waits for the issuer of another line.
    function _heldForEther(
        address asset,
        uint32 day,
        uint256 rateWad,
        uint256 assetRateWad
    ) private view returns (uint256 units) {
        if (asset == ETHER || !ISSUER_DESK.backsEther(asset)) return 0;
        uint256 value = ValueMath.toEtherUp(_lines[ETHER].waitingBefore(day), rateWad);
        uint256 covered = POOL.idle(ETHER) + ACCOUNTANT.redeeming();
        return ValueMath.fromEtherUp(ValueMath.minusOrZero(value, covered), assetRateWad);
    }

    /// @dev Time by which a batch is paid in kind while cranks turn.
    function _dueBy(uint32 day) private view returns (uint256) {
        return (uint256(day) + 1) * 1 days + EXIT_TIME;
    }

    function _join(address asset, uint256 shares, address owner) private returns (uint256 id) {
        TicketLedger.Line storage line = _lines[asset];
        (uint256 lineNumber, bool isKnown) = (line.number, line.isKnown);
        require(isKnown, IDepositPool.AssetNotAccepted(asset));
        (uint32 day, uint32 number, bool hadRoom) = line.join(shares);
        if (!hadRoom) line.room = ValueMath.partDown(ISSUER_DESK.room(asset), 1, ROOM_PART).toUint96();
        id = (lineNumber << 64) | (uint256(day) << 32) | number;
        _issue(id, owner, shares);
        emit Requested(id, owner, asset, shares);
    }

    /// @dev Takes a ticket's filled units; the ticket ends when nothing of it waits any more.
    function _collect(Place memory p, address receiver) private returns (uint256 units) {
        bool waits;
        bool inParts;
        (units, waits, inParts) = _lines[p.asset].standOf(p.day, p.shares);
        if (inParts) units = ValueMath.minusOrZero(units, _collected[p.id]);
        require(units != 0, TicketNotFilled(p.id));
        if (waits) {
            _collected[p.id] += units;
        } else {
            _end(p.id, p.owner);
            if (inParts) delete _collected[p.id];
        }
        emit Claimed(p.id, receiver, p.asset, units);
    }

    function _send(address asset, uint256 units, address receiver) private {
        if (asset == ETHER) Address.sendValue(payable(receiver), units);
        else IERC20(asset).safeTransfer(receiver, units);
    }

    function _claimable(Place memory p) private view returns (uint256) {
        (uint256 units, , bool inParts) = _lines[p.asset].standOf(p.day, p.shares);
        return inParts ? ValueMath.minusOrZero(units, _collected[p.id]) : units;
    }

    function _ownPlace(uint256 id) private view returns (Place memory p) {
        p = _place(id);
        require(_isAuthorized(p.owner, msg.sender, id), NotTicketOwner(id, msg.sender, p.owner));
    }

    function _place(uint256 id) private view returns (Place memory p) {
        Ticket storage ticket = _book().tickets[id];
        p.owner = ticket.owner;
        require(p.owner != address(0), UnknownTicket(id));
        p.shares = ticket.shares;
        p.id = id;
        uint256 number = id >> 64;
        p.asset = number == 0 ? ETHER : _assets[number];
        p.day = uint32(id >> 32); // bits 32 to 63 of the id
    }

    function _book() internal view override returns (Book storage) {
        return _tickets;
    }
}
