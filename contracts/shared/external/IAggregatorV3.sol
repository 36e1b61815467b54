// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IAggregatorV3
/// @notice A price feed in the shape of Chainlink's.
interface IAggregatorV3 {
    /* VIEWS */

    /// @notice Digits after the point of an answer.
    function decimals() external view returns (uint8);

    /// @notice What is priced, in what.
    function description() external view returns (string memory);

    /// @notice Version of the feed.
    function version() external view returns (uint256);

    /// @notice The answer of a round.
    /// @param roundId_ Round asked for.
    function getRoundData(
        uint80 roundId_
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The answer of the latest round.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
