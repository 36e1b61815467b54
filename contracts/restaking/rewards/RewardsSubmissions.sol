// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRewardsCoordinator} from "../interfaces/IRewardsCoordinator.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {EncodedSubmission} from "./EncodedSubmission.sol";
import {RewardsSettings} from "./RewardsSettings.sol";

/// @title RewardsSubmissions
/// @notice The giving side of the RewardsCoordinator: takes tokens and writes down for whom they are.
abstract contract RewardsSubmissions is RewardsSettings {
    using EncodedSubmission for bytes;
    using SafeERC20 for IERC20;

    /// @dev A hash covers the submitter and his nonce, which all kinds share: it can be of one kind only.
    enum Kind {
        None,
        Avs,
        ForAll,
        ForAllEarners,
        DirectedAvs,
        DirectedSet,
        UniqueStake,
        TotalStake
    }

    /* CONSTANTS */

    /// @inheritdoc IRewardsCoordinator
    IStrategy public constant beaconChainETHStrategy = IStrategy(0xbeaC0eeEeeeeEEeEeEEEEeeEEeEeeeEeeEEBEaC0);

    uint256 private constant MAX_AMOUNT = 1e38 - 1;
    uint256 private constant FEE_BIPS = 2_000;

    uint8 private constant PAUSED_AVS = 0;
    uint8 private constant PAUSED_FOR_ALL = 1;
    uint8 private constant PAUSED_FOR_ALL_EARNERS = 4;
    uint8 private constant PAUSED_DIRECTED_AVS = 5;
    uint8 private constant PAUSED_DIRECTED_SET = 9;
    uint8 private constant PAUSED_UNIQUE_STAKE = 10;
    uint8 private constant PAUSED_TOTAL_STAKE = 11;

    /* STORAGE */

    mapping(address avs => mapping(bytes32 hash => Kind)) private _kinds;

    modifier onlyForAllSubmitter() {
        require(_accounts[msg.sender].isForAllSubmitter, UnauthorizedCaller());
        _;
    }

    modifier onlyExisting(OperatorSet calldata operatorSet) {
        require(allocationManager.isOperatorSet(operatorSet), InvalidOperatorSet());
        _;
    }

    /* FOR AN AVS */

    /// @inheritdoc IRewardsCoordinator
    function createAVSRewardsSubmission(
        RewardsSubmission[] calldata rewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_AVS) nonReentrant {
        _createForAvs(msg.sender, rewardsSubmissions);
    }

    /// @inheritdoc IRewardsCoordinator
    function createEigenDARewardsSubmission(
        address avs,
        RewardsSubmission[] calldata rewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_AVS) nonReentrant {
        require(msg.sender == emissionsController, UnauthorizedCaller());
        _createForAvs(avs, rewardsSubmissions);
    }

    /// @inheritdoc IRewardsCoordinator
    function createOperatorDirectedAVSRewardsSubmission(
        address avs,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_DIRECTED_AVS) onlyFor(avs) nonReentrant {
        for (uint256 i = 0; i < operatorDirectedRewardsSubmissions.length; ++i) {
            OperatorDirectedRewardsSubmission calldata submission = operatorDirectedRewardsSubmissions[i];
            (bytes32 hash, bytes memory encoded) = _takeDirected(avs, Kind.DirectedAvs, submission);
            encoded.emitWithNonce(OperatorDirectedAVSRewardsSubmissionCreated.selector, hash);
        }
    }

    function _createForAvs(address avs, RewardsSubmission[] calldata submissions) private {
        for (uint256 i = 0; i < submissions.length; ++i) {
            (bytes32 hash, bytes memory encoded) = _take(avs, Kind.Avs, submissions[i]);
            encoded.emitAlone(AVSRewardsSubmissionCreated.selector, hash);
        }
    }

    /* FOR AN OPERATOR SET */

    /// @inheritdoc IRewardsCoordinator
    function createOperatorDirectedOperatorSetRewardsSubmission(
        OperatorSet calldata operatorSet,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_DIRECTED_SET) onlyFor(operatorSet.avs) nonReentrant onlyExisting(operatorSet) {
        for (uint256 i = 0; i < operatorDirectedRewardsSubmissions.length; ++i) {
            OperatorDirectedRewardsSubmission calldata submission = operatorDirectedRewardsSubmissions[i];
            (bytes32 hash, bytes memory encoded) = _takeDirected(operatorSet.avs, Kind.DirectedSet, submission);
            bytes32 selector = OperatorDirectedOperatorSetRewardsSubmissionCreated.selector;
            encoded.emitWithSet(selector, hash, operatorSet.id);
        }
    }

    /// @inheritdoc IRewardsCoordinator
    function createUniqueStakeRewardsSubmission(
        OperatorSet calldata operatorSet,
        RewardsSubmission[] calldata rewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_UNIQUE_STAKE) onlyFor(operatorSet.avs) nonReentrant onlyExisting(operatorSet) {
        for (uint256 i = 0; i < rewardsSubmissions.length; ++i) {
            (bytes32 hash, bytes memory encoded) = _take(operatorSet.avs, Kind.UniqueStake, rewardsSubmissions[i]);
            encoded.emitWithSet(UniqueStakeRewardsSubmissionCreated.selector, hash, operatorSet.id);
        }
    }

    /// @inheritdoc IRewardsCoordinator
    function createTotalStakeRewardsSubmission(
        OperatorSet calldata operatorSet,
        RewardsSubmission[] calldata rewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_TOTAL_STAKE) onlyFor(operatorSet.avs) nonReentrant onlyExisting(operatorSet) {
        for (uint256 i = 0; i < rewardsSubmissions.length; ++i) {
            (bytes32 hash, bytes memory encoded) = _take(operatorSet.avs, Kind.TotalStake, rewardsSubmissions[i]);
            encoded.emitWithSet(TotalStakeRewardsSubmissionCreated.selector, hash, operatorSet.id);
        }
    }

    /* FOR EVERYBODY */

    /// @inheritdoc IRewardsCoordinator
    function createRewardsForAllSubmission(
        RewardsSubmission[] calldata rewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_FOR_ALL) onlyForAllSubmitter nonReentrant {
        for (uint256 i = 0; i < rewardsSubmissions.length; ++i) {
            RewardsSubmission calldata submission = rewardsSubmissions[i];
            _check(submission);
            bytes memory encoded = abi.encode(msg.sender, _nextNonce(msg.sender), submission);
            bytes32 hash = _writeDown(msg.sender, Kind.ForAll, encoded);
            encoded.emitAlone(RewardsSubmissionForAllCreated.selector, hash);
            submission.token.safeTransferFrom(msg.sender, address(this), submission.amount);
        }
    }

    /// @inheritdoc IRewardsCoordinator
    function createRewardsForAllEarners(
        RewardsSubmission[] calldata rewardsSubmissions
    ) external onlyWhenNotPaused(PAUSED_FOR_ALL_EARNERS) onlyForAllSubmitter nonReentrant {
        for (uint256 i = 0; i < rewardsSubmissions.length; ++i) {
            RewardsSubmission calldata submission = rewardsSubmissions[i];
            _check(submission);
            bytes memory encoded = abi.encode(msg.sender, _nextNonce(msg.sender), submission);
            bytes32 hash = _writeDown(msg.sender, Kind.ForAllEarners, encoded);
            encoded.emitAlone(RewardsSubmissionForAllEarnersCreated.selector, hash);
            submission.token.safeTransferFrom(msg.sender, address(this), submission.amount);
        }
    }

    /* TAKING */

    /// @dev Checks a submission, takes its tokens and writes it down with what the fee left of them.
    function _take(
        address avs,
        Kind kind,
        RewardsSubmission calldata submission
    ) private returns (bytes32 hash, bytes memory encoded) {
        _check(submission);
        submission.token.safeTransferFrom(msg.sender, address(this), submission.amount);
        if (_accounts[msg.sender].isOptedIn) {
            RewardsSubmission memory left = submission;
            uint256 fee = _feeDown(left.amount);
            left.amount -= fee;
            _payFee(left.token, fee);
            encoded = abi.encode(avs, _nextNonce(avs), left);
        } else {
            encoded = abi.encode(avs, _nextNonce(avs), submission);
        }
        hash = _writeDown(avs, kind, encoded);
    }

    /// @dev The same; every operator bears the fee on his part, so that the parts add up to what is left.
    function _takeDirected(
        address avs,
        Kind kind,
        OperatorDirectedRewardsSubmission calldata submission
    ) private returns (bytes32 hash, bytes memory encoded) {
        uint256 total = _checkDirected(submission);
        submission.token.safeTransferFrom(msg.sender, address(this), total);
        if (_accounts[msg.sender].isOptedIn) {
            OperatorDirectedRewardsSubmission memory left = submission;
            uint256 fees = 0;
            for (uint256 i = 0; i < left.operatorRewards.length; ++i) {
                uint256 fee = _feeDown(left.operatorRewards[i].amount);
                left.operatorRewards[i].amount -= fee;
                fees += fee;
            }
            _payFee(left.token, fees);
            encoded = abi.encode(avs, _nextNonce(avs), left);
        } else {
            encoded = abi.encode(avs, _nextNonce(avs), submission);
        }
        hash = _writeDown(avs, kind, encoded);
    }

    function _writeDown(address avs, Kind kind, bytes memory encoded) private returns (bytes32 hash) {
        hash = keccak256(encoded);
        _kinds[avs][hash] = kind;
    }

    function _nextNonce(address avs) private returns (uint256) {
        return _accounts[avs].nonce++;
    }

    function _payFee(IERC20 token, uint256 fee) private {
        if (fee != 0) token.safeTransfer(feeRecipient, fee);
    }

    /// @dev `amount` was checked: the product cannot overflow.
    function _feeDown(uint256 amount) private pure returns (uint256) {
        return (amount * FEE_BIPS) / MAX_BIPS;
    }

    /* CHECKING */

    function _check(RewardsSubmission calldata submission) private view {
        _checkTerms(submission.strategiesAndMultipliers, submission.startTimestamp, submission.duration);
        require(submission.amount != 0, AmountIsZero());
        require(submission.amount <= MAX_AMOUNT, AmountExceedsMax());
        require(submission.startTimestamp <= block.timestamp + MAX_FUTURE_LENGTH, StartTimestampTooFarInFuture());
    }

    function _checkDirected(
        OperatorDirectedRewardsSubmission calldata submission
    ) private view returns (uint256 total) {
        _checkTerms(submission.strategiesAndMultipliers, submission.startTimestamp, submission.duration);
        OperatorReward[] calldata rewards = submission.operatorRewards;
        require(rewards.length != 0, InputArrayLengthZero());
        require(submission.startTimestamp + submission.duration < block.timestamp, SubmissionNotRetroactive());
        address last = address(0);
        for (uint256 i = 0; i < rewards.length; ++i) {
            address operator = rewards[i].operator;
            require(operator != address(0), InvalidAddressZero());
            require(operator > last, OperatorsNotInAscendingOrder());
            require(rewards[i].amount != 0, AmountIsZero());
            total += rewards[i].amount;
            last = operator;
        }
        require(total <= MAX_AMOUNT, AmountExceedsMax());
    }

    /// @dev What all submissions have in common.
    function _checkTerms(StrategyAndMultiplier[] calldata strategies, uint32 start, uint32 duration) private view {
        require(strategies.length != 0, InputArrayLengthZero());
        require(duration <= MAX_REWARDS_DURATION, DurationExceedsMax());
        require(duration % CALCULATION_INTERVAL_SECONDS == 0, InvalidDurationRemainder());
        require(duration != 0, DurationIsZero());
        require(start % CALCULATION_INTERVAL_SECONDS == 0, InvalidStartTimestampRemainder());
        require(
            start >= block.timestamp - MAX_RETROACTIVE_LENGTH && start >= GENESIS_REWARDS_TIMESTAMP,
            StartTimestampTooFarInPast()
        );
        address last = address(0);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy strategy = strategies[i].strategy;
            require(
                address(strategy) == address(beaconChainETHStrategy) ||
                    strategyManager.strategyIsWhitelistedForDeposit(strategy),
                StrategyNotWhitelisted()
            );
            require(address(strategy) > last, StrategiesNotInAscendingOrder());
            last = address(strategy);
        }
    }

    /* VIEWS */

    /// @inheritdoc IRewardsCoordinator
    function isAVSRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.Avs;
    }

    /// @inheritdoc IRewardsCoordinator
    function isRewardsSubmissionForAllHash(address avs, bytes32 hash) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.ForAll;
    }

    /// @inheritdoc IRewardsCoordinator
    function isRewardsSubmissionForAllEarnersHash(address avs, bytes32 hash) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.ForAllEarners;
    }

    /// @inheritdoc IRewardsCoordinator
    function isOperatorDirectedAVSRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.DirectedAvs;
    }

    /// @inheritdoc IRewardsCoordinator
    function isOperatorDirectedOperatorSetRewardsSubmissionHash(
        address avs,
        bytes32 hash
    ) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.DirectedSet;
    }

    /// @inheritdoc IRewardsCoordinator
    function isUniqueStakeRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.UniqueStake;
    }

    /// @inheritdoc IRewardsCoordinator
    function isTotalStakeRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool valid) {
        return _kinds[avs][hash] == Kind.TotalStake;
    }
}
