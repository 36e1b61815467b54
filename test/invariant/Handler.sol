// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Depositing} from "./actions/Depositing.sol";
import {Governing} from "./actions/Governing.sol";
import {Hostile} from "./actions/Hostile.sol";
import {Outside} from "./actions/Outside.sol";
import {Slashing} from "./actions/Slashing.sol";
import {Moment} from "./Moment.sol";

/// @dev The only contract forge calls. Each external function of `actions/` is an action; a new one needs nothing else.
contract Handler is Depositing, Hostile, Outside, Governing, Slashing {
    constructor() {
        _open();
    }

    receive() external payable {}

    /// @notice The first deed that broke a promise, and all ids that are broken since.
    function verdict() external view returns (bytes32 deed, bytes32[] memory ids) {
        return (brokenBy, broken);
    }

    /// @notice A moment at which everything holds, for a test to doctor.
    function moment() external view returns (Moment memory) {
        return Moment(last, last, _deed("nothing"), ghosts, rules);
    }
}
