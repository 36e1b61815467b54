// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ASSETS, FEE_RECIPIENT, HOLDERS, QUEUE, Deed, Moment, Snapshot} from "../Moment.sol";
import {Findings} from "./Findings.sol";

/// @dev Promises about shares and about what comes in.
library SharePromises {
    using Findings for Findings.List;

    uint256 private constant WAD = 1e18;

    function check(Moment memory m, Findings.List memory found) internal pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        if (m.touched.shares) _holders(was, s, d, found);
        _supply(was, s, d, found);
        _entry(s, d, found);
        found.expect(!d.refused, "LIVE");
        found.expect(!d.crashed, "NO-PANIC");
        found.expect(!d.robbed, "NO-THEFT");
    }

    function _holders(Snapshot memory was, Snapshot memory s, Deed memory d, Findings.List memory found) private pure {
        uint256 sum;
        for (uint256 i = 0; i < HOLDERS; ++i) {
            sum += s.shares[i];
            bool mayFall = i == d.by || i == QUEUE;
            found.expect(s.shares[i] >= was.shares[i] || mayFall, "TR-2");
        }
        found.expect(sum == s.supply, "TR-1");
    }

    function _supply(Snapshot memory was, Snapshot memory s, Deed memory d, Findings.List memory found) private pure {
        bool grows = d.deposits || d.reports;
        found.expect(s.supply <= was.supply || grows, "TR-3");
        found.expect(s.supply >= was.supply || d.fills || d.redeems || d.strikes, "TR-4");
        if (d.fills || d.redeems) return;
        uint256 fee = s.shares[FEE_RECIPIENT] - Math.min(s.shares[FEE_RECIPIENT], was.shares[FEE_RECIPIENT]);
        if (d.gives || d.donates) fee = 0;
        uint256 minted = d.deposits ? d.shares : 0;
        found.expect(s.supply + d.struck == was.supply + minted + fee, "TR-5");
    }

    function _entry(Snapshot memory s, Deed memory d, Findings.List memory found) private pure {
        if (!d.deposits) return;
        // The price after a report and a deposit is rounded up once more than the one that was paid.
        uint256 up = d.reports ? 1 : 0;
        found.expect(Math.mulDiv(d.shares, d.price - up, WAD) <= d.value, "A4-entry");
        found.expect(Math.mulDiv(d.shares, s.rate, WAD) <= d.value, "A6-deposit");
        found.expect(d.price >= s.rate, "A4-price");
        for (uint256 i = 0; i < ASSETS; ++i) found.expect(s.line[i] <= s.supply, "TR-6");
    }
}
