// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";

/// @title IMembership
/// @notice Who serves an AVS: an operator may be refused when it comes, never when it goes.
/// @dev The AVS owns itself: sets, strategies, slashers and registrar are fixed at deployment, and no call changes them.
interface IMembership {
    /* EVENTS */

    /// @notice Somebody paid those who have stake allocated to a set, over the days of the submission.
    event Paid(address indexed payer, uint32 indexed operatorSetId, address indexed token, uint256 amount);

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
    /// @notice The member has too little at stake in this set to be heard.
    error StakeTooSmall(address operator, uint32 operatorSetId, uint256 stake, uint256 minStake);
    /// @notice The member has enough stake to stay.
    error StakeSuffices(address operator, uint256 stake, uint256 minStake);

    /* MEMBERSHIP */

    /// @notice Removes a member with less than the least stake from a full set, to make room.
    /// @dev Caller: anyone. The operator stays slashable for the engine's delay.
    function unseat(address operator, uint32 operatorSetId) external;

    /* PAYING */

    /// @notice Pays for the set's work: by the stake that is allocated to it on each day of the submission.
    /// @dev Caller: anyone who has approved the tokens to this contract. Everything goes on to the RewardsCoordinator, whose
    ///      rules it must keep: whole days, strategies in rising order.
    function pay(uint32 operatorSetId, IRewardsCoordinator.RewardsSubmission calldata submission) external;

    /* VIEWS */

    /// @notice The weight of an operator now: what stays slashable for a whole deallocation delay [deposit shares].
    /// @dev Caller: anyone. Rounds down, in favour of the other operators.
    function stakeOf(address operator, uint32 operatorSetId) external view returns (uint256);

    /// @notice Stake below which a member can be unseated [deposit shares].
    /// @dev Caller: anyone.
    function minStake() external view returns (uint256);
}
