// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRateSource} from "./IRateSource.sol";

/// @title ICbEthRateSource
/// @notice A rate source that remembers what it saw, because its issuer's rate carries no time.
interface ICbEthRateSource is IRateSource {
    /* TYPES */

    /// @param rateWad Rate when somebody last looked.
    /// @param changedAt Time at which it was still another one: it is at most as old as that.
    /// @param lookedAt Time at which somebody last looked.
    struct Seen {
        uint128 rateWad;
        uint40 changedAt;
        uint40 lookedAt;
    }

    /* EVENTS */

    /// @notice Somebody looked.
    event Looked(uint256 rateWad, uint256 changedAt);

    /* LOOKING */

    /// @notice Looks at the issuer's rate. Without a real change it gets no younger; with one it is as young as the last
    ///         look before it, so daily looks keep the entrance open.
    /// @dev Caller: anyone.
    function poke() external;

    /* VIEWS */

    /// @notice What was seen last.
    function seen() external view returns (Seen memory);
}
