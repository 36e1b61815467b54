// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IExpiringPause
/// @notice Errors of a pause that ends by itself.
interface IExpiringPause {
    /* ERRORS */

    /// @notice A pause may last at most `longest` seconds.
    error PauseTooLong(uint256 duration, uint256 longest);
    /// @notice The last pause is too recent.
    error PauseTooSoon(uint256 time, uint256 nextFrom);
}
