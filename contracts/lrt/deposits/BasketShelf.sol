// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {AssetForms} from "../assets/AssetForms.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {IDepositPool} from "./IDepositPool.sol";

/// @title BasketShelf
/// @notice What lies in the pool but is baskets': set aside by counter, so that setting it aside moves no token.
/// @dev Has no storage of its own. Trusts: BASKET_BOOK for what is whose (safety).
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
abstract contract BasketShelf is IDepositPool, GovernedModule {
    ITrEth public immutable TR_ETH;
    address public immutable QUEUE;
    address public immutable BASKET_BOOK;
    IStETH public immutable ST_ETH;
    IWstETH public immutable WST_ETH;

    constructor(Modules memory modules, Tokens memory tokens) {
        TR_ETH = modules.trEth;
        QUEUE = modules.queue;
        BASKET_BOOK = modules.basketBook;
        ST_ETH = tokens.stEth;
        WST_ETH = tokens.wstEth;
    }

    /* BASKETS */

    /// @inheritdoc IDepositPool
    function putAside(address asset, uint256 units) external onlyModule(BASKET_BOOK) {
        _lowerIdle(asset, units);
        _shelf()[asset] += units;
        emit SetAside(asset, units);
    }

    /// @inheritdoc IDepositPool
    function burnStruck(uint256 shares) external onlyModule(BASKET_BOOK) {
        TR_ETH.burn(QUEUE, shares);
    }

    /// @inheritdoc IDepositPool
    function payBasket(
        address asset,
        uint256 units,
        address to
    ) external onlyModule(BASKET_BOOK) returns (uint256 sent) {
        _shelf()[asset] -= units;
        sent = AssetForms.sendAs(ST_ETH, WST_ETH, asset, asset, units, to);
        emit AsidePaid(asset, to, units, sent);
    }

    /* VIEWS */

    /// @inheritdoc IDepositPool
    function aside(address asset) external view returns (uint256 units) {
        return _shelf()[asset];
    }

    /* INTERNALS */

    /// @dev Takes idle units off the pool's counter; panics when there are not so many: only our own books ask for it.
    function _lowerIdle(address asset, uint256 units) internal virtual;

    /// @dev Units set aside, by asset.
    function _shelf() internal view virtual returns (mapping(address asset => uint256 units) storage);
}
