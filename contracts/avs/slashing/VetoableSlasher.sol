// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAnnouncedSlashes} from "../../shared/slashing/IAnnouncedSlashes.sol";
import {IFaultVerifier} from "./IFaultVerifier.sol";
import {IVetoableSlasher} from "./IVetoableSlasher.sol";
import {Slasher} from "./Slasher.sol";

/// @title VetoableSlasher
/// @notice For faults that need a second look: evidence announces, a committee may object, then anyone executes.
/// @dev Owns: announced slashes, who sits in the committee when. Trusts: as Slasher, and the committee not to veto what
///      is just (liveness of justice). Never: executes what was vetoed; executes outside the window; asks a committee
///      that came after the fault; keeps a slash of one operator announced without end. No owner, no proxy, no setter but
///      the committee's own seat.
contract VetoableSlasher is IVetoableSlasher, Slasher {
    using Checkpoints for Checkpoints.Trace160;

    /* TYPES */

    /// @dev Open requests of a set are a list by age, so that any of them can be taken out.
    struct Neighbours {
        uint256 older;
        uint256 newer;
    }

    /// @dev Announcements about one operator in one set that began with request `first`. It ends with an execution, or
    ///      when all of them are vetoed; else with a rest.
    struct Session {
        uint64 first; // 0: there is none
        uint64 filed; // faults
        uint64 vetoed; // faults
        uint64 openUntil; // [unix seconds] last moment at which another fault can be announced
    }

    /* IMMUTABLES */

    uint64 private immutable VETO_WINDOW; // [seconds]
    uint64 private immutable EXECUTION_WINDOW; // [seconds]
    uint64 private immutable LIABILITY; // [seconds]

    /* STORAGE */

    uint256 private _count;
    mapping(uint256 id => Request) private _requests;
    mapping(uint256 id => Neighbours) private _neighbours;
    mapping(uint32 operatorSetId => uint256 id) private _newest;
    mapping(address operator => mapping(uint32 operatorSetId => mapping(bytes32 fault => uint256 id))) private _idOf;
    mapping(address operator => mapping(uint32 operatorSetId => Session)) private _sessions;
    Checkpoints.Trace160 private _committees; // first second of the seat → committee

    /* SETUP */

    constructor(
        IAllocationManager allocationManager,
        IFaultVerifier verifier_,
        uint64 slashWad_,
        uint64 cooldown_,
        VetoTerms memory terms
    ) Slasher(allocationManager, verifier_, slashWad_, cooldown_) {
        require(terms.vetoWindow > 0 && terms.executionWindow > 0, WindowZero());
        uint256 windows = uint256(terms.vetoWindow) + terms.executionWindow;
        uint256 limit = uint256(allocationManager.DEALLOCATION_DELAY()) * terms.secondsPerBlock;
        // The limit itself is refused: a fault is found some time after it was committed.
        require(windows < limit, WindowTooLong(windows, limit));
        VETO_WINDOW = terms.vetoWindow;
        EXECUTION_WINDOW = terms.executionWindow;
        LIABILITY = uint64(limit); // a uint32 of blocks times the seconds of one: centuries fit
        _seat(address(0), terms.committee, 0);
    }

    /* ANNOUNCING */

    /// @inheritdoc IVetoableSlasher
    function announce(address operator, uint32 operatorSetId, bytes calldata evidence) external returns (uint256 id) {
        (bytes32 fault, uint64 committedAt) = VERIFIER.verify(operator, operatorSetId, evidence);
        require(committedAt <= block.timestamp, FaultInFuture(committedAt, block.timestamp));
        require(!isPunished[operator][operatorSetId][fault], AlreadyPunished(operator, operatorSetId, fault));
        uint256 before = _idOf[operator][operatorSetId][fault];
        _requireClosed(before);
        uint64 vetoUntil = uint64(block.timestamp) + VETO_WINDOW; // far from the end of uint64, as the next line
        uint64 until = vetoUntil + EXECUTION_WINDOW;
        uint256 liableUntil = uint256(committedAt) + LIABILITY;
        require(until <= liableUntil, FaultTooOld(until, liableUntil));
        uint256 from = nextSlashAt[operator][operatorSetId];
        require(until >= from, CooldownRunning(operator, until, from));
        _allocatedStrategies(operator, operatorSetId); // refuses what could take nothing

        id = ++_count;
        if (before == 0) _file(id, operator, operatorSetId); // a fault that lapsed adds nothing to what was open
        _requests[id] = Request(operator, operatorSetId, Status.ANNOUNCED, fault, committedAt, vetoUntil);
        _idOf[operator][operatorSetId][fault] = id;
        _link(id, operatorSetId);
        emit SlashAnnounced(id, operator, operatorSetId, fault, committedAt, vetoUntil, until);
    }

    /* DECIDING */

    /// @inheritdoc IVetoableSlasher
    function veto(uint256 id) external {
        Request storage r = _open(id);
        address committee = committeeAt(r.committedAt);
        require(msg.sender == committee, NotTheCommittee(msg.sender, committee));
        uint256 vetoUntil = r.vetoUntil;
        require(block.timestamp < vetoUntil, VetoTooLate(block.timestamp, vetoUntil));

        r.status = Status.VETOED;
        _unlink(id, r.operatorSetId);
        Session storage session = _sessions[r.operator][r.operatorSetId];
        bool isOfIt = session.first != 0 && id >= session.first;
        if (isOfIt && ++session.vetoed == session.filed) delete _sessions[r.operator][r.operatorSetId];
        emit SlashVetoed(id, committee);
    }

    /// @inheritdoc IVetoableSlasher
    function execute(uint256 id) external {
        Request storage r = _open(id);
        (uint256 vetoUntil, uint256 until) = (r.vetoUntil, executableUntil(id));
        require(block.timestamp >= vetoUntil, ExecutionTooEarly(block.timestamp, vetoUntil));
        require(block.timestamp <= until, ExecutionTooLate(block.timestamp, until));

        r.status = Status.EXECUTED;
        _unlink(id, r.operatorSetId);
        delete _sessions[r.operator][r.operatorSetId]; // from here on the cooldown bounds what can be announced
        emit SlashExecuted(id);
        _punish(r.operator, r.operatorSetId, r.fault, r.committedAt, "fault that was not vetoed");
    }

    /// @inheritdoc IVetoableSlasher
    function handOver(address newCommittee) external {
        address present = address(_committees.latest());
        require(msg.sender == present, NotTheCommittee(msg.sender, present));
        _seat(present, newCommittee, uint64(block.timestamp) + 1); // far from the end of uint64
    }

    /* VIEWS */

    /// @inheritdoc IAnnouncedSlashes
    /// @dev The newest open request ends last: all windows are alike.
    function pendingUntil(address avs, uint32 operatorSetId) external view returns (uint256) {
        uint256 id = _newest[operatorSetId];
        if (avs != address(VERIFIER) || id == 0) return 0;
        uint256 until = executableUntil(id);
        return block.timestamp <= until ? until : 0;
    }

    /// @inheritdoc IVetoableSlasher
    function request(uint256 id) external view returns (Request memory) {
        return _requests[id];
    }

    /// @inheritdoc IVetoableSlasher
    function vetoWindow() external view returns (uint64) {
        return VETO_WINDOW;
    }

    /// @inheritdoc IVetoableSlasher
    function executionWindow() external view returns (uint64) {
        return EXECUTION_WINDOW;
    }

    /// @inheritdoc IVetoableSlasher
    function liability() external view returns (uint64) {
        return LIABILITY;
    }

    /// @inheritdoc IVetoableSlasher
    function executableUntil(uint256 id) public view returns (uint256) {
        return uint256(_requests[id].vetoUntil) + EXECUTION_WINDOW;
    }

    /// @inheritdoc IVetoableSlasher
    function committeeAt(uint64 time) public view returns (address) {
        return address(_committees.upperLookup(time));
    }

    /* INTERNALS */

    function _open(uint256 id) private view returns (Request storage r) {
        r = _requests[id];
        Status status = r.status;
        require(status == Status.ANNOUNCED, NotAnnounced(id, status));
    }

    /// @dev Refuses a fault that is announced or was vetoed. One that lapsed may come again.
    function _requireClosed(uint256 id) private view {
        if (id == 0) return;
        require(_requests[id].status != Status.VETOED, WasVetoed(id));
        require(block.timestamp > executableUntil(id), AlreadyAnnounced(id));
    }

    /// @dev Counts an announcement to the running session, or begins one.
    function _file(uint256 id, address operator, uint32 operatorSetId) private {
        Session memory session = _sessions[operator][operatorSetId];
        if (block.timestamp > session.openUntil) {
            uint256 restUntil = session.first == 0 ? 0 : uint256(session.openUntil) + LIABILITY + COOLDOWN;
            require(block.timestamp >= restUntil, FilingRests(operator, block.timestamp, restUntil));
            // Far from the end of uint64, the time and the number of requests.
            session = Session(uint64(id), 0, 0, uint64(block.timestamp) + VETO_WINDOW);
        }
        ++session.filed;
        _sessions[operator][operatorSetId] = session;
    }

    function _seat(address oldCommittee, address newCommittee, uint64 from) private {
        require(newCommittee != address(0), CommitteeMissing());
        _committees.push(from, uint160(newCommittee));
        emit CommitteeChanged(oldCommittee, newCommittee, from);
    }

    function _link(uint256 id, uint32 operatorSetId) private {
        uint256 older = _newest[operatorSetId];
        _newest[operatorSetId] = id;
        _neighbours[id].older = older;
        if (older != 0) _neighbours[older].newer = id;
    }

    function _unlink(uint256 id, uint32 operatorSetId) private {
        Neighbours memory between = _neighbours[id];
        if (between.newer == 0) _newest[operatorSetId] = between.older;
        else _neighbours[between.newer].older = between.older;
        if (between.older != 0) _neighbours[between.older].newer = between.newer;
        delete _neighbours[id];
    }
}
