// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counters} from "../../lrt/deposits/Counters.sol";

/// @title CountersHarness
/// @notice Opens CounterWord to tests; every function answers with all three parts.
contract CountersHarness {
    function parts(uint256 word) public pure returns (uint256 rateWad, uint256 headroom, uint256 idle) {
        Counters counters = Counters.wrap(word);
        return (counters.rateWad(), counters.headroom(), counters.idle());
    }

    function withIdle(uint256 word, uint256 units) external pure returns (uint256, uint256, uint256) {
        return parts(Counters.unwrap(Counters.wrap(word).withIdle(units)));
    }

    function withTerms(
        uint256 word,
        uint256 headroom,
        uint256 rateWad
    ) external pure returns (uint256, uint256, uint256) {
        return parts(Counters.unwrap(Counters.wrap(word).withTerms(headroom, rateWad)));
    }

    function bringIn(uint256 word, uint256 units) external pure returns (uint256, uint256, uint256) {
        return parts(Counters.unwrap(Counters.wrap(word).bringIn(units)));
    }
}
