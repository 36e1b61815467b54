// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IFreshness} from "./IFreshness.sol";

/// @title TermsReader
/// @notice Reads the one stored slot of the pool that holds the rate, and says how fresh it is.
/// @dev Owns nothing, has no role. The slot is written as a whole by a report, so no callback can see half of one.
abstract contract TermsReader is IFreshness {
    /* IMMUTABLES */

    IDepositPool public immutable POOL;
    /// @notice Age from which a rate counts as stale [seconds].
    uint256 public immutable MAX_AGE;

    constructor(IDepositPool pool) {
        POOL = pool;
        MAX_AGE = pool.MAX_REPORT_AGE();
    }

    /* VIEWS */

    /// @inheritdoc IFreshness
    function isFresh() external view returns (bool) {
        return _freshness(POOL.terms()).isFresh;
    }

    /// @inheritdoc IFreshness
    function freshness() external view returns (Freshness memory) {
        return _freshness(POOL.terms());
    }

    /* INTERNALS */

    function _freshness(IDepositPool.Terms memory t) internal view returns (Freshness memory f) {
        // Only a value that cannot be read closes the pool without an end; a pause or an alarm ends.
        f.isReadable = t.closedUntil != type(uint40).max;
        f.reportedAt = t.reportedAt;
        f.age = block.timestamp - t.reportedAt;
        f.maxAge = MAX_AGE;
        f.isFresh = f.isReadable && f.age <= MAX_AGE;
    }
}
