// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {ISetRegistry} from "./ISetRegistry.sol";
import {setKey} from "./SetKey.sol";

/// @title SetList
/// @notice Short lists of operator sets, each at most once, in the order in which they came.
library SetList {
    /// @notice Most sets on a list; every loop over sets is measured at this number.
    uint256 internal constant MAX_SETS = 32;

    /// @notice Appends a set that is not on the list.
    function add(OperatorSet[] storage self, OperatorSet calldata set) internal {
        uint256 count = self.length;
        require(count < MAX_SETS, ISetRegistry.TooManySets(count, MAX_SETS));
        self.push(set);
    }

    /// @notice Takes a set off the list, if it is there. The others keep their order: plans and pages go by it.
    function remove(OperatorSet[] storage self, OperatorSet calldata set) internal {
        uint256 kept;
        uint256 length = self.length;
        for (uint256 i = 0; i < length; ++i) {
            if (setKey(self[i]) == setKey(set)) continue;
            if (kept != i) self[kept] = self[i];
            ++kept;
        }
        if (kept != length) self.pop();
    }
}
