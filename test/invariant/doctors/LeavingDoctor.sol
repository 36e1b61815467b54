// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {QUEUE, Moment} from "../Moment.sol";

/// @dev How each promise about leaving is broken: the least change of a healthy moment.
library LeavingDoctor {
    function ids() internal pure returns (bytes32[] memory list) {
        list = new bytes32[](23);
        list[0] = "WQ-2";
        list[1] = "WQ-2-exact";
        list[2] = "WQ-1";
        list[3] = "WQ-1-exact";
        list[4] = "WQ-6";
        list[5] = "WQ-6-still";
        list[6] = "WQ-8";
        list[7] = "WQ-8-more";
        list[8] = "WQ-5";
        list[9] = "WQ-5-whole";
        list[10] = "WQ-4";
        list[11] = "WQ-3";
        list[12] = "A5";
        list[13] = "WQ-7";
        list[14] = "WQ-tickets";
        list[15] = "WQ-move";
        list[16] = "IR-1";
        list[17] = "IR-2-least";
        list[18] = "IR-2-most";
        list[19] = "IR-5-kept";
        list[20] = "IR-5-rate";
        list[21] = "IR-6";
        list[22] = "IR-3";
    }

    function doctor(bytes32 id, Moment memory m) internal pure returns (bool isKnown) {
        if (id == "WQ-2") m.now.line[0] = m.now.shares[QUEUE] + 1;
        else if (id == "WQ-2-exact") m.now.shares[QUEUE] += 1;
        else if (id == "WQ-1") m.ghosts.filled[1] += m.now.setAside[1] + 1;
        else if (id == "WQ-1-exact") m.now.setAside[1] += 1;
        else if (id == "WQ-6") m.before.setAside[1] = m.now.setAside[1] + 1;
        else if (id == "WQ-6-still") m.now.setAside[1] += 1;
        else if (id == "WQ-8") m.before.line[1] = m.now.line[1] + 1;
        else if (id == "WQ-8-more") m.now.line[1] += 1;
        else if (id == "WQ-5") (m.deed.fills, m.now.setAside[1]) = (true, m.now.setAside[1] + 10);
        else if (id == "WQ-5-whole") (m.deed.fills, m.before.line[1]) = (true, m.now.line[1] + 1 ether);
        else if (id == "WQ-4") (m.deed.fills, m.deed.early) = (true, 1);
        else if (id == "WQ-3") (m.deed.fills, m.deed.outOfOrder) = (true, 1);
        else if (id == "A5") (m.deed.fills, m.now.nav) = (true, m.now.nav / 2);
        else if (id == "WQ-7") m.deed.promised = 1;
        else if (id == "WQ-tickets") m.deed.ticketGap = 1;
        else if (id == "WQ-move") (m.deed.left[1], m.before.line[1], m.deed.early) = (1, 1, 1);
        else if (id == "IR-1") (m.deed.redeems, m.deed.watermark) = (true, 1);
        else if (id == "IR-2-least") (m.deed.redeems, m.deed.units) = (true, 1 ether);
        else if (id == "IR-2-most") (m.deed.redeems, m.deed.fee) = (true, 1 ether);
        else if (id == "IR-5-kept") (m.deed.redeems, m.now.nav) = (true, m.now.nav * 2);
        else if (id == "IR-5-rate") (m.deed.redeems, m.now.nav) = (true, m.now.nav / 2);
        else if (id == "IR-6") (m.deed.redeems, m.deed.shares) = (true, m.deed.bucket + 1);
        else if (id == "IR-3") m.ghosts.instantOfDay = m.now.supply;
        else return false;
        return true;
    }
}
