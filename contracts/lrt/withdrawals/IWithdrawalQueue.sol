// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IBasketExit} from "../baskets/IBasketExit.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IModule} from "../governance/IModule.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {IPendingSlashes} from "./IPendingSlashes.sol";
import {ITicketBook} from "./ITicketBook.sol";

/// @title IWithdrawalQueue
/// @notice A line per payout asset in which holders wait, still sharing gains and losses, until their shares are paid.
/// @dev A ticket is an ERC-721. Its id says where it stands: line (bits 64–71), day of the batch (bits 32–63) and number
///      within the batch (bits 0–31). There is no cancel.
interface IWithdrawalQueue is IModule, ITicketBook {
    /* TYPES */

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        IDepositPool pool;
        IAccountant accountant;
        address registry;
        IIssuerDesk issuerDesk;
        IStETH stEth;
        IWstETH wstEth;
        IPendingSlashes pendingSlashes;
        IBasketExit basketExit;
    }

    /// @notice Where a ticket is on its way.
    enum Waiting {
        BatchToClose, // the day of its batch is not over
        MinimumAge, // the batch is closed, but not for a full day
        Assets, // may be filled as soon as assets are there
        Nothing // filled in full
    }

    /// @param shares Shares of all tickets when they joined (less tickets that moved away).
    /// @param remaining Shares not yet paid.
    /// @param assets Units set aside for the batch since it was opened, claimed ones included.
    /// @param tickets Tickets ever issued in it.
    struct Batch {
        uint96 shares;
        uint96 remaining;
        uint32 tickets;
        uint128 assets;
    }

    /// @param owner Who may claim.
    /// @param asset Payout asset.
    /// @param claimable Units that can be claimed now.
    /// @param remainingShares Shares not yet paid.
    /// @param estimate Units those shares are worth now.
    /// @param earliest First time at which the ticket can be filled.
    /// @param latest Time by which it is filled while cranks turn every day; for ETH, while issuers also pay within their
    ///        time. What a slash or a basket takes of what is on its way is brought back anew: for that part, and when an asset
    ///        has lost more than the others, it may be later.
    /// @param waitsFor What it waits for.
    struct Status {
        address owner;
        address asset;
        uint256 claimable;
        uint256 remainingShares;
        uint256 estimate;
        uint256 earliest;
        uint256 latest;
        Waiting waitsFor;
    }

    /* EVENTS */

    /// @notice Shares joined a line.
    event Requested(uint256 indexed id, address indexed owner, address indexed asset, uint256 shares);
    /// @notice A batch was paid, in part or in full.
    event BatchFilled(address indexed asset, uint32 indexed day, uint256 shares, uint256 units, uint256 rateWad);
    /// @notice A ticket's filled amount was paid out.
    event Claimed(uint256 indexed id, address indexed receiver, address indexed asset, uint256 units);
    /// @notice A ticket left its batch unfilled for another line.
    event TicketMoved(uint256 indexed id, uint256 indexed newId, uint256 shares);

    /* ERRORS */

    /// @notice The request is below the smallest one.
    error RequestTooSmall(uint256 shares, uint256 minShares);
    /// @notice The line cannot take more shares than its asset backs; for ETH, what issuers redeem counts, and so do the
    ///         shares that wait for it in its own line.
    error BackingExceeded(address asset, uint256 unitsWaiting, uint256 unitsBacking);
    /// @notice Pay-outs are closed for now.
    error FillsClosed(uint256 time, uint256 closedUntil);
    /// @notice There is no batch to fill, or nothing to fill it with.
    error NothingToFill(address asset, uint256 idleUnits);
    /// @notice Nothing of the ticket is filled.
    error TicketNotFilled(uint256 id);
    /// @notice All of the ticket is filled: claim it.
    error TicketFilled(uint256 id);
    /// @notice There is no such ticket.
    error UnknownTicket(uint256 id);
    /// @notice Only the ticket's owner, or whom he has approved, may do this.
    error NotTicketOwner(uint256 id, address caller, address owner);
    /// @notice The ticket may move only after the exit time.
    error TooEarlyToMove(uint256 id, uint256 time, uint256 movableFrom);
    /// @notice This asset has no other form to claim in.
    error NoOtherForm(address asset);

    /* REQUESTING */

    /// @notice Puts shares into today's batch of an asset's line. They keep earning and losing until they are paid.
    /// @dev Caller: anyone who has approved the shares. Refused above what the backing in that asset covers. The backing is
    ///      looked at for the first ticket of a day, and again when a small part of what was free then has been used.
    /// @param asset Payout asset.
    /// @param shares trETH to put in line.
    /// @param receiver Owner of the ticket.
    function request(address asset, uint256 shares, address receiver) external returns (uint256 id);

    /// @notice Collects what is filled and puts the rest into today's batch of another line; or, when `newAsset` is the address
    ///         of BasketExit, into today's basket, which has no door.
    /// @dev Caller: the ticket's owner or whom he has approved; after the exit time.
    function moveTicket(uint256 id, address newAsset) external returns (uint256 newId);

    /* FILLING */

    /// @notice Reports, then pays batches in order from what is idle: at a rate that counts every loss, and the growth up to now.
    /// @dev Caller: anyone. Units round down and burnt shares up, in favour of those who stay.
    /// @param maxBatches Most batches to pay.
    function fill(address asset, uint256 maxBatches) external returns (uint256 shares, uint256 units);

    /* CLAIMING */

    /// @notice Pays a ticket's filled amount to its owner.
    /// @dev Caller: anyone. Rounds down, in favour of the batch.
    function claim(uint256 id) external returns (uint256 units);

    /// @notice Pays several tickets' filled amounts to their owners, all or none: leave out what cannot be paid now.
    /// @dev Caller: anyone. Rounds down, in favour of the batches.
    function claimBatch(uint256[] calldata ids) external;

    /// @notice Pays a ticket's filled amount to somebody the owner chooses.
    /// @dev Caller: the ticket's owner or whom he has approved. Rounds down, in favour of the batch.
    function claimTo(uint256 id, address payable receiver) external returns (uint256 units);

    /// @notice Pays a wstETH ticket's filled amount as stETH.
    /// @dev Caller: the ticket's owner or whom he has approved. Rounds down, in favour of the batch.
    function claimUnwrapped(uint256 id, address receiver) external returns (uint256 units);

    /* SETTINGS */

    /// @notice Opens the line of an asset that was just accepted; lines have the numbers of their assets.
    /// @dev Caller: AssetRegistry.
    function addLine(address asset) external;

    /* VIEWS */

    /// @notice Units that a claim would pay now.
    /// @dev Rounds down, in favour of the batch.
    function claimable(uint256 id) external view returns (uint256 units);

    /// @notice Everything a wallet shows about a ticket. Reverts with `UnknownTicket`.
    function withdrawalStatus(uint256 id) external view returns (Status memory);

    /// @notice Units that the tickets of a line are worth at the stored rates: all of them, and those of closed batches.
    /// @dev Rounds up, in favour of those who wait.
    function waitingUnits(address asset) external view returns (uint256 all, uint256 due);

    /// @notice Shares in line that are not paid yet.
    function waitingShares(address asset) external view returns (uint256 shares);

    /// @notice One batch.
    function batch(address asset, uint32 day) external view returns (Batch memory);

    /// @notice Days of the batches that are not paid in full, oldest first.
    function openBatches(address asset) external view returns (uint32[] memory batchDays);

    /// @notice Time between request and pay-out in kind that is promised [seconds].
    function EXIT_TIME() external view returns (uint256);

    /// @notice Time that an issuer takes to pay, which the line for ETH adds to it; nobody of Trellis can promise it
    ///         [seconds].
    function ISSUER_TIME() external view returns (uint256);

    /// @notice Smallest request [shares].
    function MIN_SHARES() external view returns (uint256);
}
