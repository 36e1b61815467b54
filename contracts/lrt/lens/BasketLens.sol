// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {EnoughGas} from "../accounting/EnoughGas.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IBasketBook} from "../baskets/IBasketBook.sol";
import {IBasketExit} from "../baskets/IBasketExit.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {IBasketLens} from "./IBasketLens.sol";

/// @title BasketLens
/// @notice Everything a wallet shows of a basket ticket, with what is still to come.
/// @dev Owns nothing; immutable and redeployable; nobody trusts it. Never: reverts because something outside does; computes a
///      number that another contract has.
contract BasketLens is IBasketLens {
    /* CONSTANTS */

    /// @notice Gas that a read of something outside gets: of one operator, one asset, the issuer.
    uint256 public constant READ_GAS = 6_000_000;

    /* IMMUTABLES */

    /// @notice The contracts that this one looks at.
    struct Modules {
        ITrEth trEth;
        IDepositPool pool;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        IIssuerDesk issuerDesk;
        IBasketExit basketExit;
        IBasketBook basketBook;
        IDelegationManager delegation;
    }

    ITrEth public immutable TR_ETH;
    IDepositPool public immutable POOL;
    IAssetRegistry public immutable REGISTRY;
    IOperatorRegistry public immutable OPERATORS;
    IIssuerDesk public immutable ISSUER_DESK;
    IBasketExit public immutable BASKET_EXIT;
    IBasketBook public immutable BASKET_BOOK;
    IDelegationManager public immutable DELEGATION;

    /// @dev Whose part is looked for: `shares` of the `whole` that the strike owns; of strike 0, of all there is.
    struct Part {
        uint256 strike;
        uint256 shares;
        uint256 basket;
        uint256 whole;
    }

    /// @dev What is known so far.
    struct Sheet {
        Coming[] coming;
        uint256[] staked; // the whole's engine shares, by asset
        uint256[] queued;
        address[] unreadable;
        uint256 count; // of what is unreadable
    }

    /* SETUP */

    constructor(Modules memory modules) {
        TR_ETH = modules.trEth;
        POOL = modules.pool;
        REGISTRY = modules.registry;
        OPERATORS = modules.operators;
        ISSUER_DESK = modules.issuerDesk;
        BASKET_EXIT = modules.basketExit;
        BASKET_BOOK = modules.basketBook;
        DELEGATION = modules.delegation;
    }

    /* VIEWS */

    /// @inheritdoc IBasketLens
    function ticket(uint256 id) external view returns (Ticket memory) {
        return _page(id, 0, type(uint256).max);
    }

    /// @inheritdoc IBasketLens
    function ticketPage(uint256 id, uint256 first, uint256 count) external view returns (Ticket memory) {
        return _page(id, first, count);
    }

    /// @inheritdoc IBasketLens
    function inEngine(
        uint256 strike,
        address delegator
    ) external view returns (uint256[] memory staked, uint256[] memory queued) {
        (, IStrategy[] memory strategies) = REGISTRY.restakeable();
        (staked, ) = DELEGATION.getWithdrawableShares(delegator, strategies);
        for (uint256 i = 0; i < staked.length; ++i) {
            if (staked[i] != 0) staked[i] = _of(strike, BASKET_BOOK.markOf(delegator, strategies[i]), staked[i]);
        }
        queued = _queued(strike, delegator, strategies);
    }

    /// @inheritdoc IBasketLens
    function unitsOf(
        address asset,
        uint256 staked,
        uint256 queued
    ) external view returns (uint256 stakedUnits, uint256 queuedUnits) {
        IAssetRegistry.AssetConfig memory config = REGISTRY.configOf(asset);
        address token = address(config.strategy.underlyingToken());
        stakedUnits = config.rateSource.unitsOf(token, config.strategy.sharesToUnderlyingView(staked));
        queuedUnits = config.rateSource.unitsOf(token, config.strategy.sharesToUnderlyingView(queued));
    }

    /// @inheritdoc IBasketLens
    function atIssuer(uint256 strike) external view returns (uint256 etherValue) {
        (uint256[] memory values, uint256[] memory marks) = ISSUER_DESK.openValues();
        for (uint256 i = 0; i < values.length; ++i) etherValue += _of(strike, marks[i], values[i]);
    }

    /* INTERNALS */

    function _page(uint256 id, uint256 first, uint256 count) private view returns (Ticket memory t) {
        t.status = BASKET_EXIT.basketStatus(id); // refuses unknown tickets
        Part memory part = _partOf(id, t.status);
        address[] memory delegators = OPERATORS.delegators();
        Sheet memory sheet = _sheet(delegators.length);
        if (first == 0) {
            _lookInPool(part, sheet);
            _askIssuer(part, sheet);
        }
        first = Math.min(first, delegators.length);
        count = Math.min(count, delegators.length - first);
        for (uint256 i = first; i < first + count; ++i) _askEngine(part.strike, delegators[i], sheet);
        for (uint256 i = 0; i < sheet.staked.length; ++i) _askStrategy(part, i, sheet);
        (t.coming, t.unreadable) = (sheet.coming, sheet.unreadable);
        uint256 length = sheet.count;
        address[] memory list = t.unreadable;
        // The list was as long as the longest answer.
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }

    function _partOf(uint256 id, IBasketExit.Status memory status) private view returns (Part memory part) {
        part.strike = status.strike;
        part.shares = status.shares;
        part.basket = BASKET_EXIT.basket(uint32(id >> 32)).shares; // the day: bits 32 to 63 of the id
        part.whole = part.strike == 0 ? TR_ETH.totalSupply() : part.basket;
    }

    /// @dev The ticket's part: as the strike divides what there is, then as a claim divides the basket.
    function _mineDown(Part memory part, uint256 units) private pure returns (uint256) {
        return ValueMath.partDown(ValueMath.partDown(units, part.basket, part.whole), part.shares, part.basket);
    }

    function _sheet(uint256 operators) private view returns (Sheet memory sheet) {
        address[] memory assets = REGISTRY.assets();
        sheet.coming = new Coming[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            (sheet.coming[i].asset, sheet.coming[i].isComplete) = (assets[i], true);
        }
        sheet.staked = new uint256[](assets.length - 1);
        sheet.queued = new uint256[](assets.length - 1);
        sheet.unreadable = new address[](operators + assets.length + 2); // with the desk and the book
    }

    /// @dev Only the length of what waits to be divided can fail: everything else is ours.
    function _lookInPool(Part memory part, Sheet memory sheet) private view {
        bool isRead = true;
        for (uint256 i = 0; i < sheet.coming.length; ++i) {
            Coming memory c = sheet.coming[i];
            if (part.strike == 0) {
                c.inPool = _mineDown(part, POOL.idle(c.asset));
                continue;
            }
            uint256 gas = gasleft();
            try BASKET_BOOK.undividedOf{gas: READ_GAS}(part.strike, c.asset) returns (uint256 units) {
                c.inPool = _mineDown(part, units);
            } catch {
                EnoughGas.requireGiven(gas, READ_GAS);
                (isRead, c.isComplete) = (false, false);
            }
        }
        if (!isRead) sheet.unreadable[sheet.count++] = address(BASKET_BOOK);
    }

    function _askIssuer(Part memory part, Sheet memory sheet) private view {
        uint256 gas = gasleft();
        try this.atIssuer{gas: READ_GAS}(part.strike) returns (uint256 etherValue) {
            sheet.coming[0].redeeming = _mineDown(part, etherValue);
        } catch {
            EnoughGas.requireGiven(gas, READ_GAS);
            sheet.coming[0].isComplete = false;
            sheet.unreadable[sheet.count++] = address(ISSUER_DESK);
        }
    }

    function _askEngine(uint256 strike, address delegator, Sheet memory sheet) private view {
        uint256 gas = gasleft();
        try this.inEngine{gas: READ_GAS}(strike, delegator) returns (uint256[] memory staked, uint256[] memory queued) {
            for (uint256 i = 0; i < staked.length; ++i) {
                sheet.staked[i] += staked[i];
                sheet.queued[i] += queued[i];
            }
        } catch {
            EnoughGas.requireGiven(gas, READ_GAS);
            for (uint256 i = 1; i < sheet.coming.length; ++i) sheet.coming[i].isComplete = false;
            sheet.unreadable[sheet.count++] = delegator;
        }
    }

    /// @dev What of number `i` of the assets that can be restaked is in the engine.
    function _askStrategy(Part memory part, uint256 i, Sheet memory sheet) private view {
        Coming memory c = sheet.coming[i + 1];
        uint256 staked = _mineDown(part, sheet.staked[i]);
        uint256 queued = _mineDown(part, sheet.queued[i]);
        if (staked + queued == 0) return;
        uint256 gas = gasleft();
        try this.unitsOf{gas: READ_GAS}(c.asset, staked, queued) returns (uint256 stakedUnits, uint256 queuedUnits) {
            (c.restaked, c.unbonding) = (stakedUnits, queuedUnits);
        } catch {
            EnoughGas.requireGiven(gas, READ_GAS);
            c.isComplete = false;
            sheet.unreadable[sheet.count++] = c.asset;
        }
    }

    function _queued(
        uint256 strike,
        address delegator,
        IStrategy[] memory strategies
    ) private view returns (uint256[] memory sums) {
        sums = new uint256[](strategies.length);
        (IDelegationManager.Withdrawal[] memory queue, uint256[][] memory shares) = DELEGATION.getQueuedWithdrawals(
            delegator
        );
        for (uint256 i = 0; i < queue.length; ++i) {
            for (uint256 j = 0; j < queue[i].strategies.length; ++j) {
                uint256 k = _indexOf(queue[i].strategies[j], strategies);
                if (k == strategies.length || shares[i][j] == 0) continue;
                sums[k] += _ofWithdrawal(strike, delegator, strategies[k], queue[i].nonce, shares[i][j]);
            }
        }
    }

    function _indexOf(IStrategy strategy, IStrategy[] memory strategies) private pure returns (uint256 k) {
        while (k < strategies.length && address(strategies[k]) != address(strategy)) ++k;
    }

    function _of(uint256 strike, uint256 mark, uint256 amount) private view returns (uint256) {
        return strike == 0 ? BASKET_BOOK.keptSince(mark, amount) : BASKET_BOOK.partOf(strike, mark, amount);
    }

    function _ofWithdrawal(
        uint256 strike,
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 shares
    ) private view returns (uint256) {
        if (strike == 0) return BASKET_BOOK.keptOfWithdrawal(delegator, strategy, nonce, shares);
        return BASKET_BOOK.partOfWithdrawal(strike, delegator, strategy, nonce, shares);
    }
}
