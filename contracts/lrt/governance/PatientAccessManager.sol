// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IPatientAccessManager} from "./IPatientAccessManager.sol";

/// @title PatientAccessManager
/// @notice An AccessManager whose delays count only the time in which holders can leave at the rate: exit before change.
/// @dev Owns: when each operation was scheduled, by the clock of the doors. Trusts: ACCOUNTANT for that clock (safety).
///      Never: lets a delay pass while pay-outs are closed, up to PATIENCE; touches what needs no delay.
contract PatientAccessManager is AccessManager, IPatientAccessManager {
    using SafeCast for uint256;

    /* CONSTANTS */

    /// @notice Longest that closed doors can hold an operation up. Without it, a value that can never be read again would
    ///         also lock out its own repair.
    uint32 public constant PATIENCE = 30 days;

    /* IMMUTABLES */

    IAccountant public immutable ACCOUNTANT;

    /* STORAGE */

    /// @param openAt Seconds that the doors had been open when it was scheduled.
    /// @param needed Seconds that they must be open from then on.
    struct Wait {
        uint48 openAt;
        uint48 needed;
    }

    mapping(bytes32 operationId => Wait) private _waits;

    /* SETUP */

    constructor(address initialAdmin, IAccountant accountant) AccessManager(initialAdmin) {
        ACCOUNTANT = accountant;
    }

    /* SCHEDULING */

    /// @notice As in AccessManager. The whole time between now and `when` must pass with open doors.
    /// @dev Caller: whoever has the role of the function, with a delay.
    function schedule(
        address target,
        bytes calldata data,
        uint48 when
    ) public override returns (bytes32 operationId, uint32 nonce) {
        (operationId, nonce) = super.schedule(target, data, when);
        _waits[operationId] = Wait({
            openAt: ACCOUNTANT.openSeconds().toUint48(),
            needed: (getSchedule(operationId) - block.timestamp).toUint48()
        });
    }

    /* VIEWS */

    /// @inheritdoc IPatientAccessManager
    function readyAt(bytes32 operationId) external view returns (uint256) {
        uint256 due = getSchedule(operationId);
        (uint256 open, uint256 needed) = _progress(operationId);
        if (due == 0 || open >= needed) return due;
        uint256 from = Math.max(block.timestamp, ACCOUNTANT.fillsClosedUntil());
        return Math.min(from + needed - open, due + PATIENCE);
    }

    /// @notice Time after its calendar time in which an operation can be executed: PATIENCE longer than usual, so that
    ///         none expires while it waits for the doors.
    function expiration() public pure override returns (uint32) {
        return PATIENCE + 1 weeks;
    }

    /* INTERNALS */

    /// @dev Every way of executing a scheduled operation comes through here.
    function _consumeScheduledOp(bytes32 operationId) internal override returns (uint32) {
        uint256 due = getSchedule(operationId);
        // What is not scheduled, not due or expired is refused by the original.
        if (due != 0 && block.timestamp >= due && block.timestamp < due + PATIENCE) {
            (uint256 open, uint256 needed) = _progress(operationId);
            require(open >= needed, TooFewOpenSeconds(operationId, open, needed));
        }
        return super._consumeScheduledOp(operationId);
    }

    /// @dev How long the doors have been open since an operation was scheduled, and how long they must be.
    function _progress(bytes32 operationId) private view returns (uint256 open, uint256 needed) {
        Wait storage wait = _waits[operationId];
        open = ACCOUNTANT.openSeconds() - wait.openAt;
        needed = wait.needed;
    }
}
