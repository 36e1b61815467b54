// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IEquivocationSlasher
/// @notice Takes stake from an operator of an oracle who signed two different values for one round.
/// @dev There is nobody to ask and nobody to stop it: the evidence is the right. It reaches an operator for as long as
///      the engine calls it slashable, also after it left the set.
interface IEquivocationSlasher {
    /* EVENTS */

    /// @notice Emitted once per operator, set and round; the engine's own event tells what was taken.
    event EquivocationProven(
        address indexed operator,
        uint32 indexed operatorSetId,
        uint64 indexed round,
        uint256 valueA,
        uint256 valueB
    );

    /* ERRORS */

    /// @notice The operator was slashed for this round of this set.
    error AlreadyProven(address operator, uint32 operatorSetId, uint64 round);
    /// @notice The operator has nothing at stake in this set.
    error NothingAllocated(address operator, uint32 operatorSetId);
    /// @notice The round has not begun.
    error RoundNotBegun(uint64 round, uint64 currentRound);
    /// @notice Both reports say the same: that is no lie.
    error SameValue(uint256 value);
    /// @notice The part to slash is zero or above the limit.
    error SlashOutOfRange(uint64 slashWad, uint64 limit);

    /* PROVING */

    /// @notice Slashes an operator whose key signed both values for this round of this set.
    /// @dev Caller: anyone. Takes `slashWad` of what is allocated in every strategy of the set; the engine rounds
    ///      magnitudes up. Rounds that have not begun are refused, else an operator could use up its own guilt while it
    ///      has little at stake.
    /// @param operator Operator accused.
    /// @param operatorSetId Set in whose name the reports were signed.
    /// @param round Round of both reports.
    /// @param valueA One value.
    /// @param signatureA Signature of the operator's key over it.
    /// @param valueB Another value.
    /// @param signatureB Signature of the operator's key over that.
    function proveEquivocation(
        address operator,
        uint32 operatorSetId,
        uint64 round,
        uint256 valueA,
        bytes calldata signatureA,
        uint256 valueB,
        bytes calldata signatureB
    ) external;

    /* VIEWS */

    /// @notice Whether the operator was slashed for this round of this set.
    /// @dev Caller: anyone.
    function isProven(address operator, uint32 operatorSetId, uint64 round) external view returns (bool);

    /// @notice Part of the allocated magnitude that one proof takes [WAD].
    /// @dev Caller: anyone. No maximum over time: whoever signs twice in many rounds, or loses its key, can lose all that
    ///      it allocated, one slash a round. Exposure is the full allocation.
    function slashWad() external view returns (uint64);
}
