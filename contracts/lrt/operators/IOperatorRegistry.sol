// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IModule} from "../governance/IModule.sol";

/// @title IOperatorRegistry
/// @notice The operators: who runs them, their account and their staker in the engine, and how much stake each should get.
/// @dev Numbers start at 0, are never used again, and operators are never removed: a drained one has weight 0.
interface IOperatorRegistry is IModule {
    /* TYPES */

    /// @param account Engine operator (OperatorAccount).
    /// @param delegator Staker in the engine (OperatorDelegator).
    /// @param nodeOperator Key of the company that runs it.
    /// @param weight Part of the stake it should get, relative to the other weights.
    /// @param quarantined No new stake; drain.
    /// @param entity Who controls it in the end: all operators of one entity share the cap of one operator.
    struct Operator {
        address account;
        address delegator;
        address nodeOperator;
        uint32 weight;
        bool quarantined;
        uint32 entity;
    }

    /* EVENTS */

    /// @notice An operator was taken on.
    event OperatorAdded(
        uint256 indexed id,
        address indexed account,
        address indexed nodeOperator,
        address delegator,
        uint32 entity,
        uint32 weight
    );
    /// @notice An operator is now counted with another entity.
    event EntityChanged(uint256 indexed id, uint32 oldEntity, uint32 newEntity);
    /// @notice An operator's weight changed.
    event WeightChanged(uint256 indexed id, uint32 oldWeight, uint32 newWeight);
    /// @notice An operator was put in or taken out of flow quarantine.
    event QuarantineChanged(uint256 indexed id, bool quarantined);

    /* ERRORS */

    /// @notice There is no such operator.
    error UnknownOperator(uint256 id, uint256 count);
    /// @notice The address is not one of our stakers.
    error UnknownDelegator(address delegator);
    /// @notice The list is full.
    error TooManyOperators(uint256 count, uint256 limit);
    /// @notice The allocation delay is shorter than the protocol allows.
    error DelayTooShort(uint32 delay, uint32 minimum);
    /// @notice Zero names nobody.
    error NoEntity();
    /// @notice No operator belongs to the entity.
    error UnknownEntity(uint32 entity);
    /// @notice The key runs an operator of an entity already, and cannot serve a second one.
    error OneKeyTwoEntities(address nodeOperator, uint32 known, uint32 entity);
    /// @notice The key runs no operator.
    error UnknownNodeOperator(address nodeOperator);
    /// @notice Nothing is wrong with the operator.
    error NotFaulty(uint256 id);

    /* SETTINGS */

    /// @notice Takes on an operator: creates its account and its staker, delegates and hands the account over.
    /// @dev Caller: LOOSENING.
    /// @param nodeOperator Key of the company that runs it.
    /// @param entity Who controls it; one key cannot serve two.
    /// @param allocationDelay Blocks before an allocation is in force; at least the protocol's minimum.
    /// @param weight Part of the stake, relative to the other weights.
    /// @param metadataURI Public description.
    function addOperator(
        address nodeOperator,
        uint32 entity,
        uint32 allocationDelay,
        uint32 weight,
        string calldata metadataURI
    ) external returns (uint256 id);

    /// @notice Counts all operators of an entity with those of another: both turned out to be one. Caps then hold for all of them
    ///         together, at once.
    /// @dev Caller: TIGHTENING.
    function mergeEntities(uint32 entity, uint32 into) external;

    /// @notice Counts all operators that a key runs with another entity, known or new: it was sold, or never was the first one's.
    /// @dev Caller: LOOSENING. What the first entity shared one cap with no longer does.
    function moveToEntity(address nodeOperator, uint32 newEntity) external;

    /// @notice Raises an operator's weight.
    /// @dev Caller: LOOSENING.
    function raiseWeight(uint256 id, uint32 newWeight) external;

    /// @notice Lowers an operator's weight; zero drains it.
    /// @dev Caller: TIGHTENING.
    function lowerWeight(uint256 id, uint32 newWeight) external;

    /// @notice Puts an operator in flow quarantine: no new stake, drain.
    /// @dev Caller: TIGHTENING.
    function quarantine(uint256 id) external;

    /// @notice Ends an operator's flow quarantine.
    /// @dev Caller: LOOSENING.
    function release(uint256 id) external;

    /// @notice Puts an operator in flow quarantine for a fault that anybody can see in the engine: it is no longer the
    ///         operator of its staker, or a strategy's maximum magnitude has fallen below half.
    /// @dev Caller: anyone.
    function reportFault(uint256 id) external;

    /* VIEWS */

    /// @notice Number of operators.
    function count() external view returns (uint256);

    /// @notice One operator. Reverts with `UnknownOperator`.
    function operator(uint256 id) external view returns (Operator memory);

    /// @notice All operators in order of their number.
    function operators() external view returns (Operator[] memory);

    /// @notice All stakers in order of their operator's number.
    function delegators() external view returns (address[] memory);

    /// @notice All operator accounts and their stakers, in order of their number.
    function stakers() external view returns (address[] memory accounts, address[] memory delegators_);

    /// @notice Operator that a staker was delegated to when it was made. Reverts with `UnknownDelegator`.
    function accountOf(address delegator) external view returns (address account);

    /// @notice Whether an operator shows a fault that `reportFault` accepts.
    function isFaulty(uint256 id) external view returns (bool);

    /// @notice The same of every operator, in order of their numbers.
    function faults() external view returns (bool[] memory);
}
