// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEquivocationSlasher} from "./IEquivocationSlasher.sol";

/// @title IOracleAvs
/// @notice An oracle whose operators sign one value per round; the result is the median, weighted by stake.
/// @dev One contract is the AVS, its registrar and its book of rounds. Each of its operator sets, counted from 0, is a
///      feed of its own. There is no owner: sets, strategies and slasher are fixed at deployment.
///      Less than a third of a set's stake cannot move the median by lying nor stop it by silence.
interface IOracleAvs {
    /* EVENTS */

    /// @notice Emitted when an operator brings its key, once and for ever.
    event KeyRegistered(address indexed operator, address indexed key);
    /// @notice Emitted for every report that counts; with the signature it is one half of any later evidence.
    event Reported(
        address indexed operator,
        uint32 indexed operatorSetId,
        uint64 indexed round,
        uint256 value,
        bytes signature
    );
    /// @notice Emitted when a round has its result; stakes in deposit shares, strategies added up.
    event RoundSettled(
        uint32 indexed operatorSetId,
        uint64 indexed round,
        uint256 value,
        uint256 reportedStake,
        uint256 totalStake
    );

    /* ERRORS */

    /// @notice The operator has reported in this round.
    error AlreadyReported(address operator, uint32 operatorSetId, uint64 round);
    /// @notice The round has its result.
    error AlreadySettled(uint32 operatorSetId, uint64 round);
    /// @notice The operator has a key, and it never changes.
    error KeyFixed(address operator, address key, address offered);
    /// @notice The key belongs to another operator.
    error KeyTaken(address key, address operator);
    /// @notice The operator has brought no key.
    error KeyUnknown(address operator);
    /// @notice The operator is not in the set.
    error NotAMember(address operator, uint32 operatorSetId);
    /// @notice The signature is not by the operator's key.
    error NotSignedByKey(address signer, address key);
    /// @notice Only the engine's AllocationManager.
    error OnlyAllocationManager(address caller);
    /// @notice The engine asks about another AVS.
    error OtherAvs(address avs);
    /// @notice Less than two thirds of the stake have reported.
    error QuorumMissing(uint256 reportedStake, uint256 totalStake);
    /// @notice A round must last.
    error RoundLengthZero();
    /// @notice The round is not open for this now.
    error RoundNotOpen(uint64 round, uint64 currentRound);
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

    /* REPORTING */

    /// @notice Hands in an operator's signed value for the current round.
    /// @dev Caller: anyone. There is no way to report without a signature: what counts can always be evidence.
    function report(
        address operator,
        uint32 operatorSetId,
        uint64 round,
        uint256 value,
        bytes calldata signature
    ) external;

    /// @notice Computes the result of the current or the last round once two thirds of the stake have reported.
    /// @dev Caller: anyone. Weights are what stays slashable for a whole deallocation delay from now. Members whose
    ///      equivocation in this round is proven do not count. Of two middle values the lower one is taken.
    /// @return value The median.
    function settle(uint32 operatorSetId, uint64 round) external returns (uint256 value);

    /* VIEWS */

    /// @notice Round that is open now.
    /// @dev Caller: anyone.
    function currentRound() external view returns (uint64);

    /// @notice Result of a round.
    /// @dev Caller: anyone.
    function resultOf(uint32 operatorSetId, uint64 round) external view returns (bool isSettled, uint256 value);

    /// @notice What an operator reported in a round.
    /// @dev Caller: anyone.
    function reportOf(
        address operator,
        uint32 operatorSetId,
        uint64 round
    ) external view returns (bool isReported, uint256 value);

    /// @notice The operator's key, which never changes: what it signed stays attributable after it left.
    /// @dev Caller: anyone.
    function keyOf(address operator) external view returns (address);

    /// @notice The operator whose key this is.
    /// @dev Caller: anyone.
    function operatorOf(address key) external view returns (address);

    /// @notice The weight of an operator now: what stays slashable for a whole deallocation delay [deposit shares].
    /// @dev Caller: anyone. Rounds down, in favour of the other operators.
    function stakeOf(address operator, uint32 operatorSetId) external view returns (uint256);

    /// @notice EIP-712 digest that a key signs to report: `Report(uint32 operatorSetId,uint64 round,uint256 value)`.
    /// @dev Caller: anyone.
    function reportDigest(uint32 operatorSetId, uint64 round, uint256 value) external view returns (bytes32);

    /// @notice EIP-712 digest that a key signs to serve an operator: `KeyRegistration(address operator)`.
    /// @dev Caller: anyone.
    function registrationDigest(address operator) external view returns (bytes32);

    /// @notice The slasher of all sets.
    /// @dev Caller: anyone.
    function slasher() external view returns (IEquivocationSlasher);

    /// @notice Length of a round [seconds].
    /// @dev Caller: anyone.
    function roundLength() external view returns (uint64);

    /// @notice Stake below which a member can be unseated [deposit shares].
    /// @dev Caller: anyone.
    function minStake() external view returns (uint256);
}
