// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IAVSRegistrar} from "../../restaking/interfaces/IAVSRegistrar.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";

/// @title AllocationManagerMock
/// @notice The part of the engine that an AVS calls, for unit tests of AVSs alone.
/// @dev Keeps: selectors, registrar calls, who may slash, order and range of a slash, slashability after leaving.
///      Simplifies: allocations act at once, shares are typed in and never move, no permissions but the operator and the
///      AVS themselves, the registrar is the AVS, no events but OperatorSlashed.
contract AllocationManagerMock {
    using EnumerableSet for EnumerableSet.AddressSet;

    /* TYPES */

    struct Set {
        bool exists;
        address slasher;
        IStrategy[] strategies;
        EnumerableSet.AddressSet members;
        mapping(address operator => uint256) slashableUntil; // [block]
        mapping(address operator => mapping(IStrategy strategy => uint64)) magnitudes; // [WAD]
        uint256 slashes;
    }

    /* STORAGE */

    uint32 public constant DEALLOCATION_DELAY = 50; // [blocks]

    mapping(address avs => mapping(uint32 id => Set)) private _sets;
    mapping(address operator => mapping(IStrategy strategy => uint256)) private _shares;

    /* TEST CONTROL */

    /// @notice Types in the shares of an operator.
    function setShares(address operator, IStrategy strategy, uint256 shares) external {
        _shares[operator][strategy] = shares;
    }

    /* AVS */

    function updateAVSMetadataURI(address avs, string calldata) external view {
        require(msg.sender == avs, IAllocationManagerActions.InvalidCaller());
    }

    function createOperatorSets(address avs, IAllocationManagerActions.CreateSetParamsV2[] calldata params) external {
        require(msg.sender == avs, IAllocationManagerActions.InvalidCaller());
        for (uint256 i = 0; i < params.length; ++i) {
            Set storage set = _sets[avs][params[i].operatorSetId];
            (set.exists, set.slasher, set.strategies) = (true, params[i].slasher, params[i].strategies);
        }
    }

    function slashOperator(
        address avs,
        IAllocationManagerActions.SlashingParams calldata params
    ) external returns (uint256 slashId, uint256[] memory shares) {
        Set storage set = _sets[avs][params.operatorSetId];
        bool slashable = isOperatorSlashable(params.operator, OperatorSet(avs, params.operatorSetId));
        require(slashable, IAllocationManagerActions.OperatorNotSlashable());
        require(msg.sender == set.slasher, IAllocationManagerActions.InvalidCaller());
        for (uint256 i = 0; i < params.strategies.length; ++i) {
            require(
                i == 0 || address(params.strategies[i - 1]) < address(params.strategies[i]),
                IAllocationManagerActions.StrategiesMustBeInAscendingOrder()
            );
            uint256 wad = params.wadsToSlash[i];
            require(wad > 0 && wad <= 1e18, IAllocationManagerActions.InvalidWadToSlash());
            uint64 magnitude = set.magnitudes[params.operator][params.strategies[i]];
            // ≤ magnitude: the wad is at most one
            uint64 taken = uint64(Math.mulDiv(magnitude, wad, 1e18, Math.Rounding.Ceil));
            set.magnitudes[params.operator][params.strategies[i]] = magnitude - taken;
        }
        emit IAllocationManagerActions.OperatorSlashed(
            params.operator,
            OperatorSet(avs, params.operatorSetId),
            params.strategies,
            params.wadsToSlash,
            params.description
        );
        return (++set.slashes, new uint256[](params.strategies.length));
    }

    /* OPERATORS */

    function registerForOperatorSets(
        address operator,
        IAllocationManagerActions.RegisterParams calldata params
    ) external {
        require(msg.sender == operator, IAllocationManagerActions.InvalidCaller());
        for (uint256 i = 0; i < params.operatorSetIds.length; ++i) {
            Set storage set = _sets[params.avs][params.operatorSetIds[i]];
            require(set.exists, IAllocationManagerActions.InvalidOperatorSet());
            bool isNew = set.slashableUntil[operator] < block.number && set.members.add(operator);
            require(isNew, IAllocationManagerActions.AlreadyMemberOfSet());
        }
        IAVSRegistrar(params.avs).registerOperator(operator, params.avs, params.operatorSetIds, params.data);
    }

    function deregisterFromOperatorSets(IAllocationManagerActions.DeregisterParams calldata params) external {
        bool allowed = msg.sender == params.operator || msg.sender == params.avs;
        require(allowed, IAllocationManagerActions.InvalidCaller());
        for (uint256 i = 0; i < params.operatorSetIds.length; ++i) {
            Set storage set = _sets[params.avs][params.operatorSetIds[i]];
            require(set.members.remove(params.operator), IAllocationManagerActions.NotMemberOfSet());
            set.slashableUntil[params.operator] = block.number + DEALLOCATION_DELAY;
        }
        IAVSRegistrar(params.avs).deregisterOperator(params.operator, params.avs, params.operatorSetIds);
    }

    function modifyAllocations(address operator, IAllocationManagerActions.AllocateParams[] calldata params) external {
        require(msg.sender == operator, IAllocationManagerActions.InvalidCaller());
        for (uint256 i = 0; i < params.length; ++i) {
            Set storage set = _sets[params[i].operatorSet.avs][params[i].operatorSet.id];
            for (uint256 j = 0; j < params[i].strategies.length; ++j) {
                set.magnitudes[operator][params[i].strategies[j]] = params[i].newMagnitudes[j];
            }
        }
    }

    /* VIEWS */

    function getStrategiesInOperatorSet(OperatorSet calldata set) external view returns (IStrategy[] memory) {
        return _sets[set.avs][set.id].strategies;
    }

    function getMembers(OperatorSet calldata set) external view returns (address[] memory) {
        return _sets[set.avs][set.id].members.values();
    }

    function getMemberCount(OperatorSet calldata set) external view returns (uint256) {
        return _sets[set.avs][set.id].members.length();
    }

    function isMemberOfOperatorSet(address operator, OperatorSet calldata set) external view returns (bool) {
        return _sets[set.avs][set.id].members.contains(operator);
    }

    function getSlasher(OperatorSet calldata set) external view returns (address) {
        return _sets[set.avs][set.id].slasher;
    }

    function getSlashCount(OperatorSet calldata set) external view returns (uint256) {
        return _sets[set.avs][set.id].slashes;
    }

    function getAllocation(
        address operator,
        OperatorSet calldata set,
        IStrategy strategy
    ) external view returns (IAllocationManagerActions.Allocation memory) {
        return IAllocationManagerActions.Allocation(_sets[set.avs][set.id].magnitudes[operator][strategy], 0, 0);
    }

    function getMinimumSlashableStake(
        OperatorSet calldata set,
        address[] calldata operators,
        IStrategy[] calldata strategies,
        uint32
    ) external view returns (uint256[][] memory stakes) {
        stakes = new uint256[][](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            stakes[i] = new uint256[](strategies.length);
            if (!isOperatorSlashable(operators[i], set)) continue;
            for (uint256 j = 0; j < strategies.length; ++j) {
                uint64 magnitude = _sets[set.avs][set.id].magnitudes[operators[i]][strategies[j]];
                stakes[i][j] = Math.mulDiv(_shares[operators[i]][strategies[j]], magnitude, 1e18);
            }
        }
    }

    function isOperatorSlashable(address operator, OperatorSet memory set_) public view returns (bool) {
        Set storage set = _sets[set_.avs][set_.id];
        return set.members.contains(operator) || block.number <= set.slashableUntil[operator];
    }
}
