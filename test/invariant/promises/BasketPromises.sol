// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ASSETS, Deed, Moment, Snapshot} from "../Moment.sol";
import {Findings} from "./Findings.sol";

/// @dev Promises about leaving with a slice of everything.
library BasketPromises {
    using Findings for Findings.List;

    uint256 private constant DUST = 1 gwei;

    function check(Moment memory m, Findings.List memory found) internal pure {
        (Snapshot memory was, Snapshot memory s, Deed memory d) = (m.before, m.now, m.deed);
        found.expect(s.basketShares == was.basketShares + d.basketJoined - d.struck, "BK-shares");
        found.expect(!d.baskets || d.struck == 0 || d.early == 0, "BK-age");
        found.expect(d.basketReceived + _rounded(d) >= d.basketPromised, "BK-paid");
        found.expect(d.basketReceived <= d.basketPromised, "BK-paid-most");
        found.expect(d.basketGap == 0, "BK-tickets");
        found.expect(d.basketDrift <= DUST, "BK-coming");
        if (m.touched.books || d.baskets) _aside(was, s, d, found);
        if (d.strikes) _strike(was, s, d, found);
    }

    /// @dev Lido's wrapper hands out whole shares and may keep one.
    function _rounded(Deed memory d) private pure returns (uint256) {
        return d.basketPaid[1] == 0 ? 0 : 1;
    }

    /// @dev What is set aside grows when something comes home or a basket is struck, and leaves only by claims.
    function _aside(Snapshot memory was, Snapshot memory s, Deed memory d, Findings.List memory found) private pure {
        for (uint256 i = 0; i < ASSETS; ++i) {
            found.expect(s.aside[i] + d.basketPaid[i] >= was.aside[i], "BK-aside");
            found.expect(s.aside[i] + d.basketPaid[i] == was.aside[i] || d.moves || d.strikes, "BK-aside-still");
        }
    }

    function _strike(Snapshot memory was, Snapshot memory s, Deed memory d, Findings.List memory found) private pure {
        found.expect(s.rate == was.rate && s.waiting == was.waiting && s.totalLoss == was.totalLoss, "BK-rate");
        found.expect(s.supply + d.struck == was.supply, "BK-burnt");
        // Those who stay keep their part of everything: no less, and no more than rounding gives them.
        uint256 kept = Math.mulDiv(was.nav, s.supply, was.supply);
        found.expect(s.nav + DUST >= kept, "BK-kept");
        found.expect(s.nav <= kept + DUST, "BK-slice");
        for (uint256 i = 0; i < ASSETS; ++i) {
            found.expect(s.idle[i] + s.aside[i] == was.idle[i] + was.aside[i], "BK-idle");
        }
    }
}
