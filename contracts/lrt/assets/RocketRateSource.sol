// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRETH} from "../../shared/external/IRETH.sol";
import {IRocketNetworkBalances} from "../../shared/external/IRocketNetworkBalances.sol";
import {IRocketStorage} from "../../shared/external/IRocketStorage.sol";
import {BoundedRateSource} from "./BoundedRateSource.sol";

/// @title RocketRateSource
/// @notice Values rETH by Rocket Pool's exchange rate, which is as old as its oracle's last report.
/// @dev Trusts: rETH for its rate (safety); Rocket Pool's directory for where the report's time is (liveness), asked each
///      time because an upgrade replaces addresses.
contract RocketRateSource is BoundedRateSource {
    /* CONSTANTS */

    /// @dev Where the directory keeps the address of the oracle's last report.
    bytes32 private constant BALANCES_KEY = keccak256("contract.addressrocketNetworkBalances");

    /* IMMUTABLES */

    IRocketStorage public immutable DIRECTORY;
    /// @notice Oldest report at whose rate newcomers come in [seconds].
    uint256 public immutable MAX_AGE;

    constructor(
        address rEth,
        IRocketStorage directory,
        uint32 maxAge,
        Bounds memory bounds,
        Market memory market
    ) BoundedRateSource(rEth, bounds, market) {
        DIRECTORY = directory;
        MAX_AGE = maxAge;
    }

    /* INTERNALS */

    function _issuerRate() internal view override returns (uint256 rateWad) {
        return IRETH(asset()).getExchangeRate();
    }

    function _requireRecentRate(uint256) internal view override {
        address balances = DIRECTORY.getAddress(BALANCES_KEY);
        require(balances.code.length != 0, NoAnswer(balances));
        _requireRecent(balances, IRocketNetworkBalances(balances).getBalancesTimestamp(), MAX_AGE);
    }
}
