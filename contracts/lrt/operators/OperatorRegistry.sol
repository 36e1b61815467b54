// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IPermissionController} from "../../restaking/interfaces/IPermissionController.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IAllocationController} from "../allocation/IAllocationController.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IOperatorDelegator} from "./IOperatorDelegator.sol";
import {IOperatorRegistry} from "./IOperatorRegistry.sol";
import {OperatorAccount} from "./OperatorAccount.sol";

/// @title OperatorRegistry
/// @notice The operators: who runs them, their account and their staker in the engine, and how much stake each should get.
/// @dev Owns: the list. Never: adopts an existing operator account; removes or renumbers an operator.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract OperatorRegistry is IOperatorRegistry, GovernedModule {
    /* CONSTANTS */

    /// @notice Most operators; every loop over operators is measured at this number.
    uint256 public constant MAX_OPERATORS = 16;
    /// @notice Maximum magnitude below which an operator counts as faulty.
    uint64 public constant FAULTY_MAGNITUDE = 0.5e18;

    /* IMMUTABLES */

    IDelegationManager public immutable DELEGATION;
    IAllocationManager public immutable ALLOCATION;
    IPermissionController public immutable PERMISSIONS;
    /// @notice Where operators earn; their node operators say who collects their own part.
    address public immutable REWARDS;
    IAllocationController public immutable CONTROLLER;
    IAssetRegistry public immutable ASSETS;
    /// @notice Beacon of the stakers' code.
    address public immutable BEACON;
    /// @notice Shortest allocation delay of an operator [blocks].
    uint32 public immutable MIN_ALLOCATION_DELAY;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.OperatorRegistry
    struct State {
        Operator[] operators;
        mapping(address delegator => address account) accountOf;
        address stakers; // its code holds the addresses that every report needs: they never change, and one read has all
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.OperatorRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x26163e822f7e31742bfa2df3dd6c2b2c9e80f6ca5bd75b1013d6cd92f3a33800;

    /* SETUP */

    constructor(
        IDelegationManager delegation,
        IAllocationManager allocation,
        IPermissionController permissions,
        address rewards,
        IAllocationController controller,
        IAssetRegistry assets,
        address beacon,
        uint32 minAllocationDelay
    ) {
        DELEGATION = delegation;
        ALLOCATION = allocation;
        PERMISSIONS = permissions;
        REWARDS = rewards;
        CONTROLLER = controller;
        ASSETS = assets;
        BEACON = beacon;
        MIN_ALLOCATION_DELAY = minAllocationDelay;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /* SETTINGS */

    /// @inheritdoc IOperatorRegistry
    function addOperator(
        address nodeOperator,
        uint32 entity,
        uint32 allocationDelay,
        uint32 weight,
        string calldata metadataURI
    ) external restricted nonReentrant returns (uint256 id) {
        require(nodeOperator != address(0), ZeroAddress());
        require(allocationDelay >= MIN_ALLOCATION_DELAY, DelayTooShort(allocationDelay, MIN_ALLOCATION_DELAY));
        State storage state = _state();
        id = state.operators.length;
        require(id < MAX_OPERATORS, TooManyOperators(id, MAX_OPERATORS));
        require(entity != 0, NoEntity());
        uint32 known = _entityOf(nodeOperator);
        require(known == 0 || known == entity, OneKeyTwoEntities(nodeOperator, known, entity));
        address account = address(
            new OperatorAccount(
                DELEGATION,
                PERMISSIONS,
                REWARDS,
                address(CONTROLLER),
                nodeOperator,
                allocationDelay,
                metadataURI
            )
        );
        CONTROLLER.acceptAccount(account);
        address delegator = address(new BeaconProxy(BEACON, ""));
        IOperatorDelegator(delegator).delegateTo(account);
        state.operators.push(Operator(account, delegator, nodeOperator, weight, false, entity));
        state.accountOf[delegator] = account;
        _keepStakers(state);
        emit OperatorAdded(id, account, nodeOperator, delegator, entity, weight);
    }

    /// @inheritdoc IOperatorRegistry
    function mergeEntities(uint32 entity, uint32 into) external restricted {
        require(entity != into, WrongDirection(entity, into));
        Operator[] storage all = _state().operators;
        bool knowsOne;
        bool knowsOther;
        for (uint256 i = 0; i < all.length; ++i) {
            uint32 its = all[i].entity;
            knowsOther = knowsOther || its == into;
            if (its != entity) continue;
            knowsOne = true;
            _setEntity(i, its, into);
        }
        require(knowsOne, UnknownEntity(entity));
        require(knowsOther, UnknownEntity(into));
    }

    /// @inheritdoc IOperatorRegistry
    function moveToEntity(address nodeOperator, uint32 newEntity) external restricted {
        require(newEntity != 0, NoEntity());
        uint32 old = _entityOf(nodeOperator);
        require(old != 0, UnknownNodeOperator(nodeOperator));
        require(newEntity != old, WrongDirection(old, newEntity));
        Operator[] storage all = _state().operators;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].nodeOperator == nodeOperator) _setEntity(i, old, newEntity);
        }
    }

    /// @inheritdoc IOperatorRegistry
    function raiseWeight(uint256 id, uint32 newWeight) external restricted {
        uint32 old = _operator(id).weight;
        require(newWeight > old, WrongDirection(old, newWeight));
        _setWeight(id, old, newWeight);
    }

    /// @inheritdoc IOperatorRegistry
    function lowerWeight(uint256 id, uint32 newWeight) external restricted {
        uint32 old = _operator(id).weight;
        require(newWeight < old, WrongDirection(old, newWeight));
        _setWeight(id, old, newWeight);
    }

    /// @inheritdoc IOperatorRegistry
    function quarantine(uint256 id) external restricted {
        _setQuarantine(id, true);
    }

    /// @inheritdoc IOperatorRegistry
    function release(uint256 id) external restricted {
        _setQuarantine(id, false);
    }

    /// @inheritdoc IOperatorRegistry
    function reportFault(uint256 id) external {
        require(isFaulty(id), NotFaulty(id));
        _setQuarantine(id, true);
    }

    /* VIEWS */

    /// @inheritdoc IOperatorRegistry
    function count() external view returns (uint256) {
        return _state().operators.length;
    }

    /// @inheritdoc IOperatorRegistry
    function operator(uint256 id) external view returns (Operator memory) {
        return _operator(id);
    }

    /// @inheritdoc IOperatorRegistry
    function operators() external view returns (Operator[] memory) {
        return _state().operators;
    }

    /// @inheritdoc IOperatorRegistry
    function delegators() external view returns (address[] memory list) {
        Operator[] storage all = _state().operators;
        list = new address[](all.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = all[i].delegator;
        }
    }

    /// @inheritdoc IOperatorRegistry
    function stakers() external view returns (address[] memory accounts, address[] memory delegators_) {
        address list = _state().stakers;
        if (list == address(0)) return (accounts, delegators_); // nobody yet
        bytes memory answer = Clones.fetchCloneArgs(list);
        // Both lists are kept as they are answered: there is nothing to decode and encode again.
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }

    /// @inheritdoc IOperatorRegistry
    function accountOf(address delegator) external view returns (address account) {
        account = _state().accountOf[delegator];
        require(account != address(0), UnknownDelegator(delegator));
    }

    /// @inheritdoc IOperatorRegistry
    function isFaulty(uint256 id) public view returns (bool) {
        Operator storage op = _operator(id);
        (, IStrategy[] memory strategies) = ASSETS.restakeable();
        return _isFaulty(op.account, op.delegator, strategies);
    }

    /// @inheritdoc IOperatorRegistry
    function faults() external view returns (bool[] memory list) {
        address stakers_ = _state().stakers;
        if (stakers_ == address(0)) return list; // nobody yet
        (address[] memory accounts, address[] memory delegators_) = abi.decode(
            Clones.fetchCloneArgs(stakers_),
            (address[], address[])
        );
        (, IStrategy[] memory strategies) = ASSETS.restakeable();
        list = new bool[](accounts.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _isFaulty(accounts[i], delegators_[i], strategies);
        }
    }

    /* INTERNALS */

    function _isFaulty(address account, address delegator, IStrategy[] memory strategies) private view returns (bool) {
        if (DELEGATION.delegatedTo(delegator) != account) return true;
        uint64[] memory magnitudes = ALLOCATION.getMaxMagnitudes(account, strategies);
        for (uint256 i = 0; i < magnitudes.length; ++i) {
            if (magnitudes[i] < FAULTY_MAGNITUDE) return true;
        }
        return false;
    }

    /// @dev A clone of nothing: only what is kept in its code counts.
    function _keepStakers(State storage state) private {
        uint256 length = state.operators.length;
        (address[] memory accounts, address[] memory list) = (new address[](length), new address[](length));
        for (uint256 i = 0; i < length; ++i) {
            (accounts[i], list[i]) = (state.operators[i].account, state.operators[i].delegator);
        }
        state.stakers = Clones.cloneWithImmutableArgs(address(0), abi.encode(accounts, list));
    }

    /// @dev The one entity of all operators that a key runs; zero when it runs none.
    function _entityOf(address nodeOperator) private view returns (uint32) {
        Operator[] storage all = _state().operators;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].nodeOperator == nodeOperator) return all[i].entity;
        }
        return 0;
    }

    function _setEntity(uint256 id, uint32 oldEntity, uint32 newEntity) private {
        _operator(id).entity = newEntity;
        emit EntityChanged(id, oldEntity, newEntity);
    }

    function _setWeight(uint256 id, uint32 oldWeight, uint32 newWeight) private {
        _operator(id).weight = newWeight;
        emit WeightChanged(id, oldWeight, newWeight);
    }

    function _setQuarantine(uint256 id, bool quarantined) private {
        _operator(id).quarantined = quarantined;
        emit QuarantineChanged(id, quarantined);
    }

    function _operator(uint256 id) private view returns (Operator storage) {
        uint256 length = _state().operators.length;
        require(id < length, UnknownOperator(id, length));
        return _state().operators[id];
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
