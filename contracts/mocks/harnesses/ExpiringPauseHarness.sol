// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ExpiringPause} from "../../shared/pause/ExpiringPause.sol";
import {IExpiringPause} from "../../shared/pause/IExpiringPause.sol";

/// @title ExpiringPauseHarness
/// @notice Opens ExpiringPause to tests.
contract ExpiringPauseHarness is IExpiringPause {
    using ExpiringPause for ExpiringPause.State;

    ExpiringPause.State public state;

    function start(uint256 duration) external {
        state.start(duration);
    }

    function stop() external {
        state.stop();
    }

    function isActive() external view returns (bool) {
        return state.isActive();
    }
}
