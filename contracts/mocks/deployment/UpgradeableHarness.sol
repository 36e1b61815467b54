// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @title UpgradeableHarness
/// @notice An upgradeable contract that knows a peer as an immutable.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract UpgradeableHarness is Initializable, UUPSUpgradeable {
    address public immutable PEER;
    uint256 public limit;

    error Locked();

    constructor(address peer) {
        PEER = peer;
        _disableInitializers();
    }

    function initialize(uint256 limit_) external initializer {
        limit = limit_;
    }

    function _authorizeUpgrade(address) internal pure override {
        revert Locked();
    }
}
