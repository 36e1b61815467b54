// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IModule} from "../governance/IModule.sol";

/// @title IOperatorDelegator
/// @notice The staker in the engine: one contract per operator, delegated to it from birth.
interface IOperatorDelegator is IModule {
    /* ERRORS */

    /// @notice The operator was set already.
    error AlreadyDelegated(address operator);

    /* SETUP */

    /// @notice Delegates to an operator, for good.
    /// @dev Caller: OperatorRegistry, in the transaction that creates this contract.
    function delegateTo(address operator_) external;

    /// @notice Makes the RewardsRouter the only one who claims what this staker earns. It is so from birth; after an upgrade
    ///         that changes the router it must be said again.
    /// @dev Caller: anyone.
    function setClaimer() external;

    /* MOVING STAKE */

    /// @notice Deposits an amount of the strategy's token that was sent here before.
    /// @dev Caller: RestakingDesk.
    /// @param amount Amount of the strategy's token, in its smallest unit.
    function stake(IStrategy strategy, uint256 amount) external;

    /// @notice Queues a withdrawal of one strategy in the engine.
    /// @dev Caller: RestakingDesk. Rounds up the deposit shares, so that not less than asked comes back.
    /// @param engineShares Withdrawable shares wanted; all of them when more than there are.
    function unbond(IStrategy strategy, uint256 engineShares) external;

    /// @notice Completes a due withdrawal and sends what it paid to the pool.
    /// @dev Caller: RestakingDesk, which measures what arrived.
    function complete(IDelegationManager.Withdrawal calldata withdrawal) external;

    /* VIEWS */

    /// @notice Operator this contract has delegated to.
    function operator() external view returns (address);
}
