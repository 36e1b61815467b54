// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IRateSource
/// @notice What one liquid staking token is worth, by its issuer's own redemption rate, within fixed bounds; and whether
///         newcomers may bring it in at that rate.
/// @dev Two questions, because they fail differently. `rate` values what is here: only when it cannot answer within its
///      bounds does the value stand still and do priced doors close, for everybody. `entryRate` adds what only an entrance
///      must ask, whether the issuer's rate is recent and whether the market agrees: when it reverts, this asset's entrance
///      closes and nothing else.
interface IRateSource {
    /* TYPES */

    /// @notice Rates that are accepted [ether value of 1e18 units].
    struct Bounds {
        uint256 minRateWad;
        uint256 maxRateWad;
    }

    /// @notice A market that must agree before newcomers bring the asset in. All zero: no such market.
    /// @param feed Price of the asset in ETH, as an AggregatorV3.
    /// @param heartbeat Oldest price that counts [seconds].
    /// @param boundBps How far below the issuer's rate the market may be.
    struct Market {
        address feed;
        uint32 heartbeat;
        uint16 boundBps;
    }

    /* ERRORS */

    /// @notice The issuer's rate is outside what this source accepts.
    error RateOutOfBounds(uint256 rateWad, uint256 minRateWad, uint256 maxRateWad);
    /// @notice What this source would read is not the issuer's rate.
    error WrongIssuerRate(uint256 rateWad, uint256 issuerRateWad);
    /// @notice The token is not a form of this asset.
    error UnknownToken(address token);
    /// @notice The market is too far below the issuer's rate, or above any rate this asset can have.
    error MarketOutOfBounds(uint256 marketWad, uint256 lowestWad, uint256 highestWad);
    /// @notice What somebody outside last said is too old.
    error AnswerTooOld(address from, uint256 updatedAt, uint256 oldestAllowed);
    /// @notice What somebody outside last said claims to be of later than now.
    error AnswerFromFuture(address from, uint256 updatedAt, uint256 time);
    /// @notice A price that is none, or that was carried over from an earlier round.
    error AnswerUnusable(address from, int256 answer, uint80 answeredInRound, uint80 roundId);
    /// @notice Somebody outside does not answer at all.
    error NoAnswer(address from);
    /// @notice A market needs a heartbeat and a bound, and at most 18 digits.
    error WrongMarket(uint256 heartbeat, uint256 boundBps, uint256 decimals);

    /* VIEWS */

    /// @notice The asset this source speaks of; its smallest unit is the book unit.
    function asset() external view returns (address);

    /// @notice What the rate is expressed in: 0xEeee…EEeE for ETH, or a token that is worth something else.
    function unit() external view returns (address);

    /// @notice Ether value of 1e18 units (WAD). Reverts instead of answering when the rate is out of bounds.
    function rate() external view returns (uint256 rateWad);

    /// @notice The same for somebody who brings the asset in: reverts also while the issuer's rate is too old, or the market
    ///         is silent, too old, or too far below it.
    function entryRate() external view returns (uint256 rateWad);

    /// @notice How far below the issuer's rate the market may be before the entrance closes; zero without a market.
    function marketBoundBps() external view returns (uint16);

    /// @notice Units contained in an amount of one of the asset's token forms.
    /// @dev Rounds down, in favour of the pool.
    /// @param token A form of the asset (stETH or wstETH for Lido).
    /// @param amount Amount of that token, in its smallest unit.
    function unitsOf(address token, uint256 amount) external view returns (uint256 units);
}
