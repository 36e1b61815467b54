// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IShareManager} from "../interfaces/IShareManager.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {Strategy} from "./Strategy.sol";

/// @title StrategyBase
/// @notice A strategy deployed for one token.
contract StrategyBase is Strategy {
    /* IMMUTABLES */

    /// @inheritdoc IStrategy
    IERC20 public immutable underlyingToken;

    /* SETUP */

    constructor(
        IShareManager strategyManager_,
        IPauserRegistry pauserRegistry_,
        IERC20 underlyingToken_
    ) Strategy(strategyManager_, pauserRegistry_) {
        underlyingToken = underlyingToken_;
        _emitToken(underlyingToken_);
    }

    function _token() internal view override returns (IERC20) {
        return underlyingToken;
    }
}
