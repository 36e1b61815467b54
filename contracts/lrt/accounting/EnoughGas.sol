// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccountant} from "./IAccountant.sol";

/// @title EnoughGas
/// @notice Tells a call that failed by itself from one that was given too little gas, so that a stingy caller cannot choose which
///         it is.
library EnoughGas {
    /// @notice Reverts with `NotEnoughGas` unless a call that failed had all the gas it is allowed.
    /// @param gasBefore Gas that was left before the call.
    /// @param callGas Gas the call gets.
    function requireGiven(uint256 gasBefore, uint256 callGas) internal pure {
        // A call gets at most 63/64 of what is left (EIP-150); 1/32 more covers that and the way to the call.
        uint256 needed = callGas + (callGas >> 5);
        require(gasBefore >= needed, IAccountant.NotEnoughGas(gasBefore, needed));
    }
}
