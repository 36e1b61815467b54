// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRateFeed} from "./IRateFeed.sol";

/// @title ICappedRateFeed
/// @notice The same feed with a limit on growth: the answer is the rate or, if that is lower, a line that rises from a
///         stored snapshot by a fixed part a year. Falls are followed at once. Nobody owns it; anyone moves the snapshot.
/// @dev A new snapshot never lies above the line, so it never loosens the limit and never moves the answer of its moment.
///      It keeps the higher of the rates at this and at the previous snapshot: who takes one in a short dip holds nobody
///      down, and a lasting fall has lowered the line after two of them.
interface ICappedRateFeed is IRateFeed {
    /* TYPES */

    /// @param rateWad Where the line began.
    /// @param seenWad The rate when it began, at most the line's.
    /// @param takenAt When [unix time].
    struct Snapshot {
        uint88 rateWad;
        uint88 seenWad;
        uint40 takenAt;
    }

    /* EVENTS */

    /// @notice The line begins anew.
    event SnapshotTaken(address indexed caller, uint256 oldRateWad, uint256 newRateWad, uint256 seenWad);

    /* ERRORS */

    /// @notice The snapshot is too young to be replaced.
    error SnapshotTooYoung(uint256 time, uint256 replaceableFrom);
    /// @notice A snapshot is taken of a fresh rate only.
    error RateNotFresh(uint256 reportedAt, uint256 oldestAllowed);
    /// @notice The growth is zero or above the hard limit.
    error GrowthOutOfBounds(uint256 growthBps, uint256 limitBps);

    /* ADVANCING */

    /// @notice Replaces a snapshot that is at least a week old.
    /// @dev Caller: anyone, while the rate is fresh.
    function advance() external returns (uint256 newRateWad);

    /* VIEWS */

    /// @notice Where the line began.
    function snapshot() external view returns (Snapshot memory);

    /// @notice The line now: the highest answer the feed can give. It rises for at most 90 days without a new snapshot.
    /// @dev Rounds down, against the holders of trETH.
    function limit() external view returns (uint256 limitWad);

    /// @notice Whether the rate lies above the line, so that the answer is lower than the rate.
    function isCapped() external view returns (bool);
}
