// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRETH} from "../../shared/external/IRETH.sol";
import {IRocketNetworkBalances} from "../../shared/external/IRocketNetworkBalances.sol";
import {IRocketStorage} from "../../shared/external/IRocketStorage.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {BoundedRateSource} from "./BoundedRateSource.sol";

/// @title RocketRateSource
/// @notice Values rETH by Rocket Pool's exchange rate, which is as old as its oracle's last report.
/// @dev Trusts: Rocket Pool's oracle for its report, and its directory for where that is (safety), asked each time because
///      an upgrade replaces addresses. rETH computes its rate from the same two; going there saves two calls.
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
        uint256 rateWad = _issuerRate();
        uint256 issuerRateWad = IRETH(rEth).getExchangeRate();
        require(rateWad == issuerRateWad, WrongIssuerRate(rateWad, issuerRateWad)); // another directory, most likely
    }

    /* INTERNALS */

    function _issuerRate() internal view override returns (uint256 rateWad) {
        return _rateBy(_balances());
    }

    function _recentRate() internal view override returns (uint256 rateWad) {
        IRocketNetworkBalances balances = _balances();
        _requireRecent(address(balances), balances.getBalancesTimestamp(), MAX_AGE);
        return _rateBy(balances);
    }

    function _balances() private view returns (IRocketNetworkBalances balances) {
        balances = IRocketNetworkBalances(DIRECTORY.getAddress(BALANCES_KEY));
        require(address(balances).code.length != 0, NoAnswer(address(balances)));
    }

    /// @dev Rounds down, as rETH does. Without any rETH it is zero, which is out of bounds.
    function _rateBy(IRocketNetworkBalances balances) private view returns (uint256 rateWad) {
        return ValueMath.partDown(ValueMath.WAD, balances.getTotalETHBalance(), balances.getTotalRETHSupply());
    }
}
