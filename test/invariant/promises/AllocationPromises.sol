// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ASSETS, OPERATORS, Deed, Moment, Snapshot} from "../Moment.sol";
import {Findings} from "./Findings.sol";

/// @dev Promises about operators and AVSs.
library AllocationPromises {
    using Findings for Findings.List;

    uint256 private constant BPS = 10_000;
    /// @dev Two engine roundings of a unit each, for each operator.
    uint256 private constant ROUNDING = 2 * OPERATORS;

    function check(Moment memory m, Findings.List memory found) internal pure {
        Deed memory d = m.deed;
        for (uint256 op = 0; op < OPERATORS && m.touched.engine; ++op) {
            for (uint256 i = 1; i < ASSETS; ++i) _magnitudes(m, op, op * ASSETS + i, found);
        }
        found.expect(d.exposure <= d.cap + ROUNDING, "AL-1");
        found.expect(d.avsExposure <= d.avsCap + 2 * ROUNDING, "AL-2");
        found.expect(d.magnitudeLost <= d.magnitudeExposed, "AL-5");
        found.expect(d.allocated == OPERATORS || d.early == 0, "AL-6");
        found.expect(d.raisedAfterSlash == 0, "AL-slashed");
        // What a share is worth has 18 digits: a move may shift all units of an operator by one part of that.
        uint256 shift = d.operatorCap / 1e18;
        found.expect(d.operatorUnits <= d.operatorCap + shift + ROUNDING, "OP-1");
        found.expect(d.wronglyStaked == 0, "OP-2");
    }

    function _magnitudes(Moment memory m, uint256 op, uint256 cell, Findings.List memory found) private pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        (uint256 most, uint256 used) = (s.magnitude[cell], s.encumbered[cell]);
        found.expect(used <= most, "ENG-1");
        found.expect(most <= was.magnitude[cell], "ENG-2");
        bool isWithin = used * BPS <= most * (BPS - m.rules.reserveBps);
        found.expect(isWithin || m.rules.broken[op], "AL-3");
        found.expect(most == was.magnitude[cell] || d.slashed == op, "AL-7");
        bool mayUse = d.slashed == op || d.allocated == op || used < was.encumbered[cell];
        found.expect(used == was.encumbered[cell] || mayUse, "AL-moves");
    }
}
