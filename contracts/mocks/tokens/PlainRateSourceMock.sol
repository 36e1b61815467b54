// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BoundedRateSource} from "../../lrt/assets/BoundedRateSource.sol";
import {PlainLstMock} from "./PlainLstMock.sol";

/// @title PlainRateSourceMock
/// @notice The rate of a plain token, within bounds and without a market.
contract PlainRateSourceMock is BoundedRateSource {
    PlainLstMock private immutable _TOKEN;

    constructor(PlainLstMock token) BoundedRateSource(address(token), Bounds(0.5e18, 3e18), Market(address(0), 0, 0)) {
        _TOKEN = token;
    }

    /// @inheritdoc BoundedRateSource
    function _issuerRate() internal view override returns (uint256 rateWad) {
        return _TOKEN.exchangeRate();
    }
}
