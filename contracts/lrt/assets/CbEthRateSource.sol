// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICbETH} from "../../shared/external/ICbETH.sol";
import {BoundedRateSource} from "./BoundedRateSource.sol";
import {ICbEthRateSource} from "./ICbEthRateSource.sol";

/// @title CbEthRateSource
/// @notice Values cbETH by its issuer's exchange rate. The chain has no time of it, so this contract looks and remembers.
/// @dev Trusts: cbETH for its rate (safety). Never: takes a rate for younger than it is, whoever looks and however often.
contract CbEthRateSource is ICbEthRateSource, BoundedRateSource {
    using SafeCast for uint256;

    /* IMMUTABLES */

    /// @notice Oldest rate at which newcomers come in [seconds].
    uint256 public immutable MAX_AGE;

    /* STORAGE */

    Seen private _seen;

    constructor(
        address cbEth,
        uint32 maxAge,
        Bounds memory bounds,
        Market memory market
    ) BoundedRateSource(cbEth, bounds, market) {
        MAX_AGE = maxAge;
        uint40 time = block.timestamp.toUint40();
        _seen = Seen(_issuerRate().toUint128(), time, time);
    }

    /* LOOKING */

    /// @inheritdoc ICbEthRateSource
    function poke() external {
        uint256 rateWad = _issuerRate();
        uint40 changedAt = _changedAt(rateWad);
        _seen = Seen(rateWad.toUint128(), changedAt, block.timestamp.toUint40());
        emit Looked(rateWad, changedAt);
    }

    /* VIEWS */

    /// @inheritdoc ICbEthRateSource
    function seen() external view returns (Seen memory) {
        return _seen;
    }

    /* INTERNALS */

    function _issuerRate() internal view override returns (uint256 rateWad) {
        return ICbETH(asset()).exchangeRate();
    }

    function _recentRate() internal view override returns (uint256 rateWad) {
        rateWad = _issuerRate();
        _requireRecent(asset(), _changedAt(rateWad), MAX_AGE);
    }

    /// @dev Time since which the rate may have been what it is: it was another one when somebody last looked.
    function _changedAt(uint256 rateWad) private view returns (uint40) {
        return rateWad == _seen.rateWad ? _seen.changedAt : _seen.lookedAt;
    }
}
