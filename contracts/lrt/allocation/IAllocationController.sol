// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IExpiringPause} from "../../shared/pause/IExpiringPause.sol";
import {IModule} from "../governance/IModule.sol";

/// @title IAllocationController
/// @notice How much of our stake each AVS may slash. Governance sets targets for admitted sets; caps, targets and rewards make a
///         plan; anyone brings allocations closer to it. The engine lets a slasher take everything allocated, so caps count the
///         whole allocated magnitude, pending changes included.
/// @dev Magnitudes are WAD parts of an operator's stake.
interface IAllocationController is IModule, IExpiringPause {
    /* TYPES */

    /// @param magnitude Part of the operator's maximum magnitude to allocate (WAD).
    /// @param slashCount Slashes of the set when the target was raised; another one ends raising until it is renewed.
    struct Target {
        uint64 magnitude;
        uint64 slashCount;
    }

    /* EVENTS */

    /// @notice An operator's target for a set changed.
    event TargetChanged(
        uint256 indexed operatorId,
        address indexed avs,
        uint32 indexed setId,
        uint64 oldMagnitude,
        uint64 newMagnitude
    );
    /// @notice An allocation was changed in the engine.
    event Allocated(
        uint256 indexed operatorId,
        address indexed avs,
        uint32 indexed setId,
        address asset,
        uint64 oldMagnitude,
        uint64 newMagnitude
    );
    /// @notice Raising allocations was paused or resumed.
    event IncreasesPaused(uint256 until);

    /* ERRORS */

    /// @notice All targets of the operator together leave less than the reserve unallocated.
    error ReserveBroken(uint256 operatorId, uint256 magnitudes, uint256 limit);
    /// @notice Only the company that runs the operator.
    error NotNodeOperator(address caller, address nodeOperator);
    /// @notice The allocations are where they should be, or cannot move now.
    error NothingToChange(uint256 operatorId, address avs, uint32 setId);
    /// @notice All of the operator's allocations are where the plan has them, or cannot move now.
    error NothingToRebalance(uint256 operatorId);

    /* TARGETS */

    /// @notice Raises what an operator should allocate to a set, or renews the target after a slash.
    /// @dev Caller: LOOSENING.
    function raiseTarget(uint256 operatorId, OperatorSet calldata set, uint64 newMagnitude) external;

    /// @notice Lowers what an operator should allocate to a set.
    /// @dev Caller: TIGHTENING.
    function lowerTarget(uint256 operatorId, OperatorSet calldata set, uint64 newMagnitude) external;

    /// @notice Stops raising allocations for at most three days; lowering goes on.
    /// @dev Caller: GUARDIAN.
    function pauseIncreases(uint256 duration) external;

    /// @notice Ends a pause of raising early.
    /// @dev Caller: GUARDIAN.
    function resumeIncreases() external;

    /* ALLOCATING */

    /// @notice Brings an operator's allocations to a set to where the plan has them.
    /// @dev Caller: anyone. Rounds allocations down. An increase takes effect after the operator's delay; a decrease
    ///      counts as exposure until the engine says that it is over.
    function allocate(uint256 operatorId, OperatorSet calldata set) external;

    /// @notice Takes up to `maxSteps` steps towards the plan for all of an operator's allocations, decreases first.
    /// @dev Caller: anyone, who chooses no amount. Rounds as above.
    function rebalance(uint256 operatorId, uint256 maxSteps) external returns (uint256 steps);

    /// @notice The same for one asset alone: a page, for when all assets and sets together are too much for one transaction.
    /// @dev Caller: anyone. Rounds as above.
    function rebalanceAsset(uint256 operatorId, address asset, uint256 maxSteps) external returns (uint256 steps);

    /* MEMBERSHIP */

    /// @notice Registers an operator for admitted sets of an AVS, with the data its registrar asks for.
    /// @dev Caller: the node operator.
    function register(uint256 operatorId, address avs, uint32[] calldata setIds, bytes calldata data) external;

    /// @notice Takes an operator out of sets of an AVS; what is allocated stays slashable for the engine's delay.
    /// @dev Caller: TIGHTENING.
    function deregister(uint256 operatorId, address avs, uint32[] calldata setIds) external;

    /// @notice Accepts the admin seat of a new operator account.
    /// @dev Caller: OperatorRegistry, in the transaction that creates the account.
    function acceptAccount(address account) external;

    /* VIEWS */

    /// @notice An operator's target for a set.
    function targetOf(uint256 operatorId, OperatorSet calldata set) external view returns (Target memory);

    /// @notice Magnitudes that the plan has for an operator and an asset, in the order of the registry's list.
    /// @dev Rounds down. A set that may not be raised now stays below it.
    function plan(uint256 operatorId, address asset) external view returns (uint64[] memory magnitudes);

    /// @notice Part of every operator's stake that stays unallocated [bps].
    function RESERVE_BPS() external view returns (uint16);

    /// @notice Most stake of one operator, and of all operators of one entity, at which allocations may still be raised, of
    ///         everything the pool has of an asset [bps].
    function OPERATOR_CAP_BPS() external view returns (uint16);
}
