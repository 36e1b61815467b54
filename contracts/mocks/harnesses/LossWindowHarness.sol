// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LossWindow} from "../../lrt/accounting/LossWindow.sol";

/// @title LossWindowHarness
/// @notice Opens LossWindow to tests.
contract LossWindowHarness {
    using LossWindow for LossWindow.State;

    LossWindow.State private _window;

    event Added(bool rang, uint256 sumWad, uint256 closedUntil, uint256 nextFrom);

    function add(uint256 lossWad, uint256 limitWad, uint32 closingTime, uint32 rest) external {
        (bool rang, uint256 sumWad) = _window.add(lossWad, limitWad, closingTime, rest);
        emit Added(rang, sumWad, _window.closedUntil, _window.nextFrom);
    }
}
