// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAllocationManagerActions} from "../interfaces/IAllocationManagerActions.sol";
import {IAVSRegistrar} from "../interfaces/IAVSRegistrar.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IPermissionController} from "../interfaces/IPermissionController.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {OperatorSetKeys} from "../lists/OperatorSetKeys.sol";
import {StrategySet} from "../lists/StrategySet.sol";
import {Pausable} from "../pausing/Pausable.sol";
import {Permissioned} from "../permissions/Permissioned.sol";
import {AllocationStorage} from "./AllocationStorage.sol";

/// @title OperatorSetManagement
/// @notice The AVS's side of the AllocationManager: making operator sets and changing them.
abstract contract OperatorSetManagement is AllocationStorage, IAllocationManagerActions, Pausable, Permissioned {
    using StrategySet for StrategySet.Set;
    using OperatorSetKeys for OperatorSet;
    using SafeCast for uint256;

    /* CONSTANTS */

    address private constant BEACON_CHAIN_ETH = 0xbeaC0eeEeeeeEEeEeEEEEeeEEeEeeeEeeEEBEaC0;

    /* IMMUTABLES */

    /// @inheritdoc IAllocationManagerActions
    IStrategy public immutable eigenStrategy;
    /// @inheritdoc IAllocationManagerActions
    uint32 public immutable SLASHER_CONFIGURATION_DELAY;

    /* SETUP */

    constructor(
        IStrategy eigenStrategy_,
        IPauserRegistry pauserRegistry_,
        IPermissionController permissionController_,
        uint32 slasherConfigurationDelay
    ) Pausable(pauserRegistry_) Permissioned(permissionController_) {
        eigenStrategy = eigenStrategy_;
        SLASHER_CONFIGURATION_DELAY = slasherConfigurationDelay;
    }

    /* AVS */

    /// @inheritdoc IAllocationManagerActions
    function updateAVSMetadataURI(address avs, string calldata metadataURI) external onlyFor(avs) {
        if (!_avss[avs].hasMetadata) _avss[avs].hasMetadata = true;
        emit AVSMetadataURIUpdated(avs, metadataURI);
    }

    /// @inheritdoc IAllocationManagerActions
    function setAVSRegistrar(address avs, IAVSRegistrar registrar) external onlyFor(avs) {
        require(registrar.supportsAVS(avs), InvalidAVSRegistrar());
        _avss[avs].registrar = registrar;
        emit AVSRegistrarSet(avs, _registrarOf(avs));
    }

    /* CREATING SETS */

    /// @inheritdoc IAllocationManagerActions
    function createOperatorSets(address avs, CreateSetParams[] calldata params) external onlyFor(avs) {
        _requireMetadata(avs);
        for (uint256 i = 0; i < params.length; ++i) {
            _create(avs, params[i].operatorSetId, params[i].strategies, avs, address(0));
        }
    }

    /// @inheritdoc IAllocationManagerActions
    function createOperatorSets(address avs, CreateSetParamsV2[] calldata params) external onlyFor(avs) {
        _requireMetadata(avs);
        for (uint256 i = 0; i < params.length; ++i) {
            _create(avs, params[i].operatorSetId, params[i].strategies, params[i].slasher, address(0));
        }
    }

    /// @inheritdoc IAllocationManagerActions
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParams[] calldata params,
        address[] calldata redistributionRecipients
    ) external onlyFor(avs) {
        require(params.length == redistributionRecipients.length, InputArrayLengthMismatch());
        _requireMetadata(avs);
        for (uint256 i = 0; i < params.length; ++i) {
            _requireRecipient(redistributionRecipients[i]);
            _create(avs, params[i].operatorSetId, params[i].strategies, avs, redistributionRecipients[i]);
        }
    }

    /// @inheritdoc IAllocationManagerActions
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParamsV2[] calldata params,
        address[] calldata redistributionRecipients
    ) external onlyFor(avs) {
        require(params.length == redistributionRecipients.length, InputArrayLengthMismatch());
        _requireMetadata(avs);
        for (uint256 i = 0; i < params.length; ++i) {
            _requireRecipient(redistributionRecipients[i]);
            _create(avs, params[i].operatorSetId, params[i].strategies, params[i].slasher, redistributionRecipients[i]);
        }
    }

    function _requireMetadata(address avs) private view {
        require(_avss[avs].hasMetadata, NonexistentAVSMetadata());
    }

    function _requireRecipient(address recipient) private pure {
        require(recipient != address(0), InputAddressZero());
        require(recipient != BURN_ADDRESS, InvalidRedistributionRecipient());
    }

    function _create(
        address avs,
        uint32 id,
        IStrategy[] calldata strategies,
        address slasher,
        address recipient
    ) private {
        Set storage set = _sets[OperatorSetKeys.key(avs, id)];
        require(set.slasher == address(0), InvalidOperatorSet());
        OperatorSet memory operatorSet = OperatorSet(avs, id);
        ++_avss[avs].setCount;
        emit OperatorSetCreated(operatorSet);
        if (recipient != address(0)) {
            set.isRedistributing = true;
            set.redistributionRecipient = recipient;
            emit RedistributionAddressSet(operatorSet, recipient);
        }
        _addStrategies(set, operatorSet, strategies, recipient != address(0));
        require(slasher != address(0), InputAddressZero());
        set.slasher = slasher;
        set.nextSlasher = slasher;
        emit SlasherUpdated(operatorSet, slasher, block.number.toUint32());
    }

    /* CHANGING SETS */

    /// @inheritdoc IAllocationManagerActions
    function addStrategiesToOperatorSet(
        address avs,
        uint32 operatorSetId,
        IStrategy[] calldata strategies
    ) external onlyFor(avs) {
        Set storage set = _existing(OperatorSetKeys.key(avs, operatorSetId));
        _addStrategies(set, OperatorSet(avs, operatorSetId), strategies, set.isRedistributing);
    }

    /// @inheritdoc IAllocationManagerActions
    function removeStrategiesFromOperatorSet(
        address avs,
        uint32 operatorSetId,
        IStrategy[] calldata strategies
    ) external onlyFor(avs) {
        Set storage set = _existing(OperatorSetKeys.key(avs, operatorSetId));
        for (uint256 i = 0; i < strategies.length; ++i) {
            require(set.strategies.remove(strategies[i]), StrategyNotInOperatorSet());
            emit StrategyRemovedFromOperatorSet(OperatorSet(avs, operatorSetId), strategies[i]);
        }
    }

    /// @inheritdoc IAllocationManagerActions
    function updateSlasher(OperatorSet memory operatorSet, address slasher) external onlyFor(operatorSet.avs) {
        Set storage set = _existing(operatorSet.key());
        require(slasher != address(0), InputAddressZero());
        uint32 effectBlock = set.slasherEffectBlock;
        if (effectBlock != 0) {
            address next = set.nextSlasher;
            if (block.number >= effectBlock) set.slasher = next;
            else if (next == slasher) return; // the change already under way goes on
        }
        effectBlock = (block.number + SLASHER_CONFIGURATION_DELAY + 1).toUint32();
        set.nextSlasher = slasher;
        set.slasherEffectBlock = effectBlock;
        emit SlasherUpdated(operatorSet, slasher, effectBlock);
    }

    /// @inheritdoc IAllocationManagerActions
    function migrateSlashers(OperatorSet[] memory operatorSets) external {
        // Every set of this engine was created with a slasher.
    }

    /// @dev What a redistributing set slashes must be a token that can be paid out.
    function _addStrategies(
        Set storage set,
        OperatorSet memory operatorSet,
        IStrategy[] calldata strategies,
        bool isRedistributing
    ) private {
        for (uint256 i = 0; i < strategies.length; ++i) {
            address strategy = address(strategies[i]);
            if (isRedistributing) {
                require(strategy != BEACON_CHAIN_ETH && strategy != address(eigenStrategy), InvalidStrategy());
            }
            require(set.strategies.add(strategies[i]), StrategyAlreadyInOperatorSet());
            emit StrategyAddedToOperatorSet(operatorSet, strategies[i]);
        }
    }

    /// @dev The set, which must exist.
    function _existing(uint192 key) internal view returns (Set storage set) {
        set = _sets[key];
        require(set.slasher != address(0), InvalidOperatorSet());
    }
}
