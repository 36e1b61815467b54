// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";
import {IAssetRegistry} from "./IAssetRegistry.sol";
import {ETHER} from "./Ether.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title AssetRegistry
/// @notice The assets the pool accepts, and their terms. Governance loosens, the guardian's side tightens at once.
/// @dev Owns: the list and each asset's settings. Pushes what a deposit needs to DepositPool,
///      and a line's number to WithdrawalQueue. An asset is never removed
///      (its number is in tickets); lowering its cap to zero closes its entrance.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract AssetRegistry is IAssetRegistry, GovernedModule {
    /* CONSTANTS */

    /// @notice Most assets; every loop over assets is measured at this number.
    uint256 public constant MAX_ASSETS = 8;
    /// @notice Highest entry haircut.
    uint16 public constant MAX_HAIRCUT_BPS = 500;
    /// @notice Highest limit of net inflow, as a part of the supply a day.
    uint16 public constant MAX_INFLOW_BPS = 2_000;
    /// @notice Digits of every asset: smallest moves and margins are amounts of such units.
    uint8 public constant DECIMALS = 18;

    /* IMMUTABLES */

    IDepositPool public immutable POOL;
    IWithdrawalQueue public immutable QUEUE;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.AssetRegistry
    struct State {
        address[] assets;
        mapping(address asset => AssetConfig) configs;
        mapping(address asset => uint8) ids; // number + 1; 0 = unknown
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.AssetRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x5373991fb7ea15017b92244d43e6e5866daebfde08c28c5316d298abb10a4900;

    /* SETUP */

    constructor(IDepositPool pool, IWithdrawalQueue queue) {
        POOL = pool;
        QUEUE = queue;
    }

    /// @notice Sets the authority and accepts ETH.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(
        address authority,
        uint88 etherCap,
        uint64 minEtherDeposit,
        uint16 etherInflowBps,
        uint80 etherInflowFloor
    ) external initializer {
        __AccessManaged_init(authority);
        AssetConfig memory config;
        config.cap = etherCap;
        config.minDeposit = minEtherDeposit;
        config.inflowBps = etherInflowBps;
        config.inflowFloor = etherInflowFloor;
        _requireInflow(ETHER, config);
        _add(ETHER, config);
    }

    /* SETTINGS */

    /// @inheritdoc IAssetRegistry
    function addAsset(address asset, AssetConfig calldata config) external restricted {
        require(asset != address(0), ZeroAddress());
        require(address(config.strategy) != address(0), FieldUnset(asset, "strategy"));
        require(address(config.rateSource) != address(0), FieldUnset(asset, "rateSource"));
        require(config.cap != 0, FieldUnset(asset, "cap"));
        require(config.minDeposit != 0, FieldUnset(asset, "minDeposit"));
        require(config.haircutBps <= MAX_HAIRCUT_BPS, HaircutTooHigh(config.haircutBps, MAX_HAIRCUT_BPS));
        _requireInflow(asset, config);
        _checkRateSource(asset, config.rateSource, config.haircutBps);
        // Reverts with UnknownToken unless the strategy's token is a form of this asset.
        config.rateSource.unitsOf(address(config.strategy.underlyingToken()), 1e18);
        address[] storage list = _state().assets;
        uint256 count = list.length;
        for (uint256 i = 0; i < count; ++i) {
            require(
                address(_state().configs[list[i]].strategy) != address(config.strategy),
                StrategyInUse(address(config.strategy))
            );
        }
        _add(asset, config);
        QUEUE.addLine(asset); // ETH's is there from the start
    }

    /// @inheritdoc IAssetRegistry
    function raiseCap(address asset, uint88 newCap) external restricted {
        AssetConfig storage config = _config(asset);
        uint88 oldCap = config.cap;
        require(newCap > oldCap, WrongDirection(oldCap, newCap));
        _setCap(asset, config, newCap);
    }

    /// @inheritdoc IAssetRegistry
    function lowerCap(address asset, uint88 newCap) external restricted {
        AssetConfig storage config = _config(asset);
        uint88 oldCap = config.cap;
        require(newCap < oldCap, WrongDirection(oldCap, newCap));
        _setCap(asset, config, newCap);
    }

    /// @inheritdoc IAssetRegistry
    function raiseHaircut(address asset, uint16 newHaircutBps) external restricted {
        AssetConfig storage config = _config(asset);
        uint16 oldHaircutBps = config.haircutBps;
        require(newHaircutBps > oldHaircutBps, WrongDirection(oldHaircutBps, newHaircutBps));
        require(newHaircutBps <= MAX_HAIRCUT_BPS, HaircutTooHigh(newHaircutBps, MAX_HAIRCUT_BPS));
        _setHaircut(asset, config, newHaircutBps);
    }

    /// @inheritdoc IAssetRegistry
    function lowerHaircut(address asset, uint16 newHaircutBps) external restricted {
        AssetConfig storage config = _config(asset);
        uint16 oldHaircutBps = config.haircutBps;
        require(newHaircutBps < oldHaircutBps, WrongDirection(oldHaircutBps, newHaircutBps));
        _checkHaircut(asset, config.rateSource, newHaircutBps);
        _setHaircut(asset, config, newHaircutBps);
    }

    /// @inheritdoc IAssetRegistry
    function raiseInflowLimit(address asset, uint16 newInflowBps, uint80 newInflowFloor) external restricted {
        AssetConfig storage config = _config(asset);
        (uint16 oldBps, uint80 oldFloor) = (config.inflowBps, config.inflowFloor);
        require(newInflowBps >= oldBps, WrongDirection(oldBps, newInflowBps));
        require(newInflowFloor > oldFloor || newInflowBps != oldBps, WrongDirection(oldFloor, newInflowFloor));
        require(newInflowFloor >= oldFloor, WrongDirection(oldFloor, newInflowFloor));
        require(newInflowBps <= MAX_INFLOW_BPS, InflowTooHigh(newInflowBps, MAX_INFLOW_BPS));
        _setInflowLimit(asset, config, newInflowBps, newInflowFloor);
    }

    /// @inheritdoc IAssetRegistry
    function lowerInflowLimit(address asset, uint16 newInflowBps, uint80 newInflowFloor) external restricted {
        AssetConfig storage config = _config(asset);
        (uint16 oldBps, uint80 oldFloor) = (config.inflowBps, config.inflowFloor);
        require(newInflowBps <= oldBps, WrongDirection(oldBps, newInflowBps));
        require(newInflowFloor < oldFloor || newInflowBps != oldBps, WrongDirection(oldFloor, newInflowFloor));
        require(newInflowFloor <= oldFloor, WrongDirection(oldFloor, newInflowFloor));
        _setInflowLimit(asset, config, newInflowBps, newInflowFloor);
    }

    /* VIEWS */

    /// @inheritdoc IAssetRegistry
    function assets() external view returns (address[] memory) {
        return _state().assets;
    }

    /// @inheritdoc IAssetRegistry
    function strategies() external view returns (IStrategy[] memory list) {
        address[] storage all = _state().assets;
        list = new IStrategy[](all.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _state().configs[all[i]].strategy;
        }
    }

    /// @inheritdoc IAssetRegistry
    function restakeable() external view returns (address[] memory list, IStrategy[] memory strategyList) {
        address[] storage all = _state().assets;
        uint256 count = all.length - 1; // ETH, which comes first, is in no strategy
        (list, strategyList) = (new address[](count), new IStrategy[](count));
        for (uint256 i = 0; i < count; ++i) {
            list[i] = all[i + 1];
            strategyList[i] = _state().configs[list[i]].strategy;
        }
    }

    /// @inheritdoc IAssetRegistry
    function read(address asset) external view returns (uint256 rateWad, uint256 unitsPerShareWad) {
        AssetConfig storage config = _state().configs[asset];
        IStrategy strategy = config.strategy;
        IRateSource source = config.rateSource;
        require(address(source) != address(0), UnknownAsset(asset)); // ETH's number never changes
        rateWad = source.rate();
        uint256 amount = strategy.sharesToUnderlyingView(1e18);
        unitsPerShareWad = source.unitsOf(address(strategy.underlyingToken()), amount);
    }

    /// @inheritdoc IAssetRegistry
    function idOf(address asset) external view returns (uint8) {
        uint8 idPlusOne = _state().ids[asset];
        require(idPlusOne != 0, UnknownAsset(asset));
        return idPlusOne - 1;
    }

    /// @inheritdoc IAssetRegistry
    function configOf(address asset) external view returns (AssetConfig memory) {
        return _config(asset);
    }

    /* INTERNALS */

    function _checkRateSource(address asset, IRateSource source, uint16 haircutBps) private view {
        address sourceAsset = source.asset();
        require(sourceAsset == asset, WrongRateSource(asset, sourceAsset));
        address unit = source.unit();
        require(unit == ETHER, WrongUnit(asset, unit, ETHER));
        uint256 decimals = IERC20Metadata(asset).decimals();
        require(decimals == DECIMALS, WrongDecimals(asset, decimals, DECIMALS));
        source.entryRate(); // a source that cannot answer now is refused
        _checkHaircut(asset, source, haircutBps);
    }

    /// @dev A lower haircut would be worth less than a fall that the market's bound lets pass. ETH has no source.
    function _checkHaircut(address asset, IRateSource source, uint16 haircutBps) private view {
        if (haircutBps == 0 || address(source) == address(0)) return;
        uint256 boundBps = source.marketBoundBps();
        require(boundBps < haircutBps, MarketBoundTooLoose(asset, boundBps, haircutBps));
    }

    function _add(address asset, AssetConfig memory config) private {
        State storage state = _state();
        require(state.ids[asset] == 0, AssetExists(asset));
        uint256 count = state.assets.length;
        require(count < MAX_ASSETS, TooManyAssets(count, MAX_ASSETS));
        state.assets.push(asset);
        state.ids[asset] = uint8(count + 1); // ≤ MAX_ASSETS
        state.configs[asset] = config;
        emit AssetAdded(asset, uint8(count), config); // < MAX_ASSETS
        _push(asset, config);
    }

    function _setInflowLimit(address asset, AssetConfig storage config, uint16 newBps, uint80 newFloor) private {
        emit InflowLimitChanged(asset, config.inflowBps, newBps, config.inflowFloor, newFloor);
        (config.inflowBps, config.inflowFloor) = (newBps, newFloor);
        _push(asset, config);
    }

    function _setCap(address asset, AssetConfig storage config, uint88 newCap) private {
        emit CapChanged(asset, config.cap, newCap);
        config.cap = newCap;
        _push(asset, config);
    }

    function _setHaircut(address asset, AssetConfig storage config, uint16 newHaircutBps) private {
        emit HaircutChanged(asset, config.haircutBps, newHaircutBps);
        config.haircutBps = newHaircutBps;
        _push(asset, config);
    }

    /// @dev Tells the pool what a deposit needs to know.
    function _push(address asset, AssetConfig memory config) private {
        POOL.setAsset(
            asset,
            IDepositPool.AssetSettings({
                rateSource: config.rateSource,
                cap: config.cap,
                minDeposit: config.minDeposit,
                haircutBps: config.haircutBps,
                inflowBps: config.inflowBps,
                inflowFloor: config.inflowFloor
            })
        );
    }

    /// @dev Until both parts are known nothing may come in.
    function _requireInflow(address asset, AssetConfig memory config) private pure {
        require(config.inflowBps != 0, FieldUnset(asset, "inflowBps"));
        require(config.inflowBps <= MAX_INFLOW_BPS, InflowTooHigh(config.inflowBps, MAX_INFLOW_BPS));
        require(config.inflowFloor != 0, FieldUnset(asset, "inflowFloor"));
    }

    function _config(address asset) private view returns (AssetConfig storage config) {
        require(_state().ids[asset] != 0, UnknownAsset(asset));
        return _state().configs[asset];
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
