// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IWithdrawalQueue} from "./IWithdrawalQueue.sol";

/// @title TicketLedger
/// @notice Batches of one line: who joined, what is paid, what a ticket may claim. Every ticket of a batch has the same
///         part of everything the batch gets, so paying a batch costs the same for one ticket and for a thousand.
library TicketLedger {
    using SafeCast for uint256;

    /// @dev What joining and claiming touch is in one slot.
    /// @param shares Shares of all tickets when they joined (less tickets that moved away).
    /// @param assets Units set aside for the batch since it was opened, claimed ones included.
    /// @param tickets Tickets ever issued in it.
    /// @param isPaid Nothing of it waits any more; `paid` then says nothing.
    /// @param inParts It was not paid at one go, so a ticket may have claimed a part of what it was given.
    /// @param paid Shares paid, while others of the batch wait.
    struct Batch {
        uint96 shares;
        uint96 assets;
        uint32 tickets;
        bool isPaid;
        bool inParts;
        uint96 paid; // ── second slot
    }

    /// @param waiting Shares of all tickets not yet paid.
    /// @param room Shares that may still join today before the backing is looked at again.
    /// @param firstOpen Index of the oldest batch that is not paid in full.
    /// @param number The line's number, as in the ids of its tickets.
    /// @param isKnown Whether there is such a line.
    /// @param batchDays Days that have a batch, in order.
    /// @param batches Batches by day.
    struct Line {
        uint96 waiting;
        uint96 room;
        uint32 firstOpen;
        uint8 number;
        bool isKnown;
        uint32[] batchDays;
        mapping(uint32 day => Batch) batches;
    }

    /* CHANGES */

    /// @notice Adds shares to today's batch; returns its day, the ticket's number in it, and whether the line's room was
    ///         enough. The first ticket of a day never relies on the room of the day before.
    function join(Line storage self, uint256 shares) internal returns (uint32 day, uint32 number, bool hadRoom) {
        day = ValueMath.dayOf(block.timestamp);
        Batch storage b = self.batches[day];
        number = b.tickets;
        if (number == 0) self.batchDays.push(day);
        if (b.isPaid) (b.paid, b.isPaid, b.inParts) = (b.shares, false, true);
        (uint256 joined, uint256 waiting, uint256 room) = (b.shares, self.waiting, self.room);
        (joined, waiting) = ((joined + shares).toUint96(), (waiting + shares).toUint96());
        hadRoom = number != 0 && shares <= room;
        if (hadRoom) room -= shares;
        (b.shares, b.tickets) = (uint96(joined), number + 1); // one write, cast above
        (self.waiting, self.room) = (uint96(waiting), uint96(room)); // one write: cast above; at most the old room
    }

    /// @notice Books a payment: `shares` are burnt for `units`.
    function pay(Line storage self, uint32 day, uint256 shares, uint256 units) internal {
        Batch storage b = self.batches[day];
        uint96 assets = (b.assets + units).toUint96();
        uint256 remaining = _remaining(b);
        if (shares == remaining) {
            (b.assets, b.isPaid) = (assets, true); // one write
        } else {
            b.paid = (b.paid + shares).toUint96();
            (b.assets, b.inParts) = (assets, true); // one write
        }
        self.waiting = (self.waiting - shares).toUint96();
    }

    /// @notice Takes a ticket out of its batch; returns the shares it still waits with. What it was paid must have been
    ///         collected before: it leaves with its part of `assets`.
    function depart(Line storage self, uint32 day, uint256 shares) internal returns (uint256 remaining) {
        Batch storage b = self.batches[day];
        (uint256 all, uint256 open) = (b.shares, _remaining(b));
        remaining = ValueMath.partDown(open, shares, all);
        // Rounded down, so what is left per share of the others is never less than before.
        b.assets = (b.assets - ValueMath.partDown(b.assets, shares, all)).toUint96();
        b.shares = (all - shares).toUint96();
        // `open` is at most `all` and `remaining` rounded down, so what stays open is at most what stays.
        if (!b.isPaid) b.paid = ((all - shares) - (open - remaining)).toUint96();
        self.waiting = (self.waiting - remaining).toUint96();
    }

    /// @notice Passes over batches that are paid in full.
    function advance(Line storage self) internal {
        uint256 length = self.batchDays.length;
        uint256 next = self.firstOpen;
        while (next < length && _isDone(self, self.batchDays[next])) ++next;
        if (next != self.firstOpen) self.firstOpen = uint32(next); // ≤ number of days
    }

    /* VIEWS */

    /// @notice The one definition of the boundary: a batch closes with its day.
    function isClosed(uint32 day) internal view returns (bool) {
        return day < ValueMath.dayOf(block.timestamp);
    }

    /// @notice First time at which a batch may be paid: one full day after it closed.
    function fillableFrom(uint32 day) internal pure returns (uint256) {
        return (uint256(day) + 2) * 1 days;
    }

    /// @notice Shares a ticket of `shares` still waits with; rounds down.
    function remainingOf(Line storage self, uint32 day, uint256 shares) internal view returns (uint256) {
        Batch storage b = self.batches[day];
        return b.isPaid ? 0 : ValueMath.partDown(_remaining(b), shares, b.shares);
    }

    /// @notice Units a ticket of `shares` has been given so far, claimed ones included; whether any share of it still waits;
    ///         and whether it may have claimed a part before. Rounds down.
    function standOf(
        Line storage self,
        uint32 day,
        uint256 shares
    ) internal view returns (uint256 units, bool waits, bool inParts) {
        Batch storage b = self.batches[day];
        (uint256 all, uint256 assets, bool isPaid) = (b.shares, b.assets, b.isPaid); // one read
        inParts = b.inParts;
        units = ValueMath.partDown(assets, shares, all);
        waits = !isPaid && ValueMath.partDown(_remaining(b), shares, all) != 0;
    }

    /// @notice Shares of a batch that are not paid.
    function remainingIn(Line storage self, uint32 day) internal view returns (uint256) {
        return _remaining(self.batches[day]);
    }

    /// @notice One batch as others see it.
    function batchOf(Line storage self, uint32 day) internal view returns (IWithdrawalQueue.Batch memory) {
        Batch storage b = self.batches[day];
        return IWithdrawalQueue.Batch(b.shares, _remaining(b).toUint96(), b.tickets, b.assets);
    }

    /// @notice Shares of closed batches that are not paid.
    function due(Line storage self) internal view returns (uint256) {
        return self.waiting - _remaining(self.batches[ValueMath.dayOf(block.timestamp)]);
    }

    /// @notice Shares of batches older than `day` that are not paid.
    function waitingBefore(Line storage self, uint32 day) internal view returns (uint256 shares) {
        uint256 length = self.batchDays.length;
        for (uint256 i = self.firstOpen; i < length && self.batchDays[i] < day; ++i) {
            shares += _remaining(self.batches[self.batchDays[i]]);
        }
    }

    /// @dev Closed and nothing left to pay. An open batch may still be joined, so it is never passed over.
    function _isDone(Line storage self, uint32 day) private view returns (bool) {
        return isClosed(day) && _remaining(self.batches[day]) == 0;
    }

    function _remaining(Batch storage b) private view returns (uint256 shares) {
        return b.isPaid ? 0 : b.shares - b.paid;
    }
}
