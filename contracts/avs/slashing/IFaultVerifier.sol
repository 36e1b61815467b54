// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IFaultVerifier
/// @notice Says whether evidence proves a fault. Slashers ask it, and believe nobody else.
interface IFaultVerifier {
    /// @notice The fault that the evidence proves; reverts when it proves none.
    /// @dev Caller: anyone. A view: nothing that it calls can enter a slasher that is at work.
    /// @param operator Operator accused.
    /// @param operatorSetId Set whose allocation would pay.
    /// @param evidence What the AVS asks for; its page says how it is encoded.
    /// @return fault Names the fault among all of this operator in this set: the same one is always named alike.
    /// @return committedAt When the operator, a member then, committed it [unix seconds]; 0 if nobody can tell.
    function verify(
        address operator,
        uint32 operatorSetId,
        bytes calldata evidence
    ) external view returns (bytes32 fault, uint64 committedAt);
}
