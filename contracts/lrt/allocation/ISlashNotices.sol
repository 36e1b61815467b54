// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IModule} from "../governance/IModule.sol";
import {IPendingSlashes} from "../withdrawals/IPendingSlashes.sol";

/// @title ISlashNotices
/// @notice Asks the slashers of all vetoed sets for slashes that they have announced.
/// @dev A batch waits only for slashes announced on its day or before, so at most until one window after its day, however
///      often an AVS files. The window of every set is shorter than the exit time: no notice delays anybody beyond what he was
///      promised. A slasher that does not answer, or whose answer lies beyond its window, counts as one that has announced, for
///      one window, and not again before a rest.
interface ISlashNotices is IModule, IPendingSlashes {
    /* TYPES */

    /// @notice A vetoed set, from its admission until nothing is allocated to it any more.
    /// @param slasher Whom to ask, as when the set was proposed.
    /// @param window From an announced slash to the last moment it can be executed [seconds].
    struct Watched {
        OperatorSet set;
        address slasher;
        uint32 window;
    }

    /// @param from When the oldest slash that is pending was announced [unix time].
    /// @param until Last moment at which it can be executed [unix time].
    /// @param failedAt When somebody noted that the slasher does not answer; zero while it does [unix time].
    struct Note {
        uint48 from;
        uint48 until;
        uint48 failedAt;
    }

    /* EVENTS */

    /// @notice What a slasher has announced, or that it does not answer, was written down.
    event NoticeTaken(address indexed avs, uint32 indexed setId, uint256 from, uint256 until, uint256 failedAt);

    /* ERRORS */

    /// @notice The set's slashes cannot be vetoed, so nobody announces them.
    error NotWatched(address avs, uint32 setId);

    /* SETS */

    /// @notice From now on the set's slasher is asked, by every call.
    /// @dev Caller: SetRegistry, which has no set twice and not more than 32.
    function watch(OperatorSet calldata set, address slasher, uint32 window) external;

    /// @notice From now on it is not. What was noted about the set stays.
    /// @dev Caller: SetRegistry.
    function unwatch(OperatorSet calldata set) external;

    /* TAKING NOTICE */

    /// @notice Writes down what a set's slasher answers now. It is remembered when a later notice covers an earlier one, and
    ///         begins the time for which silence counts.
    /// @dev Caller: anyone.
    function takeNotice(OperatorSet calldata set) external;

    /* VIEWS */

    /// @notice Sets whose slashers are asked.
    function watched() external view returns (Watched[] memory);

    /// @notice What was written down about a set.
    function noteOf(OperatorSet calldata set) external view returns (Note memory);
}
