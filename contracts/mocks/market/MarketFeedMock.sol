// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAggregatorV3} from "../../shared/external/IAggregatorV3.sol";

/// @title MarketFeedMock
/// @notice A stand-in for a price feed. Anyone plays its reporters, honest or not.
contract MarketFeedMock is IAggregatorV3 {
    error UnknownRound(uint80 roundId, uint80 latestRoundId);
    error Silent();

    struct Round {
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    /// @inheritdoc IAggregatorV3
    uint256 public constant version = 1;
    /// @inheritdoc IAggregatorV3
    uint8 public immutable decimals;
    /// @inheritdoc IAggregatorV3
    string public description;
    /// @notice Whether reading reverts.
    bool public silent;

    uint80 private _latest;
    mapping(uint80 roundId => Round) private _rounds;

    constructor(uint8 decimals_, string memory description_, int256 answer) {
        decimals = decimals_;
        description = description_;
        _push(answer, block.timestamp, 1);
    }

    /* REPORTING */

    /// @notice An honest round.
    function report(int256 answer) external {
        _push(answer, block.timestamp, _latest + 1);
    }

    /// @notice A round with any time, and the round it claims to be answered in.
    function reportAs(int256 answer, uint256 updatedAt, uint80 answeredInRound) external {
        _push(answer, updatedAt, answeredInRound);
    }

    /// @notice Makes reading revert, or work again.
    function setSilent(bool isSilent) external {
        silent = isSilent;
    }

    /* VIEWS */

    /// @inheritdoc IAggregatorV3
    function getRoundData(uint80 roundId_) external view returns (uint80, int256, uint256, uint256, uint80) {
        return _read(roundId_);
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return _read(_latest);
    }

    /* INTERNALS */

    function _push(int256 answer, uint256 updatedAt, uint80 answeredInRound) private {
        _rounds[++_latest] = Round(answer, updatedAt, updatedAt, answeredInRound);
    }

    function _read(uint80 roundId) private view returns (uint80, int256, uint256, uint256, uint80) {
        require(!silent, Silent());
        require(roundId != 0 && roundId <= _latest, UnknownRound(roundId, _latest));
        Round storage round = _rounds[roundId];
        return (roundId, round.answer, round.startedAt, round.updatedAt, round.answeredInRound);
    }
}
