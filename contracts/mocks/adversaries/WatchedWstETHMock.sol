// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStETH} from "../../shared/external/IStETH.sol";
import {WstETHMock} from "../lido/WstETHMock.sol";
import {RateProbeMock} from "./RateProbeMock.sol";

/// @title WatchedWstETHMock
/// @notice A wstETH that calls out before and after every move of its shares, like a token with hooks.
contract WatchedWstETHMock is WstETHMock {
    RateProbeMock public immutable PROBE;

    constructor(IStETH stETH_, RateProbeMock probe) WstETHMock(stETH_) {
        PROBE = probe;
    }

    function _update(address from, address to, uint256 amount) internal override {
        PROBE.look();
        super._update(from, to, amount);
        PROBE.look();
    }
}
