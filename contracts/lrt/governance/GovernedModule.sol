// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IModule} from "./IModule.sol";

/// @title GovernedModule
/// @notice Base of the upgradeable contracts: a person's rights come from the AccessManager, a contract's rights from
///         an immutable address, so that revoking every role stops no flow.
/// @dev Upgrades wait for the admin delay, which is at least the exit time: holders can leave before a change.
abstract contract GovernedModule is IModule, UUPSUpgradeable, AccessManagedUpgradeable, ReentrancyGuardTransient {
    modifier onlyModule(address module) {
        _requireModule(module);
        _;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev Beside the modifier, so that its code is there once.
    function _requireModule(address module) private view {
        require(msg.sender == module, OnlyModule(msg.sender, module));
    }
}
