// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAnnouncedSlashes} from "../../shared/slashing/IAnnouncedSlashes.sol";

/// @title ISlasher
/// @notice Takes a fixed part of an operator's allocation for a fault that the AVS's verifier finds proven.
/// @dev The part, the cooldown and the verifier are in the code itself: one hash names them all, and nobody can change
///      them. Whatever the verifier says, an operator loses at most `slashWad` of its allocation to a set in any
///      `cooldown`.
interface ISlasher is IAnnouncedSlashes {
    /* EVENTS */

    /// @notice Emitted once per operator, set and fault; the engine's own event tells what was taken.
    event FaultPunished(
        address indexed operator,
        uint32 indexed operatorSetId,
        bytes32 indexed fault,
        uint64 committedAt
    );

    /* ERRORS */

    /// @notice The operator was slashed for this fault.
    error AlreadyPunished(address operator, uint32 operatorSetId, bytes32 fault);
    /// @notice The operator was slashed a short time ago: the evidence keeps its worth until the cooldown is over.
    error CooldownRunning(address operator, uint256 time, uint256 until);
    /// @notice The operator has nothing at stake in this set.
    error NothingAllocated(address operator, uint32 operatorSetId);
    /// @notice The part to slash is zero or above the limit.
    error SlashOutOfRange(uint64 slashWad, uint64 limit);
    /// @notice There is nobody to ask whether evidence proves anything.
    error VerifierMissing();
    /// @notice What an operator would have to wait for takes longer than the engine keeps it slashable.
    error WindowTooLong(uint256 window, uint256 limit);
    /// @notice A window must last.
    error WindowZero();

    /* VIEWS */

    /// @notice Whether the operator was slashed for this fault.
    /// @dev Caller: anyone.
    function isPunished(address operator, uint32 operatorSetId, bytes32 fault) external view returns (bool);

    /// @notice How often the operator was slashed, in all sets together.
    /// @dev Caller: anyone.
    function timesPunished(address operator) external view returns (uint256);

    /// @notice First moment at which the operator can be slashed again in this set [unix seconds].
    /// @dev Caller: anyone.
    function nextSlashAt(address operator, uint32 operatorSetId) external view returns (uint256);

    /// @notice Part of the allocated magnitude that one fault costs, and the most that one `cooldown` costs [WAD].
    /// @dev Caller: anyone.
    function slashWad() external view returns (uint64);

    /// @notice Time between two slashes of one operator in one set [seconds].
    /// @dev Caller: anyone.
    function cooldown() external view returns (uint64);

    /// @notice The AVS, which is the verifier of its own faults.
    /// @dev Caller: anyone.
    function verifier() external view returns (address);
}
