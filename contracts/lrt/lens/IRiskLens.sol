// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";

/// @title IRiskLens
/// @notice Who can slash how much of our stake, now and soon, and what would be left if they did.
/// @dev Owns nothing, nothing of the protocol reads it, and it is replaced when the protocol changes. Magnitudes and stake are
///      read from the engine at each call, the slashable part of the queue included; ether values are at the rates of the last
///      report. What leaves the queue's slashable time is at nobody's mercy and does not count.
interface IRiskLens {
    /* TYPES */

    /// @notice What exposure is added up by.
    enum By {
        Set, // the key is AVS (20 bytes) and number
        Avs, // its address
        Operator, // its number
        Entity, // its number
        Group, // the correlation group
        Asset // its address
    }

    /// @notice One operator's allocation of one asset to one set.
    /// @param operatorId Number of the operator.
    /// @param set The set.
    /// @param asset Asset.
    /// @param current Magnitude that the set can slash now.
    /// @param pendingDiff Change of it that is on its way.
    /// @param effectBlock First block of the change; 0 without one.
    /// @param etherNow What `current` is worth [wei].
    /// @param etherLater What it will be worth after the change [wei].
    /// @param etherAtRisk The larger of both, or the part of it that a verified slasher can take [wei].
    struct Cell {
        uint256 operatorId;
        OperatorSet set;
        address asset;
        uint64 current;
        int128 pendingDiff;
        uint32 effectBlock;
        uint256 etherNow;
        uint256 etherLater;
        uint256 etherAtRisk;
    }

    /// @param key Of what, see `By`.
    /// @param etherNow Can be slashed now [wei].
    /// @param etherLater Will be when every pending change is in force [wei].
    /// @param etherAtRisk Counts as exposure [wei].
    /// @param atRiskBps The same, of all stake that can be slashed [bps].
    struct Slice {
        bytes32 key;
        uint256 etherNow;
        uint256 etherLater;
        uint256 etherAtRisk;
        uint256 atRiskBps;
    }

    /// @notice A slash to imagine: of every operator that the set can slash, in every strategy it has.
    /// @param set The set.
    /// @param wad Part of what is allocated to it [WAD].
    struct Slash {
        OperatorSet set;
        uint64 wad;
    }

    /// @param netAssetValue After the slashes [wei].
    /// @param loss All of it [wei].
    /// @param lossBySlash Of each slash, in their order [wei].
    /// @param lossByOperator Of each operator, in order of their number [wei].
    /// @param lossInLine The part that those who wait in line bear [wei].
    /// @param rateWad Rate that the next report gives.
    /// @param brokenCaps Allocations that are above a cap then: they can only be lowered.
    struct Outcome {
        uint256 netAssetValue;
        uint256 loss;
        uint256[] lossBySlash;
        uint256[] lossByOperator;
        uint256 lossInLine;
        uint256 rateWad;
        uint256 brokenCaps;
    }

    /// @param asset Asset; 0xEeee…EEeE is ETH.
    /// @param idle In the pool [units].
    /// @param restaked In the engine [units].
    /// @param unbonding On its way back [units].
    /// @param rateWad Ether value of 1e18 units.
    /// @param waiting What everybody in its line waits for [units].
    struct AssetLine {
        address asset;
        uint256 idle;
        uint256 restaked;
        uint256 unbonding;
        uint256 rateWad;
        uint256 waiting;
    }

    /// @notice What a careful buyer asks first.
    /// @param netAssetValue Of everything [wei].
    /// @param slashableStake In the engine [wei].
    /// @param worstCaseLoss If every set takes all that it can [wei].
    /// @param assets What there is, and who waits for it.
    /// @param byAvs Who can slash how much.
    /// @param byOperator With whom it is.
    /// @param pending What is about to change, in the engine.
    /// @param proposals Sets that are proposed; nothing can be allocated to them yet.
    /// @param exitTime Promised time between request and pay-out in kind, besides the day of the request [seconds].
    /// @param admissionWait Time for which a set's terms are public before it is admitted [seconds].
    struct Checklist {
        uint256 netAssetValue;
        uint256 slashableStake;
        uint256 worstCaseLoss;
        AssetLine[] assets;
        Slice[] byAvs;
        Slice[] byOperator;
        Cell[] pending;
        OperatorSet[] proposals;
        uint256 exitTime;
        uint256 admissionWait;
    }

    /* VIEWS */

    /// @notice The questions of a careful buyer, answered in one call.
    /// @dev Rounds as the views that it is made of.
    function checklist() external view returns (Checklist memory);

    /// @notice Every allocation of one operator that is not nothing, or will not be.
    /// @dev Rounds exposure up, against ourselves.
    function cells(uint256 operatorId) external view returns (Cell[] memory);

    /// @notice Every allocation that is about to change, of all operators.
    /// @dev Rounds as above.
    function pendingChanges() external view returns (Cell[] memory);

    /// @notice Exposure added up; what is nothing is left out.
    /// @dev Rounds as above.
    function exposures(By by) external view returns (Slice[] memory);

    /// @notice The part of it that one operator has, of which all of it is the sum; parts are of this operator's stake.
    /// @dev Rounds as above. A page, for when all operators are too much for one call; `cells` is another.
    function exposuresOf(uint256 operatorId, By by) external view returns (Slice[] memory);

    /// @notice Ether value that can be slashed if every set takes all that counts as its exposure.
    /// @dev Rounds up, against ourselves.
    function worstCaseLoss() external view returns (uint256 etherValue);

    /// @notice Ether value in the engine that could be slashed if it were allocated; the whole of which caps are parts.
    /// @dev Rounds down.
    function slashableStake() external view returns (uint256 etherValue);

    /// @notice The part of it that is with one operator.
    /// @dev Rounds down.
    function slashableStakeOf(uint256 operatorId) external view returns (uint256 etherValue);

    /// @notice Herfindahl index of exposure: 10 000 when all of it is in one place, 10 000 / n when it is even over n.
    /// @dev Rounds down.
    function concentration(By by) external view returns (uint256 index);

    /// @notice What slashes would cost if they were made now, in this order.
    /// @dev Rounds losses up by at most a few wei for each allocation. Takes for granted that the books are the engine's, as
    ///      after a report. At most 32 slashes.
    function stress(Slash[] calldata slashes) external view returns (Outcome memory);

    /// @notice The part of it that falls on one operator: its loss, the part of each slash, and its allocations above a cap.
    /// @dev Rounds as above.
    function stressOf(
        uint256 operatorId,
        Slash[] calldata slashes
    ) external view returns (uint256 loss, uint256[] memory lossBySlash, uint256 brokenCaps);
}
