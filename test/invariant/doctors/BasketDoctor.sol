// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Moment} from "../Moment.sol";

/// @dev How each promise about baskets is broken: the least change of a healthy moment.
library BasketDoctor {
    function ids() internal pure returns (bytes32[] memory list) {
        list = new bytes32[](13);
        list[0] = "BK-shares";
        list[1] = "BK-age";
        list[2] = "BK-paid";
        list[3] = "BK-paid-most";
        list[4] = "BK-tickets";
        list[5] = "BK-aside";
        list[6] = "BK-aside-still";
        list[7] = "BK-rate";
        list[8] = "BK-burnt";
        list[9] = "BK-kept";
        list[10] = "BK-slice";
        list[11] = "BK-idle";
        list[12] = "BK-coming";
    }

    function doctor(bytes32 id, Moment memory m) internal pure returns (bool isKnown) {
        if (id == "BK-shares") m.now.basketShares += 1;
        else if (id == "BK-age")
            (m.deed.baskets, m.deed.struck, m.now.basketShares, m.before.basketShares, m.deed.early) = (
                true,
                1,
                0,
                1,
                1
            );
        else if (id == "BK-paid") m.deed.basketPromised = 1;
        else if (id == "BK-paid-most") m.deed.basketReceived = 1;
        else if (id == "BK-tickets") m.deed.basketGap = 1;
        else if (id == "BK-coming") m.deed.basketDrift = 2 gwei;
        else if (id == "BK-aside") m.before.aside[2] = 1;
        else if (id == "BK-aside-still") m.now.aside[2] = 1;
        else if (id == "BK-rate") (m.deed.strikes, m.now.waiting) = (true, m.now.waiting + 1);
        else if (id == "BK-burnt") (m.deed.strikes, m.now.supply) = (true, m.now.supply - 1);
        else if (id == "BK-kept") (m.deed.strikes, m.now.nav) = (true, m.now.nav - 2 gwei);
        else if (id == "BK-slice") (m.deed.strikes, m.now.nav) = (true, m.now.nav + 2 gwei);
        else if (id == "BK-idle") (m.deed.strikes, m.now.aside[1]) = (true, m.now.aside[1] + 1);
        else return false;
        return true;
    }
}
