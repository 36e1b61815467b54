// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAVSRegistrar} from "./IAVSRegistrar.sol";
import {IPausable} from "./IPausable.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSets.sol";

/// @title IAllocationManagerActions
/// @notice What the AllocationManager does, and the few reads that the engine itself depends on.
/// @dev Pause bits: 0 changing allocations, 1 slashing, 2 joining and leaving sets.
///      A magnitude is a part of an operator's whole stake in one strategy [WAD]; slashing lowers the maximum for ever.
interface IAllocationManagerActions is IPausable, IPermissioned {
    /* TYPES */

    /// @param currentMagnitude Part of the stake that the set can slash now.
    /// @param pendingDiff Change that comes into force at `effectBlock`.
    /// @param effectBlock First block of the change; 0 without one.
    struct Allocation {
        uint64 currentMagnitude;
        int128 pendingDiff;
        uint32 effectBlock;
    }

    /// @param operatorSet Set to allocate to.
    /// @param strategies Strategies to change.
    /// @param newMagnitudes Absolute magnitude wanted for each.
    struct AllocateParams {
        OperatorSet operatorSet;
        IStrategy[] strategies;
        uint64[] newMagnitudes;
    }

    /// @param avs AVS that owns the sets.
    /// @param operatorSetIds Sets to join.
    /// @param data Passed to the AVS's registrar.
    struct RegisterParams {
        address avs;
        uint32[] operatorSetIds;
        bytes data;
    }

    /// @param operator Operator that leaves.
    /// @param avs AVS that owns the sets.
    /// @param operatorSetIds Sets to leave.
    struct DeregisterParams {
        address operator;
        address avs;
        uint32[] operatorSetIds;
    }

    /// @param operatorSetId Number of the new set.
    /// @param strategies Strategies that the set may slash.
    struct CreateSetParams {
        uint32 operatorSetId;
        IStrategy[] strategies;
    }

    /// @param operatorSetId Number of the new set.
    /// @param strategies Strategies that the set may slash.
    /// @param slasher Account that may slash.
    struct CreateSetParamsV2 {
        uint32 operatorSetId;
        IStrategy[] strategies;
        address slasher;
    }

    /// @param operator Operator to slash.
    /// @param operatorSetId Set in whose name.
    /// @param strategies Strategies, ascending by address.
    /// @param wadsToSlash Part of the allocated magnitude to take from each [WAD].
    /// @param description Reason, kept only as an event.
    struct SlashingParams {
        address operator;
        uint32 operatorSetId;
        IStrategy[] strategies;
        uint256[] wadsToSlash;
        string description;
    }

    /* EVENTS */

    event AVSMetadataURIUpdated(address indexed avs, string metadataURI);
    event AVSRegistrarSet(address avs, IAVSRegistrar registrar);
    event OperatorSetCreated(OperatorSet operatorSet);
    event RedistributionAddressSet(OperatorSet operatorSet, address redistributionRecipient);
    event StrategyAddedToOperatorSet(OperatorSet operatorSet, IStrategy strategy);
    event StrategyRemovedFromOperatorSet(OperatorSet operatorSet, IStrategy strategy);
    event SlasherUpdated(OperatorSet operatorSet, address slasher, uint32 effectBlock);
    event SlasherMigrated(OperatorSet operatorSet, address slasher);
    event OperatorAddedToOperatorSet(address indexed operator, OperatorSet operatorSet);
    event OperatorRemovedFromOperatorSet(address indexed operator, OperatorSet operatorSet);
    event AllocationDelaySet(address operator, uint32 delay, uint32 effectBlock);
    event AllocationUpdated(
        address operator,
        OperatorSet operatorSet,
        IStrategy strategy,
        uint64 magnitude,
        uint32 effectBlock
    );
    event EncumberedMagnitudeUpdated(address operator, IStrategy strategy, uint64 encumberedMagnitude);
    event MaxMagnitudeUpdated(address operator, IStrategy strategy, uint64 maxMagnitude);
    event OperatorSlashed(
        address operator,
        OperatorSet operatorSet,
        IStrategy[] strategies,
        uint256[] wadSlashed,
        string description
    );

    /* ERRORS */

    /// @notice The operator is in the set, or left it and can still be slashed by it.
    error AlreadyMemberOfSet();
    /// @notice Lists that belong together have different lengths.
    error InputArrayLengthMismatch();
    /// @notice More magnitude is asked for than the operator has free.
    error InsufficientMagnitude();
    /// @notice The registrar says that it does not serve this AVS.
    error InvalidAVSRegistrar();
    /// @notice The caller is neither of those who may do this.
    error InvalidCaller();
    /// @notice The account is no operator.
    error InvalidOperator();
    /// @notice The set does not exist, or exists already where a new one is made.
    error InvalidOperatorSet();
    /// @notice The burn address cannot be the recipient of a redistributing set.
    error InvalidRedistributionRecipient();
    /// @notice A redistributing set may slash neither native ETH nor the EIGEN strategy.
    error InvalidStrategy();
    /// @notice A part to slash is 0 or more than the whole.
    error InvalidWadToSlash();
    /// @notice An earlier change of the allocation is not in force yet.
    error ModificationAlreadyPending();
    /// @notice The AVS has never published its metadata.
    error NonexistentAVSMetadata();
    /// @notice The operator is not in the set.
    error NotMemberOfSet();
    /// @notice The set cannot slash the operator now.
    error OperatorNotSlashable();
    /// @notice Never thrown: belongs to sets older than this engine.
    error OperatorSetAlreadyMigrated();
    /// @notice The allocation has this magnitude already.
    error SameMagnitude();
    /// @notice Never thrown: belongs to sets older than this engine.
    error SlasherNotSet();
    /// @notice Strategies to slash must be given by rising address, each once.
    error StrategiesMustBeInAscendingOrder();
    /// @notice The set has the strategy already.
    error StrategyAlreadyInOperatorSet();
    /// @notice The set does not have the strategy.
    error StrategyNotInOperatorSet();
    /// @notice The account has never had an allocation delay: it is no operator.
    error UninitializedAllocationDelay();

    /* AVS */

    /// @notice Announces a description of the AVS; the first call lets it create operator sets.
    /// @dev Caller: the AVS, or whom it permitted.
    function updateAVSMetadataURI(address avs, string calldata metadataURI) external;

    /// @notice Sets the contract that hears about operators joining and leaving. By default the AVS itself.
    /// @dev Caller: the AVS, or whom it permitted.
    function setAVSRegistrar(address avs, IAVSRegistrar registrar) external;

    /// @notice Creates operator sets whose slasher is the AVS.
    /// @dev Caller: the AVS, or whom it permitted.
    function createOperatorSets(address avs, CreateSetParams[] calldata params) external;

    /// @notice Creates operator sets.
    /// @dev Caller: the AVS, or whom it permitted.
    function createOperatorSets(address avs, CreateSetParamsV2[] calldata params) external;

    /// @notice Creates operator sets whose slasher is the AVS and whose slashed tokens go to fixed recipients.
    /// @dev Caller: the AVS, or whom it permitted.
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParams[] calldata params,
        address[] calldata redistributionRecipients
    ) external;

    /// @notice Creates operator sets whose slashed tokens go to fixed recipients.
    /// @dev Caller: the AVS, or whom it permitted.
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParamsV2[] calldata params,
        address[] calldata redistributionRecipients
    ) external;

    /// @notice Lets a set slash more strategies.
    /// @dev Caller: the AVS, or whom it permitted.
    function addStrategiesToOperatorSet(address avs, uint32 operatorSetId, IStrategy[] calldata strategies) external;

    /// @notice Takes strategies out of a set; what is allocated to them there can be freed at once.
    /// @dev Caller: the AVS, or whom it permitted.
    function removeStrategiesFromOperatorSet(
        address avs,
        uint32 operatorSetId,
        IStrategy[] calldata strategies
    ) external;

    /// @notice Names another slasher, in force after SLASHER_CONFIGURATION_DELAY.
    /// @dev Caller: the AVS, or whom it permitted.
    function updateSlasher(OperatorSet memory operatorSet, address slasher) external;

    /// @notice Gives a slasher to sets that are older than slashers. Here every set has one: nothing happens.
    /// @dev Caller: anyone.
    function migrateSlashers(OperatorSet[] memory operatorSets) external;

    /* SLASHING */

    /// @notice Takes a part of what an operator allocated to a set.
    /// @dev Caller: the set's slasher. Magnitudes round up, shares down.
    /// @return slashId Number of the slash in its set, counted from 1.
    /// @return shares Shares taken per strategy.
    function slashOperator(
        address avs,
        SlashingParams calldata params
    ) external returns (uint256 slashId, uint256[] memory shares);

    /* OPERATORS */

    /// @notice Joins operator sets of one AVS.
    /// @dev Caller: the operator, or whom it permitted. The AVS's registrar can refuse.
    function registerForOperatorSets(address operator, RegisterParams calldata params) external;

    /// @notice Leaves operator sets of one AVS; slashable for DEALLOCATION_DELAY blocks more.
    /// @dev Caller: the operator or the AVS, or whom they permitted. The AVS's registrar can refuse.
    function deregisterFromOperatorSets(DeregisterParams calldata params) external;

    /// @notice Changes how much of the stake operator sets can slash.
    /// @dev Caller: the operator, or whom it permitted.
    function modifyAllocations(address operator, AllocateParams[] calldata params) external;

    /// @notice Completes deallocations that are due, oldest first, at most `numToClear` per strategy.
    /// @dev Caller: anyone.
    function clearDeallocationQueue(
        address operator,
        IStrategy[] calldata strategies,
        uint16[] calldata numToClear
    ) external;

    /// @notice Changes the delay from an allocation to its effect, in force after ALLOCATION_CONFIGURATION_DELAY.
    /// @dev Caller: the operator or whom it permitted; the DelegationManager at registration, then in force at once.
    function setAllocationDelay(address operator, uint32 delay) external;

    /* VIEWS: FOR THE ENGINE */

    /// @notice Whether the set exists.
    /// @dev Caller: anyone.
    function isOperatorSet(OperatorSet memory operatorSet) external view returns (bool);

    /// @notice Who gets the tokens that the set slashes; the burn address unless it redistributes.
    /// @dev Caller: anyone.
    function getRedistributionRecipient(OperatorSet memory operatorSet) external view returns (address);

    /// @notice What slashing has left of `operator` in `strategy` [WAD].
    /// @dev Caller: anyone.
    function getMaxMagnitude(address operator, IStrategy strategy) external view returns (uint64);

    /// @notice As above for several strategies.
    /// @dev Caller: anyone.
    function getMaxMagnitudes(
        address operator,
        IStrategy[] calldata strategies
    ) external view returns (uint64[] memory);

    /// @notice As above at the end of an earlier block.
    /// @dev Caller: anyone.
    function getMaxMagnitudesAtBlock(
        address operator,
        IStrategy[] calldata strategies,
        uint32 blockNumber
    ) external view returns (uint64[] memory);

    /* VIEWS: SETTINGS */

    /// @notice Blocks for which stake stays slashable after it was deallocated or its operator left.
    /// @dev Caller: anyone.
    function DEALLOCATION_DELAY() external view returns (uint32 delay);

    /// @notice Blocks after which a new allocation delay is in force.
    /// @dev Caller: anyone.
    function ALLOCATION_CONFIGURATION_DELAY() external view returns (uint32);

    /// @notice Blocks after which a new slasher is in force.
    /// @dev Caller: anyone.
    function SLASHER_CONFIGURATION_DELAY() external view returns (uint32);

    /// @notice The strategy of the EIGEN token, which no redistributing set may slash; zero without one.
    /// @dev Caller: anyone.
    function eigenStrategy() external view returns (IStrategy);
}
