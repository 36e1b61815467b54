// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSets.sol";

/// @title IShareManager
/// @notice The side that StrategyManager (tokens) and EigenPodManager (native ETH) show to the DelegationManager.
interface IShareManager {
    /* ERRORS */

    /// @notice Only the DelegationManager.
    error OnlyDelegationManager();

    /* DELEGATION MANAGER ONLY */

    /// @notice Adds deposit shares to a staker who completes a withdrawal as shares.
    /// @dev Caller: the DelegationManager. The strategy need not be whitelisted.
    /// @return prevDepositShares Deposit shares before.
    /// @return addedShares Deposit shares added.
    function addShares(
        address staker,
        IStrategy strategy,
        uint256 shares
    ) external returns (uint256 prevDepositShares, uint256 addedShares);

    /// @notice Takes deposit shares from a staker who queues a withdrawal.
    /// @dev Caller: the DelegationManager.
    /// @return remaining Deposit shares left.
    function removeDepositShares(
        address staker,
        IStrategy strategy,
        uint256 depositSharesToRemove
    ) external returns (uint256 remaining);

    /// @notice Pays a staker for withdrawable shares.
    /// @dev Caller: the DelegationManager. Rounds down, in favour of the pool.
    function withdrawSharesAsTokens(address staker, IStrategy strategy, IERC20 token, uint256 shares) external;

    /// @notice Records shares taken by a slash, to be burnt or redistributed.
    /// @dev Caller: the DelegationManager.
    /// @param operatorSet Set that slashed.
    /// @param slashId Number of the slash in that set.
    /// @param strategy Strategy of the shares.
    /// @param sharesToBurn Shares taken; 0 is recorded too.
    function increaseBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 sharesToBurn
    ) external;

    /* VIEWS */

    /// @notice Deposit shares of `user` in `strategy`. Ignores slashing.
    /// @dev Caller: anyone.
    function stakerDepositShares(address user, IStrategy strategy) external view returns (uint256 depositShares);
}
