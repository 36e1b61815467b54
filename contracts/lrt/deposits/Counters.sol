// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev One word, because a deposit reads all of it and changes two thirds: as a struct that is three reads and two writes.
///
///      rateWad (80 bits) │ headroom (88) [units] │ idle (88) [units]
type Counters is uint256;

using CounterWord for Counters global;

/// @title CounterWord
/// @notice What the pool counts of one asset: units that are idle, units that may still come in, and the rate as reported.
library CounterWord {
    using SafeCast for uint256;

    uint256 private constant HEADROOM_AT = 88;
    uint256 private constant RATE_AT = 176;

    /// @notice Units that lie in the pool.
    function idle(Counters self) internal pure returns (uint256 units) {
        return uint88(Counters.unwrap(self)); // the lowest 88 bits
    }

    /// @notice Units that may still come in.
    function headroom(Counters self) internal pure returns (uint256 units) {
        return uint88(Counters.unwrap(self) >> HEADROOM_AT); // the 88 bits above
    }

    /// @notice Ether value of 1e18 units, as reported.
    function rateWad(Counters self) internal pure returns (uint256) {
        return Counters.unwrap(self) >> RATE_AT;
    }

    /// @notice The same with other units idle.
    function withIdle(Counters self, uint256 units) internal pure returns (Counters) {
        return _pack(units.toUint88(), headroom(self), rateWad(self));
    }

    /// @notice The same with other headroom and another rate.
    function withTerms(Counters self, uint256 headroom_, uint256 rateWad_) internal pure returns (Counters) {
        return _pack(idle(self), headroom_.toUint88(), rateWad_.toUint80());
    }

    /// @notice The same after units, at most the headroom, have come in.
    function bringIn(Counters self, uint256 units) internal pure returns (Counters) {
        return _pack((idle(self) + units).toUint88(), headroom(self) - units, rateWad(self));
    }

    /// @dev Each part is within its bits.
    function _pack(uint256 idle_, uint256 headroom_, uint256 rateWad_) private pure returns (Counters) {
        return Counters.wrap(idle_ | (headroom_ << HEADROOM_AT) | (rateWad_ << RATE_AT));
    }
}
