// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ChildHarness} from "./ChildHarness.sol";

/// @title PlainHarness
/// @notice A contract without a proxy whose code depends on its arguments, its own address and a child of its own.
contract PlainHarness is EIP712 {
    address public immutable PEER;
    address public immutable CHILD;
    uint256 public limit;

    event LimitChanged(uint256 oldLimit, uint256 newLimit);

    constructor(address peer) EIP712("Plain", "1") {
        PEER = peer;
        CHILD = address(new ChildHarness());
    }

    function setLimit(uint256 newLimit) external {
        emit LimitChanged(limit, newLimit);
        limit = newLimit;
    }
}
