// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ASSETS, Deed} from "../Moment.sol";
import {Theatre} from "../Theatre.sol";

/// @dev Time, issuers and markets, as they are on most days.
abstract contract Outside is Theatre {
    /* TIME */

    function passMinutes(uint256 minutes_) external onTime {
        _pass(bound(minutes_, 1, 60) * 1 minutes);
        _end(_deed("passMinutes"));
    }

    function passHours(uint256 hours_) external onTime {
        _pass(bound(hours_, 1, 12) * 1 hours);
        _end(_deed("passHours"));
    }

    /// @dev A little after the next midnight, when batches close; issuers and markets have spoken meanwhile.
    function nextDay(uint256 seconds_) external onTime {
        _waitUntil((block.timestamp / 1 days + 1) * 1 days + bound(seconds_, 0, 1 hours));
        _end(_deed("nextDay"));
    }

    /// @dev Days on which no issuer and no market says anything: what they said gets stale.
    function silentDays(uint256 days_) external onTime {
        _pass(bound(days_, 1, 4) * 1 days);
        _end(_deed("silentDays"));
    }

    /* ISSUERS */

    function lidoEarns(uint256 amount) external onTime {
        uint256 value = sized(amount, 1, stEth.getTotalPooledEther() / 1_000);
        _as(address(this), address(stEth), value, abi.encodeWithSignature("reward()"));
        _end(_deed("lidoEarns"));
    }

    function finaliseLido(uint256 requests) external onTime {
        if (lidoQueue.unfinalizedStETH() == 0) revert NothingToDo();
        bytes memory call = abi.encodeWithSignature("finalizeWithdrawals(uint256)", 1 + (requests % 16));
        _as(address(this), address(stEth), 0, call);
        _end(_deed("finaliseLido"));
    }

    function rocketReports(uint256 gain) external onTime {
        _rocketSays(rEth.getExchangeRate() + sized(gain, 1, 0.001 ether));
        _marketsAgree();
        _end(_deed("rocketReports"));
    }

    function coinbaseReports(uint256 gain) external onTime {
        _coinbaseSays(cbEth.exchangeRate() + sized(gain, 1, 0.001 ether));
        _marketsAgree();
        _end(_deed("coinbaseReports"));
    }

    /* INTERNALS */

    /// @dev Lets time pass in which issuers and markets speak.
    function _waitUntil(uint256 time) internal {
        if (time <= block.timestamp) return;
        _pass(time - block.timestamp);
        _rocketSays(rEth.getExchangeRate() + 1);
        _coinbaseSays(cbEth.exchangeRate() + 1);
        _marketsAgree();
    }

    function _rocketSays(uint256 rateWad) internal {
        rocketBalances.report(Math.min(rateWad, 2.9 ether), 1 ether);
    }

    function _coinbaseSays(uint256 rateWad) internal {
        _as(
            cbEth.oracle(),
            address(cbEth),
            0,
            abi.encodeCall(cbEth.updateExchangeRate, (Math.min(rateWad, 2.9 ether)))
        );
    }

    function _marketsAgree() internal {
        markets[2].report(int256(rEth.getExchangeRate()));
        markets[3].report(int256(cbEth.exchangeRate()));
    }
}
