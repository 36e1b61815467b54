// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IModule} from "../governance/IModule.sol";

/// @title ISetRegistry
/// @notice Which operator sets of AVSs may be allocated to, under which terms. A set enters in public: its terms can be read
///         for longer than leaving takes before it is admitted. It leaves at once: by governance, or by anyone when it is no
///         longer what was read.
/// @dev Caps are parts of restaked stake [bps]. Every operator keeps them for its own stake, so they hold for all stake
///      together, however it moves between operators.
interface ISetRegistry is IModule {
    /* TYPES */

    /// @notice Who decides that a fault has happened.
    enum FaultClass {
        Objective, // a contract that checks a proof
        Vetoed // people, of whom a committee can stop the slash before it is executed
    }

    /// @notice Where a set stands.
    enum Stage {
        Unknown,
        Proposed, // its terms can be read; nothing may be allocated
        Admitted,
        Dropped // by governance or by quarantine; what is allocated is taken down
    }

    /// @notice What has changed since the set was proposed.
    enum Fault {
        None,
        Slasher, // another account may slash
        PendingSlasher, // another account will be allowed to
        SlasherCode, // the slasher's code is another one
        Registrar, // another contract decides who joins
        Strategies, // a strategy was added or removed
        Redistribution // what is slashed goes to somebody
    }

    /// @param faultClass Who decides that a fault has happened.
    /// @param capBps Most exposure to the set.
    /// @param slashWindow From an announced slash to the last moment it can be executed; zero for an objective one [seconds].
    /// @param judge The contract that checks proofs, or the committee with the veto.
    /// @param group Sets of one group may fail together: same code, same chain, same company.
    /// @param name Name for people.
    /// @param metadataURI Public description.
    struct Terms {
        FaultClass faultClass;
        uint16 capBps;
        uint32 slashWindow;
        address judge;
        bytes32 group;
        string name;
        string metadataURI;
    }

    /// @notice What the engine said of a set when it was proposed. Any difference is a fault.
    /// @param slasher Account that may slash.
    /// @param slasherCode Hash of its code.
    /// @param registrar Contract that decides who joins.
    /// @param strategies Hash of the list of its strategies.
    struct Basis {
        address slasher;
        bytes32 slasherCode;
        address registrar;
        bytes32 strategies;
    }

    /// @param stage Where the set stands.
    /// @param proposedAt When its terms were published [unix time].
    /// @param admissibleFrom First time at which it may be admitted if no door changes from now on; zero unless proposed.
    /// @param fault What has changed since then.
    /// @param terms Its terms.
    /// @param basis What the engine said of it when it was proposed.
    struct Status {
        Stage stage;
        uint256 proposedAt;
        uint256 admissibleFrom;
        Fault fault;
        Terms terms;
        Basis basis;
    }

    /// @notice What a plan must know of a set.
    /// @param set The set.
    /// @param isAdmitted Whether it may be allocated to.
    /// @param isVerified Whether its slasher has a proven maximum.
    /// @param capBps Most exposure to the set.
    /// @param avsCapBps Most exposure to all sets of its AVS.
    /// @param group Its correlation group.
    /// @param countedWad Part of an allocation that counts as exposure: all of it, or the proven maximum.
    /// @param rewardWad Reported rewards of a year, as a part of what is allocated.
    struct Limits {
        OperatorSet set;
        bool isAdmitted;
        bool isVerified;
        uint16 capBps;
        uint16 avsCapBps;
        bytes32 group;
        uint64 countedWad;
        uint64 rewardWad;
    }

    /// @param maxWad Most of an allocation that the code can take within any `window`.
    /// @param window Length of that time [seconds].
    struct Proof {
        uint64 maxWad;
        uint32 window;
    }

    /* EVENTS */

    /// @notice A set's terms were published. It may be admitted after the public wait.
    event SetProposed(address indexed avs, uint32 indexed setId, Terms terms, Basis basis, uint256 admissibleFrom);
    /// @notice An operator set was admitted.
    event SetAdmitted(address indexed avs, uint32 indexed setId, uint16 capBps);
    /// @notice An operator set, or its proposal, was dropped: its targets count as zero.
    event SetDropped(address indexed avs, uint32 indexed setId);
    /// @notice A set was no longer what was admitted; its targets count as zero.
    event SetQuarantined(address indexed avs, uint32 indexed setId, Fault fault);
    /// @notice A dropped set to which nothing is allocated any more was taken off the list.
    event SetForgotten(address indexed avs, uint32 indexed setId);
    /// @notice A set's cap changed.
    event SetCapChanged(address indexed avs, uint32 indexed setId, uint16 oldCapBps, uint16 newCapBps);
    /// @notice An AVS's cap over all its sets changed.
    event AvsCapChanged(address indexed avs, uint16 oldCapBps, uint16 newCapBps);
    /// @notice A set's reported rewards changed.
    event RewardRateChanged(address indexed avs, uint32 indexed setId, uint64 oldRewardWad, uint64 newRewardWad);
    /// @notice A slasher's code was verified; zeros when that was taken back.
    event SlasherVerified(bytes32 indexed codeHash, uint64 maxWad, uint32 window);

    /* ERRORS */

    /// @notice The engine knows no such set.
    error UnknownSet(address avs, uint32 setId);
    /// @notice The set is not admitted.
    error SetNotAdmitted(address avs, uint32 setId);
    /// @notice The set is admitted already.
    error SetAlreadyAdmitted(address avs, uint32 setId);
    /// @notice The set is not proposed.
    error SetNotProposed(address avs, uint32 setId);
    /// @notice The terms have not been public for long enough.
    error TooEarlyToAdmit(uint256 time, uint256 admissibleFrom);
    /// @notice The set is not what was proposed, or is about to change.
    error UnsoundSet(address avs, uint32 setId, Fault fault);
    /// @notice Nothing has changed about the set.
    error NoFault(address avs, uint32 setId);
    /// @notice What the set slashes goes to a recipient of its choice; such sets are refused.
    error RedistributingSet(address avs, uint32 setId);
    /// @notice The list is full.
    error TooManySets(uint256 count, uint256 limit);
    /// @notice The set is dropped and not forgotten yet; or it cannot be forgotten, because it was not dropped or something is
    ///         still allocated to it.
    error SetInUse(address avs, uint32 setId);
    /// @notice The cap is above the hard limit.
    error CapTooHigh(uint256 capBps, uint256 limitBps);
    /// @notice Terms must name a judge, a group and the set.
    error TermsIncomplete(address judge, bytes32 group, string name);
    /// @notice A name or a description is too long.
    error TextTooLong(uint256 length, uint256 limit);
    /// @notice A vetoed set's window must be more than zero and within the limit; an objective set has none.
    error BadSlashWindow(uint256 window, uint256 limit);
    /// @notice An account without code cannot be verified.
    error NotCode(bytes32 codeHash);
    /// @notice The proven maximum must be more than zero and at most all.
    error BadMaximum(uint256 maxWad, uint256 limit);
    /// @notice The maximum is proven for a time in which nobody can react.
    error WindowTooShort(uint256 window, uint256 limit);

    /* ADMISSION */

    /// @notice Publishes the terms under which a set may be admitted after the public wait.
    /// @dev Caller: PROPOSING. A second proposal replaces the first and begins to wait anew. A dropped set must be forgotten
    ///      first, so that its terms do not change while something is allocated to it.
    function proposeSet(OperatorSet calldata set, Terms calldata terms) external;

    /// @notice Admits a proposed set that is still what was proposed.
    /// @dev Caller: anyone, after the public wait. Before the first share there is nobody to wait for.
    function admitSet(OperatorSet calldata set) external;

    /// @notice Drops a set or its proposal: anyone may then take its allocations down.
    /// @dev Caller: TIGHTENING.
    function dropSet(OperatorSet calldata set) external;

    /// @notice Drops an admitted set that is no longer what was admitted; to return it must be forgotten and
    ///         proposed again.
    /// @dev Caller: anyone.
    function quarantineSet(OperatorSet calldata set) external;

    /// @notice Takes a dropped set to which nothing is allocated off the list.
    /// @dev Caller: anyone.
    function forgetSet(OperatorSet calldata set) external;

    /* CAPS */

    /// @notice Raises a set's cap.
    /// @dev Caller: LOOSENING.
    function raiseSetCap(OperatorSet calldata set, uint16 newCapBps) external;

    /// @notice Lowers a set's cap.
    /// @dev Caller: TIGHTENING.
    function lowerSetCap(OperatorSet calldata set, uint16 newCapBps) external;

    /// @notice Raises the cap of all sets of an AVS together.
    /// @dev Caller: LOOSENING.
    function raiseAvsCap(address avs, uint16 newCapBps) external;

    /// @notice Lowers the cap of all sets of an AVS together.
    /// @dev Caller: TIGHTENING.
    function lowerAvsCap(address avs, uint16 newCapBps) external;

    /// @notice Notes that slashers with this code, which cannot change, take at most a part of an allocation in a time.
    /// @dev Caller: LOOSENING. Allocations to their sets then count with that part, and outside the budget of the unverified.
    function verifySlasher(bytes32 codeHash, uint64 maxWad, uint32 window) external;

    /// @notice Takes that back: allocations count in full again.
    /// @dev Caller: TIGHTENING.
    function unverifySlasher(bytes32 codeHash) external;

    /// @notice Reports what a set pays: under shared caps the sets that pay more come first, none above its target.
    /// @dev Caller: PROPOSING.
    function reportRewardRate(OperatorSet calldata set, uint64 newRewardWad) external;

    /* VIEWS */

    /// @notice Admitted sets, and dropped ones until they are forgotten.
    function sets() external view returns (OperatorSet[] memory);

    /// @notice Sets that are proposed now; with `statusOf` a holder reads what is coming, and when.
    function proposals() external view returns (OperatorSet[] memory);

    /// @notice Everything about a set: stage, dates, faults, terms, and what it was based on.
    function statusOf(OperatorSet calldata set) external view returns (Status memory);

    /// @notice Limits of all sets on the list, in its order.
    function limits() external view returns (Limits[] memory);

    /// @notice Limits of one set.
    function limitsOf(OperatorSet calldata set) external view returns (Limits memory);

    /// @notice What has changed about an admitted or proposed set since it was proposed.
    function faultOf(OperatorSet calldata set) external view returns (Fault);

    /// @notice Cap of all sets of an AVS together [bps].
    function avsCapBps(address avs) external view returns (uint16);

    /// @notice Proof noted for a slasher's code; zeros when there is none.
    function proofOf(bytes32 codeHash) external view returns (Proof memory);

    /// @notice Time for which terms are public before a set may be admitted; only time with open doors counts [seconds].
    function ADMISSION_WAIT() external view returns (uint256);

    /// @notice Highest cap of an AVS [bps].
    function MAX_AVS_CAP_BPS() external view returns (uint16);

    /// @notice Most exposure to all sets of a correlation group [bps].
    function GROUP_CAP_BPS() external view returns (uint16);

    /// @notice Most exposure to all sets whose slasher is not verified [bps].
    function UNVERIFIED_CAP_BPS() external view returns (uint16);

    /// @notice Longest window of a vetoed set [seconds].
    function MAX_SLASH_WINDOW() external view returns (uint256);
}
