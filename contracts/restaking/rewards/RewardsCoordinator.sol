// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {OperatorSplits} from "./OperatorSplits.sol";
import {RewardsClaims} from "./RewardsClaims.sol";
import {RewardsSettings} from "./RewardsSettings.sol";
import {RewardsSubmissions} from "./RewardsSubmissions.sol";

/// @title RewardsCoordinator
/// @notice Takes rewards from AVSs and pays them out by Merkle roots that an updater computes off the chain.
/// @dev Owns: reward tokens, roots, what was claimed. Trusts: the updater (safety: nothing ties a root to what was
///      given), PermissionController (safety), tokens (safety: no fee on transfer), owner (liveness).
///      Never: pays an earner more than the root claimed by says; pays twice.
contract RewardsCoordinator is RewardsSubmissions, RewardsClaims, OperatorSplits {
    /// @param params What stays as it is for ever.
    /// @param settings What the owner can change.
    constructor(
        RewardsCoordinatorConstructorParams memory params,
        InitialSettings memory settings
    ) RewardsSettings(params, settings) {}
}
