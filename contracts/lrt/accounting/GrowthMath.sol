// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title GrowthMath
/// @notice How a rate follows net asset value: down at once, up along an allowance, with a fee on what is new.
library GrowthMath {
    /// @param nav Net asset value [wei].
    /// @param supply Shares.
    /// @param rateWad Rate before.
    /// @param highWaterMarkWad Highest rate on which a fee has been taken.
    /// @param elapsed Seconds since growth was last recognised; counts for at most a day.
    /// @param growthCapBpsPerDay Most growth in a day.
    /// @param feeBps Part of new growth that is the fee.
    /// @param feeSharesLeft Shares that may still be minted as fee today.
    struct Input {
        uint256 nav;
        uint256 supply;
        uint256 rateWad;
        uint256 highWaterMarkWad;
        uint256 elapsed;
        uint256 growthCapBpsPerDay;
        uint256 feeBps;
        uint256 feeSharesLeft;
    }

    /// @notice The rate after a report, the gain that waits per 1e18 shares (rounded up) and the fee in shares.
    function next(Input memory i) internal pure returns (uint256 rateWad, uint256 waitingWad, uint256 feeShares) {
        uint256 fullRate = ValueMath.fromEtherDown(i.nav, i.supply);
        if (fullRate <= i.rateWad) return (fullRate, waitingUp(i.nav, i.supply, fullRate), 0);
        rateWad = Math.min(fullRate, i.rateWad + allowanceDown(i.rateWad, i.growthCapBpsPerDay, i.elapsed));
        if (rateWad > i.highWaterMarkWad) {
            (rateWad, feeShares) = takeFee(i, rateWad);
        }
        waitingWad = waitingUp(i.nav, i.supply + feeShares, rateWad);
    }

    /// @notice Growth of a rate that `elapsed` seconds allow; never more than a day's.
    function allowanceDown(uint256 rateWad, uint256 capBpsPerDay, uint256 elapsed) internal pure returns (uint256) {
        return Math.mulDiv(rateWad, capBpsPerDay * Math.min(elapsed, 1 days), ValueMath.BPS * 1 days);
    }

    /// @notice Gain per 1e18 shares that net asset value holds above the rate; rounds up, against depositors.
    function waitingUp(uint256 nav, uint256 supply, uint256 rateWad) internal pure returns (uint256) {
        return ValueMath.minusOrZero(ValueMath.fromEtherUp(nav, supply), rateWad);
    }

    /// @notice The gain that waits per 1e18 shares after some were burnt and left a part of their value; rounds up, against
    ///         depositors. The first shares are nobody's, so some always stay.
    function waitingAfterUp(
        uint256 waitingWad,
        uint256 supply,
        uint256 burnt,
        uint256 etherLeft
    ) internal pure returns (uint88) {
        uint256 left = supply - burnt;
        return capped(ValueMath.partUp(waitingWad, supply, left) + ValueMath.fromEtherUp(etherLeft, left));
    }

    /// @notice A waiting gain as it is stored; no sum of ether is that large.
    function capped(uint256 waitingWad) internal pure returns (uint88) {
        return uint88(Math.min(waitingWad, type(uint88).max)); // bounded on this line
    }

    /// @notice Fee shares for growth above the mark, within the day's limit, and the rate after minting them.
    function takeFee(Input memory i, uint256 grownWad) internal pure returns (uint256 rateWad, uint256 feeShares) {
        uint256 feeWad = ValueMath.bpsDown(grownWad - i.highWaterMarkWad, i.feeBps);
        feeShares = Math.min(ValueMath.convertDown(i.supply, feeWad, grownWad - feeWad), i.feeSharesLeft);
        rateWad = ValueMath.convertDown(grownWad, i.supply, i.supply + feeShares);
    }
}
