// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IAggregatorV3
/// @notice A price feed as many oracles offer it.
interface IAggregatorV3 {
    /// @notice Digits after the point of an answer.
    /// @dev Caller: anyone.
    function decimals() external view returns (uint8);

    /// @notice What the price is of.
    /// @dev Caller: anyone.
    function description() external view returns (string memory);

    /// @notice Version of the feed.
    /// @dev Caller: anyone.
    function version() external view returns (uint256);

    /// @notice An earlier round. Reverts for one that is unknown.
    /// @dev Caller: anyone.
    function getRoundData(
        uint80 roundId_
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The last round. An answer that is carried over from an earlier round says so in `answeredInRound`.
    /// @dev Caller: anyone.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
