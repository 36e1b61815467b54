// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {SigningKeys} from "../membership/SigningKeys.sol";
import {IOracleAvs} from "./IOracleAvs.sol";

/// @title OracleRounds
/// @notice The rounds of an oracle: who reported what, and who was not there.
/// @dev Owns: reports, the round from which an operator is expected. Never: counts a report that its operator's key did not
///      sign; takes for absent who has reported, who was not expected yet, or who was shut out by an early result.
abstract contract OracleRounds is IOracleAvs, SigningKeys {
    /* TYPES */

    struct Entry {
        bool exists;
        uint64 time; // [unix seconds]
        uint256 value;
    }

    struct Round {
        Entry result;
        mapping(address operator => Entry) reports;
    }

    /* CONSTANTS */

    // solhint-disable-next-line gas-small-strings
    bytes32 private constant REPORT_TYPEHASH = keccak256("Report(uint32 operatorSetId,uint64 round,uint256 value)");

    /* IMMUTABLES */

    uint32 internal immutable FEEDS;
    uint64 private immutable GENESIS; // [unix seconds] start of round 0
    uint64 private immutable ROUND_LENGTH; // [seconds]
    uint32 private immutable ABSENCES;
    uint32 private immutable OF_ROUNDS;

    /* STORAGE */

    /// @inheritdoc IOracleAvs
    mapping(address operator => mapping(uint32 operatorSetId => uint64 round)) public expectedFrom;
    mapping(uint32 operatorSetId => mapping(uint64 round => Round)) private _rounds;

    /* SETUP */

    constructor(Terms memory terms, uint32 feeds_) {
        require(terms.roundLength > 0, RoundLengthZero());
        bool isPart = terms.absences > 0 && terms.absences <= terms.ofRounds;
        require(isPart, AbsencesOutOfRange(terms.absences, terms.ofRounds));
        FEEDS = feeds_;
        GENESIS = uint64(block.timestamp); // ≤ type(uint64).max: the year 584 billion
        ROUND_LENGTH = terms.roundLength;
        ABSENCES = terms.absences;
        OF_ROUNDS = terms.ofRounds;
    }

    /* REPORTING */

    /// @inheritdoc IOracleAvs
    function report(
        address operator,
        uint32 operatorSetId,
        uint64 round,
        uint256 value,
        bytes calldata signature
    ) external {
        uint64 current = currentRound();
        require(round == current, RoundNotOpen(round, current));
        Round storage book = _rounds[operatorSetId][round];
        require(!book.result.exists, AlreadySettled(operatorSetId, round));
        require(!book.reports[operator].exists, AlreadyReported(operator, operatorSetId, round));
        _requireMember(operator, operatorSetId);
        _requirePledge(operator, operatorSetId);
        _requireSigned(operator, reportDigest(operatorSetId, round, value), signature);

        book.reports[operator] = _entry(value);
        emit Reported(operator, operatorSetId, round, value, signature);
    }

    /// @inheritdoc IOracleAvs
    function eject(address operator, uint32 operatorSetId, uint64[] calldata absentIn) external {
        require(operatorSetId < FEEDS, NotAFeed(operatorSetId, FEEDS)); // nobody reports to a set of accuracy
        require(absentIn.length >= ABSENCES, AbsencesTooFew(absentIn.length, ABSENCES));
        uint64 current = currentRound();
        uint256 next = Math.max(expectedFrom[operator][operatorSetId], current > OF_ROUNDS ? current - OF_ROUNDS : 0);
        for (uint256 i = 0; i < absentIn.length; ++i) {
            uint64 round = absentIn[i];
            require(round >= next && round < current, RoundOutOfSpan(round, next, current));
            require(isAbsent(operator, operatorSetId, round), NotAbsent(operator, operatorSetId, round));
            next = uint256(round) + 1; // none counts twice
        }
        _requireMember(operator, operatorSetId);
        emit Ejected(operator, operatorSetId, absentIn);
        ALLOCATION_MANAGER.deregisterFromOperatorSets(
            IAllocationManagerActions.DeregisterParams(operator, address(this), _pledgedSets(operator, operatorSetId))
        );
    }

    /* VIEWS */

    /// @inheritdoc IOracleAvs
    function resultOf(uint32 operatorSetId, uint64 round) external view returns (bool isSettled, uint256 value) {
        Entry memory entry = _rounds[operatorSetId][round].result;
        return (entry.exists, entry.value);
    }

    /// @inheritdoc IOracleAvs
    function reportOf(
        address operator,
        uint32 operatorSetId,
        uint64 round
    ) external view returns (bool isReported, uint256 value) {
        Entry memory entry = _rounds[operatorSetId][round].reports[operator];
        return (entry.exists, entry.value);
    }

    /// @inheritdoc IOracleAvs
    function feeds() external view returns (uint32) {
        return FEEDS;
    }

    /// @inheritdoc IOracleAvs
    function roundLength() external view returns (uint64) {
        return ROUND_LENGTH;
    }

    /// @inheritdoc IOracleAvs
    function attendance() external view returns (uint32 absences, uint32 ofRounds) {
        return (ABSENCES, OF_ROUNDS);
    }

    /// @inheritdoc IOracleAvs
    function isAbsent(address operator, uint32 operatorSetId, uint64 round) public view returns (bool) {
        if (round < expectedFrom[operator][operatorSetId] || round >= currentRound()) return false;
        Round storage book = _rounds[operatorSetId][round];
        if (book.reports[operator].exists) return false;
        // A result within the round shuts out who would still have reported.
        return !book.result.exists || book.result.time >= GENESIS + (round + 1) * ROUND_LENGTH;
    }

    /// @inheritdoc IOracleAvs
    function currentRound() public view returns (uint64) {
        return (uint64(block.timestamp) - GENESIS) / ROUND_LENGTH; // ≤ type(uint64).max: the year 584 billion
    }

    /// @inheritdoc IOracleAvs
    function reportDigest(uint32 operatorSetId, uint64 round, uint256 value) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REPORT_TYPEHASH, operatorSetId, round, value)));
    }

    /* INTERNALS */

    /// @dev Refuses a report of an operator that has not pledged to the feed what its AVS asks for.
    function _requirePledge(address operator, uint32 feed) internal view virtual;

    /// @dev Sets of a feed in which an operator is a member, the feed's own first.
    function _pledgedSets(address operator, uint32 feed) internal view virtual returns (uint32[] memory ids);

    /// @dev A newcomer is expected from the next round on.
    function _welcome(address operator, uint32[] calldata operatorSetIds, bytes calldata data) internal override {
        super._welcome(operator, operatorSetIds, data);
        for (uint256 i = 0; i < operatorSetIds.length; ++i) {
            expectedFrom[operator][operatorSetIds[i]] = currentRound() + 1;
        }
    }

    function _round(uint32 operatorSetId, uint64 round) internal view returns (Round storage) {
        return _rounds[operatorSetId][round];
    }

    function _entry(uint256 value) internal view returns (Entry memory) {
        return Entry(true, uint64(block.timestamp), value); // ≤ type(uint64).max: see GENESIS
    }
}
