// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ASSETS, FEE_RECIPIENT, NOBODY, Deed, Moment, Snapshot} from "../Moment.sol";
import {Findings} from "./Findings.sol";

/// @dev Promises about the rate, net asset value, losses, doors and the fee.
library BookPromises {
    using Findings for Findings.List;

    uint256 private constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    /// @dev What rounding may hide where net asset value is compared [wei], as in the ledger of losses.
    uint256 private constant DUST = 1 gwei;

    function check(Moment memory m, Findings.List memory found) internal pure {
        _rate(m.before, m.now, m.deed, found);
        _growth(m, found);
        _places(m, found);
        _doors(m, found);
        _losses(m, found);
        _fee(m, found);
        _inflow(m, found);
    }

    function _rate(Snapshot memory was, Snapshot memory s, Deed memory d, Findings.List memory found) private pure {
        found.expect(s.rate == was.rate || d.settles, "A2-rate");
        bool mayWait = d.settles || d.fills || d.redeems || (d.deposits && s.waiting > was.waiting);
        found.expect(s.waiting == was.waiting || mayWait, "A2-waiting");
        found.expect(s.rate <= was.rate || d.reports, "A4-down");
        found.expect(s.reportedAt == was.reportedAt || d.settles, "A2-time");
        found.expect(s.reportedAt >= was.reportedAt && s.reportedAt <= s.time, "A2-clock");
        uint256 worth = Math.mulDiv(s.supply, s.rate, WAD);
        found.expect(!d.settles || worth <= s.nav + DUST, "A4-rate");
        uint256 sold = Math.mulDiv(s.supply, s.rate + s.waiting, WAD);
        found.expect(!d.settles || s.nav <= sold + DUST, "A4-waiting");
        found.expect(!d.settles || sold <= s.nav + DUST + Math.mulDiv(s.supply, 16, WAD), "A4-terms");
        if (d.deposits && !d.settles) _left(was, d, sold, found);
    }

    /// @dev Newcomers pay for all that came in without shares. (For what has risen since the report they pay after the next.)
    function _left(Snapshot memory was, Deed memory d, uint256 sold, Findings.List memory found) private pure {
        uint256 soldBefore = Math.mulDiv(was.supply, was.rate + was.waiting, WAD);
        found.expect(soldBefore + d.counted <= sold + DUST, "A4-left");
    }

    function _growth(Moment memory m, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s) = (m.before, m.now);
        // At most one allowance: a second report at the same time has none.
        uint256 elapsed = Math.min(s.time - m.ghosts.grownAt, 1 days);
        uint256 due = Math.mulDiv(was.rate, m.rules.growthCapBps * elapsed, BPS * 1 days);
        found.expect(s.rate <= was.rate + due, "A4-growth");
    }

    function _places(Moment memory m, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        if (m.touched.books || m.touched.tokens) _eachPlace(was, s, d, found);
        found.expect(!d.donates || s.nav == was.nav, "A3-donation");
        found.expect(!d.donates || (s.rate == was.rate && s.waiting == was.waiting), "A3-terms");
        bool mayValue = d.settles || d.syncs || d.moves || d.deposits || d.strikes;
        found.expect(s.nav == was.nav || mayValue, "A2-value");
        found.expect(s.openRequests <= m.rules.maxOpen, "ISS-places");
        found.expect(s.deskHoldings == 0 || d.donates || s.deskHoldings <= was.deskHoldings, "RD-empty");
        found.expect(d.unhealthy == 0, "LENS");
        found.expect(!d.unseen, "LOOK");
    }

    function _eachPlace(
        Snapshot memory was,
        Snapshot memory s,
        Deed memory d,
        Findings.List memory found
    ) private pure {
        uint256 sum = s.redeeming;
        for (uint256 i = 0; i < ASSETS; ++i) {
            sum += Math.mulDiv(s.idle[i] + s.restaked[i] + s.unbonding[i], s.assetRate[i], WAD);
            found.expect(s.held[i] >= s.idle[i] + s.aside[i], "A3-backed");
            found.expect(s.idle[i] == was.idle[i] || d.moves || d.deposits || d.strikes, "A3-idle");
            bool isStill = s.restaked[i] == was.restaked[i] && s.unbonding[i] == was.unbonding[i];
            found.expect(isStill || d.moves || d.syncs || d.settles || d.strikes, "BOOK-still");
            found.expect(s.assetRate[i] == was.assetRate[i] || d.settles || d.syncs, "A2-asset");
        }
        found.expect(sum <= s.nav + DUST && s.nav <= sum + DUST, "A3-places");
    }

    function _doors(Moment memory m, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        found.expect(!d.deposits || s.time >= was.closedUntil || d.settles, "A9-deposits");
        found.expect(!d.deposits || s.time >= s.closedUntil, "A9-entered");
        found.expect(!d.fills || s.time >= s.fillsClosedUntil, "A9-fills");
        found.expect(!d.redeems || s.time >= s.fillsClosedUntil, "IR-4");
        bool isBounded =
            s.fillsClosedUntil == was.fillsClosedUntil ||
                s.fillsClosedUntil == type(uint40).max ||
                s.fillsClosedUntil <= s.time + m.rules.closingTime;
        found.expect(isBounded, "A9-bound");
        found.expect(m.ghosts.alarmEarly == 0, "A9-once");
        found.expect(s.fillsClosedUntil <= was.fillsClosedUntil || d.settles || d.syncs, "A9-rings");
        found.expect(s.openSeconds >= was.openSeconds, "GOV-2-clock");
        found.expect(s.openSeconds - Math.min(s.openSeconds, was.openSeconds) <= s.time - was.time, "GOV-2-pace");
        found.expect(
            was.fillsClosedUntil < s.time || s.openSeconds == was.openSeconds || d.settles || d.syncs,
            "GOV-2-closed"
        );
        found.expect(m.ghosts.pauseEarly == 0, "GRD-rest");
        found.expect(m.ghosts.pausedUntil <= s.time + 3 days, "GRD-bound");
        found.expect(s.closedUntil == was.closedUntil || d.settles || d.pauses, "A9-door");
        found.expect(s.deployerRoles == 0, "GOV-1");
        found.expect(!d.governs || d.early == 0, "GOV-2");
        found.expect(!d.deposits || d.reportAge <= m.rules.maxReportAge, "AGE");
        found.expect(!d.deposits || s.rate >= m.rules.floorRate, "A10-floor");
    }

    function _losses(Moment memory m, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s) = (m.before, m.now);
        found.expect(s.totalLoss >= was.totalLoss, "ACC-ledger");
        found.expect(s.totalLoss == was.totalLoss || m.deed.settles || m.deed.syncs, "ACC-when");
        if (s.rate >= was.rate) return;
        // Each of a few places may lose less than an entry is worth.
        uint256 fell = Math.mulDiv(was.supply, was.rate - s.rate, WAD);
        uint256 entered = s.totalLoss - m.ghosts.lossSettled;
        found.expect(fell <= entered + 8 * DUST, "ACC-explained");
    }

    function _fee(Moment memory m, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        uint256 minted = s.shares[FEE_RECIPIENT] - Math.min(s.shares[FEE_RECIPIENT], was.shares[FEE_RECIPIENT]);
        bool isGift = d.donates || d.gives;
        found.expect(minted == 0 || d.reports || isGift, "A8-when");
        found.expect(minted == 0 || isGift || s.rate >= was.mark, "A8-mark");
        found.expect(s.mark >= was.mark && s.mark >= s.rate, "A8-highest");
        uint256 value = Math.mulDiv(minted, s.rate, WAD);
        uint256 grown = s.rate > was.mark ? s.rate - was.mark : 0;
        // Of growth before the fee: what is left of it is 1 − fee.
        uint256 most = Math.mulDiv(
            Math.mulDiv(Math.max(was.supply, s.supply), grown, WAD),
            m.rules.feeBps,
            BPS - m.rules.feeBps
        );
        found.expect(isGift || value <= most + DUST, "A8-part");
        uint256 limit = Math.mulDiv(m.ghosts.mostSupplyOfDay, m.rules.feeCapBps, BPS);
        found.expect(m.ghosts.feeOfDay <= limit + 1, "A8-cap");
        found.expect(s.feeToday >= m.ghosts.feeOfDay || s.time / 1 days != m.ghosts.day, "A8-sum");
        found.expect(s.shares[NOBODY] >= m.rules.seed, "A10-seed");
        found.expect(s.supply >= m.rules.seed, "A10-supply");
    }

    function _inflow(Moment memory m, Findings.List memory found) private pure {
        Deed memory d = m.deed;
        found.expect(!d.deposits || d.units <= d.headroom, "INF-room");
        if (!m.touched.books && !d.deposits && !d.fills) return;
        for (uint256 i = 0; i < ASSETS; ++i) {
            uint256 most = 2 * m.ghosts.mostLimitOfDay[i] + m.ghosts.outOfDay[i];
            found.expect(m.ghosts.inOfDay[i] <= most, "INF-day");
            bool isOpened = d.settles || d.syncs || d.governs || m.now.headroom[i] <= m.before.headroom[i];
            found.expect(isOpened, "INF-open");
        }
    }
}
