// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FEE_RECIPIENT, NOBODY, Moment} from "../Moment.sol";

/// @dev How each promise about the books, the doors and the fee is broken: the least change of a healthy moment.
library BookDoctor {
    function ids() internal pure returns (bytes32[] memory list) {
        list = new bytes32[](53);
        list[0] = "A2-rate";
        list[1] = "A2-waiting";
        list[2] = "A4-down";
        list[3] = "A2-time";
        list[4] = "A2-clock";
        list[5] = "A4-rate";
        list[6] = "A4-waiting";
        list[7] = "A4-terms";
        list[8] = "A4-growth";
        list[9] = "A3-backed";
        list[10] = "A3-idle";
        list[11] = "BOOK-still";
        list[12] = "A2-asset";
        list[13] = "A3-places";
        list[14] = "A3-donation";
        list[15] = "A3-terms";
        list[16] = "A2-value";
        list[17] = "ISS-places";
        list[18] = "RD-empty";
        list[19] = "LENS";
        list[20] = "A9-deposits";
        list[21] = "A9-entered";
        list[22] = "A9-fills";
        list[23] = "IR-4";
        list[24] = "A9-bound";
        list[25] = "A9-once";
        list[26] = "A9-rings";
        list[27] = "GOV-2-clock";
        list[28] = "GOV-2-pace";
        list[29] = "GOV-2-closed";
        list[30] = "GRD-rest";
        list[31] = "GRD-bound";
        list[32] = "A9-door";
        list[33] = "GOV-1";
        list[34] = "GOV-2";
        list[35] = "AGE";
        list[36] = "A10-floor";
        list[37] = "ACC-ledger";
        list[38] = "ACC-when";
        list[39] = "ACC-explained";
        list[40] = "A8-when";
        list[41] = "A8-mark";
        list[42] = "A8-highest";
        list[43] = "A8-part";
        list[44] = "A8-cap";
        list[45] = "A8-sum";
        list[46] = "A10-seed";
        list[47] = "A10-supply";
        list[48] = "INF-room";
        list[49] = "INF-day";
        list[50] = "INF-open";
        list[51] = "LOOK";
        list[52] = "A4-left";
    }

    function doctor(bytes32 id, Moment memory m) internal pure returns (bool isKnown) {
        if (id == "A2-rate") m.now.rate -= 1;
        else if (id == "A2-waiting") m.now.waiting += 1;
        else if (id == "A4-down") (m.now.rate, m.deed.settles) = (m.now.rate + 1, true);
        else if (id == "A2-time") m.now.reportedAt += 1;
        else if (id == "A2-clock") m.now.reportedAt = m.now.time + 1;
        else if (id == "A4-rate") (m.deed.settles, m.now.nav) = (true, m.now.nav / 2);
        else if (id == "A4-waiting") (m.deed.settles, m.now.nav) = (true, 2 * m.now.nav);
        else if (id == "A4-terms") (m.deed.settles, m.now.waiting) = (true, 2 * m.now.waiting + 1e18);
        else if (id == "A4-growth") (m.deed.reports, m.now.rate) = (true, m.now.rate + m.now.rate / 900);
        else if (id == "A3-backed") m.now.held[0] = m.now.idle[0] - 1;
        else if (id == "A3-idle") m.now.idle[0] -= 1;
        else if (id == "BOOK-still") m.now.restaked[1] += 1;
        else if (id == "A2-asset") m.now.assetRate[2] += 1;
        else if (id == "A3-places") m.now.redeeming += 2 gwei;
        else if (id == "A3-donation") (m.deed.donates, m.now.nav) = (true, m.now.nav + 1);
        else if (id == "A3-terms") (m.deed.donates, m.now.waiting) = (true, m.now.waiting + 1);
        else if (id == "A2-value") m.now.nav += 1;
        else if (id == "ISS-places") m.now.openRequests = m.rules.maxOpen + 1;
        else if (id == "RD-empty") m.now.deskHoldings += 1;
        else if (id == "A4-left") (m.deed.deposits, m.deed.counted) = (true, 2 gwei);
        else if (id == "LOOK") m.deed.unseen = true;
        else if (id == "LENS") m.deed.unhealthy = "BOOK";
        else if (id == "A9-deposits") (m.deed.deposits, m.before.closedUntil) = (true, m.now.time + 1);
        else if (id == "A9-entered") (m.deed.deposits, m.now.closedUntil) = (true, m.now.time + 1);
        else if (id == "A9-fills") (m.deed.fills, m.now.fillsClosedUntil) = (true, m.now.time + 1);
        else if (id == "IR-4") (m.deed.redeems, m.now.fillsClosedUntil) = (true, m.now.time + 1);
        else if (id == "A9-bound") m.now.fillsClosedUntil = m.now.time + m.rules.closingTime + 1;
        else if (id == "A9-once") m.ghosts.alarmEarly = 1;
        else if (id == "A9-rings") m.now.fillsClosedUntil += 1;
        else if (id == "GOV-2-clock") m.now.openSeconds -= 1;
        else if (id == "GOV-2-pace") m.now.openSeconds += 1;
        else if (id == "GOV-2-closed")
            (m.before.fillsClosedUntil, m.now.openSeconds) = (m.now.time, m.now.openSeconds + 1);
        else if (id == "GRD-rest") m.ghosts.pauseEarly = 1;
        else if (id == "GRD-bound") m.ghosts.pausedUntil = m.now.time + 3 days + 1;
        else if (id == "A9-door") m.now.closedUntil += 1;
        else if (id == "GOV-1") m.now.deployerRoles = 1;
        else if (id == "GOV-2") (m.deed.governs, m.deed.early) = (true, 1);
        else if (id == "AGE") (m.deed.deposits, m.deed.reportAge) = (true, m.rules.maxReportAge + 1);
        else if (id == "A10-floor") (m.deed.deposits, m.now.rate) = (true, m.rules.floorRate - 1);
        else if (id == "ACC-ledger") {
            m.now.totalLoss = 0;
            m.before.totalLoss = 1;
        } else if (id == "ACC-when") m.now.totalLoss += 1;
        else if (id == "ACC-explained") (m.deed.settles, m.now.rate) = (true, m.now.rate - 1e9);
        else if (id == "A8-when") m.now.shares[FEE_RECIPIENT] += 1;
        else if (id == "A8-mark")
            (m.deed.reports, m.now.shares[FEE_RECIPIENT], m.now.rate) = (
                true,
                m.now.shares[FEE_RECIPIENT] + 1,
                m.before.mark - 1
            );
        else if (id == "A8-highest") m.now.mark = m.now.rate - 1;
        else if (id == "A8-part")
            (m.deed.reports, m.now.shares[FEE_RECIPIENT]) = (true, m.now.shares[FEE_RECIPIENT] + 1 ether);
        else if (id == "A8-cap") m.ghosts.feeOfDay = m.now.supply;
        else if (id == "A8-sum") m.ghosts.feeOfDay = m.now.feeToday + 1;
        else if (id == "A10-seed") m.now.shares[NOBODY] = m.rules.seed - 1;
        else if (id == "A10-supply") m.now.supply = m.rules.seed - 1;
        else if (id == "INF-room") (m.deed.deposits, m.deed.units) = (true, m.deed.headroom + 1);
        else if (id == "INF-day") m.ghosts.inOfDay[1] = 2 * m.ghosts.mostLimitOfDay[1] + m.ghosts.outOfDay[1] + 1;
        else if (id == "INF-open") m.now.headroom[1] += 1;
        else return false;
        return true;
    }
}
