// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title LiquidityPlan
/// @notice What may be staked, restaked, unbonded and redeemed now: pure functions of the books and the lines.
/// @dev One liquidity ledger for every mover, so that none spends what another has promised. Waiting tickets come first:
///      nothing that a ticket waits for is staked, then the instant buffer, and lines that need the same units take turns by the day of their batch.
library LiquidityPlan {
    /// @dev Added to what is brought back: each hop may round a few wei away, and the last ticket must not wait for crumbs
    ///      [units].
    uint256 internal constant ROUNDING_MARGIN = 1e6;

    /// @param etherIdle ETH in the pool.
    /// @param etherRedeeming ETH expected from the issuer.
    /// @param etherWaiting Value of all tickets of the ETH line.
    /// @param etherDue Value of its closed batches.
    /// @param unitsIdle Units of the LST in the pool.
    /// @param unitsUnbonding Units on their way back from operators that are not being drained.
    /// @param unitsWaiting Units that all tickets of the LST's own line are worth.
    /// @param unitsDue Units that its closed batches are worth.
    /// @param rateWad Ether value of 1e18 units.
    /// @param growthBps What a share may gain on units while they come back from the engine: shares in line keep earning,
    ///        and what is missing in the end would need the whole way again. What is not needed is put away again.
    /// @param etherGrowthBps The same until they have become ETH.
    struct Books {
        uint256 etherIdle;
        uint256 etherRedeeming;
        uint256 etherWaiting;
        uint256 etherDue;
        uint256 unitsIdle;
        uint256 unitsUnbonding;
        uint256 unitsWaiting;
        uint256 unitsDue;
        uint256 rateWad;
        uint256 growthBps;
        uint256 etherGrowthBps;
    }

    /// @notice ETH that no ticket waits for and that the instant buffer does not need [wei].
    /// @param buffer ETH that stays idle for instant redemption.
    function stakeableEther(Books memory b, uint256 buffer) internal pure returns (uint256) {
        return ValueMath.minusOrZero(b.etherIdle, b.etherWaiting + buffer);
    }

    /// @notice Units that no ticket of either line waits for; none while any must be brought back.
    function restakeableUnits(Books memory b) internal pure returns (uint256) {
        return
            ValueMath.minusOrZero(
                b.unitsIdle,
                withMargin(b.unitsWaiting, b.growthBps) + _unitsForEther(b, b.etherWaiting)
            );
    }

    /// @notice Idle units that an asset's own line does not need, whatever its shares gain until they are paid.
    function unitsToLend(uint256 idle, uint256 waiting, uint256 growthBps) internal pure returns (uint256) {
        return ValueMath.minusOrZero(idle, withMargin(waiting, growthBps));
    }

    /// @notice Units to redeem at the issuer for the ETH line.
    /// @param given Units whose turn it is to be redeemed (see TurnOrder).
    /// @param left Units that are idle besides.
    /// @param growthBps What a share may gain on ETH until the issuer has paid.
    function redeemableUnits(uint256 given, uint256 left, uint256 growthBps) internal pure returns (uint256) {
        // The asset's own last ticket needs its rounding margin as well.
        return given + Math.min(ValueMath.minusOrZero(left, ROUNDING_MARGIN), withMargin(given, growthBps) - given);
    }

    /// @notice Units to bring back from the engine for closed batches.
    function unbondUnits(Books memory b) internal pure returns (uint256) {
        return
            ValueMath.minusOrZero(
                withMargin(b.unitsDue, b.growthBps) + _unitsForEther(b, b.etherDue),
                b.unitsIdle + b.unitsUnbonding
            );
    }

    /// @dev Units to redeem for what the ETH line lacks; rounds up, in favour of those who wait.
    function _unitsForEther(Books memory b, uint256 etherWanted) private pure returns (uint256) {
        uint256 missing = ValueMath.minusOrZero(etherWanted, b.etherIdle + b.etherRedeeming);
        return withMargin(ValueMath.fromEtherUp(missing, b.rateWad), b.etherGrowthBps);
    }

    /// @notice Units for a line whose shares may gain so much until they are paid, and the margin of rounding.
    function withMargin(uint256 units, uint256 growthBps) internal pure returns (uint256) {
        return units == 0 ? 0 : units + ValueMath.bpsDown(units, growthBps) + ROUNDING_MARGIN;
    }
}
