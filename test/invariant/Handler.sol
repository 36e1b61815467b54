// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Allocating} from "./actions/Allocating.sol";
import {Depositing} from "./actions/Depositing.sol";
import {Governing} from "./actions/Governing.sol";
import {Hostile} from "./actions/Hostile.sol";
import {Slashing} from "./actions/Slashing.sol";
import {Moment, Touched} from "./Moment.sol";

/// @dev The only contract forge calls. Each external function of `actions/` is an action; a new one needs nothing else.
contract Handler is Allocating, Depositing, Slashing, Governing, Hostile {
    constructor() {
        _open();
    }

    receive() external payable {}

    /// @notice The first deed that broke a promise, and all ids that are broken since.
    function verdict() external view returns (bytes32 deed, bytes32[] memory ids) {
        return (brokenBy, broken);
    }

    /// @notice A moment at which everything holds, for a test to doctor.
    function moment() external returns (Moment memory) {
        (Book memory book, Book memory same) = (_firstBook(), _firstBook());
        Touched memory all = Touched(true, true, true, true, true);
        return Moment(same.now, book.now, _deed("nothing"), book.ghosts, book.rules, all);
    }
}
