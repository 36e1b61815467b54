// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {IExposureReader} from "./IExposureReader.sol";
import {ISetRegistry} from "./ISetRegistry.sol";

/// @title ExposureReader
/// @notice How much of our stake each operator set can slash, read from the engine and our books at each call.
/// @dev Owns nothing; a pure reader, so it needs no proxy of its own.
contract ExposureReader is IExposureReader {
    /* IMMUTABLES */

    IAllocationManager public immutable ALLOCATION;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    ISetRegistry public immutable SETS;

    constructor(
        IAllocationManager allocation,
        IAccountant accountant,
        IAssetRegistry registry,
        IOperatorRegistry operators,
        ISetRegistry sets
    ) {
        ALLOCATION = allocation;
        ACCOUNTANT = accountant;
        REGISTRY = registry;
        OPERATORS = operators;
        SETS = sets;
    }

    /* VIEWS */

    /// @inheritdoc IExposureReader
    function exposure(OperatorSet memory set, address asset) public view returns (uint256 engineShares) {
        IStrategy strategy = REGISTRY.configOf(asset).strategy;
        IOperatorRegistry.Operator[] memory all = OPERATORS.operators();
        address[] memory accounts = new address[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            accounts[i] = all[i].account;
        }
        IAllocationManagerActions.Allocation[] memory allocations = ALLOCATION.getAllocations(accounts, set, strategy);
        uint64[] memory maxima = ALLOCATION.getMaxMagnitudes(accounts, strategy);
        for (uint256 i = 0; i < all.length; ++i) {
            engineShares += ValueMath.partUp(_stake(all[i].delegator, asset), _magnitude(allocations[i]), maxima[i]);
        }
    }

    /// @inheritdoc IExposureReader
    function exposureOfAvs(address avs, address asset) external view returns (uint256 engineShares) {
        OperatorSet[] memory all = SETS.sets();
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].avs == avs) engineShares += exposure(all[i], asset);
        }
    }

    /// @inheritdoc IExposureReader
    function stakeOf(uint256 operatorId, address asset) external view returns (uint256 stake, uint256 total) {
        address[] memory delegators = OPERATORS.delegators();
        for (uint256 i = 0; i < delegators.length; ++i) {
            uint256 one = _stake(delegators[i], asset);
            total += one;
            if (i == operatorId) stake = one;
        }
    }

    /// @inheritdoc IExposureReader
    function stakeOfEntity(uint32 entity, address asset) external view returns (uint256 units, uint256 total) {
        IOperatorRegistry.Operator[] memory all = OPERATORS.operators();
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].entity != entity) continue;
            uint256 restaked = ACCOUNTANT.book(all[i].delegator, asset).restaked;
            units += ACCOUNTANT.unitsOfEngineShares(asset, restaked);
        }
        IAccountant.Backing memory backing = ACCOUNTANT.backing(asset);
        total = backing.pool + backing.restaked + backing.unbonding;
    }

    /* INTERNALS */

    function _stake(address delegator, address asset) private view returns (uint256) {
        IAccountant.Book memory book = ACCOUNTANT.book(delegator, asset);
        return uint256(book.restaked) + book.unbonding;
    }

    /// @dev A pending decrease has not lowered `currentMagnitude` yet; a pending increase comes on top of it.
    function _magnitude(IAllocationManagerActions.Allocation memory a) private pure returns (uint256) {
        return a.pendingDiff > 0 ? a.currentMagnitude + uint256(int256(a.pendingDiff)) : a.currentMagnitude;
    }
}
