// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAllocationManager} from "../interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../interfaces/IDelegationManager.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IPermissionController} from "../interfaces/IPermissionController.sol";
import {IRewardsCoordinator} from "../interfaces/IRewardsCoordinator.sol";
import {IStrategyManager} from "../interfaces/IStrategyManager.sol";
import {Pausable} from "../pausing/Pausable.sol";
import {Permissioned} from "../permissions/Permissioned.sol";

/// @title RewardsSettings
/// @notice What the RewardsCoordinator knows of its neighbours, its owner's wishes and single accounts.
abstract contract RewardsSettings is IRewardsCoordinator, ReentrancyGuardTransient, Pausable, Permissioned, Ownable {
    /// @dev Everything about one account as submitter and as earner, in one slot.
    struct Account {
        address claimer;
        uint64 nonce; // number of submissions
        bool isOptedIn;
        bool isForAllSubmitter;
    }

    /* CONSTANTS */

    uint16 internal constant MAX_BIPS = 10_000;
    uint32 private constant CADENCE = 1 days;

    /* IMMUTABLES */

    /// @inheritdoc IRewardsCoordinator
    IDelegationManager public immutable delegationManager;
    /// @inheritdoc IRewardsCoordinator
    IStrategyManager public immutable strategyManager;
    /// @inheritdoc IRewardsCoordinator
    IAllocationManager public immutable allocationManager;
    /// @inheritdoc IRewardsCoordinator
    address public immutable emissionsController;
    /// @inheritdoc IRewardsCoordinator
    uint32 public immutable CALCULATION_INTERVAL_SECONDS;
    /// @inheritdoc IRewardsCoordinator
    uint32 public immutable MAX_REWARDS_DURATION;
    /// @inheritdoc IRewardsCoordinator
    uint32 public immutable MAX_RETROACTIVE_LENGTH;
    /// @inheritdoc IRewardsCoordinator
    uint32 public immutable MAX_FUTURE_LENGTH;
    /// @inheritdoc IRewardsCoordinator
    uint32 public immutable GENESIS_REWARDS_TIMESTAMP;

    /* STORAGE */

    // In the slot of the switches and the owner: he alone writes them, and setting a split reads all but the owner.
    /// @inheritdoc IRewardsCoordinator
    uint16 public defaultOperatorSplitBips;
    /// @inheritdoc IRewardsCoordinator
    uint32 public activationDelay;

    // One slot: all that submitting a root writes besides the root.
    /// @inheritdoc IRewardsCoordinator
    address public rewardsUpdater;
    /// @inheritdoc IRewardsCoordinator
    uint32 public currRewardsCalculationEndTimestamp;
    uint32 internal _rootCount;

    /// @inheritdoc IRewardsCoordinator
    address public feeRecipient;
    mapping(address account => Account) internal _accounts;

    /* SETUP */

    constructor(
        RewardsCoordinatorConstructorParams memory params,
        InitialSettings memory settings
    )
        Pausable(IPauserRegistry(params.pauserRegistry))
        Permissioned(IPermissionController(params.permissionController))
        Ownable(settings.owner)
    {
        uint32 interval = params.CALCULATION_INTERVAL_SECONDS;
        require(params.GENESIS_REWARDS_TIMESTAMP % interval == 0, InvalidGenesisRewardsTimestampRemainder());
        require(interval % CADENCE == 0, InvalidCalculationIntervalSecondsRemainder());
        delegationManager = params.delegationManager;
        strategyManager = params.strategyManager;
        allocationManager = params.allocationManager;
        emissionsController = params.emissionsController;
        CALCULATION_INTERVAL_SECONDS = interval;
        MAX_REWARDS_DURATION = params.MAX_REWARDS_DURATION;
        MAX_RETROACTIVE_LENGTH = params.MAX_RETROACTIVE_LENGTH;
        MAX_FUTURE_LENGTH = params.MAX_FUTURE_LENGTH;
        GENESIS_REWARDS_TIMESTAMP = params.GENESIS_REWARDS_TIMESTAMP;
        _setRewardsUpdater(settings.rewardsUpdater);
        _setActivationDelay(settings.activationDelay);
        _setDefaultOperatorSplit(settings.defaultSplitBips);
        _setFeeRecipient(settings.feeRecipient);
    }

    /* SETTINGS */

    /// @inheritdoc IRewardsCoordinator
    function setActivationDelay(uint32 _activationDelay) external onlyOwner {
        _setActivationDelay(_activationDelay);
    }

    /// @inheritdoc IRewardsCoordinator
    function setDefaultOperatorSplit(uint16 split) external onlyOwner {
        _setDefaultOperatorSplit(split);
    }

    /// @inheritdoc IRewardsCoordinator
    function setRewardsUpdater(address _rewardsUpdater) external onlyOwner {
        _setRewardsUpdater(_rewardsUpdater);
    }

    /// @inheritdoc IRewardsCoordinator
    function setRewardsForAllSubmitter(address _submitter, bool _newValue) external onlyOwner {
        Account storage account = _accounts[_submitter];
        bool old = account.isForAllSubmitter;
        account.isForAllSubmitter = _newValue;
        emit RewardsForAllSubmitterSet(_submitter, old, _newValue);
    }

    /// @inheritdoc IRewardsCoordinator
    function setFeeRecipient(address _feeRecipient) external onlyOwner {
        _setFeeRecipient(_feeRecipient);
    }

    /// @inheritdoc IRewardsCoordinator
    function setOptInForProtocolFee(address submitter, bool optInForProtocolFee) external onlyFor(submitter) {
        Account storage account = _accounts[submitter];
        bool old = account.isOptedIn;
        account.isOptedIn = optInForProtocolFee;
        emit OptInForProtocolFeeSet(submitter, old, optInForProtocolFee);
    }

    function _setActivationDelay(uint32 delay) private {
        uint32 old = activationDelay;
        activationDelay = delay;
        emit ActivationDelaySet(old, delay);
    }

    function _setDefaultOperatorSplit(uint16 split) private {
        require(split <= MAX_BIPS, SplitExceedsMax());
        uint16 old = defaultOperatorSplitBips;
        defaultOperatorSplitBips = split;
        emit DefaultOperatorSplitBipsSet(old, split);
    }

    function _setRewardsUpdater(address updater) private {
        address old = rewardsUpdater;
        rewardsUpdater = updater;
        emit RewardsUpdaterSet(old, updater);
    }

    function _setFeeRecipient(address recipient) private {
        require(recipient != address(0), InvalidAddressZero());
        address old = feeRecipient;
        feeRecipient = recipient;
        emit FeeRecipientSet(old, recipient);
    }

    /* VIEWS */

    /// @inheritdoc IRewardsCoordinator
    function isRewardsForAllSubmitter(address submitter) public view returns (bool valid) {
        return _accounts[submitter].isForAllSubmitter;
    }

    /// @inheritdoc IRewardsCoordinator
    function isOptedInForProtocolFee(address submitter) public view returns (bool isOptedIn) {
        return _accounts[submitter].isOptedIn;
    }

    /// @inheritdoc IRewardsCoordinator
    function submissionNonce(address avs) external view returns (uint256 nonce) {
        return _accounts[avs].nonce;
    }

    /// @inheritdoc IRewardsCoordinator
    function claimerFor(address earner) public view returns (address claimer) {
        return _accounts[earner].claimer;
    }
}
