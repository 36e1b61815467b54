// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
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

    /// @notice Sets the size of the fee.
    function setBps(State storage self, uint16 newBps) internal {
        emit IAccountant.FeeChanged(self.bps, newBps);
        self.bps = newBps;
    }

    /// @notice Sets who receives the fee.
    function setRecipient(State storage self, address newRecipient) internal {
        emit IAccountant.FeeRecipientChanged(self.recipient, newRecipient);
        self.recipient = newRecipient;
    }

    /* VIEWS */

    /// @notice Shares minted today; a new day begins at zero.
    function mintedToday(State storage self) internal view returns (uint256 shares) {
        return self.day == ValueMath.dayOf(block.timestamp) ? self.minted : 0;
    }
}
