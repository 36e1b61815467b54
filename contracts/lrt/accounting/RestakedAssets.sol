// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";

/// @title RestakedAssets
/// @notice What can be in the engine: assets and their strategies, in one answer of the registry.
library RestakedAssets {
    /// @param assets Accepted assets but ETH, in order of their number.
    /// @param strategies The strategy of each.
    struct Lists {
        address[] assets;
        IStrategy[] strategies;
    }

    /// @notice Reads both lists.
    function read(IAssetRegistry registry) internal view returns (Lists memory lists) {
        (lists.assets, lists.strategies) = registry.restakeable();
    }
}
