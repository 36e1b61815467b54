// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Moment} from "../Moment.sol";

/// @dev How each promise about shares, operators and AVSs is broken: the least change of a healthy moment.
library RestDoctor {
    function ids() internal pure returns (bytes32[] memory list) {
        list = new bytes32[](24);
        list[0] = "TR-1";
        list[1] = "TR-2";
        list[2] = "TR-3";
        list[3] = "TR-4";
        list[4] = "TR-5";
        list[5] = "TR-6";
        list[6] = "A4-entry";
        list[7] = "A6-deposit";
        list[8] = "A4-price";
        list[9] = "LIVE";
        list[10] = "NO-PANIC";
        list[11] = "NO-THEFT";
        list[12] = "ENG-1";
        list[13] = "ENG-2";
        list[14] = "AL-3";
        list[15] = "AL-7";
        list[16] = "AL-moves";
        list[17] = "AL-1";
        list[18] = "AL-2";
        list[19] = "AL-5";
        list[20] = "AL-6";
        list[21] = "AL-slashed";
        list[22] = "OP-1";
        list[23] = "OP-2";
    }

    function doctor(bytes32 id, Moment memory m) internal pure returns (bool isKnown) {
        if (id == "TR-1") m.now.shares[0] += 1;
        else if (id == "TR-2") (m.now.shares[0], m.now.shares[1]) = (m.now.shares[0] - 1, m.now.shares[1] + 1);
        else if (id == "TR-3") m.now.supply += 1;
        else if (id == "TR-4") m.now.supply -= 1;
        else if (id == "TR-5") (m.deed.deposits, m.now.supply) = (true, m.now.supply + 1);
        else if (id == "TR-6") (m.deed.deposits, m.now.line[2]) = (true, m.now.supply + 1);
        else if (id == "A4-entry") (m.deed.deposits, m.deed.shares, m.deed.price) = (true, 1 ether, 1e18);
        else if (id == "A6-deposit") (m.deed.deposits, m.deed.shares) = (true, 1 ether);
        else if (id == "A4-price") m.deed.deposits = true;
        else if (id == "LIVE") m.deed.refused = true;
        else if (id == "NO-PANIC") m.deed.crashed = true;
        else if (id == "NO-THEFT") m.deed.robbed = true;
        else if (id == "ENG-1") m.now.encumbered[1] = m.now.magnitude[1] + 1;
        else if (id == "ENG-2") m.now.magnitude[1] += 1;
        else if (id == "AL-3") m.now.encumbered[1] = m.now.magnitude[1];
        else if (id == "AL-7") m.now.magnitude[1] -= 1;
        else if (id == "AL-moves") m.now.encumbered[1] += 1;
        else if (id == "AL-1") m.deed.exposure = m.deed.cap + 1_000;
        else if (id == "AL-2") m.deed.avsExposure = m.deed.avsCap + 1_000;
        else if (id == "AL-5") m.deed.magnitudeLost = 1;
        else if (id == "AL-6") (m.deed.allocated, m.deed.early) = (0, 1);
        else if (id == "AL-slashed") m.deed.raisedAfterSlash = 1;
        else if (id == "OP-1") (m.deed.operatorCap, m.deed.operatorUnits) = (1 ether, 2 ether);
        else if (id == "OP-2") m.deed.wronglyStaked = 1;
        else return false;
        return true;
    }
}
