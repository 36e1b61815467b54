// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";

/// @title RestakedAssets
/// @notice What can be in the engine: the registry's lists without ETH, which is the first of each and in no strategy.
library RestakedAssets {
    /// @param assets Accepted assets but ETH, in order of their number.
    /// @param strategies The strategy of each.
    struct Lists {
        address[] assets;
        IStrategy[] strategies;
    }

    /// @notice Reads both lists, once for a whole report.
    function read(IAssetRegistry registry) internal view returns (Lists memory lists) {
        address[] memory assets = registry.assets();
        IStrategy[] memory strategies = registry.strategies();
        lists.assets = new address[](assets.length - 1);
        lists.strategies = new IStrategy[](assets.length - 1);
        for (uint256 i = 1; i < assets.length; ++i) {
            (lists.assets[i - 1], lists.strategies[i - 1]) = (assets[i], strategies[i]);
        }
    }
}
