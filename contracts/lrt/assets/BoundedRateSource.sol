// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregatorV3} from "../../shared/external/IAggregatorV3.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "./Ether.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title BoundedRateSource
/// @notice What all rate sources share: bounds for the issuer's rate, and a market that may close the entrance.
/// @dev Trusts: the issuer for the rate (safety), within [MIN_RATE, MAX_RATE]; the market for nothing but closing the
///      entrance (liveness).
abstract contract BoundedRateSource is IRateSource {
    /* IMMUTABLES */

    address private immutable ASSET;
    uint256 public immutable MIN_RATE;
    uint256 public immutable MAX_RATE;
    /// @notice Price of the asset in ETH; zero when no market is asked.
    IAggregatorV3 public immutable MARKET;
    /// @notice Oldest price that counts [seconds].
    uint256 public immutable HEARTBEAT;
    uint16 private immutable BOUND_BPS;
    /// @dev Makes a price one with 18 digits.
    uint256 private immutable SCALE;

    constructor(address asset_, Bounds memory bounds, Market memory market) {
        ASSET = asset_;
        MIN_RATE = bounds.minRateWad;
        MAX_RATE = bounds.maxRateWad;
        MARKET = IAggregatorV3(market.feed);
        HEARTBEAT = market.heartbeat;
        BOUND_BPS = market.boundBps;
        if (market.feed == address(0)) return;
        uint256 decimals = IAggregatorV3(market.feed).decimals();
        bool isWhole = market.heartbeat != 0 && market.boundBps != 0 && market.boundBps < ValueMath.BPS;
        require(isWhole && decimals <= 18, WrongMarket(market.heartbeat, market.boundBps, decimals));
        SCALE = 10 ** (18 - decimals);
    }

    /* VIEWS */

    /// @inheritdoc IRateSource
    function asset() public view returns (address) {
        return ASSET;
    }

    /// @inheritdoc IRateSource
    function unit() external pure returns (address) {
        return ETHER;
    }

    /// @inheritdoc IRateSource
    function rate() external view returns (uint256 rateWad) {
        rateWad = _issuerRate();
        _requireInBounds(rateWad);
    }

    /// @inheritdoc IRateSource
    function entryRate() external view returns (uint256 rateWad) {
        rateWad = _recentRate();
        _requireInBounds(rateWad);
        if (address(MARKET) != address(0)) _requireMarket(rateWad);
    }

    /// @inheritdoc IRateSource
    function marketBoundBps() external view returns (uint16) {
        return address(MARKET) == address(0) ? 0 : BOUND_BPS;
    }

    /// @inheritdoc IRateSource
    function unitsOf(address token, uint256 amount) external view virtual returns (uint256 units) {
        require(token == ASSET, UnknownToken(token));
        return amount;
    }

    /* INTERNALS */

    /// @dev Ether value of 1e18 units by the issuer.
    function _issuerRate() internal view virtual returns (uint256 rateWad);

    /// @dev The same; reverts when it is too old to let newcomers in. By default it is always live.
    function _recentRate() internal view virtual returns (uint256 rateWad) {
        return _issuerRate();
    }

    function _requireRecent(address from, uint256 updatedAt, uint256 maxAge) internal view {
        uint256 oldest = block.timestamp - maxAge;
        require(updatedAt >= oldest, AnswerTooOld(from, updatedAt, oldest));
        require(updatedAt <= block.timestamp, AnswerFromFuture(from, updatedAt, block.timestamp));
    }

    function _requireInBounds(uint256 rateWad) private view {
        require(rateWad >= MIN_RATE && rateWad <= MAX_RATE, RateOutOfBounds(rateWad, MIN_RATE, MAX_RATE));
    }

    function _requireMarket(uint256 rateWad) private view {
        address from = address(MARKET);
        require(from.code.length != 0, NoAnswer(from));
        try MARKET.latestRoundData() returns (
            uint80 roundId,
            int256 answer,
            uint256,
            uint256 updatedAt,
            uint80 answeredInRound
        ) {
            bool isUsable = answer > 0 && roundId != 0 && answeredInRound >= roundId;
            require(isUsable, AnswerUnusable(from, answer, answeredInRound, roundId));
            _requireRecent(from, updatedAt, HEARTBEAT);
            uint256 marketWad = uint256(answer) * SCALE; // checked positive above
            uint256 lowestWad = ValueMath.lessBpsDown(rateWad, BOUND_BPS);
            // No price of this asset can be above its highest rate: such a feed is one of something else.
            bool isNear = marketWad >= lowestWad && marketWad <= MAX_RATE;
            require(isNear, MarketOutOfBounds(marketWad, lowestWad, MAX_RATE));
        } catch {
            revert NoAnswer(from);
        }
    }
}
