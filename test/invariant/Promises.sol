// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AllocationPromises} from "./promises/AllocationPromises.sol";
import {BasketPromises} from "./promises/BasketPromises.sol";
import {BookPromises} from "./promises/BookPromises.sol";
import {LeavingPromises} from "./promises/LeavingPromises.sol";
import {SharePromises} from "./promises/SharePromises.sol";
import {Findings} from "./promises/Findings.sol";
import {Moment} from "./Moment.sol";

/// @dev Judges a moment; pure, so that a test can doctor what it judges.
library Promises {
    using Findings for Findings.List;

    function broken(Moment memory m) internal pure returns (bytes32[] memory ids) {
        Findings.List memory found = Findings.none();
        BookPromises.check(m, found);
        SharePromises.check(m, found);
        LeavingPromises.check(m, found);
        BasketPromises.check(m, found);
        AllocationPromises.check(m, found);
        return found.all();
    }
}
