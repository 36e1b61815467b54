// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IAllocationManager} from "../interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../interfaces/IDelegationManager.sol";
import {IEigenPodManager} from "../interfaces/IEigenPodManager.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IPermissionController} from "../interfaces/IPermissionController.sol";
import {IShareManager} from "../interfaces/IShareManager.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {IStrategyManager} from "../interfaces/IStrategyManager.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {SlashingMath} from "../math/SlashingMath.sol";
import {Pausable} from "../pausing/Pausable.sol";
import {Permissioned} from "../permissions/Permissioned.sol";
import {SignatureUtils} from "../signatures/SignatureUtils.sol";
import {WithdrawalLedger} from "./WithdrawalLedger.sol";

/// @title DelegationManager
/// @notice Who is delegated to whom, how many shares an operator answers for, and the queue of withdrawals.
/// @dev Owns: delegations, operator shares, scaling factors, the queue. Trusts: AllocationManager (safety),
///      StrategyManager (safety), EigenPodManager (safety), PermissionController (safety).
///      Never: iterates over stakers in a slash; lets a staker out of the queue while a slash can still reach it.
contract DelegationManager is IDelegationManager, Pausable, SignatureUtils, Permissioned, ReentrancyGuardTransient {
    using Checkpoints for Checkpoints.Trace224;
    using SafeCast for uint256;
    using SlashingMath for uint256;
    using WithdrawalLedger for WithdrawalLedger.Ledger;

    struct Staker {
        address operator;
        uint96 withdrawalsQueued;
    }

    /* CONSTANTS */

    /// @inheritdoc IDelegationManager
    IStrategy public constant beaconChainETHStrategy = IStrategy(0xbeaC0eeEeeeeEEeEeEEEEeeEEeEeeeEeeEEBEaC0);
    /// @inheritdoc IDelegationManager
    bytes32 public constant DELEGATION_APPROVAL_TYPEHASH = keccak256(
        "DelegationApproval(address delegationApprover,address staker,address operator,bytes32 salt,uint256 expiry)"
    );

    uint8 private constant PAUSED_NEW_DELEGATION = 0;
    uint8 private constant PAUSED_ENTERING_QUEUE = 1;
    uint8 private constant PAUSED_LEAVING_QUEUE = 2;

    /* IMMUTABLES */

    /// @inheritdoc IDelegationManager
    IStrategyManager public immutable strategyManager;
    /// @inheritdoc IDelegationManager
    IEigenPodManager public immutable eigenPodManager;
    /// @inheritdoc IDelegationManager
    IAllocationManager public immutable allocationManager;
    /// @inheritdoc IDelegationManager
    uint32 public immutable minWithdrawalDelayBlocks;

    /* STORAGE */

    /// @inheritdoc IDelegationManager
    mapping(address operator => mapping(IStrategy strategy => uint256)) public operatorShares;
    /// @inheritdoc IDelegationManager
    mapping(address operator => address) public delegationApprover;
    /// @inheritdoc IDelegationManager
    mapping(address approver => mapping(bytes32 salt => bool)) public delegationApproverSaltIsSpent;

    mapping(address staker => Staker) private _stakers;
    /// @dev 0 stands for WAD, the factor of nearly everyone.
    mapping(address staker => mapping(IStrategy strategy => uint256)) private _scalingFactors;
    /// @dev All scaled shares ever queued under an operator, by block.
    mapping(address operator => mapping(IStrategy strategy => Checkpoints.Trace224)) private _queuedScaledShares;
    WithdrawalLedger.Ledger private _queue;

    /* SETUP */

    /// @param strategyManager_ StrategyManager; may be deployed later at this address.
    /// @param eigenPodManager_ EigenPodManager, or zero for an engine without native ETH.
    /// @param allocationManager_ AllocationManager; may be deployed later at this address.
    constructor(
        IStrategyManager strategyManager_,
        IEigenPodManager eigenPodManager_,
        IAllocationManager allocationManager_,
        IPauserRegistry pauserRegistry_,
        IPermissionController permissionController_,
        uint32 minWithdrawalDelayBlocks_
    ) Pausable(pauserRegistry_) Permissioned(permissionController_) {
        strategyManager = strategyManager_;
        eigenPodManager = eigenPodManager_;
        allocationManager = allocationManager_;
        minWithdrawalDelayBlocks = minWithdrawalDelayBlocks_;
    }

    modifier onlyAllocationManager() {
        require(msg.sender == address(allocationManager), OnlyAllocationManager());
        _;
    }

    /* OPERATORS */

    /// @inheritdoc IDelegationManager
    function registerAsOperator(
        address initDelegationApprover,
        uint32 allocationDelay,
        string calldata metadataURI
    ) external {
        require(!isDelegated(msg.sender), ActivelyDelegated());
        allocationManager.setAllocationDelay(msg.sender, allocationDelay);
        _setDelegationApprover(msg.sender, initDelegationApprover);
        _delegate(msg.sender, msg.sender);
        emit OperatorRegistered(msg.sender, initDelegationApprover);
        emit OperatorMetadataURIUpdated(msg.sender, metadataURI);
    }

    /// @inheritdoc IDelegationManager
    function modifyOperatorDetails(address operator, address newDelegationApprover) external onlyFor(operator) {
        require(isOperator(operator), OperatorNotRegistered());
        _setDelegationApprover(operator, newDelegationApprover);
    }

    /// @inheritdoc IDelegationManager
    function updateOperatorMetadataURI(address operator, string calldata metadataURI) external onlyFor(operator) {
        require(isOperator(operator), OperatorNotRegistered());
        emit OperatorMetadataURIUpdated(operator, metadataURI);
    }

    function _setDelegationApprover(address operator, address approver) private {
        if (delegationApprover[operator] != approver) delegationApprover[operator] = approver;
        emit DelegationApproverUpdated(operator, approver);
    }

    /* DELEGATING */

    /// @inheritdoc IDelegationManager
    function delegateTo(
        address operator,
        SignatureWithExpiry memory approverSignatureAndExpiry,
        bytes32 approverSalt
    ) public {
        require(!isDelegated(msg.sender), ActivelyDelegated());
        require(isOperator(operator), OperatorNotRegistered());
        _useApproval(operator, approverSignatureAndExpiry, approverSalt);
        _delegate(msg.sender, operator);
    }

    /// @inheritdoc IDelegationManager
    function undelegate(address staker) public returns (bytes32[] memory withdrawalRoots) {
        address operator = delegatedTo(staker);
        require(operator != address(0), NotActivelyDelegated());
        require(operator != staker, OperatorsCannotUndelegate());
        if (msg.sender != staker) {
            require(_mayActFor(operator) || msg.sender == delegationApprover[operator], CallerCannotUndelegate());
            emit StakerForceUndelegated(staker, operator);
        }
        return _undelegate(staker, operator);
    }

    /// @inheritdoc IDelegationManager
    function redelegate(
        address newOperator,
        SignatureWithExpiry memory newOperatorApproverSig,
        bytes32 approverSalt
    ) external returns (bytes32[] memory withdrawalRoots) {
        withdrawalRoots = undelegate(msg.sender);
        delegateTo(newOperator, newOperatorApproverSig, approverSalt);
    }

    function _useApproval(address operator, SignatureWithExpiry memory approval, bytes32 salt) private {
        address approver = delegationApprover[operator];
        if (approver == address(0)) return;
        require(!delegationApproverSaltIsSpent[approver][salt], SaltSpent());
        delegationApproverSaltIsSpent[approver][salt] = true;
        bytes32 digest = calculateDelegationApprovalDigestHash(msg.sender, operator, approver, salt, approval.expiry);
        _checkSignature(approver, digest, approval.signature, approval.expiry);
    }

    /// @dev What the staker can withdraw stays the same: the scaling factor makes up for the operator's past slashes.
    function _delegate(address staker, address operator) private onlyWhenNotPaused(PAUSED_NEW_DELEGATION) {
        (IStrategy[] memory strategies, uint256[] memory depositShares) = getDepositedShares(staker);
        _stakers[staker].operator = operator;
        emit StakerDelegated(staker, operator);
        if (strategies.length == 0) return;
        uint64[] memory maxMagnitudes = allocationManager.getMaxMagnitudes(operator, strategies);
        for (uint256 i = 0; i < strategies.length; ++i) {
            uint256 scalingFactor = depositScalingFactor(staker, strategies[i]);
            uint256 added = depositShares[i];
            if (_isNative(strategies[i])) {
                added = added.withdrawableDown(scalingFactor, eigenPodManager.beaconChainSlashingFactor(staker));
            }
            require(maxMagnitudes[i] != 0, FullySlashed());
            if (added == 0) continue;
            _setScalingFactor(staker, strategies[i], scalingFactor.divDown(maxMagnitudes[i]));
            _increaseOperatorShares(operator, staker, strategies[i], added);
        }
    }

    /// @dev One withdrawal per strategy, so that a strategy that fails to pay does not hold the others.
    function _undelegate(
        address staker,
        address operator
    ) private onlyWhenNotPaused(PAUSED_ENTERING_QUEUE) returns (bytes32[] memory roots) {
        (IStrategy[] memory strategies, uint256[] memory depositShares) = getDepositedShares(staker);
        _stakers[staker].operator = address(0);
        emit StakerUndelegated(staker, operator);
        roots = new bytes32[](strategies.length);
        if (strategies.length == 0) return roots;
        uint256[] memory factors = _slashingFactors(staker, operator, strategies);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy[] memory strategy = new IStrategy[](1);
            uint256[] memory shares = new uint256[](1);
            uint256[] memory factor = new uint256[](1);
            (strategy[0], shares[0], factor[0]) = (strategies[i], depositShares[i], factors[i]);
            roots[i] = _queueWithdrawal(staker, operator, strategy, shares, factor);
        }
    }

    /* WITHDRAWING */

    /// @inheritdoc IDelegationManager
    function queueWithdrawals(
        QueuedWithdrawalParams[] calldata params
    ) external onlyWhenNotPaused(PAUSED_ENTERING_QUEUE) returns (bytes32[] memory withdrawalRoots) {
        withdrawalRoots = new bytes32[](params.length);
        address operator = delegatedTo(msg.sender);
        for (uint256 i = 0; i < params.length; ++i) {
            IStrategy[] memory strategies = params[i].strategies;
            require(strategies.length == params[i].depositShares.length, InputArrayLengthMismatch());
            uint256[] memory factors = _slashingFactors(msg.sender, operator, strategies);
            withdrawalRoots[i] = _queueWithdrawal(msg.sender, operator, strategies, params[i].depositShares, factors);
        }
    }

    /// @inheritdoc IDelegationManager
    function completeQueuedWithdrawal(
        Withdrawal calldata withdrawal,
        IERC20[] calldata tokens,
        bool receiveAsTokens
    ) external onlyWhenNotPaused(PAUSED_LEAVING_QUEUE) nonReentrant {
        _completeWithdrawal(withdrawal, tokens, receiveAsTokens);
    }

    /// @inheritdoc IDelegationManager
    function completeQueuedWithdrawals(
        Withdrawal[] calldata withdrawals,
        IERC20[][] calldata tokens,
        bool[] calldata receiveAsTokens
    ) external onlyWhenNotPaused(PAUSED_LEAVING_QUEUE) nonReentrant {
        for (uint256 i = 0; i < withdrawals.length; ++i) {
            _completeWithdrawal(withdrawals[i], tokens[i], receiveAsTokens[i]);
        }
    }

    /// @param operator Operator at the time of the call that queues, which undelegation has already cleared.
    /// @param factors Slashing factor per strategy.
    function _queueWithdrawal(
        address staker,
        address operator,
        IStrategy[] memory strategies,
        uint256[] memory depositShares,
        uint256[] memory factors
    ) private returns (bytes32 root) {
        require(strategies.length != 0, InputArrayLengthZero());
        Withdrawal memory withdrawal;
        withdrawal.scaledShares = new uint256[](strategies.length);
        uint256[] memory withdrawable = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy strategy = strategies[i];
            uint256 scaled = depositShares[i].scaledDown(depositScalingFactor(staker, strategy));
            withdrawal.scaledShares[i] = scaled;
            withdrawable[i] = scaled.mulDown(factors[i]);
            if (operator != address(0)) {
                _recordQueued(operator, strategy, scaled);
                _decreaseOperatorShares(operator, staker, strategy, withdrawable[i]);
            }
            if (_shareManager(strategy).removeDepositShares(staker, strategy, depositShares[i]) == 0) {
                _setScalingFactor(staker, strategy, SlashingMath.WAD);
            }
        }
        withdrawal.staker = staker;
        withdrawal.delegatedTo = operator;
        withdrawal.withdrawer = staker;
        withdrawal.nonce = _stakers[staker].withdrawalsQueued++;
        withdrawal.startBlock = block.number.toUint32();
        withdrawal.strategies = strategies;
        root = calculateWithdrawalRoot(withdrawal);
        _queue.append(root, withdrawal);
        emit SlashingWithdrawalQueued(root, withdrawal, withdrawable);
    }

    /// @dev What a withdrawal is worth was fixed in its last slashable block, but for losses of native ETH.
    function _completeWithdrawal(
        Withdrawal calldata withdrawal,
        IERC20[] calldata tokens,
        bool receiveAsTokens
    ) private {
        IStrategy[] memory strategies = withdrawal.strategies;
        require(tokens.length == strategies.length, InputArrayLengthMismatch());
        require(msg.sender == withdrawal.withdrawer, WithdrawerNotCaller());
        bytes32 root = calculateWithdrawalRoot(withdrawal);
        require(_queue.isQueued(root), WithdrawalNotQueued());
        uint32 slashableUntil = withdrawal.startBlock + minWithdrawalDelayBlocks;
        require(block.number > slashableUntil, WithdrawalDelayNotElapsed());
        uint256[] memory factors = _slashingFactorsAt(
            withdrawal.staker,
            withdrawal.delegatedTo,
            strategies,
            slashableUntil
        );
        _queue.remove(root);
        emit SlashingWithdrawalCompleted(root);
        for (uint256 i = 0; i < strategies.length; ++i) {
            uint256 shares = withdrawal.scaledShares[i].mulDown(factors[i]);
            if (shares == 0) continue;
            IShareManager manager = _shareManager(strategies[i]);
            if (receiveAsTokens) {
                manager.withdrawSharesAsTokens(withdrawal.staker, strategies[i], tokens[i], shares);
            } else {
                (uint256 prev, uint256 added) = manager.addShares(withdrawal.staker, strategies[i], shares);
                _increaseDelegation(withdrawal.staker, strategies[i], prev, added);
            }
        }
    }

    /* OTHER CONTRACTS OF THE ENGINE */

    /// @inheritdoc IDelegationManager
    function increaseDelegatedShares(
        address staker,
        IStrategy strategy,
        uint256 prevDepositShares,
        uint256 addedShares
    ) external {
        require(
            msg.sender == address(strategyManager) || msg.sender == address(eigenPodManager),
            OnlyStrategyManagerOrEigenPodManager()
        );
        _increaseDelegation(staker, strategy, prevDepositShares, addedShares);
    }

    /// @inheritdoc IDelegationManager
    function decreaseDelegatedShares(
        address staker,
        uint256 curDepositShares,
        uint64 beaconChainSlashingFactorDecrease
    ) external {
        require(msg.sender == address(eigenPodManager), OnlyEigenPodManager());
        address operator = delegatedTo(staker);
        if (operator == address(0)) return;
        IStrategy strategy = beaconChainETHStrategy;
        uint256 factorDecrease = uint256(allocationManager.getMaxMagnitude(operator, strategy)).mulDown(
            beaconChainSlashingFactorDecrease
        );
        uint256 decrease = curDepositShares.withdrawableDown(depositScalingFactor(staker, strategy), factorDecrease);
        _decreaseOperatorShares(operator, staker, strategy, decrease);
    }

    /// @inheritdoc IDelegationManager
    function slashOperatorShares(
        address operator,
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint64 prevMaxMagnitude,
        uint64 newMaxMagnitude
    ) external onlyAllocationManager returns (uint256 totalDepositSharesToSlash) {
        uint256 delegated = operatorShares[operator][strategy].slashedDown(prevMaxMagnitude, newMaxMagnitude);
        uint256 queued = _slashableQueue(operator, strategy, prevMaxMagnitude, newMaxMagnitude);
        totalDepositSharesToSlash = delegated + queued;
        _decreaseOperatorShares(operator, address(0), strategy, delegated);
        emit OperatorSharesSlashed(operator, strategy, totalDepositSharesToSlash);
        _shareManager(strategy).increaseBurnOrRedistributableShares(
            operatorSet,
            slashId,
            strategy,
            totalDepositSharesToSlash
        );
    }

    /* SHARES */

    /// @dev The staker's new shares are worth what they are now, whatever was slashed before.
    function _increaseDelegation(address staker, IStrategy strategy, uint256 prev, uint256 added) private {
        address operator = delegatedTo(staker);
        uint256 factor = _slashingFactor(staker, operator, strategy);
        require(factor != 0, FullySlashed());
        if (added == 0) return;
        uint256 scalingFactor = depositScalingFactor(staker, strategy);
        uint256 newScalingFactor = SlashingMath.scalingFactorDown(prev, added, scalingFactor, factor);
        require(newScalingFactor != 0, InvalidDepositScalingFactor());
        _setScalingFactor(staker, strategy, newScalingFactor);
        if (operator != address(0)) _increaseOperatorShares(operator, staker, strategy, added);
    }

    function _setScalingFactor(address staker, IStrategy strategy, uint256 newScalingFactor) private {
        uint256 stored = newScalingFactor == SlashingMath.WAD ? 0 : newScalingFactor;
        if (_scalingFactors[staker][strategy] != stored) _scalingFactors[staker][strategy] = stored;
        emit DepositScalingFactorUpdated(staker, strategy, newScalingFactor);
    }

    function _increaseOperatorShares(address operator, address staker, IStrategy strategy, uint256 shares) private {
        operatorShares[operator][strategy] += shares;
        emit OperatorSharesIncreased(operator, staker, strategy, shares);
    }

    function _decreaseOperatorShares(address operator, address staker, IStrategy strategy, uint256 shares) private {
        operatorShares[operator][strategy] -= shares;
        emit OperatorSharesDecreased(operator, staker, strategy, shares);
    }

    function _recordQueued(address operator, IStrategy strategy, uint256 scaled) private {
        Checkpoints.Trace224 storage history = _queuedScaledShares[operator][strategy];
        history.push(block.number.toUint32(), (history.latest() + scaled).toUint224());
    }

    /// @dev What a fall of the maximum takes of the shares queued in the slashable blocks. The subtraction underflows
    ///      while the chain is not longer than the delay, as in the original.
    function _slashableQueue(
        address operator,
        IStrategy strategy,
        uint64 prevMax,
        uint64 newMax
    ) private view returns (uint256) {
        if (prevMax == 0) return 0;
        Checkpoints.Trace224 storage history = _queuedScaledShares[operator][strategy];
        uint32 lastUnslashable = block.number.toUint32() - minWithdrawalDelayBlocks - 1;
        uint256 scaled = history.latest() - history.upperLookupRecent(lastUnslashable);
        return scaled.mulDown(prevMax).slashedDown(prevMax, newMax);
    }

    /* SLASHING FACTORS */

    /// @dev What slashing by AVSs and by the beacon chain has left of a stake.
    function _slashingFactor(address staker, address operator, IStrategy strategy) private view returns (uint256) {
        uint256 max = operator == address(0) ? SlashingMath.WAD : allocationManager.getMaxMagnitude(operator, strategy);
        return _withBeaconChain(staker, strategy, max);
    }

    function _slashingFactors(
        address staker,
        address operator,
        IStrategy[] memory strategies
    ) private view returns (uint256[] memory) {
        if (operator == address(0)) return _unslashed(staker, strategies);
        return _withBeaconChain(staker, strategies, allocationManager.getMaxMagnitudes(operator, strategies));
    }

    function _slashingFactorsAt(
        address staker,
        address operator,
        IStrategy[] memory strategies,
        uint32 blockNumber
    ) private view returns (uint256[] memory) {
        if (operator == address(0)) return _unslashed(staker, strategies);
        return
            _withBeaconChain(
                staker,
                strategies,
                allocationManager.getMaxMagnitudesAtBlock(operator, strategies, blockNumber)
            );
    }

    function _unslashed(address staker, IStrategy[] memory strategies) private view returns (uint256[] memory) {
        uint64[] memory full = new uint64[](strategies.length);
        for (uint256 i = 0; i < full.length; ++i) full[i] = uint64(SlashingMath.WAD); // 1e18 < 2^64
        return _withBeaconChain(staker, strategies, full);
    }

    function _withBeaconChain(
        address staker,
        IStrategy[] memory strategies,
        uint64[] memory maxMagnitudes
    ) private view returns (uint256[] memory factors) {
        factors = new uint256[](strategies.length);
        for (uint256 i = 0; i < factors.length; ++i) {
            factors[i] = _withBeaconChain(staker, strategies[i], maxMagnitudes[i]);
        }
    }

    function _withBeaconChain(address staker, IStrategy strategy, uint256 max) private view returns (uint256) {
        if (!_isNative(strategy) || address(eigenPodManager) == address(0)) return max;
        return max.mulDown(eigenPodManager.beaconChainSlashingFactor(staker));
    }

    function _isNative(IStrategy strategy) private pure returns (bool) {
        return address(strategy) == address(beaconChainETHStrategy);
    }

    /// @dev Without an EigenPodManager nobody has native deposit shares: the StrategyManager then says so.
    function _shareManager(IStrategy strategy) private view returns (IShareManager) {
        if (_isNative(strategy) && address(eigenPodManager) != address(0)) return eigenPodManager;
        return strategyManager;
    }

    /* VIEWS: DELEGATION */

    /// @inheritdoc IDelegationManager
    function delegatedTo(address staker) public view returns (address operator) {
        return _stakers[staker].operator;
    }

    /// @inheritdoc IDelegationManager
    function isDelegated(address staker) public view returns (bool) {
        return delegatedTo(staker) != address(0);
    }

    /// @inheritdoc IDelegationManager
    function isOperator(address operator) public view returns (bool) {
        return operator != address(0) && delegatedTo(operator) == operator;
    }

    /// @inheritdoc IDelegationManager
    function calculateDelegationApprovalDigestHash(
        address staker,
        address operator,
        address approver,
        bytes32 approverSalt,
        uint256 expiry
    ) public view returns (bytes32) {
        return
            _digest(
                keccak256(abi.encode(DELEGATION_APPROVAL_TYPEHASH, approver, staker, operator, approverSalt, expiry))
            );
    }

    /* VIEWS: SHARES */

    /// @inheritdoc IDelegationManager
    function getOperatorShares(
        address operator,
        IStrategy[] memory strategies
    ) public view returns (uint256[] memory shares) {
        shares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) shares[i] = operatorShares[operator][strategies[i]];
    }

    /// @inheritdoc IDelegationManager
    function getOperatorsShares(
        address[] memory operators,
        IStrategy[] memory strategies
    ) external view returns (uint256[][] memory shares) {
        shares = new uint256[][](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) shares[i] = getOperatorShares(operators[i], strategies);
    }

    /// @inheritdoc IDelegationManager
    function getSlashableSharesInQueue(address operator, IStrategy strategy) external view returns (uint256) {
        return _slashableQueue(operator, strategy, allocationManager.getMaxMagnitude(operator, strategy), 0);
    }

    /// @inheritdoc IDelegationManager
    function getWithdrawableShares(
        address staker,
        IStrategy[] memory strategies
    ) external view returns (uint256[] memory withdrawableShares, uint256[] memory depositShares) {
        uint256[] memory factors = _slashingFactors(staker, delegatedTo(staker), strategies);
        withdrawableShares = new uint256[](strategies.length);
        depositShares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy strategy = strategies[i];
            depositShares[i] = _shareManager(strategy).stakerDepositShares(staker, strategy);
            uint256 scalingFactor = depositScalingFactor(staker, strategy);
            withdrawableShares[i] = depositShares[i].withdrawableDown(scalingFactor, factors[i]);
        }
    }

    /// @inheritdoc IDelegationManager
    function getDepositedShares(
        address staker
    ) public view returns (IStrategy[] memory strategies, uint256[] memory shares) {
        (strategies, shares) = strategyManager.getDeposits(staker);
        if (address(eigenPodManager) == address(0)) return (strategies, shares);
        uint256 native = eigenPodManager.stakerDepositShares(staker, beaconChainETHStrategy);
        if (native == 0) return (strategies, shares);
        uint256 last = strategies.length;
        IStrategy[] memory allStrategies = new IStrategy[](last + 1);
        uint256[] memory allShares = new uint256[](last + 1);
        for (uint256 i = 0; i < last; ++i) (allStrategies[i], allShares[i]) = (strategies[i], shares[i]);
        (allStrategies[last], allShares[last]) = (beaconChainETHStrategy, native);
        return (allStrategies, allShares);
    }

    /// @inheritdoc IDelegationManager
    function depositScalingFactor(address staker, IStrategy strategy) public view returns (uint256) {
        uint256 stored = _scalingFactors[staker][strategy];
        return stored == 0 ? SlashingMath.WAD : stored;
    }

    /// @inheritdoc IDelegationManager
    function convertToDepositShares(
        address staker,
        IStrategy[] memory strategies,
        uint256[] memory withdrawableShares
    ) external view returns (uint256[] memory depositShares) {
        uint256[] memory factors = _slashingFactors(staker, delegatedTo(staker), strategies);
        depositShares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            uint256 scalingFactor = depositScalingFactor(staker, strategies[i]);
            depositShares[i] = withdrawableShares[i].depositSharesDown(scalingFactor, factors[i]);
        }
    }

    /* VIEWS: QUEUE */

    /// @inheritdoc IDelegationManager
    function queuedWithdrawals(bytes32 withdrawalRoot) external view returns (Withdrawal memory withdrawal) {
        return _queue.withdrawalOf(withdrawalRoot);
    }

    /// @inheritdoc IDelegationManager
    function getQueuedWithdrawal(
        bytes32 withdrawalRoot
    ) public view returns (Withdrawal memory withdrawal, uint256[] memory shares) {
        withdrawal = _queue.withdrawalOf(withdrawalRoot);
        shares = new uint256[](withdrawal.strategies.length);
        if (shares.length == 0) return (withdrawal, shares);
        uint32 slashableUntil = withdrawal.startBlock + minWithdrawalDelayBlocks;
        (address staker, address operator) = (withdrawal.staker, withdrawal.delegatedTo);
        uint256[] memory factors =
            block.number > slashableUntil
                ? _slashingFactorsAt(staker, operator, withdrawal.strategies, slashableUntil)
                : _slashingFactors(staker, operator, withdrawal.strategies);
        for (uint256 i = 0; i < shares.length; ++i) shares[i] = withdrawal.scaledShares[i].mulDown(factors[i]);
    }

    /// @inheritdoc IDelegationManager
    function getQueuedWithdrawals(
        address staker
    ) external view returns (Withdrawal[] memory withdrawals, uint256[][] memory shares) {
        bytes32[] storage roots = _queue.rootsOf[staker];
        uint256 length = roots.length;
        withdrawals = new Withdrawal[](length);
        shares = new uint256[][](length);
        for (uint256 i = 0; i < length; ++i) (withdrawals[i], shares[i]) = getQueuedWithdrawal(roots[i]);
    }

    /// @inheritdoc IDelegationManager
    function getQueuedWithdrawalRoots(address staker) external view returns (bytes32[] memory) {
        return _queue.rootsOf[staker];
    }

    /// @inheritdoc IDelegationManager
    function pendingWithdrawals(bytes32 withdrawalRoot) external view returns (bool pending) {
        return _queue.isQueued(withdrawalRoot);
    }

    /// @inheritdoc IDelegationManager
    function cumulativeWithdrawalsQueued(address staker) external view returns (uint256 totalQueued) {
        return _stakers[staker].withdrawalsQueued;
    }

    /// @inheritdoc IDelegationManager
    function calculateWithdrawalRoot(Withdrawal memory withdrawal) public pure returns (bytes32) {
        return keccak256(abi.encode(withdrawal));
    }
}
