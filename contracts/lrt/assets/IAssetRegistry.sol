// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IModule} from "../governance/IModule.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title IAssetRegistry
/// @notice The assets the pool accepts. ETH is always number 0; at most eight in all; numbers are never used again.
/// @dev Units: an LST's amount is in its smallest unit; ETH is 0xEeee…EEeE.
interface IAssetRegistry is IModule {
    /* TYPES */

    /// @param strategy Engine strategy that restakes the asset; zero for ETH alone.
    /// @param rateSource What the asset is worth; zero for ETH alone.
    /// @param cap Most units the pool may hold of it [units]; for ETH: most net asset value [wei].
    /// @param minDeposit Smallest deposit [units].
    /// @param haircutBps Part of the value that a depositor leaves to the holders.
    /// @param inflowBps Most that may come in within a day, net of what is paid out, as a part of the supply.
    /// @param inflowFloor Least that this limit is, for a young pool [units].
    struct AssetConfig {
        IStrategy strategy;
        IRateSource rateSource;
        uint88 cap;
        uint64 minDeposit;
        uint16 haircutBps;
        uint16 inflowBps;
        uint80 inflowFloor;
    }

    /* EVENTS */

    /// @notice An asset was accepted.
    event AssetAdded(address indexed asset, uint8 indexed id, AssetConfig config);
    /// @notice An asset's cap changed.
    event CapChanged(address indexed asset, uint88 oldCap, uint88 newCap);
    /// @notice An asset's entry haircut changed.
    event HaircutChanged(address indexed asset, uint16 oldHaircutBps, uint16 newHaircutBps);

    /// @notice An asset's limit of net inflow changed.
    event InflowLimitChanged(
        address indexed asset,
        uint16 oldInflowBps,
        uint16 newInflowBps,
        uint80 oldInflowFloor,
        uint80 newInflowFloor
    );

    /* ERRORS */

    /// @notice The asset is not accepted.
    error UnknownAsset(address asset);
    /// @notice The asset is accepted already.
    error AssetExists(address asset);
    /// @notice The list is full.
    error TooManyAssets(uint256 count, uint256 limit);
    /// @notice A field that must be set is empty.
    error FieldUnset(address asset, string field);
    /// @notice The rate source speaks of another asset.
    error WrongRateSource(address asset, address sourceAsset);
    /// @notice A strategy serves one asset only.
    error StrategyInUse(address strategy);
    /// @notice The rate source speaks in something else than ETH.
    error WrongUnit(address asset, address unit, address expected);
    /// @notice Books count in units of 18 digits.
    error WrongDecimals(address asset, uint256 decimals, uint256 expected);
    /// @notice The market may fall further below the issuer's rate than the haircut covers: whoever brings the asset in then
    ///         would gain on the holders.
    error MarketBoundTooLoose(address asset, uint256 boundBps, uint256 haircutBps);
    /// @notice The haircut is above the hard limit.
    error HaircutTooHigh(uint256 haircutBps, uint256 limitBps);
    /// @notice The inflow limit is above the hard limit.
    error InflowTooHigh(uint256 inflowBps, uint256 limitBps);

    /* SETTINGS */

    /// @notice Accepts an asset; every field is set in this one call. Its rate must be in ETH and answer now, for newcomers
    ///         too; a market's bound must be below the haircut, where there is one.
    /// @dev Caller: LOOSENING.
    function addAsset(address asset, AssetConfig calldata config) external;

    /// @notice Raises an asset's cap.
    /// @dev Caller: LOOSENING.
    function raiseCap(address asset, uint88 newCap) external;

    /// @notice Lowers an asset's cap; zero closes its entrance.
    /// @dev Caller: TIGHTENING.
    function lowerCap(address asset, uint88 newCap) external;

    /// @notice Raises an asset's entry haircut, at most 5 %.
    /// @dev Caller: TIGHTENING.
    function raiseHaircut(address asset, uint16 newHaircutBps) external;

    /// @notice Lowers an asset's entry haircut, to zero or to what is above its market's bound.
    /// @dev Caller: LOOSENING.
    function lowerHaircut(address asset, uint16 newHaircutBps) external;

    /// @notice Raises an asset's limit of net inflow, at most to 20 % of the supply a day. It opens nothing at once: the bucket
    ///         refills faster, and to a higher level.
    /// @dev Caller: LOOSENING. Neither part may be lowered by it.
    function raiseInflowLimit(address asset, uint16 newInflowBps, uint80 newInflowFloor) external;

    /// @notice Lowers an asset's limit of net inflow; two zeros close its entrance.
    /// @dev Caller: TIGHTENING. Neither part may be raised by it.
    function lowerInflowLimit(address asset, uint16 newInflowBps, uint80 newInflowFloor) external;

    /* VIEWS */

    /// @notice Accepted assets in order of their number; ETH first.
    function assets() external view returns (address[] memory);

    /// @notice Strategies in order of the assets' numbers; the first is zero (ETH).
    function strategies() external view returns (IStrategy[] memory);

    /// @notice What can be in the engine: accepted assets but ETH in order of their number, and the strategy of each.
    function restakeable() external view returns (address[] memory assets, IStrategy[] memory strategies);

    /// @notice What an asset's issuer and its strategy answer now. Reverts when either cannot answer.
    /// @dev Rounds down, in favour of the pool. Not for ETH.
    /// @return rateWad Ether value of 1e18 units.
    /// @return unitsPerShareWad Units in 1e18 engine shares.
    function read(address asset) external view returns (uint256 rateWad, uint256 unitsPerShareWad);

    /// @notice An asset's number. Reverts with `UnknownAsset`.
    function idOf(address asset) external view returns (uint8);

    /// @notice An asset's settings. Reverts with `UnknownAsset`.
    function configOf(address asset) external view returns (AssetConfig memory);
}
