// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregatorV3} from "../../shared/external/IAggregatorV3.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IRateFeed} from "./IRateFeed.sol";
import {TermsReader} from "./TermsReader.sol";

/// @title RateFeed
/// @notice trETH in ETH as a price feed, in the shape of Chainlink's.
/// @dev Owns nothing; immutable and redeployable. Trusts: POOL for the rate (safety).
///      Never: shows a time later than that of the report.
contract RateFeed is IRateFeed, TermsReader {
    /* SETUP */

    constructor(IDepositPool pool) TermsReader(pool) {}

    /* VIEWS */

    /// @inheritdoc IAggregatorV3
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc IAggregatorV3
    function description() external pure virtual returns (string memory) {
        return "trETH / ETH";
    }

    /// @inheritdoc IAggregatorV3
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(
        uint80 roundId_
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        IDepositPool.Terms memory t = POOL.terms();
        require(roundId_ == t.reportedAt, NoDataPresent(roundId_, t.reportedAt));
        return (roundId_, _answer(t), t.reportedAt, t.reportedAt, roundId_);
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        IDepositPool.Terms memory t = POOL.terms();
        return (t.reportedAt, _answer(t), t.reportedAt, t.reportedAt, t.reportedAt);
    }

    /// @inheritdoc IRateFeed
    function latestAnswer() external view returns (int256 answer) {
        return _answer(POOL.terms());
    }

    /* INTERNALS */

    function _answer(IDepositPool.Terms memory t) private view returns (int256) {
        uint256 rateWad = _published(t.rateWad);
        require(rateWad != 0, RateUnset(rateWad, 1));
        return int256(rateWad); // ≤ type(uint88).max
    }

    /// @dev What the feed makes of the stored rate; never more than it.
    function _published(uint256 rateWad) internal view virtual returns (uint256) {
        return rateWad;
    }
}
