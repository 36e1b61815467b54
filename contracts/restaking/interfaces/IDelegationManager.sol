// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAllocationManager} from "./IAllocationManager.sol";
import {IEigenPodManager} from "./IEigenPodManager.sol";
import {IPausable} from "./IPausable.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {ISignatureUtils} from "./ISignatureUtils.sol";
import {IStrategy} from "./IStrategy.sol";
import {IStrategyManager} from "./IStrategyManager.sol";
import {OperatorSet} from "./OperatorSets.sol";

/// @title IDelegationManager
/// @notice Who is delegated to whom, how many shares an operator answers for, and the queue of withdrawals.
/// @dev Pause bits: 0 new delegation, 1 entering the queue, 2 leaving the queue.
///      Deposit shares s, scaling factor k and slashing factor f give the withdrawable shares s·k·f, rounded down twice.
interface IDelegationManager is IPausable, ISignatureUtils, IPermissioned {
    /* TYPES */

    /// @param strategies Strategies to withdraw from.
    /// @param depositShares Deposit shares (not tokens, not withdrawable shares) to take from each.
    /// @param __deprecated_withdrawer Ignored: the withdrawer is always the staker.
    struct QueuedWithdrawalParams {
        IStrategy[] strategies;
        uint256[] depositShares;
        address __deprecated_withdrawer;
    }

    /// @param staker Account that queued it.
    /// @param delegatedTo Operator at that time, or zero.
    /// @param withdrawer Account that may complete it: the staker.
    /// @param nonce Number of the withdrawal among the staker's.
    /// @param startBlock Block in which it was queued.
    /// @param strategies Strategies withdrawn from.
    /// @param scaledShares Shares times scaling factor: not an amount, only the slashing factor makes it one.
    struct Withdrawal {
        address staker;
        address delegatedTo;
        address withdrawer;
        uint256 nonce;
        uint32 startBlock;
        IStrategy[] strategies;
        uint256[] scaledShares;
    }

    /* EVENTS */

    event OperatorRegistered(address indexed operator, address delegationApprover);
    event DelegationApproverUpdated(address indexed operator, address newDelegationApprover);
    event OperatorMetadataURIUpdated(address indexed operator, string metadataURI);
    event OperatorSharesIncreased(address indexed operator, address staker, IStrategy strategy, uint256 shares);
    event OperatorSharesDecreased(address indexed operator, address staker, IStrategy strategy, uint256 shares);
    event OperatorSharesSlashed(address indexed operator, IStrategy strategy, uint256 totalSlashedShares);
    event StakerDelegated(address indexed staker, address indexed operator);
    event StakerUndelegated(address indexed staker, address indexed operator);
    event StakerForceUndelegated(address indexed staker, address indexed operator);
    event DepositScalingFactorUpdated(address staker, IStrategy strategy, uint256 newDepositScalingFactor);
    event SlashingWithdrawalQueued(bytes32 withdrawalRoot, Withdrawal withdrawal, uint256[] sharesToWithdraw);
    event SlashingWithdrawalCompleted(bytes32 withdrawalRoot);

    /* ERRORS */

    /// @notice Only the StrategyManager and the EigenPodManager.
    error OnlyStrategyManagerOrEigenPodManager();
    /// @notice Only the EigenPodManager.
    error OnlyEigenPodManager();
    /// @notice Only the AllocationManager.
    error OnlyAllocationManager();
    /// @notice An operator is delegated to itself for ever.
    error OperatorsCannotUndelegate();
    /// @notice The account is delegated already.
    error ActivelyDelegated();
    /// @notice The account is not delegated.
    error NotActivelyDelegated();
    /// @notice The account is no operator.
    error OperatorNotRegistered();
    /// @notice Only the staker, those who may act for its operator, and the operator's approver end a delegation.
    error CallerCannotUndelegate();
    /// @notice Lists that belong together have different lengths.
    error InputArrayLengthMismatch();
    /// @notice A withdrawal must name a strategy.
    error InputArrayLengthZero();
    /// @notice All of the operator's stake in the strategy was slashed: it can take no more.
    error FullySlashed();
    /// @notice The approver's signature with this salt was used already.
    error SaltSpent();
    /// @notice The withdrawal still has to wait for its delay to pass.
    error WithdrawalDelayNotElapsed();
    /// @notice No such withdrawal is waiting.
    error WithdrawalNotQueued();
    /// @notice Only the staker of a withdrawal completes it.
    error WithdrawerNotCaller();
    /// @notice The scaling factor of the staker's deposit would be 0.
    error InvalidDepositScalingFactor();
    /// @notice Never thrown: our history of numbers cannot go back.
    error InvalidSnapshotOrdering();

    /* OPERATORS */

    /// @notice Makes the caller an operator, delegated to itself for ever.
    /// @dev Caller: anyone not delegated.
    /// @param initDelegationApprover Account that must sign for new stakers, or zero for none.
    /// @param allocationDelay Blocks from an allocation to its effect, in force at once.
    /// @param metadataURI Description, kept only as an event.
    function registerAsOperator(
        address initDelegationApprover,
        uint32 allocationDelay,
        string calldata metadataURI
    ) external;

    /// @notice Changes the delegation approver.
    /// @dev Caller: the operator, or whom it permitted.
    function modifyOperatorDetails(address operator, address newDelegationApprover) external;

    /// @notice Announces another description.
    /// @dev Caller: the operator, or whom it permitted.
    function updateOperatorMetadataURI(address operator, string calldata metadataURI) external;

    /* DELEGATING */

    /// @notice Delegates all of the caller's stake to `operator`.
    /// @dev Caller: anyone not delegated. Scaling factors round down, in favour of the operator's other stakers.
    /// @param operator Registered operator.
    /// @param approverSignatureAndExpiry Signature of the operator's approver; ignored when it has none.
    /// @param approverSalt Salt of that signature.
    function delegateTo(
        address operator,
        SignatureWithExpiry memory approverSignatureAndExpiry,
        bytes32 approverSalt
    ) external;

    /// @notice Ends the delegation of `staker` and queues one withdrawal of all shares per strategy.
    /// @dev Caller: the staker, its operator (or whom it permitted) or the operator's approver.
    /// @return withdrawalRoots Roots of the withdrawals queued.
    function undelegate(address staker) external returns (bytes32[] memory withdrawalRoots);

    /// @notice Undelegates the caller and delegates to `newOperator`, which gets shares as withdrawals are completed.
    /// @dev Caller: a delegated staker.
    /// @return withdrawalRoots Roots of the withdrawals queued.
    function redelegate(
        address newOperator,
        SignatureWithExpiry memory newOperatorApproverSig,
        bytes32 approverSalt
    ) external returns (bytes32[] memory withdrawalRoots);

    /* WITHDRAWING */

    /// @notice Queues withdrawals of the caller's deposit shares.
    /// @dev Caller: anyone. Rounds down, in favour of the operator's other stakers.
    /// @return withdrawalRoots One root per entry of `params`.
    function queueWithdrawals(
        QueuedWithdrawalParams[] calldata params
    ) external returns (bytes32[] memory withdrawalRoots);

    /// @notice Pays a withdrawal after its delay, or turns it into deposit shares again.
    /// @dev Caller: the withdrawer. Rounds down, in favour of the pool. Entries worth 0 are skipped.
    /// @param withdrawal The withdrawal as queued.
    /// @param tokens Underlying token per strategy; ignored for native ETH and when completing as shares.
    /// @param receiveAsTokens Pay tokens, or add shares.
    function completeQueuedWithdrawal(
        Withdrawal calldata withdrawal,
        IERC20[] calldata tokens,
        bool receiveAsTokens
    ) external;

    /// @notice Completes several withdrawals in order.
    /// @dev Caller: the withdrawer. Rounds down, in favour of the pool.
    function completeQueuedWithdrawals(
        Withdrawal[] calldata withdrawals,
        IERC20[][] calldata tokens,
        bool[] calldata receiveAsTokens
    ) external;

    /* OTHER CONTRACTS OF THE ENGINE */

    /// @notice Accounts for new deposit shares of a staker.
    /// @dev Caller: StrategyManager or EigenPodManager. Scaling factor rounds down, in favour of the other stakers.
    /// @param staker Owner of the shares.
    /// @param strategy Strategy deposited into.
    /// @param prevDepositShares Deposit shares before.
    /// @param addedShares Deposit shares added.
    function increaseDelegatedShares(
        address staker,
        IStrategy strategy,
        uint256 prevDepositShares,
        uint256 addedShares
    ) external;

    /// @notice Accounts for a loss of native ETH on the beacon chain.
    /// @dev Caller: EigenPodManager. Rounds down, in favour of the operator.
    /// @param staker Pod owner.
    /// @param curDepositShares Deposit shares of the pod owner.
    /// @param beaconChainSlashingFactorDecrease Fall of its beacon chain slashing factor [WAD].
    function decreaseDelegatedShares(
        address staker,
        uint256 curDepositShares,
        uint64 beaconChainSlashingFactorDecrease
    ) external;

    /// @notice Takes the slashed part of an operator's shares and of the slashable queue.
    /// @dev Caller: AllocationManager. Rounds down, in favour of the stakers.
    ///      Reverts by underflow while the chain is not longer than the withdrawal delay.
    /// @return totalDepositSharesToSlash Shares recorded for burning or redistribution.
    function slashOperatorShares(
        address operator,
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint64 prevMaxMagnitude,
        uint64 newMaxMagnitude
    ) external returns (uint256 totalDepositSharesToSlash);

    /* VIEWS: DELEGATION */

    /// @notice Operator of `staker`, or zero.
    /// @dev Caller: anyone.
    function delegatedTo(address staker) external view returns (address operator);

    /// @notice Whether `staker` is delegated.
    /// @dev Caller: anyone.
    function isDelegated(address staker) external view returns (bool);

    /// @notice Whether `operator` is registered.
    /// @dev Caller: anyone.
    function isOperator(address operator) external view returns (bool);

    /// @notice Approver of `operator`, or zero.
    /// @dev Caller: anyone.
    function delegationApprover(address operator) external view returns (address);

    /// @notice Whether an approver's salt was used.
    /// @dev Caller: anyone.
    function delegationApproverSaltIsSpent(address delegationApprover, bytes32 salt) external view returns (bool spent);

    /// @notice The EIP-712 digest that an approver signs.
    /// @dev Caller: anyone.
    function calculateDelegationApprovalDigestHash(
        address staker,
        address operator,
        address approver,
        bytes32 approverSalt,
        uint256 expiry
    ) external view returns (bytes32);

    /* VIEWS: SHARES */

    /// @notice Shares delegated to `operator` in `strategy`, after slashing.
    /// @dev Caller: anyone.
    function operatorShares(address operator, IStrategy strategy) external view returns (uint256 shares);

    /// @notice As above for several strategies.
    /// @dev Caller: anyone.
    function getOperatorShares(
        address operator,
        IStrategy[] memory strategies
    ) external view returns (uint256[] memory);

    /// @notice As above for several operators; `[operator][strategy]`.
    /// @dev Caller: anyone.
    function getOperatorsShares(
        address[] memory operators,
        IStrategy[] memory strategies
    ) external view returns (uint256[][] memory);

    /// @notice Shares in the queue that a slash of `operator` would still reach.
    /// @dev Caller: anyone. Rounds down, in favour of the stakers.
    ///      Reverts by underflow while the chain is not longer than the withdrawal delay.
    function getSlashableSharesInQueue(address operator, IStrategy strategy) external view returns (uint256);

    /// @notice What `staker` could queue now, after slashing, beside its deposit shares. Excludes what is queued.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function getWithdrawableShares(
        address staker,
        IStrategy[] memory strategies
    ) external view returns (uint256[] memory withdrawableShares, uint256[] memory depositShares);

    /// @notice The strategies of `staker` and its deposit shares, native ETH last.
    /// @dev Caller: anyone.
    function getDepositedShares(address staker) external view returns (IStrategy[] memory, uint256[] memory);

    /// @notice Factor that makes up for slashes before the stake was delegated [WAD].
    /// @dev Caller: anyone.
    function depositScalingFactor(address staker, IStrategy strategy) external view returns (uint256);

    /// @notice Deposit shares to queue for given withdrawable shares.
    /// @dev Caller: anyone. Rounds down: the result is worth at most what was asked.
    function convertToDepositShares(
        address staker,
        IStrategy[] memory strategies,
        uint256[] memory withdrawableShares
    ) external view returns (uint256[] memory);

    /* VIEWS: QUEUE */

    /// @notice The withdrawal with this root; zeros when it is not queued.
    /// @dev Caller: anyone.
    function queuedWithdrawals(bytes32 withdrawalRoot) external view returns (Withdrawal memory withdrawal);

    /// @notice The withdrawal with this root and what completing it would give now.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function getQueuedWithdrawal(
        bytes32 withdrawalRoot
    ) external view returns (Withdrawal memory withdrawal, uint256[] memory shares);

    /// @notice All withdrawals of `staker` and what completing them would give now.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    function getQueuedWithdrawals(
        address staker
    ) external view returns (Withdrawal[] memory withdrawals, uint256[][] memory shares);

    /// @notice Roots of all withdrawals of `staker`. The order changes when one is completed.
    /// @dev Caller: anyone.
    function getQueuedWithdrawalRoots(address staker) external view returns (bytes32[] memory);

    /// @notice Whether a withdrawal with this root is queued.
    /// @dev Caller: anyone.
    function pendingWithdrawals(bytes32 withdrawalRoot) external view returns (bool pending);

    /// @notice How many withdrawals `staker` has ever queued.
    /// @dev Caller: anyone.
    function cumulativeWithdrawalsQueued(address staker) external view returns (uint256 totalQueued);

    /// @notice keccak256 of the encoded withdrawal.
    /// @dev Caller: anyone.
    function calculateWithdrawalRoot(Withdrawal memory withdrawal) external pure returns (bytes32);

    /* VIEWS: SETTINGS */

    /// @notice Blocks for which a queued withdrawal stays slashable; it may be completed after them.
    /// @dev Caller: anyone.
    function minWithdrawalDelayBlocks() external view returns (uint32);

    /// @notice The address that stands for native ETH in lists of strategies; it has no code.
    /// @dev Caller: anyone.
    function beaconChainETHStrategy() external view returns (IStrategy);

    /// @notice The StrategyManager.
    /// @dev Caller: anyone.
    function strategyManager() external view returns (IStrategyManager);

    /// @notice The EigenPodManager; zero on an engine without native ETH.
    /// @dev Caller: anyone.
    function eigenPodManager() external view returns (IEigenPodManager);

    /// @notice The AllocationManager.
    /// @dev Caller: anyone.
    function allocationManager() external view returns (IAllocationManager);

    /// @notice The EIP-712 type hash of the DelegationApproval message.
    /// @dev Caller: anyone.
    function DELEGATION_APPROVAL_TYPEHASH() external view returns (bytes32);
}
