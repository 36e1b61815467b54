// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IShareManager} from "../interfaces/IShareManager.sol";
import {IStrategyLimits} from "../interfaces/IStrategyLimits.sol";
import {StrategyBase} from "./StrategyBase.sol";

/// @title StrategyBaseTVLLimits
/// @notice A strategy that takes so much at once, and so much in all.
/// @dev The second limit is on the balance, so a donation can block deposits. Views ignore both.
contract StrategyBaseTVLLimits is StrategyBase, IStrategyLimits {
    /* STORAGE */

    /// @inheritdoc IStrategyLimits
    uint256 public maxPerDeposit;
    /// @inheritdoc IStrategyLimits
    uint256 public maxTotalDeposits;

    /* SETUP */

    constructor(
        IShareManager strategyManager_,
        IPauserRegistry pauserRegistry_,
        IERC20 underlyingToken_,
        uint256 maxPerDeposit_,
        uint256 maxTotalDeposits_
    ) StrategyBase(strategyManager_, pauserRegistry_, underlyingToken_) {
        _setLimits(maxPerDeposit_, maxTotalDeposits_);
    }

    /* LIMITS */

    /// @inheritdoc IStrategyLimits
    function setTVLLimits(uint256 newMaxPerDeposit, uint256 newMaxTotalDeposits) external {
        require(msg.sender == pauserRegistry.unpauser(), OnlyUnpauser());
        _setLimits(newMaxPerDeposit, newMaxTotalDeposits);
    }

    /// @inheritdoc IStrategyLimits
    function getTVLLimits() external view returns (uint256, uint256) {
        return (maxPerDeposit, maxTotalDeposits);
    }

    function _setLimits(uint256 perDeposit, uint256 total) private {
        require(perDeposit <= total, MaxPerDepositExceedsMax());
        emit MaxPerDepositUpdated(maxPerDeposit, perDeposit);
        maxPerDeposit = perDeposit;
        emit MaxTotalDepositsUpdated(maxTotalDeposits, total);
        maxTotalDeposits = total;
    }

    function _beforeDeposit(IERC20 token, uint256 amount) internal view override {
        require(amount <= maxPerDeposit, MaxPerDepositExceedsMax());
        require(_balance() <= maxTotalDeposits, BalanceExceedsMaxTotalDeposits());
        super._beforeDeposit(token, amount);
    }
}
