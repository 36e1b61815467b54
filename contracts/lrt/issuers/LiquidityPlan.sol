// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";

/// @title LiquidityPlan
/// @notice What may be staked, restaked, unbonded and redeemed now: pure functions of the books and the lines.
/// @dev One liquidity ledger for every mover, so that none spends what another has promised. Waiting tickets come first:
///      nothing that a ticket waits for is staked, then the instant buffer, and lines that need the same units take turns by the day of their batch.
library LiquidityPlan {
    /// @dev Added to what is brought back, because the last ticket must not wait for crumbs: shares in line keep earning while
    ///      a redemption is fixed (10 bps cover the growth of some days), and each hop may round a few wei away [units].
    ///      What is not needed in the end is put away again.
    uint256 internal constant GROWTH_MARGIN_BPS = 10;
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
    }

    /// @notice ETH that no ticket waits for and that the instant buffer does not need [wei].
    /// @param buffer ETH that stays idle for instant redemption.
    function stakeableEther(Books memory b, uint256 buffer) internal pure returns (uint256) {
        return ValueMath.minusOrZero(b.etherIdle, b.etherWaiting + buffer);
    }

    /// @notice Units that no ticket of either line waits for.
    function restakeableUnits(Books memory b) internal pure returns (uint256) {
        return ValueMath.minusOrZero(b.unitsIdle, b.unitsWaiting + _unitsForEther(b, b.etherWaiting));
    }

    /// @notice Units to redeem at the issuer for the ETH line.
    /// @param given Units whose turn it is to be redeemed (see TurnOrder).
    /// @param left Units that are idle besides.
    function redeemableUnits(uint256 given, uint256 left) internal pure returns (uint256) {
        // The asset's own last ticket needs its rounding margin as well.
        return given + Math.min(ValueMath.minusOrZero(left, ROUNDING_MARGIN), _withMargin(given) - given);
    }

    /// @notice Units to bring back from the engine for closed batches.
    function unbondUnits(Books memory b) internal pure returns (uint256) {
        return
            ValueMath.minusOrZero(
                _withMargin(b.unitsDue) + _unitsForEther(b, b.etherDue),
                b.unitsIdle + b.unitsUnbonding
            );
    }

    /// @dev Units to redeem for what the ETH line lacks; rounds up, in favour of those who wait.
    function _unitsForEther(Books memory b, uint256 etherWanted) private pure returns (uint256) {
        uint256 missing = ValueMath.minusOrZero(etherWanted, b.etherIdle + b.etherRedeeming);
        return _withMargin(ValueMath.fromEtherUp(missing, b.rateWad));
    }

    function _withMargin(uint256 units) private pure returns (uint256) {
        return units == 0 ? 0 : units + ValueMath.bpsDown(units, GROWTH_MARGIN_BPS) + ROUNDING_MARGIN;
    }
}
