// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRateSource} from "../lrt/assets/IRateSource.sol";

/// @title FixedRateMock
/// @notice A rate source that answers what it was built with: for an asset or a strategy that must be refused.
contract FixedRateMock is IRateSource {
    // The names are the interface's.
    // solhint-disable-next-line immutable-vars-naming
    address public immutable asset;
    // solhint-disable-next-line immutable-vars-naming
    address public immutable unit;
    // solhint-disable-next-line immutable-vars-naming
    uint16 public immutable marketBoundBps;
    uint256 private immutable _RATE;

    constructor(address asset_, uint256 rateWad, address unit_, uint16 marketBoundBps_) {
        asset = asset_;
        unit = unit_;
        marketBoundBps = marketBoundBps_;
        _RATE = rateWad;
    }

    /// @inheritdoc IRateSource
    function rate() external view returns (uint256 rateWad) {
        return _RATE;
    }

    /// @inheritdoc IRateSource
    function entryRate() external view returns (uint256 rateWad) {
        return _RATE;
    }

    /// @inheritdoc IRateSource
    function unitsOf(address, uint256 amount) external pure returns (uint256 units) {
        return amount;
    }
}
