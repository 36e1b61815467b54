// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IModule} from "../governance/IModule.sol";
import {IAccountant} from "./IAccountant.sol";

/// @title FeeLedger
/// @notice The fee: its size, who receives it, up to which rate it has been taken, and how much was minted today.
library FeeLedger {
    using SafeCast for uint256;

    /// @param highWaterMark Highest rate on which a fee has been taken.
    /// @param grownAt When growth was last recognised.
    /// @param bps Part of new growth that is the fee.
    /// @param day Day of `minted`.
    /// @param minted Shares minted as fee on `day`.
    /// @param recipient Who receives them.
    struct State {
        uint96 highWaterMark;
        uint40 grownAt;
        uint16 bps;
        uint32 day;
        uint128 minted;
        address recipient;
    }

    /* CHANGES */

    /// @notice Books a report: growth is recognised up to now, the mark follows the rate, `feeShares` are minted.
    function book(State storage self, uint256 rateWad, uint256 feeShares) internal {
        self.grownAt = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
        if (rateWad > self.highWaterMark) self.highWaterMark = rateWad.toUint96();
        uint32 today = ValueMath.dayOf(block.timestamp);
        if (self.day != today) (self.day, self.minted) = (today, 0);
        if (feeShares != 0) self.minted += feeShares.toUint128();
    }

    /// @notice Sets the fee as it is at first, and begins the books at a rate of one.
    function start(State storage self, uint16 bps, uint16 limit, address recipient) internal {
        require(bps <= limit, IAccountant.FeeTooHigh(bps, limit));
        require(recipient != address(0), IModule.ZeroAddress());
        (self.bps, self.recipient) = (bps, recipient);
        book(self, ValueMath.WAD, 0);
    }

    /// @notice Raises the fee, up to a limit.
    function raise(State storage self, uint16 newBps, uint16 limit) internal {
        require(newBps > self.bps, IModule.WrongDirection(self.bps, newBps));
        require(newBps <= limit, IAccountant.FeeTooHigh(newBps, limit));
        _setBps(self, newBps);
    }

    /// @notice Lowers the fee.
    function lower(State storage self, uint16 newBps) internal {
        require(newBps < self.bps, IModule.WrongDirection(self.bps, newBps));
        _setBps(self, newBps);
    }

    /// @notice Sets who receives the fee.
    function setRecipient(State storage self, address newRecipient) internal {
        require(newRecipient != address(0), IModule.ZeroAddress());
        emit IAccountant.FeeRecipientChanged(self.recipient, newRecipient);
        self.recipient = newRecipient;
    }

    /* VIEWS */

    /// @notice Shares minted today; a new day begins at zero.
    function mintedToday(State storage self) internal view returns (uint256 shares) {
        return self.day == ValueMath.dayOf(block.timestamp) ? self.minted : 0;
    }

    function _setBps(State storage self, uint16 newBps) private {
        emit IAccountant.FeeChanged(self.bps, newBps);
        self.bps = newBps;
    }
}
