// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStETH} from "../../shared/external/IStETH.sol";
import {BoundedRateSource} from "./BoundedRateSource.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title LidoRateSource
/// @notice Values wstETH by Lido's share rate. The book unit is one stETH share, which is one wstETH unit.
/// @dev Trusts: stETH for its share rate (safety). One stETH is counted as one ETH, which is what Lido's withdrawal queue
///      pays.
contract LidoRateSource is BoundedRateSource {
    /* IMMUTABLES */

    IStETH public immutable ST_ETH;

    constructor(
        IStETH stEth,
        address wstEth,
        Bounds memory bounds,
        Market memory market
    ) BoundedRateSource(wstEth, bounds, market) {
        ST_ETH = stEth;
    }

    /* VIEWS */

    /// @inheritdoc IRateSource
    function unitsOf(address token, uint256 amount) external view override returns (uint256 units) {
        if (token == asset()) return amount;
        require(token == address(ST_ETH), UnknownToken(token));
        return ST_ETH.getSharesByPooledEth(amount);
    }

    /* INTERNALS */

    function _issuerRate() internal view override returns (uint256 rateWad) {
        return ST_ETH.getPooledEthByShares(1e18);
    }
}
