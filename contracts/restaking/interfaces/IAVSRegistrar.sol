// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IAVSRegistrar
/// @notice What an AVS implements to hear about its operators; a revert vetoes the change.
interface IAVSRegistrar {
    /// @notice An operator joins operator sets of the AVS.
    /// @dev Caller: the AllocationManager.
    /// @param operator Account that joins.
    /// @param avs AVS that owns the sets.
    /// @param operatorSetIds Sets, in the order the operator gave.
    /// @param data Whatever the AVS asks of the operator.
    function registerOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds,
        bytes calldata data
    ) external;

    /// @notice An operator leaves operator sets of the AVS, by its own will or the AVS's.
    /// @dev Caller: the AllocationManager.
    /// @param operator Account that leaves.
    /// @param avs AVS that owns the sets.
    /// @param operatorSetIds Sets, in the order given.
    function deregisterOperator(address operator, address avs, uint32[] calldata operatorSetIds) external;

    /// @notice Whether this contract serves `avs`.
    /// @dev Caller: anyone.
    function supportsAVS(address avs) external view returns (bool);
}
