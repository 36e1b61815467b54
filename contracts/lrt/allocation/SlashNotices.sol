// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAnnouncedSlashes} from "../../shared/slashing/IAnnouncedSlashes.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IPendingSlashes} from "../withdrawals/IPendingSlashes.sol";
import {ISlashNotices} from "./ISlashNotices.sol";
import {setKey} from "./SetKey.sol";

/// @title SlashNotices
/// @notice Asks the slashers of all vetoed sets for slashes that they have announced.
/// @dev Owns: whom to ask, notes. Trusts: SETS to add and remove sets (safety). Never: believes a slasher beyond its window; holds
///      a batch of a day before the notice. The list is here and nowhere else, as every payment reads it: without a vetoed set
///      the question costs one slot.
contract SlashNotices is ISlashNotices {
    using SafeCast for uint256;

    /* CONSTANTS */

    /// @notice Gas that a slasher gets to answer.
    uint256 public constant ASK_GAS = 50_000;
    /// @notice Time after a window of silence in which silence does not count again.
    uint256 public constant REST = 7 days;

    /* IMMUTABLES */

    address public immutable SETS;

    /* STORAGE */

    Watched[] private _watched;
    mapping(bytes32 setKey => Note) private _notes;

    constructor(address sets) {
        SETS = sets;
    }

    modifier onlyRegistry() {
        require(msg.sender == SETS, OnlyModule(msg.sender, SETS));
        _;
    }

    /* SETS */

    /// @inheritdoc ISlashNotices
    function watch(OperatorSet calldata set, address slasher, uint32 window) external onlyRegistry {
        _watched.push(Watched(set, slasher, window));
    }

    /// @inheritdoc ISlashNotices
    function unwatch(OperatorSet calldata set) external onlyRegistry {
        uint256 place = _placeOf(set);
        _watched[place] = _watched[_watched.length - 1];
        _watched.pop();
    }

    /* TAKING NOTICE */

    /// @inheritdoc ISlashNotices
    function takeNotice(OperatorSet calldata set) external {
        Watched memory one = _watched[_placeOf(set)];
        Note storage note = _notes[setKey(set)];
        (bool hasAnswered, uint256 until) = _ask(one);
        if (hasAnswered && until != 0 && note.until < block.timestamp) {
            (note.from, note.until) = ((until - one.window).toUint48(), until.toUint48());
        }
        bool isRested = block.timestamp >= note.failedAt + one.window + REST;
        if (!hasAnswered && (note.failedAt == 0 || isRested)) note.failedAt = block.timestamp.toUint48();
        if (hasAnswered && isRested) note.failedAt = 0;
        emit NoticeTaken(set.avs, set.id, note.from, note.until, note.failedAt);
    }

    /* VIEWS */

    /// @inheritdoc IPendingSlashes
    function isSlashPending() external view returns (bool isPending) {
        (isPending, ) = _all();
    }

    /// @inheritdoc IPendingSlashes
    function heldFrom() external view returns (uint256 day) {
        (, day) = _all();
    }

    /// @inheritdoc ISlashNotices
    function watched() external view returns (Watched[] memory) {
        return _watched;
    }

    /// @inheritdoc ISlashNotices
    function noteOf(OperatorSet calldata set) external view returns (Note memory) {
        return _notes[setKey(set)];
    }

    /* INTERNALS */

    function _all() private view returns (bool isPending, uint256 day) {
        day = type(uint256).max;
        uint256 count = _watched.length;
        for (uint256 i = 0; i < count; ++i) {
            (bool isOne, uint256 from) = _standing(_watched[i]);
            isPending = isPending || isOne;
            day = Math.min(day, from);
        }
    }

    function _placeOf(OperatorSet calldata set) private view returns (uint256 place) {
        uint256 count = _watched.length;
        while (place < count && setKey(_watched[place].set) != setKey(set)) ++place;
        require(place < count, NotWatched(set.avs, set.id));
    }

    /// @dev Whether a slash of the set is pending, and the first day that waits for it.
    function _standing(Watched memory one) private view returns (bool isPending, uint256 day) {
        Note memory note = _notes[setKey(one.set)];
        day = type(uint256).max;
        (bool hasAnswered, uint256 until) = _ask(one);
        if (note.until >= block.timestamp && note.until != 0) (isPending, day) = (true, ValueMath.dayOf(note.from));
        if (hasAnswered && until != 0) (isPending, day) = (true, Math.min(day, ValueMath.dayOf(until - one.window)));
        if (hasAnswered) return (isPending, day);
        // Nobody has noted the silence: it can hold up what leaves at once, but no batch, until its time is bounded.
        if (note.failedAt == 0) return (true, day);
        if (block.timestamp > note.failedAt + one.window) return (isPending, day);
        return (true, Math.min(day, ValueMath.dayOf(note.failedAt)));
    }

    /// @dev Zero when nothing can be executed any more. What lies beyond the window is no answer.
    function _ask(Watched memory one) private view returns (bool hasAnswered, uint256 until) {
        uint256 gasBefore = gasleft();
        if (one.slasher.code.length == 0) return (false, 0);
        try IAnnouncedSlashes(one.slasher).pendingUntil{gas: ASK_GAS}(one.set.avs, one.set.id) returns (uint256 time) {
            if (time > block.timestamp + one.window) return (false, 0);
            return (true, time < block.timestamp ? 0 : time);
        } catch {
            // A call gets at most 63/64 of what is left (EIP-150): a stingy caller must not pass for a silent slasher.
            uint256 needed = ASK_GAS + (ASK_GAS >> 4);
            require(gasBefore >= needed, IAccountant.NotEnoughGas(gasBefore, needed));
            return (false, 0);
        }
    }
}
