// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPausable} from "../interfaces/IPausable.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";

/// @title Pausable
/// @notice A word of switches, one bit per group of functions; a set bit closes the group.
/// @dev Owns: the switches. Trusts: the registry (liveness).
abstract contract Pausable is IPausable {
    /* CONSTANTS */

    /// @dev A switch that nothing uses, kept inverted: neither "none" nor "all" is then zero in storage, so that
    ///      pausing in an emergency and unpausing after it overwrite a used slot.
    uint256 private constant INVERTED = 1 << 46;
    /// @dev In `_switches`: the word does not fit there.
    int48 private constant WIDE = type(int48).min;

    /* IMMUTABLES */

    /// @inheritdoc IPausable
    IPauserRegistry public immutable pauserRegistry;

    /* STORAGE */

    /// @dev The word, if it has switches beyond the first 46 and others of these differ: the ABI allows it, no one needs it.
    uint256 private _wideSwitches;
    /// @dev Any other word. So small that it shares a slot with what the contract declares next.
    int48 private _switches = int48(int256(INVERTED)); // < 2^47

    /* SETUP */

    constructor(IPauserRegistry pauserRegistry_) {
        require(address(pauserRegistry_) != address(0), InputAddressZero());
        pauserRegistry = pauserRegistry_;
    }

    /// @dev Closed while the switch at bit `index` is set.
    modifier onlyWhenNotPaused(uint8 index) {
        _requireNotPaused(index);
        _;
    }

    /* SWITCHES */

    /// @inheritdoc IPausable
    function pause(uint256 newPausedStatus) external {
        require(pauserRegistry.isPauser(msg.sender), OnlyPauser());
        uint256 status = paused();
        require(newPausedStatus & status == status, InvalidNewPausedStatus());
        _setPaused(newPausedStatus);
    }

    /// @inheritdoc IPausable
    function pauseAll() external {
        require(pauserRegistry.isPauser(msg.sender), OnlyPauser());
        _setPaused(type(uint256).max);
    }

    /// @inheritdoc IPausable
    function unpause(uint256 newPausedStatus) external {
        require(msg.sender == pauserRegistry.unpauser(), OnlyUnpauser());
        require(newPausedStatus & paused() == newPausedStatus, InvalidNewPausedStatus());
        _write(newPausedStatus);
        emit Unpaused(msg.sender, newPausedStatus);
    }

    /* VIEWS */

    /// @inheritdoc IPausable
    function paused() public view returns (uint256) {
        int48 switches = _switches;
        return switches == WIDE ? _wideSwitches : uint256(int256(switches)) ^ INVERTED;
    }

    /// @inheritdoc IPausable
    function paused(uint8 index) public view returns (bool) {
        return paused() & (1 << index) != 0;
    }

    function _requireNotPaused(uint8 index) internal view {
        require(!paused(index), CurrentlyPaused());
    }

    /// @dev The state in which a constructor leaves the switches, for a proxy, whose storage has seen none.
    function _openAll() internal {
        _write(0);
    }

    function _setPaused(uint256 newPausedStatus) private {
        _write(newPausedStatus);
        emit Paused(msg.sender, newPausedStatus);
    }

    function _write(uint256 status) private {
        int256 word = int256(status ^ INVERTED);
        int48 switches = int48(word); // checked below
        if (switches != word || switches == WIDE) {
            _wideSwitches = status;
            switches = WIDE;
        }
        _switches = switches;
    }
}
