// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EnoughGas} from "./EnoughGas.sol";
import {IAccountant} from "./IAccountant.sol";

/// @title ReadabilityLedger
/// @notice Which values cannot be read just now (value quarantine): their last value stands and priced doors close.
library ReadabilityLedger {
    /// @param isUnreadable Delegators, assets and desks that did not answer.
    /// @param count How many.
    struct State {
        mapping(address subject => bool) isUnreadable;
        uint256 count;
    }

    /// @notice Notes that a value was read; returns whether that is news.
    function succeed(State storage self, address subject) internal returns (bool) {
        if (!self.isUnreadable[subject]) return false;
        self.isUnreadable[subject] = false;
        --self.count;
        emit IAccountant.ReadabilityChanged(subject, true);
        return true;
    }

    /// @notice Notes that a read failed, provided that it had all the gas it is allowed; returns whether that is news.
    /// @param gasBefore Gas that was left before the read.
    /// @param readGas Gas a read gets.
    function fail(State storage self, address subject, uint256 gasBefore, uint256 readGas) internal returns (bool) {
        EnoughGas.requireGiven(gasBefore, readGas);
        if (self.isUnreadable[subject]) return false;
        self.isUnreadable[subject] = true;
        ++self.count;
        emit IAccountant.ReadabilityChanged(subject, false);
        return true;
    }
}
