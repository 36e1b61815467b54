// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IShareManager} from "../interfaces/IShareManager.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {Strategy} from "./Strategy.sol";

/// @title StrategyProxied
/// @notice The code that all strategies of the factory share behind its beacon.
contract StrategyProxied is Strategy, Initializable {
    /* STORAGE */

    /// @inheritdoc IStrategy
    IERC20 public underlyingToken;

    /* SETUP */

    constructor(
        IShareManager strategyManager_,
        IPauserRegistry pauserRegistry_
    ) Strategy(strategyManager_, pauserRegistry_) {
        _disableInitializers();
    }

    /// @notice Makes a proxy the strategy of one token.
    /// @dev Caller: the factory, while it deploys the proxy.
    function initialize(IERC20 underlyingToken_) external initializer {
        _openAll();
        underlyingToken = underlyingToken_;
        _emitToken(underlyingToken_);
    }

    function _token() internal view override returns (IERC20) {
        return underlyingToken;
    }
}
