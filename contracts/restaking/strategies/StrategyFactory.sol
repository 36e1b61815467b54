// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {IBeacon} from "@openzeppelin/contracts/proxy/beacon/IBeacon.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPauserRegistry} from "../interfaces/IPauserRegistry.sol";
import {IStrategy} from "../interfaces/IStrategy.sol";
import {IStrategyFactory} from "../interfaces/IStrategyFactory.sol";
import {IStrategyManager} from "../interfaces/IStrategyManager.sol";
import {Pausable} from "../pausing/Pausable.sol";
import {StrategyProxied} from "./StrategyProxied.sol";

/// @title StrategyFactory
/// @notice Lets anybody make the one strategy of a token, unless the token is on a blacklist.
/// @dev Owns: which strategy a token has, the blacklist. Trusts: the beacon's owner (safety: code of all its
///      strategies), owner (liveness). Must be the StrategyManager's whitelister. Never: makes two for a token.
contract StrategyFactory is IStrategyFactory, Pausable, Ownable {
    /* CONSTANTS */

    uint8 private constant PAUSED_NEW_STRATEGIES = 0;

    /* IMMUTABLES */

    /// @inheritdoc IStrategyFactory
    IStrategyManager public immutable strategyManager;
    /// @inheritdoc IStrategyFactory
    IBeacon public immutable strategyBeacon;

    /* STORAGE */

    /// @inheritdoc IStrategyFactory
    mapping(IERC20 => IStrategy) public deployedStrategies;
    /// @inheritdoc IStrategyFactory
    mapping(IERC20 => bool) public isBlacklisted;

    /* SETUP */

    /// @param strategyCode_ A StrategyProxied.
    /// @param owner_ Of the factory and of the beacon that it makes.
    constructor(
        IStrategyManager strategyManager_,
        StrategyProxied strategyCode_,
        IPauserRegistry pauserRegistry_,
        address owner_
    ) Pausable(pauserRegistry_) Ownable(owner_) {
        strategyManager = strategyManager_;
        strategyBeacon = new UpgradeableBeacon(address(strategyCode_), owner_);
    }

    /* MAKING STRATEGIES */

    /// @inheritdoc IStrategyFactory
    function deployNewStrategy(
        IERC20 token
    ) external onlyWhenNotPaused(PAUSED_NEW_STRATEGIES) returns (IStrategy newStrategy) {
        require(!isBlacklisted[token], BlacklistedToken());
        require(address(deployedStrategies[token]) == address(0), StrategyAlreadyExists());
        bytes memory setup = abi.encodeCall(StrategyProxied.initialize, (token));
        newStrategy = IStrategy(address(new BeaconProxy(address(strategyBeacon), setup)));
        deployedStrategies[token] = newStrategy;
        emit StrategySetForToken(token, newStrategy);
        IStrategy[] memory strategies = new IStrategy[](1);
        strategies[0] = newStrategy;
        strategyManager.addStrategiesToDepositWhitelist(strategies);
    }

    /* SETTINGS */

    /// @inheritdoc IStrategyFactory
    function blacklistTokens(IERC20[] calldata tokens) external onlyOwner {
        IStrategy[] memory strategies = new IStrategy[](tokens.length);
        uint256 count = 0;
        for (uint256 i = 0; i < tokens.length; ++i) {
            IERC20 token = tokens[i];
            require(!isBlacklisted[token], AlreadyBlacklisted());
            isBlacklisted[token] = true;
            emit TokenBlacklisted(token);
            IStrategy strategy = deployedStrategies[token];
            if (address(strategy) != address(0)) strategies[count++] = strategy;
        }
        if (count == 0) return;
        assembly ("memory-safe") {
            mstore(strategies, count) // only shortens the list: count ≤ its length
        }
        strategyManager.removeStrategiesFromDepositWhitelist(strategies);
    }

    /// @inheritdoc IStrategyFactory
    function whitelistStrategies(IStrategy[] calldata strategiesToWhitelist) external onlyOwner {
        strategyManager.addStrategiesToDepositWhitelist(strategiesToWhitelist);
    }

    /// @inheritdoc IStrategyFactory
    function removeStrategiesFromWhitelist(IStrategy[] calldata strategiesToRemoveFromWhitelist) external onlyOwner {
        strategyManager.removeStrategiesFromDepositWhitelist(strategiesToRemoveFromWhitelist);
    }
}
