// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IMembership
/// @notice Who serves an AVS: an operator may be refused when it comes, never when it goes.
/// @dev The AVS owns itself: sets, strategies, slashers and registrar are fixed at deployment, and no call changes them.
interface IMembership {
    /* ERRORS */

    /// @notice The operator is not in the set.
    error NotAMember(address operator, uint32 operatorSetId);
    /// @notice Only the engine's AllocationManager.
    error OnlyAllocationManager(address caller);
    /// @notice The engine asks about another AVS.
    error OtherAvs(address avs);
    /// @notice The evidence is about another set.
    error OtherSet(uint32 operatorSetId, uint32 expected);
    /// @notice Less than the part of the stake that is needed has spoken.
    error QuorumMissing(uint256 stake, uint256 totalStake);
    /// @notice The set has no room: unseat a member with too little stake first.
    error SetFull(uint32 operatorSetId, uint256 limit);
    /// @notice There is room: nobody need be unseated.
    error SetNotFull(uint32 operatorSetId, uint256 members, uint256 limit);
    /// @notice The member has enough stake to stay.
    error StakeSuffices(address operator, uint256 stake, uint256 minStake);

    /* MEMBERSHIP */

    /// @notice Removes a member with less than the least stake from a full set, to make room.
    /// @dev Caller: anyone. The operator stays slashable for the engine's delay.
    function unseat(address operator, uint32 operatorSetId) external;

    /* VIEWS */

    /// @notice The weight of an operator now: what stays slashable for a whole deallocation delay [deposit shares].
    /// @dev Caller: anyone. Rounds down, in favour of the other operators.
    function stakeOf(address operator, uint32 operatorSetId) external view returns (uint256);

    /// @notice Stake below which a member can be unseated [deposit shares].
    /// @dev Caller: anyone.
    function minStake() external view returns (uint256);
}
