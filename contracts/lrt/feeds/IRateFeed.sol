// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../../shared/external/IAggregatorV3.sol";
import {IFreshness} from "./IFreshness.sol";

/// @title IRateFeed
/// @notice trETH in ETH as a price feed. `updatedAt` is the time of the last report that could read every value, never the
///         time of the call: a stale or unreadable rate looks as old as it is.
/// @dev A round is named after the time of its report, so it rises with every report; two reports of one block are one
///      round. While a value cannot be read the round stays, and its answer can still fall: a loss is never held back.
interface IRateFeed is IAggregatorV3, IFreshness {
    /* ERRORS */

    /// @notice Only the latest round can be answered: older ones are not kept, later ones do not exist.
    error NoDataPresent(uint80 roundId, uint80 latestRoundId);
    /// @notice trETH is worth nothing, or nothing was reported yet; a feed has no such answer.
    error RateUnset(uint256 rateWad, uint256 minRateWad);

    /* VIEWS */

    /// @notice The latest answer alone, as some lenders still ask for it: its reader cannot see how old it is.
    /// @dev Caller: anyone. Rounds down, in favour of the lender.
    function latestAnswer() external view returns (int256 answer);
}
