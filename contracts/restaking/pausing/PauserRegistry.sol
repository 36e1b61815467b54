// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";

/// @title PauserRegistry
/// @notice The list of accounts that may pause the engine, and the one account that may unpause it.
/// @dev Owns: both lists. Trusts: the unpauser (liveness), the pausers (liveness).
contract PauserRegistry is IPauserRegistry {
    /* STORAGE */

    /// @inheritdoc IPauserRegistry
    mapping(address pauser => bool) public isPauser;
    /// @inheritdoc IPauserRegistry
    address public unpauser;

    /* SETUP */

    constructor(address[] memory pausers, address unpauser_) {
        for (uint256 i = 0; i < pausers.length; ++i) _setIsPauser(pausers[i], true);
        _setUnpauser(unpauser_);
    }

    /* SETTINGS */

    modifier onlyUnpauser() {
        require(msg.sender == unpauser, OnlyUnpauser());
        _;
    }

    /// @inheritdoc IPauserRegistry
    function setIsPauser(address newPauser, bool canPause) external onlyUnpauser {
        _setIsPauser(newPauser, canPause);
    }

    /// @inheritdoc IPauserRegistry
    function setUnpauser(address newUnpauser) external onlyUnpauser {
        _setUnpauser(newUnpauser);
    }

    function _setIsPauser(address pauser, bool canPause) private {
        require(pauser != address(0), InputAddressZero());
        isPauser[pauser] = canPause;
        emit PauserStatusChanged(pauser, canPause);
    }

    function _setUnpauser(address newUnpauser) private {
        require(newUnpauser != address(0), InputAddressZero());
        emit UnpauserChanged(unpauser, newUnpauser);
        unpauser = newUnpauser;
    }
}
