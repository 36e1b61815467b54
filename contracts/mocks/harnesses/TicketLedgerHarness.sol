// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWithdrawalQueue} from "../../lrt/withdrawals/IWithdrawalQueue.sol";
import {TicketLedger} from "../../lrt/withdrawals/TicketLedger.sol";

/// @title TicketLedgerHarness
/// @notice One line of TicketLedger, open to anyone.
contract TicketLedgerHarness {
    using TicketLedger for TicketLedger.Line;

    TicketLedger.Line private _line;

    function join(uint256 shares) external {
        _line.join(shares);
    }

    function pay(uint32 day, uint256 shares, uint256 units) external {
        _line.pay(day, shares, units);
    }

    function depart(uint32 day, uint256 shares) external {
        _line.depart(day, shares);
    }

    function advance() external {
        _line.advance();
    }

    function paidTo(uint32 day, uint256 shares) external view returns (uint256 units) {
        (units, , ) = _line.standOf(day, shares);
    }

    function remainingOf(uint32 day, uint256 shares) external view returns (uint256) {
        return _line.remainingOf(day, shares);
    }

    function state()
        external
        view
        returns (uint256 waiting, uint256 due, uint256 firstOpen, uint32[] memory batchDays)
    {
        return (_line.waiting, _line.due(), _line.firstOpen, _line.batchDays);
    }

    function batch(uint32 day) external view returns (IWithdrawalQueue.Batch memory) {
        return _line.batchOf(day);
    }
}
