// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {TicketBook} from "../withdrawals/TicketBook.sol";
import {TicketLedger} from "../withdrawals/TicketLedger.sol";
import {IBasketBook} from "./IBasketBook.sol";
import {IBasketExit} from "./IBasketExit.sol";

/// @title BasketExit
/// @notice The way out that has no door and needs no price: a slice of every asset the pool has, of each as much as there is.
/// @dev Owns: tickets and what they have been paid. Trusts: BOOK for what a basket is given (safety).
///      Never: reads a price, a door, the engine or an issuer; lets one token that does not move hold up another.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract BasketExit is IBasketExit, TicketBook, GovernedModule {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    /// @inheritdoc IBasketExit
    uint256 public constant MIN_SHARES = 1e12;

    /* IMMUTABLES */

    ITrEth public immutable TR_ETH;
    IBasketBook public immutable BOOK;
    IAssetRegistry public immutable REGISTRY;
    /// @notice Where shares lie until they are burnt.
    address public immutable QUEUE;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.BasketExit
    struct State {
        mapping(uint32 day => Basket) baskets;
        Book book; // its tickets never end
        mapping(uint256 id => mapping(address asset => uint256 units)) claimed;
        uint32[] basketDays; // in order
        uint32 firstUnstruck; // index of the oldest day that is not struck
        uint96 waiting;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.BasketExit")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0xd4f87c5d2694a8d85fed552120fc1f2102babb1c48eb40f692c146d80cac1b00;

    /* SETUP */

    constructor(ITrEth trEth, IBasketBook book, IAssetRegistry registry, address queue) {
        TR_ETH = trEth;
        BOOK = book;
        REGISTRY = registry;
        QUEUE = queue;
    }

    /// @notice Sets the authority and the names of the tickets.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __ERC721_init("Trellis Basket Ticket", "trBASKET");
        __AccessManaged_init(authority);
    }

    /* LEAVING */

    /// @inheritdoc IBasketExit
    function request(uint256 shares, address receiver) external nonReentrant returns (uint256 id) {
        require(receiver != address(0), ZeroAddress());
        require(shares >= MIN_SHARES, BasketTooSmall(shares, MIN_SHARES));
        id = _join(shares, receiver);
        IERC20(TR_ETH).safeTransferFrom(msg.sender, QUEUE, shares);
    }

    /// @inheritdoc IBasketExit
    function join(uint256 shares, address owner) external onlyModule(QUEUE) returns (uint256 id) {
        return _join(shares, owner);
    }

    /// @inheritdoc IBasketExit
    function strike(uint32 day) external nonReentrant {
        State storage state = _state();
        Basket storage b = state.baskets[day];
        uint256 shares = b.shares;
        require(shares != 0 && b.strike == 0, NothingToStrike(day));
        uint256 strikeFrom = TicketLedger.fillableFrom(day);
        require(block.timestamp >= strikeFrom, TooEarlyToStrike(day, block.timestamp, strikeFrom));
        state.waiting = (state.waiting - shares).toUint96();
        uint256 number = BOOK.strike(shares);
        b.strike = number.toUint32();
        _advance(state);
        emit BasketStruck(day, number, shares);
    }

    /* CLAIMING */

    /// @inheritdoc IBasketExit
    function claim(uint256 id, address[] calldata assets) external nonReentrant {
        _claim(id, assets, _ticket(id).owner);
    }

    /// @inheritdoc IBasketExit
    function claimTo(uint256 id, address[] calldata assets, address receiver) external nonReentrant {
        require(receiver != address(0), ZeroAddress());
        address owner = _ticket(id).owner;
        require(_isAuthorized(owner, msg.sender, id), NotBasketOwner(id, msg.sender, owner));
        _claim(id, assets, receiver);
    }

    /* VIEWS */

    /// @inheritdoc IBasketExit
    function claimable(uint256 id, address asset) public view returns (uint256 units) {
        Ticket storage ticket = _ticket(id);
        Basket storage b = _state().baskets[_dayOf(id)];
        if (b.strike == 0) return 0;
        return
            ValueMath.partDown(BOOK.credited(b.strike, asset), ticket.shares, b.shares) - _state().claimed[id][asset];
    }

    /// @inheritdoc IBasketExit
    function basketStatus(uint256 id) external view returns (Status memory status) {
        Ticket storage ticket = _ticket(id);
        uint32 day = _dayOf(id);
        (status.owner, status.shares) = (ticket.owner, ticket.shares);
        status.strike = _state().baskets[day].strike;
        status.strikeFrom = TicketLedger.fillableFrom(day);
        if (status.strike != 0) status.waitsFor = Waiting.Arrivals;
        else if (!TicketLedger.isClosed(day)) status.waitsFor = Waiting.BasketToClose;
        else if (block.timestamp < status.strikeFrom) status.waitsFor = Waiting.MinimumAge;
        else status.waitsFor = Waiting.Strike;
        address[] memory assets = REGISTRY.assets();
        (status.claimable, status.claimed) = (new uint256[](assets.length), new uint256[](assets.length));
        for (uint256 i = 0; i < assets.length; ++i) {
            (status.claimable[i], status.claimed[i]) = (claimable(id, assets[i]), _state().claimed[id][assets[i]]);
        }
    }

    /// @inheritdoc IBasketExit
    function basket(uint32 day) external view returns (Basket memory) {
        return _state().baskets[day];
    }

    /// @inheritdoc IBasketExit
    function unstruckDays() external view returns (uint32[] memory unstruck) {
        State storage state = _state();
        uint256 length = state.basketDays.length;
        unstruck = new uint32[](length - state.firstUnstruck);
        uint256 count;
        for (uint256 i = state.firstUnstruck; i < length; ++i) {
            if (state.baskets[state.basketDays[i]].strike == 0) unstruck[count++] = state.basketDays[i];
        }
        // Shortens the list to what was found.
        assembly ("memory-safe") {
            mstore(unstruck, count)
        }
    }

    /// @inheritdoc IBasketExit
    function waitingShares() external view returns (uint256 shares) {
        return _state().waiting;
    }

    /* INTERNALS */

    function _join(uint256 shares, address owner) private returns (uint256 id) {
        State storage state = _state();
        uint32 day = ValueMath.dayOf(block.timestamp);
        Basket storage b = state.baskets[day];
        id = (uint256(day) << 32) | b.tickets;
        if (b.tickets == 0) state.basketDays.push(day);
        (b.tickets, b.shares) = (b.tickets + 1, (b.shares + shares).toUint96());
        state.waiting = (state.waiting + shares).toUint96();
        _issue(id, owner, shares);
        emit BasketRequested(id, owner, shares);
    }

    /// @dev What is paid is written down before it is sent: a token that calls out finds nothing left.
    function _claim(uint256 id, address[] calldata assets, address receiver) private {
        bool any;
        for (uint256 i = 0; i < assets.length; ++i) {
            uint256 units = claimable(id, assets[i]);
            if (units == 0) continue;
            any = true;
            _state().claimed[id][assets[i]] += units;
            emit BasketClaimed(id, receiver, assets[i], units);
            BOOK.pay(assets[i], units, receiver);
        }
        require(any, NothingToClaim(id));
    }

    /// @dev Passes over days that are struck; they may be in any order.
    function _advance(State storage state) private {
        uint256 length = state.basketDays.length;
        uint256 next = state.firstUnstruck;
        while (next < length && state.baskets[state.basketDays[next]].strike != 0) ++next;
        state.firstUnstruck = uint32(next); // ≤ number of days
    }

    function _book() internal view override returns (Book storage) {
        return _state().book;
    }

    function _ticket(uint256 id) private view returns (Ticket storage ticket) {
        ticket = _book().tickets[id];
        require(ticket.owner != address(0), UnknownBasketTicket(id));
    }

    function _dayOf(uint256 id) private pure returns (uint32) {
        return uint32(id >> 32); // bits 32 to 63 of the id; the rest are zero in every ticket's
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
