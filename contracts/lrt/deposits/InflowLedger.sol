// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title InflowLedger
/// @notice How much of one asset may come in: a cap on what is inside, and a bucket that refills over a day.
/// @dev A deposit knows one number, the headroom, and only lowers it. A report, or a change of a limit, settles what has
///      come in against the bucket and opens headroom anew: the smaller of cap room and bucket.
///
///      left ──refills over a day, at most to the limit──▶ less what came in ──▶ opened = min(left, cap − inside)
///
///      In any 24 hours no more comes in than one limit, one day's refill and what was paid out meanwhile, whatever
///      the order of calls: the bucket is refilled before what came in is taken, as if all had come in just now. Only
///      full units refill, so settling often opens nothing extra.
///      OpenZeppelin's RefillingBucket is not used: settings and item are two more slots on the path of a deposit (its
///      `consume` costs 8 764 gas more, on 58 862), all its keys share one capacity while ours follow the supply at each
///      asset's rate, a new capacity refills the past, and nothing can be given back.
library InflowLedger {
    /// @dev Time in which an empty bucket is full.
    uint256 internal constant REFILL_TIME = 1 days;

    /// @dev The first slot moves with every settlement, the second by decision only.
    struct State {
        uint88 left; // [units] in the bucket when it was settled, and what has been paid out since
        uint88 opened; // [units] headroom when it was settled; what came in since is `opened − headroom`
        uint40 settledAt; // [unix time] zero: never, which counts as full
        uint16 bps; // limit as a part of the supply
        uint88 cap; // ── second slot [units]
        uint80 floor; // [units] least limit, for a young pool
    }

    /// @notice Settles what has come in and opens what both limits leave.
    /// @param headroom What is left of what was opened last [units].
    /// @param limit A full bucket [units].
    /// @param inside What the cap counts [units].
    /// @return opened New headroom [units].
    function open(
        State storage self,
        uint256 headroom,
        uint256 limit,
        uint256 inside
    ) internal returns (uint88 opened) {
        uint256 left = leftNow(self, headroom, limit);
        opened = uint88(Math.min(left, ValueMath.minusOrZero(self.cap, inside))); // ≤ cap
        self.left = uint88(left); // ≤ limit ≤ type(uint88).max
        self.opened = opened;
        self.settledAt = uint40(block.timestamp); // ≤ type(uint40).max for 34 000 years
    }

    /// @notice What is paid out gives its place back: the limit is on what comes in less what goes out.
    function giveBack(State storage self, uint256 units) internal {
        self.left = uint88(Math.min(self.left + units, type(uint88).max)); // bounded on this line
    }

    /// @notice A full bucket: a part of the supply in units of the asset, at least the floor.
    /// @dev Rounds down, in favour of caution. An asset that was never valued has its floor.
    function limitOf(
        State storage self,
        uint256 supply,
        uint256 rateWad,
        uint256 assetRateWad
    ) internal view returns (uint256 limit) {
        uint256 part = ValueMath.partDown(ValueMath.bpsDown(supply, self.bps), rateWad, assetRateWad);
        return Math.min(Math.max(part, self.floor), type(uint88).max);
    }

    /// @notice What the bucket would hold if it were settled now.
    /// @dev Rounds down, in favour of caution.
    function leftNow(State storage self, uint256 headroom, uint256 limit) internal view returns (uint256 left) {
        uint256 elapsed = Math.min(block.timestamp - self.settledAt, REFILL_TIME);
        uint256 refilled = Math.min(limit, self.left + ValueMath.partDown(limit, elapsed, REFILL_TIME));
        return ValueMath.minusOrZero(refilled, self.opened - headroom);
    }

    /// @notice Time from which a report opens the bucket for so many units, if nothing else comes in; the largest number
    ///         when they are more than a full bucket.
    /// @dev Rounds up, in favour of caution.
    function roomFrom(
        State storage self,
        uint256 headroom,
        uint256 limit,
        uint256 units
    ) internal view returns (uint256 time) {
        if (units > limit) return type(uint256).max;
        uint256 missing = ValueMath.minusOrZero(units, leftNow(self, headroom, limit));
        return block.timestamp + ValueMath.partUp(REFILL_TIME, missing, limit);
    }
}
