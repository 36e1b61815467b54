// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";
import {TicketLedger} from "../withdrawals/TicketLedger.sol";
import {LiquidityPlan} from "./LiquidityPlan.sol";

/// @title TurnOrder
/// @notice Whose turn it is when the ETH line and an asset's own line need the same units: batches come in order of their
///         days, the asset's own first on the same day, so that neither line can be passed for ever.
library TurnOrder {
    /// @param units Units that are idle.
    /// @param etherCovered ETH that is there or on its way from the issuer [wei].
    /// @param rateWad Ether value of 1e18 shares.
    /// @param assetRateWad Ether value of 1e18 units.
    /// @param growthBps What shares in the asset's own line may gain until they are paid: kept for them as well, or their last
    ///        ticket would wait for a crumb that nobody has.
    struct Idle {
        uint256 units;
        uint256 etherCovered;
        uint256 rateWad;
        uint256 assetRateWad;
        uint256 growthBps;
    }

    /// @notice Units that closed batches of the ETH line may take to be redeemed; rounds up, in favour of those who wait.
    /// @return given Units for the ETH line.
    /// @return left Units that no batch looked at needs.
    function unitsForEther(
        IWithdrawalQueue queue,
        address asset,
        Idle memory idle
    ) internal view returns (uint256 given, uint256 left) {
        uint32[] memory etherDays = queue.openBatches(ETHER);
        uint32[] memory ownDays = queue.openBatches(asset);
        left = idle.units;
        uint256 next;
        for (uint256 i = 0; i < etherDays.length && left != 0 && TicketLedger.isClosed(etherDays[i]); ++i) {
            for (; next < ownDays.length && ownDays[next] <= etherDays[i]; ++next) {
                uint256 first = queue.batch(asset, ownDays[next]).remaining;
                uint256 needed = ValueMath.convertUp(first, idle.rateWad, idle.assetRateWad);
                left = ValueMath.minusOrZero(left, LiquidityPlan.withMargin(needed, idle.growthBps));
            }
            uint256 value = ValueMath.toEtherUp(queue.batch(ETHER, etherDays[i]).remaining, idle.rateWad);
            uint256 missing = ValueMath.minusOrZero(value, idle.etherCovered);
            idle.etherCovered -= value - missing;
            uint256 part = Math.min(ValueMath.fromEtherUp(missing, idle.assetRateWad), left);
            given += part;
            left -= part;
        }
    }
}
