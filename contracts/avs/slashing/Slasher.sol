// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IFaultVerifier} from "./IFaultVerifier.sol";
import {ISlasher} from "./ISlasher.sol";

/// @title Slasher
/// @notice What both kinds of slasher share: one punishment per fault, of a fixed part, with a cooldown.
/// @dev Owns: which faults were punished. Trusts: the verifier for evidence (safety, within the bound),
///      AllocationManager to slash (liveness). Never: takes more than `slashWad` in a cooldown; punishes a fault twice.
abstract contract Slasher is ISlasher {
    /* CONSTANTS */

    uint64 private constant WAD = 1e18;

    /* IMMUTABLES */

    IAllocationManager internal immutable ALLOCATION_MANAGER;
    IFaultVerifier internal immutable VERIFIER; // and the AVS
    uint64 private immutable SLASH_WAD;
    uint64 internal immutable COOLDOWN; // [seconds]

    /* STORAGE */

    /// @inheritdoc ISlasher
    mapping(address operator => mapping(uint32 operatorSetId => mapping(bytes32 fault => bool))) public isPunished;
    /// @inheritdoc ISlasher
    mapping(address operator => mapping(uint32 operatorSetId => uint256)) public nextSlashAt;
    /// @inheritdoc ISlasher
    mapping(address operator => uint256) public timesPunished;

    /* SETUP */

    constructor(IAllocationManager allocationManager, IFaultVerifier verifier_, uint64 slashWad_, uint64 cooldown_) {
        require(address(verifier_) != address(0), VerifierMissing());
        require(slashWad_ > 0 && slashWad_ <= WAD, SlashOutOfRange(slashWad_, WAD));
        ALLOCATION_MANAGER = allocationManager;
        VERIFIER = verifier_;
        SLASH_WAD = slashWad_;
        COOLDOWN = cooldown_;
    }

    /* VIEWS */

    /// @inheritdoc ISlasher
    function slashWad() external view returns (uint64) {
        return SLASH_WAD;
    }

    /// @inheritdoc ISlasher
    function cooldown() external view returns (uint64) {
        return COOLDOWN;
    }

    /// @inheritdoc ISlasher
    function verifier() external view returns (address) {
        return address(VERIFIER);
    }

    /* INTERNALS */

    function _punish(
        address operator,
        uint32 operatorSetId,
        bytes32 fault,
        uint64 committedAt,
        string memory description
    ) internal {
        require(!isPunished[operator][operatorSetId][fault], AlreadyPunished(operator, operatorSetId, fault));
        uint256 from = nextSlashAt[operator][operatorSetId];
        require(block.timestamp >= from, CooldownRunning(operator, block.timestamp, from));

        isPunished[operator][operatorSetId][fault] = true;
        nextSlashAt[operator][operatorSetId] = block.timestamp + COOLDOWN;
        ++timesPunished[operator];
        emit FaultPunished(operator, operatorSetId, fault, committedAt);
        IStrategy[] memory strategies = _allocatedStrategies(operator, operatorSetId);
        uint256[] memory wads = new uint256[](strategies.length);
        for (uint256 i = 0; i < wads.length; ++i) wads[i] = SLASH_WAD;
        ALLOCATION_MANAGER.slashOperator(
            address(VERIFIER),
            IAllocationManagerActions.SlashingParams(operator, operatorSetId, strategies, wads, description)
        );
    }

    /// @dev The set's strategies, in the order that the engine wants. Evidence is used up by a slash, so it must not be
    ///      spent on nothing.
    function _allocatedStrategies(
        address operator,
        uint32 operatorSetId
    ) internal view returns (IStrategy[] memory strategies) {
        OperatorSet memory set = OperatorSet(address(VERIFIER), operatorSetId);
        strategies = ALLOCATION_MANAGER.getStrategiesInOperatorSet(set);
        bool isAllocated = false;
        for (uint256 i = 0; i < strategies.length && !isAllocated; ++i) {
            isAllocated = ALLOCATION_MANAGER.getAllocation(operator, set, strategies[i]).currentMagnitude > 0;
        }
        require(isAllocated, NothingAllocated(operator, operatorSetId));
        _sort(strategies);
    }

    /// @dev Insertion sort: a set has few strategies.
    function _sort(IStrategy[] memory strategies) private pure {
        for (uint256 i = 1; i < strategies.length; ++i) {
            IStrategy moved = strategies[i];
            uint256 j = i;
            for (; j > 0 && address(strategies[j - 1]) > address(moved); --j) strategies[j] = strategies[j - 1];
            strategies[j] = moved;
        }
    }
}
