// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ASSETS, QUEUE, Deed, Moment, Snapshot} from "../Moment.sol";
import {Findings} from "./Findings.sol";

/// @dev Promises about the line and about the way out at once.
library LeavingPromises {
    using Findings for Findings.List;

    uint256 private constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    uint256 private constant DUST = 1 gwei;

    function check(Moment memory m, Findings.List memory found) internal pure {
        Deed memory d = m.deed;
        bool isTouched = m.touched.line || m.touched.tokens || m.touched.shares;
        if (isTouched || d.leaves || d.fills || d.donates || d.baskets) _lines(m, found);
        _claims(m.deed, found);
        _instant(m, found);
    }

    function _lines(Moment memory m, Findings.List memory found) private pure {
        uint256 waiting = m.now.basketShares;
        for (uint256 i = 0; i < ASSETS; ++i) {
            waiting += m.now.line[i];
            _line(m, i, found);
            _paid(m, i, found);
        }
        found.expect(m.now.shares[QUEUE] >= waiting, "WQ-2");
        found.expect(m.now.shares[QUEUE] == waiting + m.ghosts.sharesGiven, "WQ-2-exact");
    }

    function _line(Moment memory m, uint256 i, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        uint256 owed = m.ghosts.filled[i] - m.ghosts.claimed[i];
        found.expect(s.setAside[i] >= owed, "WQ-1");
        found.expect(s.setAside[i] <= owed + m.ghosts.gaveLine[i], "WQ-1-exact");
        found.expect(s.setAside[i] + d.claimed[i] >= was.setAside[i], "WQ-6");
        found.expect(s.setAside[i] + d.claimed[i] == was.setAside[i] || d.fills || d.donates, "WQ-6-still");
        uint256 expected = was.line[i] + d.moved[i] - d.left[i];
        found.expect(s.line[i] == expected || d.fills, "WQ-8");
        found.expect(s.line[i] <= expected, "WQ-8-more");
    }

    function _paid(Moment memory m, uint256 i, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        if (!d.fills) return;
        uint256 units = s.setAside[i] + d.claimed[i] - Math.min(was.setAside[i], s.setAside[i] + d.claimed[i]);
        uint256 burnt = Math.saturatingSub(was.line[i] + d.moved[i], d.left[i] + s.line[i]);
        uint256 worth = Math.mulDiv(units, s.assetRate[i], WAD);
        uint256 due = Math.mulDiv(burnt, Math.max(s.rate, d.price), WAD);
        found.expect(worth <= due, "WQ-5");
        // A payment rounds a unit, and Lido's forms another; each batch once.
        found.expect(worth + DUST >= due, "WQ-5-whole");
        found.expect(d.early == 0, "WQ-4");
        found.expect(d.outOfOrder == 0, "WQ-3");
        found.expect(Math.mulDiv(s.supply, s.rate, WAD) <= s.nav + DUST, "A5");
    }

    function _claims(Deed memory d, Findings.List memory found) private pure {
        found.expect(d.received == d.promised, "WQ-7");
        found.expect(d.ticketGap == 0, "WQ-tickets");
        bool joins;
        for (uint256 i = 0; i < ASSETS; ++i) joins = joins || d.left[i] != 0;
        found.expect(!joins || d.early == 0, "WQ-move");
    }

    function _instant(Moment memory m, Findings.List memory found) private pure {
        (Snapshot memory s, Deed memory d) = (m.now, m.deed);
        if (d.redeems) {
            found.expect(d.level >= d.watermark, "IR-1");
            found.expect(d.fee >= Math.mulDiv(d.units, m.rules.minFeeBps, BPS), "IR-2-least");
            found.expect(d.fee <= Math.mulDiv(d.units + 1, m.rules.maxFeeBps, BPS) + 2, "IR-2-most");
            found.expect(s.nav <= Math.mulDiv(s.supply, s.rate + s.waiting, WAD) + DUST, "IR-5-kept");
            found.expect(Math.mulDiv(s.supply, s.rate, WAD) <= s.nav + DUST, "IR-5-rate");
            found.expect(d.shares <= d.bucket, "IR-6");
        }
        uint256 most = 2 * Math.mulDiv(m.ghosts.mostSupplyOfDay, m.rules.bucketBps, BPS) + 2;
        found.expect(m.ghosts.instantOfDay <= most, "IR-3");
    }
}
