// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAllocationManager} from "../interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../interfaces/IDelegationManager.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IShareManager} from "../interfaces/IShareManager.sol";
import {ISlashResolution} from "../interfaces/ISlashResolution.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {IStrategyManager} from "../interfaces/IStrategyManager.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {CompactList} from "../lists/CompactList.sol";
import {OperatorSetKeys} from "../lists/OperatorSetKeys.sol";
import {Pausable} from "../pausing/Pausable.sol";
import {SignatureUtils} from "../signatures/SignatureUtils.sol";
import {SlashedSharesLedger} from "./SlashedSharesLedger.sol";

/// @title StrategyManager
/// @notice Takes tokens into strategies, counts deposit shares, and clears shares that were slashed.
/// @dev Owns: deposit shares, the deposit whitelist, slashed shares. Trusts: DelegationManager (safety),
///      AllocationManager (safety: recipients), whitelisted strategies (safety), owner and whitelister (liveness).
///      Never: changes deposit shares because of a slash.
contract StrategyManager is
    IStrategyManager,
    ISlashResolution,
    Pausable,
    SignatureUtils,
    Ownable,
    ReentrancyGuardTransient
{
    using CompactList for CompactList.List;
    using OperatorSetKeys for OperatorSet;
    using OperatorSetKeys for uint192;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using SlashedSharesLedger for SlashedSharesLedger.Ledger;

    /// @dev One staker in one strategy.
    struct Position {
        uint128 shares;
        uint8 index; // in the staker's list, counted from 1
    }

    /* CONSTANTS */

    /// @inheritdoc IStrategyManager
    address public constant DEFAULT_BURN_ADDRESS = 0x00000000000000000000000000000000000E16E4;
    /// @inheritdoc IStrategyManager
    bytes32 public constant DEPOSIT_TYPEHASH = keccak256(
        "Deposit(address staker,address strategy,address token,uint256 amount,uint256 nonce,uint256 expiry)"
    );

    uint256 private constant MAX_STRATEGIES_PER_STAKER = 32;
    uint8 private constant PAUSED_DEPOSITS = 0;
    /// @dev Used only with a slash resolution delay.
    uint8 private constant PAUSED_CLEARING = 1;

    /* IMMUTABLES */

    /// @inheritdoc IStrategyManager
    IDelegationManager public immutable delegation;
    /// @inheritdoc IStrategyManager
    IAllocationManager public immutable allocationManager;
    /// @inheritdoc ISlashResolution
    uint32 public immutable SLASH_RESOLUTION_DELAY_BLOCKS;

    /* STORAGE */

    /// @inheritdoc IStrategyManager
    address public strategyWhitelister;
    /// @inheritdoc IStrategyManager
    mapping(IStrategy strategy => bool) public strategyIsWhitelistedForDeposit;
    /// @inheritdoc IStrategyManager
    mapping(address signer => uint256) public nonces;

    mapping(address staker => mapping(IStrategy strategy => Position)) private _positions;
    mapping(address staker => CompactList.List) private _strategiesOf;
    SlashedSharesLedger.Ledger private _slashed;

    /* SETUP */

    /// @param delegation_ DelegationManager; may be deployed later at this address.
    /// @param allocationManager_ AllocationManager; may be deployed later at this address.
    /// @param slashResolutionDelayBlocks Blocks between a slash and its clearing; 0 as in release 1.12.
    constructor(
        IDelegationManager delegation_,
        IAllocationManager allocationManager_,
        IPauserRegistry pauserRegistry_,
        address owner_,
        address strategyWhitelister_,
        uint32 slashResolutionDelayBlocks
    ) Pausable(pauserRegistry_) Ownable(owner_) {
        delegation = delegation_;
        allocationManager = allocationManager_;
        SLASH_RESOLUTION_DELAY_BLOCKS = slashResolutionDelayBlocks;
        _setStrategyWhitelister(strategyWhitelister_);
    }

    modifier onlyStrategyWhitelister() {
        require(msg.sender == strategyWhitelister, OnlyStrategyWhitelister());
        _;
    }

    modifier onlyDelegationManager() {
        require(msg.sender == address(delegation), OnlyDelegationManager());
        _;
    }

    /* DEPOSITING */

    /// @inheritdoc IStrategyManager
    function depositIntoStrategy(
        IStrategy strategy,
        IERC20 token,
        uint256 amount
    ) external onlyWhenNotPaused(PAUSED_DEPOSITS) nonReentrant returns (uint256 depositShares) {
        return _deposit(msg.sender, strategy, token, amount);
    }

    /// @inheritdoc IStrategyManager
    function depositIntoStrategyWithSignature(
        IStrategy strategy,
        IERC20 token,
        uint256 amount,
        address staker,
        uint256 expiry,
        bytes memory signature
    ) external onlyWhenNotPaused(PAUSED_DEPOSITS) nonReentrant returns (uint256 depositShares) {
        bytes32 digest = calculateStrategyDepositDigestHash(staker, strategy, token, amount, nonces[staker]++, expiry);
        _checkSignature(staker, digest, signature, expiry);
        return _deposit(staker, strategy, token, amount);
    }

    function _deposit(
        address staker,
        IStrategy strategy,
        IERC20 token,
        uint256 amount
    ) private returns (uint256 depositShares) {
        require(strategyIsWhitelistedForDeposit[strategy], StrategyNotWhitelisted());
        // The strategy counts what has arrived, so the tokens move first.
        token.safeTransferFrom(msg.sender, address(strategy), amount);
        depositShares = strategy.deposit(token, amount);
        uint256 prevDepositShares = _addShares(staker, strategy, depositShares);
        delegation.increaseDelegatedShares(staker, strategy, prevDepositShares, depositShares);
    }

    function _addShares(
        address staker,
        IStrategy strategy,
        uint256 shares
    ) private returns (uint256 prevDepositShares) {
        require(staker != address(0), StakerAddressZero());
        require(shares != 0, SharesAmountZero());
        strategy.beforeAddShares(staker, shares);
        Position memory position = _positions[staker][strategy];
        prevDepositShares = position.shares;
        if (prevDepositShares == 0) {
            CompactList.List storage list = _strategiesOf[staker];
            require(list.length() < MAX_STRATEGIES_PER_STAKER, MaxStrategiesExceeded());
            position.index = uint8(list.append(uint160(address(strategy)))); // ≤ 32
        }
        position.shares = (prevDepositShares + shares).toUint128();
        _positions[staker][strategy] = position;
        emit Deposit(staker, strategy, shares);
    }

    /* DELEGATION MANAGER ONLY */

    /// @inheritdoc IShareManager
    function addShares(
        address staker,
        IStrategy strategy,
        uint256 shares
    ) external onlyDelegationManager returns (uint256 prevDepositShares, uint256 addedShares) {
        return (_addShares(staker, strategy, shares), shares);
    }

    /// @inheritdoc IShareManager
    function removeDepositShares(
        address staker,
        IStrategy strategy,
        uint256 depositSharesToRemove
    ) external onlyDelegationManager returns (uint256 remaining) {
        require(depositSharesToRemove != 0, SharesAmountZero());
        Position memory position = _positions[staker][strategy];
        require(depositSharesToRemove <= position.shares, SharesAmountTooHigh());
        strategy.beforeRemoveShares(staker, depositSharesToRemove);
        remaining = position.shares - depositSharesToRemove;
        if (remaining != 0) {
            _positions[staker][strategy].shares = uint128(remaining); // smaller than before
        } else {
            delete _positions[staker][strategy];
            (bool hasMoved, uint192 moved) = _strategiesOf[staker].remove(position.index);
            if (hasMoved) _positions[staker][_strategy(moved)].index = position.index;
        }
    }

    /// @inheritdoc IShareManager
    function withdrawSharesAsTokens(
        address staker,
        IStrategy strategy,
        IERC20 token,
        uint256 shares
    ) external onlyDelegationManager {
        strategy.withdraw(staker, token, shares);
    }

    /// @inheritdoc IShareManager
    function increaseBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 sharesToBurn
    ) external onlyDelegationManager {
        uint192 set = operatorSet.key();
        if (_slashed.add(set, slashId, strategy, sharesToBurn) && SLASH_RESOLUTION_DELAY_BLOCKS != 0) {
            uint32 resolutionBlock = (block.number + SLASH_RESOLUTION_DELAY_BLOCKS).toUint32();
            _slashed.slashes[set][slashId].resolutionBlock = resolutionBlock;
            emit SlashResolutionBlockSet(operatorSet, slashId, resolutionBlock);
        }
        emit BurnOrRedistributableSharesIncreased(operatorSet, slashId, strategy, sharesToBurn);
    }

    /* CLEARING SLASHED SHARES */

    /// @inheritdoc IStrategyManager
    function clearBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external nonReentrant returns (uint256[] memory amounts) {
        _checkResolved(operatorSet, slashId);
        (IStrategy[] memory strategies, uint256[] memory shares) = _slashed.removeAll(operatorSet.key(), slashId);
        amounts = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            amounts[i] = _payOut(operatorSet, slashId, strategies[i], shares[i]);
        }
    }

    /// @inheritdoc IStrategyManager
    function clearBurnOrRedistributableSharesByStrategy(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external nonReentrant returns (uint256 amount) {
        _checkResolved(operatorSet, slashId);
        (, uint256 shares) = _slashed.remove(operatorSet.key(), slashId, strategy);
        return _payOut(operatorSet, slashId, strategy, shares);
    }

    /// @inheritdoc IStrategyManager
    function burnShares(IStrategy strategy) external nonReentrant {
        if (SLASH_RESOLUTION_DELAY_BLOCKS != 0) _requireNotPaused(PAUSED_CLEARING);
        // Only stake slashed before release 1.5 is burnt here, and this engine has no such past.
        emit BurnableSharesDecreased(strategy, 0);
    }

    /// @dev Without a delay every slash is resolved at once and the switch for clearing does not exist.
    function _checkResolved(OperatorSet calldata operatorSet, uint256 slashId) private view {
        if (SLASH_RESOLUTION_DELAY_BLOCKS == 0) return;
        _requireNotPaused(PAUSED_CLEARING);
        require(block.number > getSlashResolutionBlock(operatorSet, slashId), SlashResolutionDelayNotElapsed());
    }

    /// @dev A slash that rounded down to nothing is on the list too, and leaves it without a trace.
    function _payOut(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 shares
    ) private returns (uint256 amount) {
        if (shares == 0) return 0;
        address recipient = allocationManager.getRedistributionRecipient(operatorSet);
        amount = strategy.withdraw(recipient, strategy.underlyingToken(), shares);
        emit BurnOrRedistributableSharesDecreased(operatorSet, slashId, strategy, shares);
    }

    /* SETTINGS */

    /// @inheritdoc IStrategyManager
    function setStrategyWhitelister(address newStrategyWhitelister) external onlyOwner {
        _setStrategyWhitelister(newStrategyWhitelister);
    }

    /// @inheritdoc IStrategyManager
    function addStrategiesToDepositWhitelist(
        IStrategy[] calldata strategiesToWhitelist
    ) external onlyStrategyWhitelister {
        for (uint256 i = 0; i < strategiesToWhitelist.length; ++i) {
            IStrategy strategy = strategiesToWhitelist[i];
            if (strategyIsWhitelistedForDeposit[strategy]) continue;
            strategyIsWhitelistedForDeposit[strategy] = true;
            emit StrategyAddedToDepositWhitelist(strategy);
        }
    }

    /// @inheritdoc IStrategyManager
    function removeStrategiesFromDepositWhitelist(
        IStrategy[] calldata strategiesToRemoveFromWhitelist
    ) external onlyStrategyWhitelister {
        for (uint256 i = 0; i < strategiesToRemoveFromWhitelist.length; ++i) {
            IStrategy strategy = strategiesToRemoveFromWhitelist[i];
            if (!strategyIsWhitelistedForDeposit[strategy]) continue;
            strategyIsWhitelistedForDeposit[strategy] = false;
            emit StrategyRemovedFromDepositWhitelist(strategy);
        }
    }

    function _setStrategyWhitelister(address newStrategyWhitelister) private {
        address old = strategyWhitelister;
        strategyWhitelister = newStrategyWhitelister;
        emit StrategyWhitelisterChanged(old, newStrategyWhitelister);
    }

    /* VIEWS: STAKERS */

    /// @inheritdoc IShareManager
    function stakerDepositShares(address user, IStrategy strategy) external view returns (uint256 depositShares) {
        return _positions[user][strategy].shares;
    }

    /// @inheritdoc IStrategyManager
    function getDeposits(
        address staker
    ) external view returns (IStrategy[] memory strategies, uint256[] memory shares) {
        strategies = getStakerStrategyList(staker);
        shares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) shares[i] = _positions[staker][strategies[i]].shares;
    }

    /// @inheritdoc IStrategyManager
    function getStakerStrategyList(address staker) public view returns (IStrategy[] memory strategies) {
        CompactList.List storage list = _strategiesOf[staker];
        strategies = new IStrategy[](list.length());
        for (uint256 i = 0; i < strategies.length; ++i) strategies[i] = _strategy(list.itemAt(i + 1));
    }

    /// @inheritdoc IStrategyManager
    function stakerStrategyListLength(address staker) external view returns (uint256) {
        return _strategiesOf[staker].length();
    }

    /// @inheritdoc IStrategyManager
    function stakerStrategyList(address staker, uint256 index) external view returns (IStrategy strategies) {
        return getStakerStrategyList(staker)[index];
    }

    /// @inheritdoc IStrategyManager
    function calculateStrategyDepositDigestHash(
        address staker,
        IStrategy strategy,
        IERC20 token,
        uint256 amount,
        uint256 nonce,
        uint256 expiry
    ) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(DEPOSIT_TYPEHASH, staker, strategy, token, amount, nonce, expiry)));
    }

    /* VIEWS: SLASHED SHARES */

    /// @inheritdoc IStrategyManager
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external view returns (IStrategy[] memory, uint256[] memory) {
        return _slashed.entriesOf(operatorSet.key(), slashId);
    }

    /// @inheritdoc IStrategyManager
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external view returns (uint256) {
        return _slashed.sharesOf(operatorSet.key(), slashId, strategy);
    }

    /// @inheritdoc IStrategyManager
    function getBurnOrRedistributableCount(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external view returns (uint256) {
        return _slashed.slashes[operatorSet.key()][slashId].count;
    }

    /// @inheritdoc IStrategyManager
    function getPendingOperatorSets() external view returns (OperatorSet[] memory sets) {
        CompactList.List storage list = _slashed.pendingSets.items;
        sets = new OperatorSet[](list.length());
        for (uint256 i = 0; i < sets.length; ++i) sets[i] = list.itemAt(i + 1).fromKey();
    }

    /// @inheritdoc IStrategyManager
    function getPendingSlashIds(OperatorSet calldata operatorSet) external view returns (uint256[] memory ids) {
        CompactList.List storage list = _slashed.pendingSlashes[operatorSet.key()];
        ids = new uint256[](list.length());
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = list.itemAt(i + 1);
    }

    /// @inheritdoc ISlashResolution
    function getSlashResolutionBlock(OperatorSet calldata operatorSet, uint256 slashId) public view returns (uint32) {
        return _slashed.slashes[operatorSet.key()][slashId].resolutionBlock;
    }

    /// @inheritdoc IStrategyManager
    function getBurnableShares(IStrategy) external view virtual returns (uint256) {
        return 0;
    }

    /// @inheritdoc IStrategyManager
    function getStrategiesWithBurnableShares() external view virtual returns (address[] memory, uint256[] memory) {}

    function _strategy(uint192 word) private pure returns (IStrategy) {
        return IStrategy(address(uint160(word))); // the word holds nothing else
    }
}
