// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IEquivocationSlasher} from "./IEquivocationSlasher.sol";
import {IOracleAvs} from "./IOracleAvs.sol";

/// @title EquivocationSlasher
/// @notice Slashes whoever signed two values for one round of an oracle.
/// @dev Owns: which equivocations were punished. Trusts: OracleAvs for keys, digests and the round (safety);
///      AllocationManager to slash (liveness). Never: slashes without two signatures of the operator's key; takes more
///      than `slashWad`; slashes twice for one operator, set and round.
contract EquivocationSlasher is IEquivocationSlasher {
    /* CONSTANTS */

    uint64 private constant WAD = 1e18;

    /* IMMUTABLES */

    IOracleAvs private immutable AVS;
    IAllocationManager private immutable ALLOCATION_MANAGER;
    uint64 private immutable SLASH_WAD;

    /* STORAGE */

    /// @inheritdoc IEquivocationSlasher
    mapping(address operator => mapping(uint32 operatorSetId => mapping(uint64 round => bool))) public isProven;

    /* SETUP */

    constructor(IOracleAvs avs, IAllocationManager allocationManager, uint64 slashWad_) {
        require(slashWad_ > 0 && slashWad_ <= WAD, SlashOutOfRange(slashWad_, WAD));
        AVS = avs;
        ALLOCATION_MANAGER = allocationManager;
        SLASH_WAD = slashWad_;
    }

    /* PROVING */

    /// @inheritdoc IEquivocationSlasher
    function proveEquivocation(
        address operator,
        uint32 operatorSetId,
        uint64 round,
        uint256 valueA,
        bytes calldata signatureA,
        uint256 valueB,
        bytes calldata signatureB
    ) external {
        require(valueA != valueB, SameValue(valueA));
        require(!isProven[operator][operatorSetId][round], AlreadyProven(operator, operatorSetId, round));
        uint64 current = AVS.currentRound();
        require(round <= current, RoundNotBegun(round, current));
        address key = AVS.keyOf(operator);
        require(key != address(0), IOracleAvs.KeyUnknown(operator));
        _checkSigned(key, AVS.reportDigest(operatorSetId, round, valueA), signatureA);
        _checkSigned(key, AVS.reportDigest(operatorSetId, round, valueB), signatureB);

        isProven[operator][operatorSetId][round] = true;
        emit EquivocationProven(operator, operatorSetId, round, valueA, valueB);
        _slash(operator, operatorSetId);
    }

    /* VIEWS */

    /// @inheritdoc IEquivocationSlasher
    function slashWad() external view returns (uint64) {
        return SLASH_WAD;
    }

    /* INTERNALS */

    function _checkSigned(address key, bytes32 digest, bytes calldata signature) private pure {
        (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signature); // zero: no signature at all
        require(signer == key, IOracleAvs.NotSignedByKey(signer, key));
    }

    function _slash(address operator, uint32 operatorSetId) private {
        OperatorSet memory set = OperatorSet(address(AVS), operatorSetId);
        IStrategy[] memory strategies = ALLOCATION_MANAGER.getStrategiesInOperatorSet(set);
        // Evidence is used up by a slash, so it must not be spent on nothing.
        require(_isAllocated(operator, set, strategies), NothingAllocated(operator, operatorSetId));
        _sort(strategies);
        uint256[] memory wads = new uint256[](strategies.length);
        for (uint256 i = 0; i < wads.length; ++i) wads[i] = SLASH_WAD;
        ALLOCATION_MANAGER.slashOperator(
            address(AVS),
            IAllocationManagerActions.SlashingParams(operator, operatorSetId, strategies, wads, "equivocation")
        );
    }

    function _isAllocated(
        address operator,
        OperatorSet memory set,
        IStrategy[] memory strategies
    ) private view returns (bool) {
        for (uint256 i = 0; i < strategies.length; ++i) {
            if (ALLOCATION_MANAGER.getAllocation(operator, set, strategies[i]).currentMagnitude > 0) return true;
        }
        return false;
    }

    /// @dev The engine wants ascending addresses. Insertion sort: a set has few strategies.
    function _sort(IStrategy[] memory strategies) private pure {
        for (uint256 i = 1; i < strategies.length; ++i) {
            IStrategy moved = strategies[i];
            uint256 j = i;
            for (; j > 0 && address(strategies[j - 1]) > address(moved); --j) strategies[j] = strategies[j - 1];
            strategies[j] = moved;
        }
    }
}
