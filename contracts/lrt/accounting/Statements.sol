// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ValueMath} from "../../shared/math/ValueMath.sol";
import {ETHER} from "../assets/Ether.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {BookLedger} from "./BookLedger.sol";
import {IAccountant} from "./IAccountant.sol";
import {ReadabilityLedger} from "./ReadabilityLedger.sol";

/// @title Statements
/// @notice What the books stand on and what they say, in one piece: of every asset for the pool, of every delegator for
///         the desk.
library Statements {
    using BookLedger for BookLedger.State;

    /// @notice What an asset's issuer and its strategy answer, if they do with so much gas.
    function tryRead(
        IAssetRegistry registry,
        address asset,
        uint256 gas
    ) internal view returns (bool isRead, uint256 rateWad, uint256 unitsPerShareWad) {
        try registry.read{gas: gas}(asset) returns (uint256 rate, uint256 perShare) {
            return (true, rate, perShare);
        } catch {} // what that means depends on who asks
    }

    /// @notice What the pool is told of every asset, ETH first: its units are net asset value.
    /// @param assets All but ETH.
    /// @param unitsIdle Of ETH, then of `assets`.
    /// @param redeeming Ether value at the issuers.
    function reports(
        BookLedger.State storage books,
        address[] memory assets,
        uint256[] memory unitsIdle,
        uint256 redeeming
    ) internal view returns (IDepositPool.AssetReport[] memory list) {
        list = new IDepositPool.AssetReport[](assets.length + 1);
        uint256 nav = unitsIdle[0] + redeeming;
        for (uint256 i = 0; i < assets.length; ++i) {
            uint256 units = unitsIdle[i + 1] + books.engineUnits(assets[i]);
            uint256 rateWad = books.totals[assets[i]].rateWad;
            list[i + 1] = IDepositPool.AssetReport(assets[i], rateWad, units);
            nav += ValueMath.toEtherDown(units, rateWad);
        }
        list[0] = IDepositPool.AssetReport(ETHER, ValueMath.WAD, nav);
    }

    /// @notice What each of several delegators has of an asset.
    function positions(
        BookLedger.State storage books,
        ReadabilityLedger.State storage readability,
        address asset,
        address[] calldata delegators
    ) internal view returns (IAccountant.Position[] memory list) {
        list = new IAccountant.Position[](delegators.length);
        for (uint256 i = 0; i < list.length; ++i) {
            IAccountant.Book storage b = books.books[delegators[i]][asset];
            list[i].restaked = books.toUnits(asset, b.restaked);
            list[i].unbonding = books.toUnits(asset, b.unbonding);
            list[i].isReadable = !readability.isUnreadable[delegators[i]];
        }
    }
}
