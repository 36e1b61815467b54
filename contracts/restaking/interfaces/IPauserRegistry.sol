// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IPauserRegistry
/// @notice The list of accounts that may pause the engine, and the one account that may unpause it.
interface IPauserRegistry {
    /* EVENTS */

    event PauserStatusChanged(address pauser, bool canPause);
    event UnpauserChanged(address previousUnpauser, address newUnpauser);

    /* ERRORS */

    /// @notice Only the unpauser.
    error OnlyUnpauser();
    /// @notice Neither a pauser nor the unpauser can be the zero address.
    error InputAddressZero();

    /* SETTINGS */

    /// @notice Gives or takes the right to pause.
    /// @dev Caller: the unpauser.
    /// @param newPauser Account to change, not zero.
    /// @param canPause Whether it may pause from now on.
    function setIsPauser(address newPauser, bool canPause) external;

    /// @notice Hands the right to unpause to another account.
    /// @dev Caller: the unpauser.
    /// @param newUnpauser Next unpauser, not zero.
    function setUnpauser(address newUnpauser) external;

    /* VIEWS */

    /// @notice Whether `pauser` may pause.
    /// @dev Caller: anyone.
    function isPauser(address pauser) external view returns (bool);

    /// @notice The account that may unpause and change this list.
    /// @dev Caller: anyone.
    function unpauser() external view returns (address);
}
