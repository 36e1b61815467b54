// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IPlaceholder} from "./IPlaceholder.sol";

/// @title Placeholder
/// @notice First implementation of every proxy, so that all addresses are known before any contract is built with them.
/// @dev Owns: nothing, it has no storage. Trusts: the deployer, until the upgrade that replaces it (safety).
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract Placeholder is IPlaceholder, UUPSUpgradeable {
    /* IMMUTABLES */

    /// @inheritdoc IPlaceholder
    address public immutable DEPLOYER;

    /* SETUP */

    constructor(address deployer) {
        DEPLOYER = deployer;
    }

    /// @inheritdoc IPlaceholder
    function initialize() external {}

    function _authorizeUpgrade(address) internal view override {
        require(msg.sender == DEPLOYER, NotDeployer(msg.sender, DEPLOYER));
    }
}
