// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @title UnsafeHarness
/// @notice What must never be put behind a proxy: its constructor sets storage that the proxy does not see.
contract UnsafeHarness is UUPSUpgradeable {
    uint256 public limit = 1;

    function _authorizeUpgrade(address) internal override {}
}
