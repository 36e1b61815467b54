// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IRateProvider
/// @notice The rate provider of Balancer, which others have taken over.
interface IRateProvider {
    /* VIEWS */

    /// @notice Value of 1e18 of a token in its underlying (WAD).
    function getRate() external view returns (uint256 rateWad);
}
