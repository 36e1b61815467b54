// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IPauserRegistry} from "./IPauserRegistry.sol";

/// @title IPausable
/// @notice A word of switches, one bit per group of functions; a set bit closes the group.
interface IPausable {
    /* EVENTS */

    event Paused(address indexed account, uint256 newPausedStatus);
    event Unpaused(address indexed account, uint256 newPausedStatus);

    /* ERRORS */

    /// @notice Only a pauser of the registry.
    error OnlyPauser();
    /// @notice Only the unpauser of the registry.
    error OnlyUnpauser();
    /// @notice Pausing may only set switches, unpausing only clear them.
    error InvalidNewPausedStatus();
    /// @notice The switch of this function is set.
    error CurrentlyPaused();
    /// @notice An address that is needed is zero.
    error InputAddressZero();

    /* SWITCHES */

    /// @notice Sets more switches.
    /// @dev Caller: a pauser of the registry.
    /// @param newPausedStatus The whole new word; it must contain every bit that is set now.
    function pause(uint256 newPausedStatus) external;

    /// @notice Sets every switch.
    /// @dev Caller: a pauser of the registry.
    function pauseAll() external;

    /// @notice Clears switches.
    /// @dev Caller: the unpauser of the registry.
    /// @param newPausedStatus The whole new word; it may contain only bits that are set now.
    function unpause(uint256 newPausedStatus) external;

    /* VIEWS */

    /// @notice The whole word of switches.
    /// @dev Caller: anyone.
    function paused() external view returns (uint256);

    /// @notice Whether the switch at bit `index` is set.
    /// @dev Caller: anyone.
    function paused(uint8 index) external view returns (bool);

    /// @notice The registry that says who may pause.
    /// @dev Caller: anyone.
    function pauserRegistry() external view returns (IPauserRegistry);
}
