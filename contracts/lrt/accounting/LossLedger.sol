// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAccountant} from "./IAccountant.sol";
import {LossWindow} from "./LossWindow.sol";

/// @title LossLedger
/// @notice Every recognised loss, gross and by cause, and the alarm that too many of them ring.
library LossLedger {
    using LossWindow for LossWindow.State;

    /// @dev Differences up to this are rounding, not entries [wei].
    uint256 internal constant DUST = 1 gwei;

    /// @param bySubject Losses by delegator or asset [wei].
    /// @param total All losses [wei].
    /// @param unassessed Losses entered since the last assessment [wei].
    /// @param slashed Losses that were slashes, by delegator and asset [wei].
    struct State {
        mapping(address subject => uint256) bySubject;
        uint256 total;
        uint256 unassessed;
        LossWindow.State window;
        mapping(address delegator => mapping(address asset => uint256)) slashed;
    }

    /// @notice Enters what was slashed of a delegator's stake in an asset; returns whether it was more than dust.
    function enterSlash(
        State storage self,
        address delegator,
        address asset,
        uint256 etherValue
    ) internal returns (bool isEntered) {
        isEntered = etherValue > DUST;
        if (isEntered) self.slashed[delegator][asset] += etherValue;
        enter(self, IAccountant.LossKind.Slash, delegator, asset, etherValue);
    }

    /// @notice Enters a loss of which the cause is known.
    function enter(
        State storage self,
        IAccountant.LossKind kind,
        address subject,
        address asset,
        uint256 etherValue
    ) internal {
        if (etherValue <= DUST) return;
        self.unassessed += etherValue;
        self.bySubject[subject] += etherValue;
        self.total += etherValue;
        emit IAccountant.LossRecognised(kind, subject, asset, etherValue);
    }

    /// @notice Enters what no single cause explains, and lets the window decide about the alarm; returns whether it rang.
    /// @param nav Net asset value now.
    /// @param expectedNav What the shares stood for before; flows do not change it per share.
    function assess(
        State storage self,
        uint256 nav,
        uint256 expectedNav,
        uint256 alarmBps,
        uint32 closingTime,
        uint32 rest
    ) internal returns (bool rang) {
        uint256 shortfall = ValueMath.minusOrZero(expectedNav, nav);
        enter(
            self,
            IAccountant.LossKind.Other,
            address(this),
            ETHER,
            ValueMath.minusOrZero(shortfall, self.unassessed)
        );
        uint256 gross = self.unassessed;
        if (gross == 0) return false;
        self.unassessed = 0;
        uint256 sumWad;
        (rang, sumWad) = self.window.add(
            ValueMath.partUp(ValueMath.WAD, gross, expectedNav),
            ValueMath.bpsDown(ValueMath.WAD, alarmBps),
            closingTime,
            rest
        );
        if (rang) emit IAccountant.AlarmRang(sumWad, self.window.closedUntil);
    }
}
