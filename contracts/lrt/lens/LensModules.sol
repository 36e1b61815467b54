// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IStakeReader} from "../accounting/IStakeReader.sol";
import {IAllocationController} from "../allocation/IAllocationController.sol";
import {IExposureReader} from "../allocation/IExposureReader.sol";
import {ISetRegistry} from "../allocation/ISetRegistry.sol";
import {AssetForms} from "../assets/AssetForms.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IBasketBook} from "../baskets/IBasketBook.sol";
import {IBasketExit} from "../baskets/IBasketExit.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {IRewardsRouter} from "../rewards/IRewardsRouter.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";

/// @title LensModules
/// @notice What the lens looks at.
abstract contract LensModules {
    /* IMMUTABLES */

    ITrEth public immutable TR_ETH;
    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    IStakeReader public immutable STAKES;
    IAllocationController public immutable CONTROLLER;
    ISetRegistry public immutable SETS;
    IExposureReader public immutable READER;
    IWithdrawalQueue public immutable QUEUE;
    IBasketExit public immutable BASKET_EXIT;
    IBasketBook public immutable BASKET_BOOK;
    IRewardsRouter public immutable REWARDS_ROUTER;
    IAllocationManager public immutable ALLOCATION;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;

    /* SETUP */

    struct Modules {
        ITrEth trEth;
        IDepositPool pool;
        IAccountant accountant;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        IStakeReader stakes;
        IAllocationController controller;
        ISetRegistry sets;
        IExposureReader reader;
        IWithdrawalQueue queue;
        IBasketExit basketExit;
        IBasketBook basketBook;
        IRewardsRouter rewardsRouter;
        IAllocationManager allocation;
        IStETH stEth;
        IWstETH wstEth;
    }

    constructor(Modules memory modules) {
        TR_ETH = modules.trEth;
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        STAKES = modules.stakes;
        CONTROLLER = modules.controller;
        SETS = modules.sets;
        READER = modules.reader;
        QUEUE = modules.queue;
        BASKET_EXIT = modules.basketExit;
        BASKET_BOOK = modules.basketBook;
        REWARDS_ROUTER = modules.rewardsRouter;
        ALLOCATION = modules.allocation;
        ST_ETH = modules.stEth;
        WST_ETH = modules.wstEth;
    }

    /* INTERNALS */

    // Calls that are made in several places have a function each: their code is long.

    function _assets() internal view returns (address[] memory) {
        return REGISTRY.assets();
    }

    function _terms() internal view returns (IDepositPool.Terms memory) {
        return POOL.terms();
    }

    function _backing(address asset) internal view returns (IAccountant.Backing memory) {
        return ACCOUNTANT.backing(asset);
    }

    function _toUnits(address asset, uint256 engineShares) internal view returns (uint256) {
        return ACCOUNTANT.unitsOfEngineShares(asset, engineShares);
    }

    function _closedUntil() internal view returns (uint256) {
        return ACCOUNTANT.fillsClosedUntil();
    }

    function _netAssetValue() internal view returns (uint256) {
        return ACCOUNTANT.netAssetValue();
    }

    function _shares(address account) internal view returns (uint256) {
        return TR_ETH.balanceOf(account);
    }

    /// @dev Units that the pool counts: those who stay's, and what is set aside for baskets.
    function _counted(address asset) internal view returns (uint256 units) {
        return POOL.idle(asset) + POOL.aside(asset);
    }

    /// @dev Every form of an asset that the pool counts as one.
    function _held(address asset, address account) internal view returns (uint256 units) {
        return AssetForms.held(ST_ETH, WST_ETH, asset, account);
    }
}
