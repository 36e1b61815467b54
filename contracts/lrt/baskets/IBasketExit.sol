// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IModule} from "../governance/IModule.sol";
import {ITicketBook} from "../withdrawals/ITicketBook.sol";

/// @title IBasketExit
/// @notice The way out that has no door and needs no price: a slice of every asset the pool has, of each as much as there is.
/// @dev A ticket is an ERC-721. Its id says where it stands: day of its basket (bits 32–63) and number within it (bits 0–31).
///      It never ends: something may still come. There is no cancel.
interface IBasketExit is IModule, ITicketBook {
    /* TYPES */

    /// @notice Where a ticket is on its way.
    enum Waiting {
        BasketToClose, // its day is not over
        MinimumAge, // closed, but not for a full day
        Strike, // anyone may strike it now
        Arrivals // struck: what was idle can be claimed, the rest as it comes home
    }

    /// @param shares Shares of all tickets.
    /// @param tickets Tickets issued.
    /// @param strike Number of its strike; 0 = not struck yet.
    struct Basket {
        uint96 shares;
        uint32 tickets;
        uint32 strike;
    }

    /// @param owner Who may claim.
    /// @param shares Shares the ticket joined with.
    /// @param strike Number of its strike; 0 = not struck yet.
    /// @param strikeFrom First time at which it may be struck.
    /// @param waitsFor What it waits for.
    /// @param claimable Units that can be claimed now, in the order of the registry's assets.
    /// @param claimed Units claimed so far, in the same order.
    struct Status {
        address owner;
        uint256 shares;
        uint256 strike;
        uint256 strikeFrom;
        Waiting waitsFor;
        uint256[] claimable;
        uint256[] claimed;
    }

    /* EVENTS */

    /// @notice Shares joined a basket.
    event BasketRequested(uint256 indexed id, address indexed owner, uint256 shares);
    /// @notice A day's basket was struck.
    event BasketStruck(uint32 indexed day, uint256 indexed strike, uint256 shares);
    /// @notice A ticket was paid some of what it has been given.
    event BasketClaimed(uint256 indexed id, address indexed receiver, address indexed asset, uint256 units);

    /* ERRORS */

    /// @notice The request is below the smallest one.
    error BasketTooSmall(uint256 shares, uint256 minShares);
    /// @notice There is no such ticket.
    error UnknownBasketTicket(uint256 id);
    /// @notice Nobody asked for a basket on that day, or it has been struck already.
    error NothingToStrike(uint32 day);
    /// @notice A basket is struck one full day after its day is over.
    error TooEarlyToStrike(uint32 day, uint256 time, uint256 strikeFrom);
    /// @notice Nothing of these assets can be claimed now.
    error NothingToClaim(uint256 id);
    /// @notice Only the ticket's owner, or whom he has approved, may do this.
    error NotBasketOwner(uint256 id, address caller, address owner);

    /* LEAVING */

    /// @notice Puts shares into today's basket. They keep earning and losing until it is struck.
    /// @dev Caller: anyone who has approved the shares to this contract.
    /// @param receiver Owner of the ticket.
    function request(uint256 shares, address receiver) external returns (uint256 id);

    /// @notice Puts shares that lie with the line already into today's basket.
    /// @dev Caller: WithdrawalQueue, which has let the ticket they belonged to go.
    function join(uint256 shares, address owner) external returns (uint256 id);

    /// @notice Strikes a day's basket: its shares are burnt, what is idle is set aside, and of everything else it owns its
    ///         part until that comes home.
    /// @dev Caller: anyone. Rounds down, in favour of those who stay.
    function strike(uint32 day) external;

    /* CLAIMING */

    /// @notice Pays a ticket what it has been given of some assets, to its owner. All or nothing: leave out a token that does
    ///         not move now.
    /// @dev Caller: anyone. Rounds down, in favour of the basket.
    function claim(uint256 id, address[] calldata assets) external;

    /// @notice The same, to somebody the owner chooses.
    /// @dev Caller: the ticket's owner or whom he has approved. Rounds down, in favour of the basket.
    function claimTo(uint256 id, address[] calldata assets, address receiver) external;

    /* VIEWS */

    /// @notice Units of an asset that a claim would pay now.
    /// @dev Rounds down, in favour of the basket.
    function claimable(uint256 id, address asset) external view returns (uint256 units);

    /// @notice Everything about a ticket that needs no look outside: not what is still on its way, which `BasketLens.ticket`
    ///         tells along with this. Reverts with `UnknownBasketTicket`.
    function basketStatus(uint256 id) external view returns (Status memory);

    /// @notice One day's basket.
    function basket(uint32 day) external view returns (Basket memory);

    /// @notice Days of the baskets that are not struck yet, oldest first.
    function unstruckDays() external view returns (uint32[] memory unstruck);

    /// @notice Shares that wait for their strike; they lie with the line.
    function waitingShares() external view returns (uint256 shares);

    /// @notice Smallest request [shares].
    function MIN_SHARES() external view returns (uint256);
}
