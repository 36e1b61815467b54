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

    /// @param batches Batches by day.
    /// @param batchDays Days that have a batch, in order.
    /// @param firstOpen Index of the oldest batch that is not paid in full.
    /// @param waiting Shares of all tickets not yet paid.
    struct Line {
        mapping(uint32 day => IWithdrawalQueue.Batch) batches;
        uint32[] batchDays;
        uint64 firstOpen;
        uint128 waiting;
    }

    /* CHANGES */

    /// @notice Adds shares to today's batch; returns its day and the ticket's number in it.
    function join(Line storage self, uint256 shares) internal returns (uint32 day, uint32 number) {
        day = ValueMath.dayOf(block.timestamp);
        IWithdrawalQueue.Batch storage b = self.batches[day];
        number = b.tickets;
        if (number == 0) self.batchDays.push(day);
        b.tickets = number + 1;
        b.shares = (b.shares + shares).toUint96();
        b.remaining = (b.remaining + shares).toUint96();
        self.waiting = (self.waiting + shares).toUint128();
    }

    /// @notice Books a payment: `shares` are burnt for `units`.
    function pay(Line storage self, uint32 day, uint256 shares, uint256 units) internal {
        IWithdrawalQueue.Batch storage b = self.batches[day];
        b.remaining = (b.remaining - shares).toUint96();
        b.assets = (b.assets + units).toUint128();
        self.waiting = (self.waiting - shares).toUint128();
    }

    /// @notice Takes a ticket out of its batch; returns the shares it still waits with. What it was paid must have been
    ///         collected before: it leaves with its part of `assets`.
    function depart(Line storage self, uint32 day, uint256 shares) internal returns (uint256 remaining) {
        IWithdrawalQueue.Batch storage b = self.batches[day];
        uint256 all = b.shares;
        remaining = ValueMath.partDown(b.remaining, shares, all);
        // Rounded down, so what is left per share of the others is never less than before.
        b.assets = (b.assets - ValueMath.partDown(b.assets, shares, all)).toUint128();
        b.remaining = (b.remaining - remaining).toUint96();
        b.shares = (all - shares).toUint96();
        self.waiting = (self.waiting - remaining).toUint128();
    }

    /// @notice Passes over batches that are paid in full.
    function advance(Line storage self) internal {
        uint256 length = self.batchDays.length;
        uint256 next = self.firstOpen;
        while (next < length && _isDone(self, self.batchDays[next])) ++next;
        self.firstOpen = uint64(next); // ≤ number of days
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

    /// @notice Units a ticket of `shares` has been given so far, claimed ones included; rounds down.
    function paidTo(Line storage self, uint32 day, uint256 shares) internal view returns (uint256 units) {
        IWithdrawalQueue.Batch storage b = self.batches[day];
        return ValueMath.partDown(b.assets, shares, b.shares);
    }

    /// @notice Shares a ticket of `shares` still waits with; rounds down.
    function remainingOf(Line storage self, uint32 day, uint256 shares) internal view returns (uint256) {
        IWithdrawalQueue.Batch storage b = self.batches[day];
        return ValueMath.partDown(b.remaining, shares, b.shares);
    }

    /// @notice Shares of closed batches that are not paid.
    function due(Line storage self) internal view returns (uint256) {
        return self.waiting - self.batches[ValueMath.dayOf(block.timestamp)].remaining;
    }

    /// @notice Shares of batches older than `day` that are not paid.
    function waitingBefore(Line storage self, uint32 day) internal view returns (uint256 shares) {
        uint256 length = self.batchDays.length;
        for (uint256 i = self.firstOpen; i < length && self.batchDays[i] < day; ++i) {
            shares += self.batches[self.batchDays[i]].remaining;
        }
    }

    /// @dev Closed and nothing left to pay. An open batch may still be joined, so it is never passed over.
    function _isDone(Line storage self, uint32 day) private view returns (bool) {
        return self.batches[day].remaining == 0 && isClosed(day);
    }
}
