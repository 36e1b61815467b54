// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAllocationManager} from "./IAllocationManager.sol";
import {IDelegationManager} from "./IDelegationManager.sol";
import {IPausable} from "./IPausable.sol";
import {IShareManager} from "./IShareManager.sol";
import {ISignatureUtils} from "./ISignatureUtils.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSets.sol";

/// @title IStrategyManager
/// @notice Takes tokens into strategies, counts deposit shares, and clears shares that were slashed.
/// @dev Pause bit 0: deposits. Allowances are given to this contract; the tokens go to the strategy.
interface IStrategyManager is IShareManager, IPausable, ISignatureUtils {
    /* EVENTS */

    event Deposit(address staker, IStrategy strategy, uint256 shares);
    event StrategyWhitelisterChanged(address previousAddress, address newAddress);
    event StrategyAddedToDepositWhitelist(IStrategy strategy);
    event StrategyRemovedFromDepositWhitelist(IStrategy strategy);
    event BurnOrRedistributableSharesIncreased(
        OperatorSet operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 shares
    );
    event BurnOrRedistributableSharesDecreased(
        OperatorSet operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 shares
    );
    event BurnableSharesDecreased(IStrategy strategy, uint256 shares);

    /* ERRORS */

    /// @notice The staker has shares of 32 strategies already.
    error MaxStrategiesExceeded();
    /// @notice Only the account that chooses the strategies open for deposits.
    error OnlyStrategyWhitelister();
    /// @notice More shares are removed than the staker has.
    error SharesAmountTooHigh();
    /// @notice An amount of no shares.
    error SharesAmountZero();
    /// @notice The zero address cannot have shares.
    error StakerAddressZero();
    /// @notice The slash has an entry of the strategy already.
    error StrategyAlreadyInSlash();
    /// @notice Never thrown: a list of strategies and its shares cannot disagree here.
    error StrategyNotFound();
    /// @notice The strategy is not open for deposits.
    error StrategyNotWhitelisted();

    /* DEPOSITING */

    /// @notice Deposits the caller's tokens for the caller.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    /// @param strategy Whitelisted strategy.
    /// @param token Its underlying token.
    /// @param amount Amount, in the token's smallest unit.
    /// @return depositShares Deposit shares credited.
    function depositIntoStrategy(
        IStrategy strategy,
        IERC20 token,
        uint256 amount
    ) external returns (uint256 depositShares);

    /// @notice Deposits the caller's tokens for a staker who agreed by signature.
    /// @dev Caller: anyone with the staker's signature. Rounds down, in favour of the pool.
    /// @param strategy Whitelisted strategy.
    /// @param token Its underlying token.
    /// @param amount Amount, in the token's smallest unit.
    /// @param staker Account credited.
    /// @param expiry Last second [unix time] in which the signature is valid.
    /// @param signature Signature of the staker over the Deposit message with its current nonce.
    /// @return depositShares Deposit shares credited.
    function depositIntoStrategyWithSignature(
        IStrategy strategy,
        IERC20 token,
        uint256 amount,
        address staker,
        uint256 expiry,
        bytes memory signature
    ) external returns (uint256 depositShares);

    /* CLEARING SLASHED SHARES */

    /// @notice Pays all tokens of one slash to the burn address or the redistribution recipient.
    /// @dev Caller: anyone. Rounds down, in favour of the pool. Unknown ids do nothing.
    /// @return amounts Tokens paid per strategy, in the order in which they were cleared.
    function clearBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external returns (uint256[] memory amounts);

    /// @notice As above for one strategy of the slash.
    /// @dev Caller: anyone. Rounds down, in favour of the pool.
    /// @return amount Tokens paid.
    function clearBurnOrRedistributableSharesByStrategy(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external returns (uint256 amount);

    /// @notice Burns shares slashed before slashes were recorded one by one. Here there are none.
    /// @dev Caller: anyone.
    function burnShares(IStrategy strategy) external;

    /* SETTINGS */

    /// @notice Hands the deposit whitelist to another account.
    /// @dev Caller: the owner.
    function setStrategyWhitelister(address newStrategyWhitelister) external;

    /// @notice Opens strategies for deposits; those already open are skipped.
    /// @dev Caller: the strategy whitelister.
    function addStrategiesToDepositWhitelist(IStrategy[] calldata strategiesToWhitelist) external;

    /// @notice Closes strategies for deposits; withdrawals go on.
    /// @dev Caller: the strategy whitelister.
    function removeStrategiesFromDepositWhitelist(IStrategy[] calldata strategiesToRemoveFromWhitelist) external;

    /* VIEWS: STAKERS */

    /// @notice The strategies in which `staker` has deposit shares, with the shares.
    /// @dev Caller: anyone.
    function getDeposits(address staker) external view returns (IStrategy[] memory, uint256[] memory);

    /// @notice The strategies in which `staker` has deposit shares.
    /// @dev Caller: anyone.
    function getStakerStrategyList(address staker) external view returns (IStrategy[] memory);

    /// @notice Length of that list, at most 32.
    /// @dev Caller: anyone.
    function stakerStrategyListLength(address staker) external view returns (uint256);

    /// @notice One entry of that list.
    /// @dev Caller: anyone.
    function stakerStrategyList(address staker, uint256 index) external view returns (IStrategy strategies);

    /// @notice Number of the next deposit signature of `signer`.
    /// @dev Caller: anyone.
    function nonces(address signer) external view returns (uint256 nonce);

    /// @notice The EIP-712 digest that a staker signs for `depositIntoStrategyWithSignature`.
    /// @dev Caller: anyone.
    function calculateStrategyDepositDigestHash(
        address staker,
        IStrategy strategy,
        IERC20 token,
        uint256 amount,
        uint256 nonce,
        uint256 expiry
    ) external view returns (bytes32);

    /* VIEWS: SLASHED SHARES */

    /// @notice The strategies and shares of one slash that wait to be cleared.
    /// @dev Caller: anyone.
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external view returns (IStrategy[] memory, uint256[] memory);

    /// @notice As above for one strategy; 0 when there is nothing.
    /// @dev Caller: anyone.
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external view returns (uint256);

    /// @notice How many strategies of one slash wait to be cleared.
    /// @dev Caller: anyone.
    function getBurnOrRedistributableCount(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external view returns (uint256);

    /// @notice The operator sets with slashes that wait to be cleared.
    /// @dev Caller: anyone.
    function getPendingOperatorSets() external view returns (OperatorSet[] memory);

    /// @notice The slashes of a set that wait to be cleared.
    /// @dev Caller: anyone.
    function getPendingSlashIds(OperatorSet calldata operatorSet) external view returns (uint256[] memory);

    /// @notice Shares that `burnShares` would burn. Always 0 here.
    /// @dev Caller: anyone.
    function getBurnableShares(IStrategy strategy) external view returns (uint256);

    /// @notice Strategies for which `burnShares` has something to burn. Always empty here.
    /// @dev Caller: anyone.
    function getStrategiesWithBurnableShares() external view returns (address[] memory, uint256[] memory);

    /* VIEWS: SETTINGS */

    /// @notice The account that opens and closes strategies for deposits.
    /// @dev Caller: anyone.
    function strategyWhitelister() external view returns (address);

    /// @notice Whether `strategy` is open for deposits.
    /// @dev Caller: anyone.
    function strategyIsWhitelistedForDeposit(IStrategy strategy) external view returns (bool whitelisted);

    /// @notice The DelegationManager.
    /// @dev Caller: anyone.
    function delegation() external view returns (IDelegationManager);

    /// @notice The AllocationManager.
    /// @dev Caller: anyone.
    function allocationManager() external view returns (IAllocationManager);

    /// @notice Where slashed tokens go when the set does not redistribute them.
    /// @dev Caller: anyone.
    function DEFAULT_BURN_ADDRESS() external view returns (address);

    /// @notice The EIP-712 type hash of the Deposit message.
    /// @dev Caller: anyone.
    function DEPOSIT_TYPEHASH() external view returns (bytes32);
}
