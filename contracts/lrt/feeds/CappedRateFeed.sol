// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAggregatorV3} from "../../shared/external/IAggregatorV3.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {ICappedRateFeed} from "./ICappedRateFeed.sol";
import {RateFeed} from "./RateFeed.sol";

/// @title CappedRateFeed
/// @notice trETH in ETH as a price feed whose growth is limited, against whatever may one day be wrong with the rate.
/// @dev Owns: its snapshot. Trusts: POOL for the rate (safety). Never: answers more than the rate or the line; holds a fall
///      back; lets anybody raise the line.
contract CappedRateFeed is ICappedRateFeed, RateFeed {
    /* CONSTANTS */

    /// @notice Least time between two snapshots [seconds].
    uint256 public constant MIN_INTERVAL = 7 days;
    /// @notice Time for which the line rises without a new snapshot [seconds].
    uint256 public constant MAX_ACCRUAL = 90 days;
    /// @notice Highest growth a feed may be built with.
    uint256 public constant GROWTH_LIMIT_BPS = 2_500;

    /* IMMUTABLES */

    /// @notice Growth of the line in a year, from one snapshot [bps].
    uint256 public immutable GROWTH_BPS_PER_YEAR;

    /* STORAGE */

    Snapshot private _snapshot;

    /* SETUP */

    constructor(IDepositPool pool, uint256 growthBpsPerYear) RateFeed(pool) {
        require(
            growthBpsPerYear != 0 && growthBpsPerYear <= GROWTH_LIMIT_BPS,
            GrowthOutOfBounds(growthBpsPerYear, GROWTH_LIMIT_BPS)
        );
        GROWTH_BPS_PER_YEAR = growthBpsPerYear;
        uint256 rateWad = pool.rate();
        require(rateWad != 0, RateUnset(rateWad, 1));
        _take(rateWad, rateWad);
    }

    /* ADVANCING */

    /// @inheritdoc ICappedRateFeed
    function advance() external returns (uint256 newRateWad) {
        IDepositPool.Terms memory t = POOL.terms();
        Freshness memory f = _freshness(t);
        require(f.isFresh, RateNotFresh(f.reportedAt, ValueMath.minusOrZero(block.timestamp, MAX_AGE)));
        Snapshot memory old = _snapshot;
        uint256 replaceableFrom = old.takenAt + MIN_INTERVAL;
        require(block.timestamp >= replaceableFrom, SnapshotTooYoung(block.timestamp, replaceableFrom));
        uint256 line = _line();
        newRateWad = Math.min(line, Math.max(t.rateWad, old.seenWad));
        _take(newRateWad, Math.min(line, t.rateWad));
    }

    /* VIEWS */

    /// @inheritdoc IAggregatorV3
    function description() external pure override(IAggregatorV3, RateFeed) returns (string memory) {
        return "trETH / ETH, growth capped";
    }

    /// @inheritdoc ICappedRateFeed
    function snapshot() external view returns (Snapshot memory) {
        return _snapshot;
    }

    /// @inheritdoc ICappedRateFeed
    function limit() external view returns (uint256 limitWad) {
        return _line();
    }

    /// @inheritdoc ICappedRateFeed
    function isCapped() external view returns (bool) {
        return POOL.rate() > _line();
    }

    /* INTERNALS */

    /// @dev Both are at most a stored rate, which is a uint88.
    function _take(uint256 rateWad, uint256 seenWad) private {
        emit SnapshotTaken(msg.sender, _snapshot.rateWad, rateWad, seenWad);
        // The casts hold, see above; time is ≤ type(uint40).max for 34 000 years.
        _snapshot = Snapshot(uint88(rateWad), uint88(seenWad), uint40(block.timestamp));
    }

    function _line() private view returns (uint256) {
        (uint256 rateWad, uint256 takenAt) = (_snapshot.rateWad, _snapshot.takenAt); // one read
        uint256 elapsed = Math.min(block.timestamp - takenAt, MAX_ACCRUAL);
        uint256 grownBps = GROWTH_BPS_PER_YEAR * elapsed;
        return rateWad + ValueMath.partDown(rateWad, grownBps, ValueMath.BPS * 365 days);
    }

    function _published(uint256 rateWad) internal view override returns (uint256) {
        return Math.min(rateWad, _line());
    }
}
