// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISlasher} from "./ISlasher.sol";

/// @title IVetoableSlasher
/// @notice Announces a slash, lets a committee veto it for a time, and lets anyone execute it for a time after that.
/// @dev             announced           vetoUntil            executableUntil
///      fault ───────┼── can be vetoed ────┼── can be executed ───┼── lapsed
///      All of it must fit into the engine's deallocation delay counted from the fault: an operator that was a member
///      then is still slashable at the end, with what it had allocated then, whatever it did meanwhile.
interface IVetoableSlasher is ISlasher {
    /* TYPES */

    /// @dev A request that never was is NONE: nothing can be vetoed or executed by accident.
    enum Status {
        NONE,
        ANNOUNCED,
        VETOED,
        EXECUTED
    }

    /// @param vetoWindow Time in which the committee may veto [seconds].
    /// @param executionWindow Time after it in which anyone may execute [seconds].
    /// @param secondsPerBlock Least time between two blocks of this chain; turns the engine's delay into time.
    /// @param committee May veto, and may hand its seat over.
    struct VetoTerms {
        uint64 vetoWindow;
        uint64 executionWindow;
        uint64 secondsPerBlock;
        address committee;
    }

    /// @param operator Operator accused.
    /// @param operatorSetId Set whose allocation would pay.
    /// @param status What became of it.
    /// @param fault What the verifier calls the fault.
    /// @param committedAt When it was committed [unix seconds].
    /// @param vetoUntil First moment at which it can no longer be vetoed and can be executed [unix seconds].
    struct Request {
        address operator;
        uint32 operatorSetId;
        Status status;
        bytes32 fault;
        uint64 committedAt;
        uint64 vetoUntil;
    }

    /* EVENTS */

    /// @notice A slash was announced.
    event SlashAnnounced(
        uint256 indexed id,
        address indexed operator,
        uint32 indexed operatorSetId,
        bytes32 fault,
        uint64 committedAt,
        uint64 vetoUntil,
        uint64 executableUntil
    );
    /// @notice An announced slash was vetoed: this fault is never punished.
    event SlashVetoed(uint256 indexed id, address indexed committee);
    /// @notice An announced slash was executed.
    event SlashExecuted(uint256 indexed id);
    /// @notice The seat of the committee changed hands, for faults committed from `from` on.
    event CommitteeChanged(address indexed oldCommittee, address indexed newCommittee, uint64 from);

    /* ERRORS */

    /// @notice This fault is announced already.
    error AlreadyAnnounced(uint256 id);
    /// @notice The request is not open: it never was, was vetoed, or was executed.
    error NotAnnounced(uint256 id, Status status);
    /// @notice The committee found that this fault must not be punished.
    error WasVetoed(uint256 id);
    /// @notice Only the committee of the time of the fault.
    error NotTheCommittee(address caller, address committee);
    /// @notice There must be a committee.
    error CommitteeMissing();
    /// @notice The time for a veto is over.
    error VetoTooLate(uint256 time, uint256 vetoUntil);
    /// @notice The time for a veto is not over.
    error ExecutionTooEarly(uint256 time, uint256 vetoUntil);
    /// @notice The time to execute is over.
    error ExecutionTooLate(uint256 time, uint256 executableUntil);
    /// @notice The fault is so old that its slash could end after the operator is gone.
    error FaultTooOld(uint256 executableUntil, uint256 liableUntil);
    /// @notice What was announced about the operator was neither executed nor vetoed: nothing new is, for a time.
    error FilingRests(address operator, uint256 time, uint256 until);
    /// @notice The fault is said to lie in the future.
    error FaultInFuture(uint256 committedAt, uint256 time);

    /* ANNOUNCING */

    /// @notice Announces the slash of an operator whose fault the evidence proves.
    /// @dev Caller: anyone; nobody is paid for it. A fault that was vetoed is closed for ever; one whose announcement
    ///      lapsed may be announced again while it is young enough.
    ///      Faults of one operator in one set are announced together, within a veto window from the first. When none of
    ///      them is executed and not all are vetoed, new ones rest for `liability` and `cooldown`: so an operator whose
    ///      slashes nobody cares to execute cannot keep `pendingUntil` alive by announcing ever new faults of its own.
    /// @return id Number of the request, counted from 1; no two requests share one.
    function announce(address operator, uint32 operatorSetId, bytes calldata evidence) external returns (uint256 id);

    /* DECIDING */

    /// @notice Ends an announced slash for good.
    /// @dev Caller: the committee of the time of the fault, before `vetoUntil`.
    function veto(uint256 id) external;

    /// @notice Executes an announced slash.
    /// @dev Caller: anyone, from `vetoUntil` to `executableUntil`. Takes `slashWad` of what is allocated in every
    ///      strategy of the set; the engine rounds magnitudes up.
    function execute(uint256 id) external;

    /// @notice Hands the seat of the committee over, for faults that are committed after this second.
    /// @dev Caller: the present committee. It keeps its say on everything committed before.
    function handOver(address newCommittee) external;

    /* VIEWS */

    /// @notice A request.
    /// @dev Caller: anyone.
    function request(uint256 id) external view returns (Request memory);

    /// @notice Last moment at which the request can be executed, were it not vetoed [unix seconds].
    /// @dev Caller: anyone.
    function executableUntil(uint256 id) external view returns (uint256);

    /// @notice The committee that has a say on faults committed at `time`.
    /// @dev Caller: anyone.
    function committeeAt(uint64 time) external view returns (address);

    /// @notice Time in which the committee may veto [seconds].
    /// @dev Caller: anyone.
    function vetoWindow() external view returns (uint64);

    /// @notice Time after it in which anyone may execute [seconds].
    /// @dev Caller: anyone.
    function executionWindow() external view returns (uint64);

    /// @notice Time after a fault within which its slash must be over [seconds].
    /// @dev Caller: anyone. Rounds down, in favour of the operator: the engine's delay in its shortest time.
    function liability() external view returns (uint64);
}
