// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPendingSlashes} from "../../lrt/withdrawals/IPendingSlashes.sol";

/// @title SlashNoticeMock
/// @notice Says that a slash is pending when it is told to.
contract SlashNoticeMock is IPendingSlashes {
    bool public isSlashPending;
    uint256 public heldFrom = type(uint256).max;

    function announce(bool isPending) external {
        isSlashPending = isPending;
    }
}
