// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IFreshness
/// @notice How far a published rate can be relied on: when it was last reported, and whether everything could be read.
interface IFreshness {
    /* TYPES */

    /// @param isFresh Whether the rate is readable and not older than `maxAge`.
    /// @param isReadable Whether the last report could read every value behind the rate; while it cannot, the value last
    ///        read stands, losses of everything else count, and the time of the report does not move.
    /// @param reportedAt Time of the last report that could read every value [unix time].
    /// @param age Time since then [seconds].
    /// @param maxAge Age from which a rate counts as stale; deposits refuse it too [seconds].
    struct Freshness {
        bool isFresh;
        bool isReadable;
        uint256 reportedAt;
        uint256 age;
        uint256 maxAge;
    }

    /* VIEWS */

    /// @notice Whether the rate is readable and not older than the maximum.
    function isFresh() external view returns (bool);

    /// @notice The same with everything it follows from.
    function freshness() external view returns (Freshness memory);
}
