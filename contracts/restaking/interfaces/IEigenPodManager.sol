// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IPausable} from "./IPausable.sol";
import {IShareManager} from "./IShareManager.sol";
import {IStrategy} from "./IStrategy.sol";

/// @title IEigenPodManager
/// @notice Native ETH as the DelegationManager sees it: deposit shares per pod owner and losses on the beacon chain.
interface IEigenPodManager is IShareManager, IPausable {
    /* EVENTS */

    event PodSharesUpdated(address indexed podOwner, int256 sharesDelta);
    event NewTotalShares(address indexed podOwner, int256 newTotalShares);
    event BeaconChainSlashingFactorDecreased(
        address staker,
        uint64 prevBeaconChainSlashingFactor,
        uint64 newBeaconChainSlashingFactor
    );
    event BurnableETHSharesIncreased(uint256 shares);

    /* ERRORS */

    /// @notice The EigenPodManager knows the strategy of native ETH alone.
    error InvalidStrategy();
    /// @notice More shares are removed than the owner of the pod has.
    error SharesNegative();

    /* VIEWS */

    /// @notice Deposit shares of a pod owner; below zero only for accounts older than slashing.
    /// @dev Caller: anyone.
    function podOwnerDepositShares(address podOwner) external view returns (int256 shares);

    /// @notice What is left of the owner's native stake after losses on the beacon chain [WAD].
    /// @dev Caller: anyone.
    function beaconChainSlashingFactor(address podOwner) external view returns (uint64);

    /// @notice Native shares slashed by AVSs so far; the ETH stays locked in the pods.
    /// @dev Caller: anyone.
    function burnableETHShares() external view returns (uint256);

    /// @notice The address that stands for native ETH in lists of strategies; it has no code.
    /// @dev Caller: anyone.
    function beaconChainETHStrategy() external view returns (IStrategy);
}
