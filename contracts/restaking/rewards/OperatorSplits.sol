// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRewardsCoordinator} from "../interfaces/IRewardsCoordinator.sol";
import {OperatorSet} from "../interfaces/OperatorSets.sol";
import {OperatorSetKeys} from "../lists/OperatorSetKeys.sol";
import {RewardsSettings} from "./RewardsSettings.sol";

/// @title OperatorSplits
/// @notice What part of their rewards operators keep from their stakers. Read off the chain only.
abstract contract OperatorSplits is RewardsSettings {
    using OperatorSetKeys for OperatorSet;
    using SafeCast for uint256;

    /// @dev Changes happen one at a time: the next has to wait until this one is in force.
    struct Split {
        uint16 oldBips; // until `activatedAt`; DEFAULT for the default of that time
        uint16 newBips;
        uint32 activatedAt; // 0: never set
    }

    /// @dev Only what is inside something can be written as a whole, which is one write to the slot.
    struct Slot {
        Split split;
    }

    /* CONSTANTS */

    uint16 private constant DEFAULT = type(uint16).max;

    uint8 private constant PAUSED_AVS_SPLIT = 6;
    uint8 private constant PAUSED_PI_SPLIT = 7;
    uint8 private constant PAUSED_SET_SPLIT = 8;

    /* STORAGE */

    mapping(address operator => mapping(address avs => Slot)) private _avsSplits;
    mapping(address operator => Slot) private _piSplits;
    mapping(address operator => mapping(uint192 set => Slot)) private _setSplits;

    /* SPLITS */

    /// @inheritdoc IRewardsCoordinator
    function setOperatorAVSSplit(
        address operator,
        address avs,
        uint16 split
    ) external onlyWhenNotPaused(PAUSED_AVS_SPLIT) onlyFor(operator) {
        (uint32 activatedAt, uint16 old) = _set(_avsSplits[operator][avs], split);
        emit OperatorAVSSplitBipsSet(msg.sender, operator, avs, activatedAt, old, split);
    }

    /// @inheritdoc IRewardsCoordinator
    function setOperatorPISplit(
        address operator,
        uint16 split
    ) external onlyWhenNotPaused(PAUSED_PI_SPLIT) onlyFor(operator) {
        (uint32 activatedAt, uint16 old) = _set(_piSplits[operator], split);
        emit OperatorPISplitBipsSet(msg.sender, operator, activatedAt, old, split);
    }

    /// @inheritdoc IRewardsCoordinator
    function setOperatorSetSplit(
        address operator,
        OperatorSet calldata operatorSet,
        uint16 split
    ) external onlyWhenNotPaused(PAUSED_SET_SPLIT) onlyFor(operator) {
        require(allocationManager.isOperatorSet(operatorSet), InvalidOperatorSet());
        (uint32 activatedAt, uint16 old) = _set(_setSplits[operator][operatorSet.key()], split);
        emit OperatorSetSplitBipsSet(msg.sender, operator, operatorSet, activatedAt, old, split);
    }

    function _set(Slot storage slot, uint16 newBips) private returns (uint32 activatedAt, uint16 old) {
        require(newBips <= MAX_BIPS, SplitExceedsMax());
        Split memory last = slot.split;
        require(block.timestamp > last.activatedAt, PreviousSplitPending());
        activatedAt = (block.timestamp + activationDelay).toUint32();
        bool isFirst = last.activatedAt == 0;
        old = isFirst ? defaultOperatorSplitBips : last.newBips;
        slot.split = Split(isFirst ? DEFAULT : old, newBips, activatedAt);
    }

    /* VIEWS */

    /// @inheritdoc IRewardsCoordinator
    function getOperatorAVSSplit(address operator, address avs) external view returns (uint16) {
        return _current(_avsSplits[operator][avs]);
    }

    /// @inheritdoc IRewardsCoordinator
    function getOperatorPISplit(address operator) external view returns (uint16) {
        return _current(_piSplits[operator]);
    }

    /// @inheritdoc IRewardsCoordinator
    function getOperatorSetSplit(address operator, OperatorSet calldata operatorSet) external view returns (uint16) {
        return _current(_setSplits[operator][operatorSet.key()]);
    }

    function _current(Slot storage slot) private view returns (uint16) {
        Split memory split = slot.split;
        if (split.activatedAt != 0 && block.timestamp >= split.activatedAt) return split.newBips;
        return split.activatedAt == 0 || split.oldBips == DEFAULT ? defaultOperatorSplitBips : split.oldBips;
    }
}
