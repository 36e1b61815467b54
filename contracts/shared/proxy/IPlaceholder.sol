// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IPlaceholder
/// @notice What stands behind a proxy between its creation and its first real implementation.
interface IPlaceholder {
    /* ERRORS */

    /// @notice Only the deployer may give the proxy its implementation.
    error NotDeployer(address caller, address deployer);

    /* SETUP */

    /// @notice Does nothing. A proxy refuses to be created without a call, and there is nothing to set up yet.
    /// @dev Caller: anyone. Uses no initializer version, so the real implementation starts from a clean slate.
    function initialize() external;

    /* VIEWS */

    /// @notice The account that may replace this code.
    function DEPLOYER() external view returns (address);
}
