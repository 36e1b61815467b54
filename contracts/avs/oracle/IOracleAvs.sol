// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";
import {IVetoableSlasher} from "../slashing/IVetoableSlasher.sol";

/// @title IOracleAvs
/// @notice An oracle whose operators sign one value per round; the result is the median, weighted by stake.
/// @dev One contract is the AVS, its registrar and its book of rounds. Set f is feed f, slashed at once for two values in
///      one round. With a bound on deviation, set `feeds + f` is what the same operators pledge to its accuracy: one who
///      reports farther from the median than the bound loses a part of that, unless it is vetoed. There is no owner.
///      Less than a third of a set's stake cannot move the median by lying nor stop it by silence. Silence is never slashed:
///      nobody can prove whose fault it was. Who was absent too often loses his seat, and may come back.
interface IOracleAvs {
    /* TYPES */

    /// @param minStake Stake below which a member can be unseated from a full set, and least stake that is pledged to
    ///        accuracy by who reports [deposit shares].
    /// @param roundLength Length of a round [seconds].
    /// @param absences Rounds without a report, among the last `ofRounds`, that cost a member its seat.
    /// @param ofRounds Rounds in which absences count.
    /// @param slashWad What two values in one round cost of the allocation [WAD].
    /// @param cooldown Time between two such slashes of one operator in one feed [seconds].
    struct Terms {
        uint256 minStake;
        uint64 roundLength;
        uint32 absences;
        uint32 ofRounds;
        uint64 slashWad;
        uint64 cooldown;
    }

    /// @param boundBps Farthest from the median that is still accurate, of the median; 0 leaves out accuracy and its sets.
    /// @param slashWad What deviating costs of the allocation [WAD].
    /// @param cooldown Time between two such slashes of one operator in one feed [seconds].
    /// @param veto Windows and committee.
    struct AccuracyTerms {
        uint256 boundBps;
        uint64 slashWad;
        uint64 cooldown;
        IVetoableSlasher.VetoTerms veto;
    }

    /* EVENTS */

    /// @notice Emitted for every report that counts; with the signature it is one half of any later evidence.
    event Reported(
        address indexed operator,
        uint32 indexed operatorSetId,
        uint64 indexed round,
        uint256 value,
        bytes signature
    );
    /// @notice Emitted when a round has its result; stakes in deposit shares, strategies added up.
    event RoundSettled(
        uint32 indexed operatorSetId,
        uint64 indexed round,
        uint256 value,
        uint256 reportedStake,
        uint256 totalStake
    );

    /// @notice A member that had not reported lost its seat. Nothing was slashed.
    event Ejected(address indexed operator, uint32 indexed operatorSetId, uint64[] absentIn);

    /* ERRORS */

    /// @notice Absences that cost a seat are one at least, and not more than the rounds in which they count.
    error AbsencesOutOfRange(uint32 absences, uint32 ofRounds);
    /// @notice The operator may be absent that often.
    error AbsencesTooFew(uint256 absences, uint256 needed);
    /// @notice The set is not one that operators report to.
    error NotAFeed(uint32 operatorSetId, uint32 feeds);
    /// @notice The operator reported in this round, or could not.
    error NotAbsent(address operator, uint32 operatorSetId, uint64 round);
    /// @notice Absence in this round does not count, or was named already.
    error RoundOutOfSpan(uint64 round, uint256 from, uint64 currentRound);

    /// @notice The operator has reported in this round.
    error AlreadyReported(address operator, uint32 operatorSetId, uint64 round);
    /// @notice The round has its result.
    error AlreadySettled(uint32 operatorSetId, uint64 round);
    /// @notice A round must last.
    error RoundLengthZero();
    /// @notice The round has not begun.
    error RoundNotBegun(uint64 round, uint64 currentRound);
    /// @notice The round is not open for this now.
    error RoundNotOpen(uint64 round, uint64 currentRound);
    /// @notice Both reports say the same: that is no lie.
    error SameValue(uint256 value);
    /// @notice There is no report to compare with a result.
    error NothingToCompare(address operator, uint32 operatorSetId, uint64 round);
    /// @notice The report is near enough to the median.
    error Accurate(uint256 distance, uint256 bound);

    /* REPORTING */

    /// @notice Hands in an operator's signed value for the current round.
    /// @dev Caller: anyone. There is no way to report without a signature: what counts can always be evidence. The
    ///      operator is a member of the feed's set, and of the set of its accuracy if there is one, where it has at least
    ///      `minStake`.
    function report(
        address operator,
        uint32 operatorSetId,
        uint64 round,
        uint256 value,
        bytes calldata signature
    ) external;

    /// @notice Computes the result of the current or the last round once two thirds of the stake have reported.
    /// @dev Caller: anyone. Weights are what stays slashable for a whole deallocation delay from now. Members whose
    ///      equivocation in this round is proven do not count. Of two middle values the lower one is taken.
    /// @return value The median.
    function settle(uint32 operatorSetId, uint64 round) external returns (uint256 value);

    /// @notice Takes the seat of a member that was absent in `absences` of the last `ofRounds` rounds.
    /// @dev Caller: anyone. The operator loses no stake, stays slashable for the engine's delay, and may come back.
    /// @param absentIn The rounds, in rising order.
    function eject(address operator, uint32 operatorSetId, uint64[] calldata absentIn) external;

    /* VIEWS */

    /// @notice Whether a round is over in which the operator was expected, could report to the end, and did not.
    /// @dev Caller: anyone.
    function isAbsent(address operator, uint32 operatorSetId, uint64 round) external view returns (bool);

    /// @notice Round from which a member is expected to report.
    /// @dev Caller: anyone.
    function expectedFrom(address operator, uint32 operatorSetId) external view returns (uint64 round);

    /// @notice How many absences, in how many rounds, cost a seat.
    /// @dev Caller: anyone.
    function attendance() external view returns (uint32 absences, uint32 ofRounds);

    /// @notice Round that is open now.
    /// @dev Caller: anyone.
    function currentRound() external view returns (uint64);

    /// @notice Result of a round.
    /// @dev Caller: anyone.
    function resultOf(uint32 operatorSetId, uint64 round) external view returns (bool isSettled, uint256 value);

    /// @notice What an operator reported in a round.
    /// @dev Caller: anyone.
    function reportOf(
        address operator,
        uint32 operatorSetId,
        uint64 round
    ) external view returns (bool isReported, uint256 value);

    /// @notice EIP-712 digest that a key signs to report: `Report(uint32 operatorSetId,uint64 round,uint256 value)`.
    /// @dev Caller: anyone.
    function reportDigest(uint32 operatorSetId, uint64 round, uint256 value) external view returns (bytes32);

    /// @notice The slasher of all feeds, for two values in one round.
    /// @dev Caller: anyone. Evidence: `abi.encode(uint64 round, uint256 valueA, bytes signatureA, uint256 valueB, bytes
    ///      signatureB)`. Rounds that have not begun are refused, else an operator could use up its own guilt while it
    ///      has little at stake.
    function slasher() external view returns (IInstantSlasher);

    /// @notice The slasher of all accuracy sets; zero without them.
    /// @dev Caller: anyone. Evidence: `abi.encode(uint64 round)`.
    function accuracySlasher() external view returns (IVetoableSlasher);

    /// @notice Number of feeds; the accuracy of feed f is pledged in set `feeds + f`.
    /// @dev Caller: anyone.
    function feeds() external view returns (uint32);

    /// @notice Farthest from the median that is still accurate, of the median [bps]; 0 when nobody looks.
    /// @dev Caller: anyone.
    function boundBps() external view returns (uint256);

    /// @notice Length of a round [seconds].
    /// @dev Caller: anyone.
    function roundLength() external view returns (uint64);
}
