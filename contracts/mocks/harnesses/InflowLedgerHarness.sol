// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InflowLedger} from "../../lrt/deposits/InflowLedger.sol";

/// @title InflowLedgerHarness
/// @notice One asset's inflow, open to anyone, and the headroom that deposits lower.
contract InflowLedgerHarness {
    using InflowLedger for InflowLedger.State;

    error NoHeadroom(uint256 units, uint256 headroom);

    InflowLedger.State private _inflow;
    uint256 public headroom;

    function setCap(uint88 cap) external {
        _inflow.cap = cap;
    }

    function setLimit(uint16 bps, uint80 floor) external {
        _inflow.bps = bps;
        _inflow.floor = floor;
    }

    function open(uint256 limit, uint256 inside) external {
        headroom = _inflow.open(headroom, limit, inside);
    }

    function deposit(uint256 units) external {
        require(units <= headroom, NoHeadroom(units, headroom));
        headroom -= units;
    }

    function giveBack(uint256 units) external {
        _inflow.giveBack(units);
    }

    function limitOf(uint256 supply, uint256 rateWad, uint256 assetRateWad) external view returns (uint256) {
        return _inflow.limitOf(supply, rateWad, assetRateWad);
    }

    function leftNow(uint256 limit) external view returns (uint256) {
        return _inflow.leftNow(headroom, limit);
    }

    function roomFrom(uint256 limit, uint256 units) external view returns (uint256) {
        return _inflow.roomFrom(headroom, limit, units);
    }
}
