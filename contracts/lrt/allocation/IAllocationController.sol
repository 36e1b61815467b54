// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IExpiringPause} from "../../shared/pause/IExpiringPause.sol";
import {IGovernedModule} from "../governance/IGovernedModule.sol";

/// @title IAllocationController
/// @notice Which AVS may slash how much of our stake. Governance admits operator sets and sets targets under caps; anyone
///         brings allocations closer to the targets; the engine lets a slasher take everything allocated, so exposure
///         always counts the whole allocated magnitude, pending deallocations included.
/// @dev Units: exposure is in engine shares of an asset's strategy; magnitudes are WAD parts of an operator's stake.
interface IAllocationController is IGovernedModule, IExpiringPause {
    /* TYPES */

    /// @param admitted Whether the set may be allocated to.
    /// @param capBps Most exposure to the set, of all stake of an asset.
    struct SetTerms {
        bool admitted;
        uint16 capBps;
    }

    /// @param magnitude Part of the operator's maximum magnitude to allocate (WAD).
    /// @param slashCount Slashes of the set when the target was raised; another one ends raising until it is renewed.
    struct Target {
        uint64 magnitude;
        uint64 slashCount;
    }

    /* EVENTS */

    /// @notice An operator set was admitted.
    event SetAdmitted(address indexed avs, uint32 indexed setId, uint16 capBps);
    /// @notice An operator set was dropped: its targets count as zero.
    event SetDropped(address indexed avs, uint32 indexed setId);
    /// @notice A set's cap changed.
    event SetCapChanged(address indexed avs, uint32 indexed setId, uint16 oldCapBps, uint16 newCapBps);
    /// @notice An AVS's cap over all its sets changed.
    event AvsCapChanged(address indexed avs, uint16 oldCapBps, uint16 newCapBps);
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

    /// @notice The engine knows no such set.
    error UnknownSet(address avs, uint32 setId);
    /// @notice The set is not admitted.
    error SetNotAdmitted(address avs, uint32 setId);
    /// @notice The set is admitted already.
    error SetAlreadyAdmitted(address avs, uint32 setId);
    /// @notice What the set slashes goes to a recipient of its choice; such sets are refused.
    error RedistributingSet(address avs, uint32 setId);
    /// @notice The list is full.
    error TooManySets(uint256 count, uint256 limit);
    /// @notice The cap is above the hard limit.
    error CapTooHigh(uint256 capBps, uint256 limitBps);
    /// @notice All targets of the operator together leave less than the reserve unallocated.
    error ReserveBroken(uint256 operatorId, uint256 magnitudes, uint256 limit);
    /// @notice Only the company that runs the operator.
    error NotNodeOperator(address caller, address nodeOperator);
    /// @notice The allocations are where they should be, or cannot move now.
    error NothingToChange(uint256 operatorId, address avs, uint32 setId);

    /* ADMISSION */

    /// @notice Admits an operator set.
    /// @dev Caller: LOOSENING.
    function admitSet(OperatorSet calldata set, uint16 capBps) external;

    /// @notice Drops a set: anyone may then take its allocations down, and its operators may leave it.
    /// @dev Caller: TIGHTENING.
    function dropSet(OperatorSet calldata set) external;

    /// @notice Raises a set's cap.
    /// @dev Caller: LOOSENING.
    function raiseSetCap(OperatorSet calldata set, uint16 newCapBps) external;

    /// @notice Lowers a set's cap.
    /// @dev Caller: TIGHTENING.
    function lowerSetCap(OperatorSet calldata set, uint16 newCapBps) external;

    /// @notice Raises the cap of all sets of an AVS together.
    /// @dev Caller: LOOSENING.
    function raiseAvsCap(address avs, uint16 newCapBps) external;

    /// @notice Lowers the cap of all sets of an AVS together.
    /// @dev Caller: TIGHTENING.
    function lowerAvsCap(address avs, uint16 newCapBps) external;

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

    /// @notice Brings an operator's allocations to a set to its target, or as close as the caps allow.
    /// @dev Caller: anyone. Rounds allocations down. An increase takes effect after the operator's delay; a decrease
    ///      counts as exposure until the engine says that it is over.
    function allocate(uint256 operatorId, OperatorSet calldata set) external;

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

    /// @notice Admitted and dropped sets, in order of admission.
    function sets() external view returns (OperatorSet[] memory);

    /// @notice A set's terms.
    function termsOf(OperatorSet calldata set) external view returns (SetTerms memory);

    /// @notice Cap of all sets of an AVS together [bps].
    function avsCapBps(address avs) external view returns (uint16);

    /// @notice An operator's target for a set.
    function targetOf(uint256 operatorId, OperatorSet calldata set) external view returns (Target memory);

    /// @notice Engine shares of an asset that a set can slash, or will be able to: the whole allocated magnitude, pending
    ///         changes included, of what is staked and what is queued.
    /// @dev Rounds up.
    function exposure(OperatorSet calldata set, address asset) external view returns (uint256 engineShares);

    /// @notice The same for all sets of an AVS that were ever admitted.
    /// @dev Rounds up.
    function exposureOfAvs(address avs, address asset) external view returns (uint256 engineShares);

    /// @notice Part of every operator's stake that stays unallocated [bps].
    function RESERVE_BPS() external view returns (uint16);
}
