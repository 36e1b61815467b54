// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRateProvider} from "../../shared/external/IRateProvider.sol";
import {IFreshness} from "./IFreshness.sol";

/// @title ITrEthRate
/// @notice What trETH is worth in ETH, in the words of rate providers and of ERC-4626. Never reverts; see `freshness`.
interface ITrEthRate is IRateProvider, IFreshness {
    /* VIEWS */

    /// @notice Ether value of an amount of trETH.
    /// @dev Rounds down, in favour of the pool.
    function convertToAssets(uint256 shares) external view returns (uint256 assets);

    /// @notice Amount of trETH that an ether value stands for; zero when trETH is worth nothing. A deposit gives less: it
    ///         also pays for the gain that waits, see the pool's `previewDeposit`.
    /// @dev Rounds down, in favour of the pool.
    function convertToShares(uint256 assets) external view returns (uint256 shares);
}
