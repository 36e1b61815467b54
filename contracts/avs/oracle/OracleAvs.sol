// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {Membership} from "../membership/Membership.sol";
import {IFaultVerifier} from "../slashing/IFaultVerifier.sol";
import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";
import {InstantSlasher} from "../slashing/InstantSlasher.sol";
import {ISlasher} from "../slashing/ISlasher.sol";
import {IVetoableSlasher} from "../slashing/IVetoableSlasher.sol";
import {VetoableSlasher} from "../slashing/VetoableSlasher.sol";
import {IOracleAvs} from "./IOracleAvs.sol";
import {OracleRounds} from "./OracleRounds.sol";
import {WeightedMedianMath} from "./WeightedMedianMath.sol";

/// @title OracleAvs
/// @notice A working AVS: operators sign values, stake decides the median, and a lie costs stake.
/// @dev Owns: results. Trusts: AllocationManager for members and stake (safety).
///      Never: changes a result; slashes for silence.
contract OracleAvs is OracleRounds, IFaultVerifier {
    /* CONSTANTS */

    uint256 private constant BPS = 10_000;

    /* IMMUTABLES */

    IInstantSlasher private immutable SLASHER;
    IVetoableSlasher private immutable ACCURACY_SLASHER;
    uint256 private immutable BOUND_BPS;

    /* SETUP */

    /// @dev Deploys the slashers and creates one set, or two, per list of strategies.
    constructor(
        IAllocationManager allocationManager,
        IRewardsCoordinator rewards,
        string memory metadataURI,
        IStrategy[][] memory strategiesOf,
        Terms memory terms,
        AccuracyTerms memory accuracy
    )
        Membership(allocationManager, rewards, metadataURI, terms.minStake)
        EIP712("Trellis Oracle AVS", "1")
        OracleRounds(terms, uint32(strategiesOf.length)) // a list in memory
    {
        SLASHER = new InstantSlasher(allocationManager, this, terms.slashWad, terms.cooldown);
        ACCURACY_SLASHER = _accuracySlasher(allocationManager, terms.roundLength, accuracy);
        BOUND_BPS = accuracy.boundBps;
        bool hasAccuracy = accuracy.boundBps > 0;
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            hasAccuracy ? 2 * FEEDS : FEEDS
        );
        for (uint32 id = 0; id < sets.length; ++id) {
            address slasher_ = id < FEEDS ? address(SLASHER) : address(ACCURACY_SLASHER);
            sets[id] = IAllocationManagerActions.CreateSetParamsV2(id, strategiesOf[id % FEEDS], slasher_);
        }
        allocationManager.createOperatorSets(address(this), sets);
    }

    /* SETTLING */

    /// @inheritdoc IOracleAvs
    function settle(uint32 operatorSetId, uint64 round) external returns (uint256 value) {
        uint64 current = currentRound();
        require(round == current || round + 1 == current, RoundNotOpen(round, current));
        Round storage book = _round(operatorSetId, round);
        require(!book.result.exists, AlreadySettled(operatorSetId, round));
        address[] memory members = ALLOCATION_MANAGER.getMembers(_set(operatorSetId));
        uint256[] memory stakes = _stakes(members, operatorSetId);
        uint256[] memory values = new uint256[](members.length);
        uint256 count = 0;
        uint256 totalStake = 0;
        uint256 reportedStake = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (SLASHER.isPunished(members[i], operatorSetId, _fault(round))) continue;
            totalStake += stakes[i];
            Entry memory entry = book.reports[members[i]];
            if (!entry.exists) continue;
            reportedStake += stakes[i];
            (values[count], stakes[count]) = (entry.value, stakes[i]); // count ≤ i: only what was read is overwritten
            ++count;
        }
        _requireTwoThirds(reportedStake, totalStake);

        value = WeightedMedianMath.medianDown(values, stakes, count);
        book.result = _entry(value);
        emit RoundSettled(operatorSetId, round, value, reportedStake, totalStake);
    }

    /* PROVING */

    /// @inheritdoc IFaultVerifier
    function verify(
        address operator,
        uint32 operatorSetId,
        bytes calldata evidence
    ) external view returns (bytes32 fault, uint64 committedAt) {
        if (operatorSetId < FEEDS) return _equivocation(operator, operatorSetId, evidence);
        return _deviation(operator, operatorSetId - FEEDS, evidence);
    }

    /* VIEWS */

    /// @inheritdoc IOracleAvs
    function slasher() external view returns (IInstantSlasher) {
        return SLASHER;
    }

    /// @inheritdoc IOracleAvs
    function accuracySlasher() external view returns (IVetoableSlasher) {
        return ACCURACY_SLASHER;
    }

    /// @inheritdoc IOracleAvs
    function boundBps() external view returns (uint256) {
        return BOUND_BPS;
    }

    /* INTERNALS */

    /// @dev A report of the first second of a round may be settled in the last one of the next, and can still be slashed.
    function _accuracySlasher(
        IAllocationManager allocationManager,
        uint64 roundLength_,
        AccuracyTerms memory terms
    ) private returns (IVetoableSlasher accuracySlasher_) {
        if (terms.boundBps == 0) return accuracySlasher_;
        accuracySlasher_ = new VetoableSlasher(allocationManager, this, terms.slashWad, terms.cooldown, terms.veto);
        uint256 limit = accuracySlasher_.liability();
        uint256 window = 2 * uint256(roundLength_) + terms.veto.vetoWindow + terms.veto.executionWindow;
        require(window < limit, ISlasher.WindowTooLong(window, limit));
    }

    /// @dev Two values signed for one round. Nobody knows when the second was signed.
    function _equivocation(
        address operator,
        uint32 operatorSetId,
        bytes calldata evidence
    ) private view returns (bytes32, uint64) {
        (uint64 round, uint256 valueA, bytes memory signatureA, uint256 valueB, bytes memory signatureB) = abi.decode(
            evidence,
            (uint64, uint256, bytes, uint256, bytes)
        );
        require(valueA != valueB, SameValue(valueA));
        uint64 current = currentRound();
        require(round <= current, RoundNotBegun(round, current));
        _requireSigned(operator, reportDigest(operatorSetId, round, valueA), signatureA);
        _requireSigned(operator, reportDigest(operatorSetId, round, valueB), signatureB);
        return (_fault(round), 0);
    }

    /// @dev A report too far from the median that the stake agreed on.
    function _deviation(address operator, uint32 feed, bytes calldata evidence) private view returns (bytes32, uint64) {
        uint64 round = abi.decode(evidence, (uint64));
        Entry memory said = _round(feed, round).reports[operator];
        Entry memory result = _round(feed, round).result;
        require(said.exists && result.exists, NothingToCompare(operator, feed, round));
        uint256 distance = said.value > result.value ? said.value - result.value : result.value - said.value;
        uint256 bound = Math.mulDiv(result.value, BOUND_BPS, BPS, Math.Rounding.Ceil); // for the operator
        require(distance > bound, Accurate(distance, bound));
        return (_fault(round), said.time);
    }

    /// @dev What a report can cost must be worth asking for: else the slashes of one with next to nothing at stake could be
    ///      announced for ever at no cost.
    function _requirePledge(address operator, uint32 feed) internal view override {
        if (BOUND_BPS == 0) return;
        _requireMember(operator, FEEDS + feed);
        _requireStake(operator, FEEDS + feed);
    }

    /// @inheritdoc OracleRounds
    function _pledgedSets(address operator, uint32 feed) internal view override returns (uint32[] memory ids) {
        bool isPledged = BOUND_BPS > 0 && ALLOCATION_MANAGER.isMemberOfOperatorSet(operator, _set(FEEDS + feed));
        ids = new uint32[](isPledged ? 2 : 1);
        ids[0] = feed;
        if (isPledged) ids[1] = FEEDS + feed;
    }

    /// @dev One fault per round and set.
    function _fault(uint64 round) private pure returns (bytes32) {
        return bytes32(uint256(round));
    }
}
