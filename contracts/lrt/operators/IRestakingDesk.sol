// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IModule} from "../governance/IModule.sol";

/// @title IRestakingDesk
/// @notice Moves assets between the pool and the engine. Anyone turns the cranks; what they do follows from the books.
interface IRestakingDesk is IModule {
    /* EVENTS */

    /// @notice Units were restaked with an operator.
    event Restaked(uint256 indexed operatorId, address indexed asset, uint256 units);
    /// @notice A withdrawal was queued in the engine.
    event Unbonded(uint256 indexed operatorId, address indexed asset, uint256 units);
    /// @notice A withdrawal came home.
    event Completed(uint256 indexed operatorId, address indexed asset, uint256 units, uint256 nonce);
    /// @notice An operator could not be used just now and was passed over; anyone may try again.
    event Skipped(uint256 indexed operatorId, address indexed asset, bytes reason);

    /* ERRORS */

    /// @notice ETH itself is not restaked; it is staked with its issuer first.
    error NotRestakable(address asset);
    /// @notice There is nothing to do now.
    error NothingToMove(address asset);
    /// @notice No stake is added to a position before what it owes to baskets has left it: `unbond` brings it back.
    error OwedToBaskets(address delegator, uint256 units, uint256 limit);
    /// @notice Only the desk itself.
    error OnlySelf(address caller);

    /* CRANKS */

    /// @notice Restakes what no ticket waits for, with the operators that are furthest below their weight.
    /// @dev Caller: anyone. Operators that are faulty, quarantined or at their cap get nothing. Reverts with `Unreadable` while
    ///      the books hold an old value of what it would buy.
    /// @param maxOperators Most operators to visit.
    function restake(address asset, uint256 maxOperators) external;

    /// @notice Brings back what closed batches need, from the operators that are furthest above their weight, what positions
    ///         owe to baskets, and everything from operators being drained. At most one engine withdrawal per operator and asset a day.
    /// @dev Caller: anyone. Rounds shortfalls up to the smallest withdrawal.
    /// @param maxOperators Most withdrawals to queue.
    function unbond(address asset, uint256 maxOperators) external;

    /// @notice Completes an operator's due withdrawals, however they were queued, and counts what arrived.
    /// @dev Caller: anyone. One that fails is passed over, provided that the caller forwarded the gas an attempt may use;
    ///      after one that burns it, the same asset's other withdrawals wait for the next call.
    /// @param maxWithdrawals Most withdrawals to complete.
    function complete(uint256 operatorId, uint256 maxWithdrawals) external returns (uint256 completed);

    /* VIEWS */

    /// @notice Units that `restake` would spread now.
    function restakeable(address asset) external view returns (uint256 units);

    /// @notice Units that `unbond` would bring back now for closed batches.
    function unbondNeeded(address asset) external view returns (uint256 units);

    /// @notice Units owed to baskets that `unbond` would bring back now for themselves.
    function basketsDue(address asset) external view returns (uint256 units);

    /// @notice Whether units are on their way through a call of this desk: the books are not whole until it ends.
    /// @dev Caller: anyone.
    function isMoving() external view returns (bool);

    /// @notice Most stake of one operator, and of all operators of one entity together, of everything the pool has of an
    ///         asset [bps].
    function OPERATOR_CAP_BPS() external view returns (uint16);
}
