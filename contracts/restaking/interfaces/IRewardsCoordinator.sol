// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAllocationManager} from "./IAllocationManager.sol";
import {IDelegationManager} from "./IDelegationManager.sol";
import {IPausable} from "./IPausable.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {IStrategy} from "./IStrategy.sol";
import {IStrategyManager} from "./IStrategyManager.sol";
import {OperatorSet} from "./OperatorSets.sol";

/// @title IRewardsCoordinator
/// @notice Takes rewards from AVSs and pays them out by Merkle roots that an updater computes off the chain.
/// @dev Pause bits: 0 submissions of AVSs, 1 for all, 2 claims, 3 roots, 4 for all earners, 5 by operator, 6 splits of
///      AVSs, 7 splits of programmatic incentives, 8 splits of sets, 9 by operator of a set, 10 unique stake,
///      11 total stake. Tokens are pulled from the caller, who must have approved this contract.
interface IRewardsCoordinator is IPausable, IPermissioned {
    /* TYPES */

    /// @notice How much a share of a strategy counts.
    struct StrategyAndMultiplier {
        IStrategy strategy;
        uint96 multiplier;
    }

    /// @notice Rewards for all stake of some strategies over some days.
    struct RewardsSubmission {
        StrategyAndMultiplier[] strategiesAndMultipliers; // ascending by strategy
        IERC20 token;
        uint256 amount;
        uint32 startTimestamp; // [unix s], a multiple of the interval
        uint32 duration; // [s], a multiple of the interval
    }

    /// @notice What one operator is given.
    struct OperatorReward {
        address operator;
        uint256 amount;
    }

    /// @notice Rewards for named operators and their stakers, for work already done.
    struct OperatorDirectedRewardsSubmission {
        StrategyAndMultiplier[] strategiesAndMultipliers; // ascending by strategy
        IERC20 token;
        OperatorReward[] operatorRewards; // ascending by operator
        uint32 startTimestamp;
        uint32 duration;
        string description;
    }

    /// @notice A root of everything that was earned until a time.
    struct DistributionRoot {
        bytes32 root;
        uint32 rewardsCalculationEndTimestamp;
        uint32 activatedAt; // [unix s] claims start
        bool disabled;
    }

    /// @notice Leaf of the tree of earners: an earner and the root of the tree of his tokens.
    struct EarnerTreeMerkleLeaf {
        address earner;
        bytes32 earnerTokenRoot;
    }

    /// @notice Leaf of the tree of one earner's tokens.
    struct TokenTreeMerkleLeaf {
        IERC20 token;
        uint256 cumulativeEarnings; // since ever, not since the last claim
    }

    /// @notice A claim of one earner for some tokens, with its proofs: siblings of 32 bytes, from the leaf up.
    struct RewardsMerkleClaim {
        uint32 rootIndex;
        uint32 earnerIndex;
        bytes earnerTreeProof;
        EarnerTreeMerkleLeaf earnerLeaf;
        uint32[] tokenIndices;
        bytes[] tokenTreeProofs;
        TokenTreeMerkleLeaf[] tokenLeaves;
    }

    /// @notice What stays as it is for ever.
    struct RewardsCoordinatorConstructorParams {
        IDelegationManager delegationManager;
        IStrategyManager strategyManager;
        IAllocationManager allocationManager;
        address emissionsController;
        address pauserRegistry;
        address permissionController;
        uint32 CALCULATION_INTERVAL_SECONDS;
        uint32 MAX_REWARDS_DURATION;
        uint32 MAX_RETROACTIVE_LENGTH;
        uint32 MAX_FUTURE_LENGTH;
        uint32 GENESIS_REWARDS_TIMESTAMP;
    }

    /// @notice What the owner can change.
    struct InitialSettings {
        address owner;
        address rewardsUpdater;
        uint32 activationDelay;
        uint16 defaultSplitBips;
        address feeRecipient;
    }

    /* EVENTS */

    event AVSRewardsSubmissionCreated(
        address indexed avs,
        uint256 indexed submissionNonce,
        bytes32 indexed rewardsSubmissionHash,
        RewardsSubmission rewardsSubmission
    );
    event RewardsSubmissionForAllCreated(
        address indexed submitter,
        uint256 indexed submissionNonce,
        bytes32 indexed rewardsSubmissionHash,
        RewardsSubmission rewardsSubmission
    );
    event RewardsSubmissionForAllEarnersCreated(
        address indexed tokenHopper,
        uint256 indexed submissionNonce,
        bytes32 indexed rewardsSubmissionHash,
        RewardsSubmission rewardsSubmission
    );
    event OperatorDirectedAVSRewardsSubmissionCreated(
        address indexed caller,
        address indexed avs,
        bytes32 indexed operatorDirectedRewardsSubmissionHash,
        uint256 submissionNonce,
        OperatorDirectedRewardsSubmission operatorDirectedRewardsSubmission
    );
    event OperatorDirectedOperatorSetRewardsSubmissionCreated(
        address indexed caller,
        bytes32 indexed operatorDirectedRewardsSubmissionHash,
        OperatorSet operatorSet,
        uint256 submissionNonce,
        OperatorDirectedRewardsSubmission operatorDirectedRewardsSubmission
    );
    event UniqueStakeRewardsSubmissionCreated(
        address indexed caller,
        bytes32 indexed rewardsSubmissionHash,
        OperatorSet operatorSet,
        uint256 submissionNonce,
        RewardsSubmission rewardsSubmission
    );
    event TotalStakeRewardsSubmissionCreated(
        address indexed caller,
        bytes32 indexed rewardsSubmissionHash,
        OperatorSet operatorSet,
        uint256 submissionNonce,
        RewardsSubmission rewardsSubmission
    );
    event DistributionRootSubmitted(
        uint32 indexed rootIndex,
        bytes32 indexed root,
        uint32 indexed rewardsCalculationEndTimestamp,
        uint32 activatedAt
    );
    event DistributionRootDisabled(uint32 indexed rootIndex);
    event RewardsClaimed(
        bytes32 root,
        address indexed earner,
        address indexed claimer,
        address indexed recipient,
        IERC20 token,
        uint256 claimedAmount
    );
    event ClaimerForSet(address indexed earner, address indexed oldClaimer, address indexed claimer);
    event OperatorAVSSplitBipsSet(
        address indexed caller,
        address indexed operator,
        address indexed avs,
        uint32 activatedAt,
        uint16 oldOperatorAVSSplitBips,
        uint16 newOperatorAVSSplitBips
    );
    event OperatorPISplitBipsSet(
        address indexed caller,
        address indexed operator,
        uint32 activatedAt,
        uint16 oldOperatorPISplitBips,
        uint16 newOperatorPISplitBips
    );
    event OperatorSetSplitBipsSet(
        address indexed caller,
        address indexed operator,
        OperatorSet operatorSet,
        uint32 activatedAt,
        uint16 oldOperatorSetSplitBips,
        uint16 newOperatorSetSplitBips
    );
    event ActivationDelaySet(uint32 oldActivationDelay, uint32 newActivationDelay);
    event DefaultOperatorSplitBipsSet(uint16 oldDefaultOperatorSplitBips, uint16 newDefaultOperatorSplitBips);
    event FeeRecipientSet(address indexed oldFeeRecipient, address indexed newFeeRecipient);
    event OptInForProtocolFeeSet(address indexed submitter, bool indexed oldValue, bool indexed newValue);
    event RewardsForAllSubmitterSet(
        address indexed rewardsForAllSubmitter,
        bool indexed oldValue,
        bool indexed newValue
    );
    event RewardsUpdaterSet(address indexed oldRewardsUpdater, address indexed newRewardsUpdater);

    /* ERRORS */

    /// @notice More than 10^38 - 1 is submitted at once.
    error AmountExceedsMax();
    /// @notice A reward of nothing.
    error AmountIsZero();
    /// @notice The rewards last longer than `MAX_REWARDS_DURATION`.
    error DurationExceedsMax();
    /// @notice The rewards last for no time.
    error DurationIsZero();
    /// @notice All that the leaf says was earned has been claimed already.
    error EarningsNotGreaterThanClaimed();
    /// @notice The root is zero: nothing can be proven by it.
    error EmptyRoot();
    /// @notice The leaves, their indexes and their proofs are not equally many.
    error InputArrayLengthMismatch();
    /// @notice A submission needs a strategy, and one by operator an operator.
    error InputArrayLengthZero();
    /// @notice An address that is needed is zero.
    error InvalidAddressZero();
    /// @notice The interval of calculation is not a whole number of days.
    error InvalidCalculationIntervalSecondsRemainder();
    /// @notice The leaf and its proof do not lead to the root.
    error InvalidClaimProof();
    /// @notice The duration is not a multiple of the interval of calculation.
    error InvalidDurationRemainder();
    /// @notice Only for an operator or an AVS with sets may others choose the claimer.
    error InvalidEarner();
    /// @notice A tree as deep as the proof has no such earner.
    error InvalidEarnerLeafIndex();
    /// @notice The first start of rewards is not a multiple of the interval of calculation.
    error InvalidGenesisRewardsTimestampRemainder();
    /// @notice Never thrown: the index of a leaf is checked against its proof before.
    error InvalidIndex();
    /// @notice The set does not exist.
    error InvalidOperatorSet();
    /// @notice A proof is not made of whole words.
    error InvalidProofLength();
    /// @notice No root has this hash.
    error InvalidRoot();
    /// @notice No root has this index.
    error InvalidRootIndex();
    /// @notice The start is not a multiple of the interval of calculation.
    error InvalidStartTimestampRemainder();
    /// @notice A tree as deep as the proof has no such token.
    error InvalidTokenLeafIndex();
    /// @notice The root ends no later than the last one.
    error NewRootMustBeForNewCalculatedPeriod();
    /// @notice Operators must be given by rising address, each once.
    error OperatorsNotInAscendingOrder();
    /// @notice The split chosen before is not in force yet.
    error PreviousSplitPending();
    /// @notice The root ends in the future.
    error RewardsEndTimestampNotElapsed();
    /// @notice Claims by the root are open: it can no longer be disabled.
    error RootAlreadyActivated();
    /// @notice The root was disabled.
    error RootDisabled();
    /// @notice Claims by the root are not open yet.
    error RootNotActivated();
    /// @notice More than the whole.
    error SplitExceedsMax();
    /// @notice The rewards start later than `MAX_FUTURE_LENGTH` from now.
    error StartTimestampTooFarInFuture();
    /// @notice The rewards start before `MAX_RETROACTIVE_LENGTH` ago or before the first start of all.
    error StartTimestampTooFarInPast();
    /// @notice Strategies must be given by rising address, each once.
    error StrategiesNotInAscendingOrder();
    /// @notice The strategy is neither native ETH nor open for deposits.
    error StrategyNotWhitelisted();
    /// @notice Rewards by operator must be for a time that has passed.
    error SubmissionNotRetroactive();
    /// @notice The caller is not among those who may do this.
    error UnauthorizedCaller();

    /* SUBMITTING REWARDS */

    /// @notice Gives rewards to the operators and stakers of the caller.
    /// @dev Caller: an AVS, for itself.
    function createAVSRewardsSubmission(RewardsSubmission[] calldata rewardsSubmissions) external;

    /// @notice Gives rewards to the operators and stakers of `avs`, out of the token's emission.
    /// @dev Caller: the EmissionsController.
    function createEigenDARewardsSubmission(address avs, RewardsSubmission[] calldata rewardsSubmissions) external;

    /// @notice Gives rewards to all stakers.
    /// @dev Caller: who the owner allowed to.
    function createRewardsForAllSubmission(RewardsSubmission[] calldata rewardsSubmissions) external;

    /// @notice Gives rewards to everybody who earns from an AVS.
    /// @dev Caller: who the owner allowed to.
    function createRewardsForAllEarners(RewardsSubmission[] calldata rewardsSubmissions) external;

    /// @notice Gives rewards to named operators of `avs`.
    /// @dev Caller: `avs`, or whom it permitted.
    function createOperatorDirectedAVSRewardsSubmission(
        address avs,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external;

    /// @notice Gives rewards to named operators of a set.
    /// @dev Caller: the set's AVS, or whom it permitted.
    function createOperatorDirectedOperatorSetRewardsSubmission(
        OperatorSet calldata operatorSet,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external;

    /// @notice Gives rewards to a set, in proportion to the stake that is allocated to it.
    /// @dev Caller: the set's AVS, or whom it permitted.
    function createUniqueStakeRewardsSubmission(
        OperatorSet calldata operatorSet,
        RewardsSubmission[] calldata rewardsSubmissions
    ) external;

    /// @notice Gives rewards to a set, in proportion to all stake of its operators.
    /// @dev Caller: the set's AVS, or whom it permitted.
    function createTotalStakeRewardsSubmission(
        OperatorSet calldata operatorSet,
        RewardsSubmission[] calldata rewardsSubmissions
    ) external;

    /// @notice Whether a fifth of what `submitter` gives goes to the fee recipient.
    /// @dev Caller: `submitter`, or whom it permitted.
    function setOptInForProtocolFee(address submitter, bool optInForProtocolFee) external;

    /* ROOTS */

    /// @notice Adds a root of everything earned until `rewardsCalculationEndTimestamp`.
    /// @dev Caller: the updater. Nothing ties a root to submissions: he is trusted.
    function submitRoot(bytes32 root, uint32 rewardsCalculationEndTimestamp) external;

    /// @notice Takes a root back before anybody can claim by it.
    /// @dev Caller: the updater. The period stays used: the next root must end later.
    function disableRoot(uint32 rootIndex) external;

    /* CLAIMING */

    /// @notice Pays what an earner has earned and not claimed yet, of the tokens that the claim names.
    /// @dev Caller: the earner's claimer; the earner while none is set.
    function processClaim(RewardsMerkleClaim calldata claim, address recipient) external;

    /// @notice `processClaim` for several claims; one that fails fails all.
    /// @dev Caller: the claimer of every earner.
    function processClaims(RewardsMerkleClaim[] calldata claims, address recipient) external;

    /// @notice Lets `claimer` claim in place of the caller, and him alone; zero gives the right back.
    /// @dev Caller: an earner, for himself.
    function setClaimerFor(address claimer) external;

    /// @notice Lets `claimer` claim in place of an operator or an AVS.
    /// @dev Caller: `earner`, or whom it permitted.
    function setClaimerFor(address earner, address claimer) external;

    /* SPLITS */

    /// @notice Part that `operator` keeps of its rewards from `avs`, after the activation delay.
    /// @dev Caller: `operator`, or whom it permitted.
    function setOperatorAVSSplit(address operator, address avs, uint16 split) external;

    /// @notice Part that `operator` keeps of programmatic incentives, after the activation delay.
    /// @dev Caller: `operator`, or whom it permitted.
    function setOperatorPISplit(address operator, uint16 split) external;

    /// @notice Part that `operator` keeps of its rewards from a set, after the activation delay.
    /// @dev Caller: `operator`, or whom it permitted.
    function setOperatorSetSplit(address operator, OperatorSet calldata operatorSet, uint16 split) external;

    /* SETTINGS */

    /// @notice Time between a root, or a split, and its use.
    /// @dev Caller: the owner.
    function setActivationDelay(uint32 _activationDelay) external;

    /// @notice Split of operators that did not set one.
    /// @dev Caller: the owner.
    function setDefaultOperatorSplit(uint16 split) external;

    /// @notice Who submits roots.
    /// @dev Caller: the owner.
    function setRewardsUpdater(address _rewardsUpdater) external;

    /// @notice Who may reward everybody.
    /// @dev Caller: the owner.
    function setRewardsForAllSubmitter(address _submitter, bool _newValue) external;

    /// @notice Who is paid the protocol fee.
    /// @dev Caller: the owner.
    function setFeeRecipient(address _feeRecipient) external;

    /* VIEWS: SETTINGS */

    /// @notice The DelegationManager.
    function delegationManager() external view returns (IDelegationManager);

    /// @notice The StrategyManager.
    function strategyManager() external view returns (IStrategyManager);

    /// @notice The AllocationManager.
    function allocationManager() external view returns (IAllocationManager);

    /// @notice The contract that may submit rewards out of the token's emission.
    function emissionsController() external view returns (address);

    /// @notice Stands for native ETH among strategies.
    function beaconChainETHStrategy() external view returns (IStrategy);

    /// @notice What times and durations are multiples of [s].
    function CALCULATION_INTERVAL_SECONDS() external view returns (uint32);

    /// @notice Longest duration of a submission [s].
    function MAX_REWARDS_DURATION() external view returns (uint32);

    /// @notice Oldest start of a submission [s before now].
    function MAX_RETROACTIVE_LENGTH() external view returns (uint32);

    /// @notice Latest start of a submission [s after now].
    function MAX_FUTURE_LENGTH() external view returns (uint32);

    /// @notice First start of any submission [unix s].
    function GENESIS_REWARDS_TIMESTAMP() external view returns (uint32);

    /// @notice Time between a root, or a split, and its use [s].
    function activationDelay() external view returns (uint32);

    /// @notice Split of operators that did not set one [bips].
    function defaultOperatorSplitBips() external view returns (uint16);

    /// @notice Who submits roots.
    function rewardsUpdater() external view returns (address);

    /// @notice Who is paid the protocol fee.
    function feeRecipient() external view returns (address);

    /// @notice Whether `submitter` may reward everybody.
    function isRewardsForAllSubmitter(address submitter) external view returns (bool valid);

    /// @notice Whether `submitter` pays the protocol fee.
    function isOptedInForProtocolFee(address submitter) external view returns (bool isOptedIn);

    /* VIEWS: SUBMISSIONS */

    /// @notice Number of submissions in the name of `avs`.
    function submissionNonce(address avs) external view returns (uint256 nonce);

    /// @notice Whether `hash` is of a submission for the AVS.
    function isAVSRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid);

    /// @notice Whether `hash` is of a submission for all stakers.
    function isRewardsSubmissionForAllHash(address avs, bytes32 hash) external view returns (bool valid);

    /// @notice Whether `hash` is of a submission for all earners.
    function isRewardsSubmissionForAllEarnersHash(address avs, bytes32 hash) external view returns (bool valid);

    /// @notice Whether `hash` is of a submission for named operators.
    function isOperatorDirectedAVSRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid);

    /// @notice Whether `hash` is of a submission for named operators of a set.
    function isOperatorDirectedOperatorSetRewardsSubmissionHash(
        address avs,
        bytes32 hash
    ) external view returns (bool valid);

    /// @notice Whether `hash` is of a submission by allocated stake.
    function isUniqueStakeRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid);

    /// @notice Whether `hash` is of a submission by all stake.
    function isTotalStakeRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid);

    /* VIEWS: ROOTS AND CLAIMS */

    /// @notice End of the period of the newest root [unix s].
    function currRewardsCalculationEndTimestamp() external view returns (uint32);

    /// @notice Number of roots, disabled ones included.
    function getDistributionRootsLength() external view returns (uint256);

    /// @notice A root, counted from 0.
    function getDistributionRootAtIndex(uint256 index) external view returns (DistributionRoot memory);

    /// @notice The newest root.
    function getCurrentDistributionRoot() external view returns (DistributionRoot memory);

    /// @notice The newest root by which one can claim; zeros without one.
    function getCurrentClaimableDistributionRoot() external view returns (DistributionRoot memory);

    /// @notice Index of the newest root that is `rootHash`.
    function getRootIndexFromHash(bytes32 rootHash) external view returns (uint32);

    /// @notice Who alone may claim for `earner`; zero for himself.
    function claimerFor(address earner) external view returns (address claimer);

    /// @notice What `earner` has been paid of `token` since ever.
    function cumulativeClaimed(address earner, IERC20 token) external view returns (uint256 totalClaimed);

    /// @notice Whether the proofs of a claim hold; reverts with the reason when they do not.
    function checkClaim(RewardsMerkleClaim calldata claim) external view returns (bool);

    /// @notice Hash of a leaf of the tree of earners.
    function calculateEarnerLeafHash(EarnerTreeMerkleLeaf calldata leaf) external pure returns (bytes32);

    /// @notice Hash of a leaf of a tree of tokens.
    function calculateTokenLeafHash(TokenTreeMerkleLeaf calldata leaf) external pure returns (bytes32);

    /* VIEWS: SPLITS */

    /// @notice Part that `operator` keeps of its rewards from `avs` [bips].
    function getOperatorAVSSplit(address operator, address avs) external view returns (uint16);

    /// @notice Part that `operator` keeps of programmatic incentives [bips].
    function getOperatorPISplit(address operator) external view returns (uint16);

    /// @notice Part that `operator` keeps of its rewards from a set [bips].
    function getOperatorSetSplit(address operator, OperatorSet calldata operatorSet) external view returns (uint16);
}
