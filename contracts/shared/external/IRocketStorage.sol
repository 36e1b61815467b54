// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IRocketStorage
/// @notice Rocket Pool's directory: which contract has which job now. An upgrade replaces the address.
interface IRocketStorage {
    /// @notice Address kept under a key; that of a contract is keccak256("contract.address" ‖ its name).
    /// @dev Caller: anyone. Zero for an unknown key.
    function getAddress(bytes32 key) external view returns (address);
}
