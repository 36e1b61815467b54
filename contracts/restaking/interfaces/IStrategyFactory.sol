// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IBeacon} from "@openzeppelin/contracts/proxy/beacon/IBeacon.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPausable} from "./IPausable.sol";
import {IStrategy} from "./IStrategy.sol";
import {IStrategyManager} from "./IStrategyManager.sol";

/// @title IStrategyFactory
/// @notice Lets anybody make the one strategy of a token, unless the token is on a blacklist.
/// @dev Pause bit 0: new strategies.
interface IStrategyFactory is IPausable {
    /* EVENTS */

    event StrategySetForToken(IERC20 token, IStrategy strategy);
    event TokenBlacklisted(IERC20 token);

    /* ERRORS */

    /// @notice The token is on the blacklist already.
    error AlreadyBlacklisted();
    /// @notice The token is on the blacklist.
    error BlacklistedToken();
    /// @notice The token has a strategy already.
    error StrategyAlreadyExists();

    /* MAKING STRATEGIES */

    /// @notice Makes the strategy of `token` and lets it take deposits.
    /// @dev Caller: anyone.
    function deployNewStrategy(IERC20 token) external returns (IStrategy newStrategy);

    /* SETTINGS */

    /// @notice Refuses strategies of these tokens; one that exists takes no more deposits. Withdrawals go on.
    /// @dev Caller: the owner. There is no way back.
    function blacklistTokens(IERC20[] calldata tokens) external;

    /// @notice Lets strategies take deposits.
    /// @dev Caller: the owner.
    function whitelistStrategies(IStrategy[] calldata strategiesToWhitelist) external;

    /// @notice Stops deposits into strategies.
    /// @dev Caller: the owner.
    function removeStrategiesFromWhitelist(IStrategy[] calldata strategiesToRemoveFromWhitelist) external;

    /* VIEWS */

    /// @notice The strategy of a token; zero without one.
    function deployedStrategies(IERC20) external view returns (IStrategy);

    /// @notice Whether a token may not have a strategy.
    function isBlacklisted(IERC20) external view returns (bool);

    /// @notice The beacon that names the code of the strategies.
    function strategyBeacon() external view returns (IBeacon);

    /// @notice The StrategyManager, whose whitelister this contract must be.
    function strategyManager() external view returns (IStrategyManager);
}
