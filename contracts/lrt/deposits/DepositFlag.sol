// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

/// @title DepositFlag
/// @notice Remembers, to the end of a transaction, that there was a deposit in it.
library DepositFlag {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.BooleanSlot;

    /// @dev keccak256("trellis.DepositPool.deposited")
    bytes32 private constant SLOT = 0xe99cd7675b3ccef36cd7b608bee1b831f4c42ea601f0eb74827f5d63d1d7e2f2;

    function raise() internal {
        SLOT.asBoolean().tstore(true);
    }

    function isRaised() internal view returns (bool) {
        return SLOT.asBoolean().tload();
    }
}
