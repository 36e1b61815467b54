// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStETH} from "../../shared/external/IStETH.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title LidoRateSource
/// @notice Values wstETH by Lido's share rate. The book unit is one stETH share, which is one wstETH unit.
/// @dev Trusts: stETH for its share rate (safety), within [MIN_RATE, MAX_RATE]. One stETH is counted as one ETH, which is
///      what Lido's withdrawal queue pays.
contract LidoRateSource is IRateSource {
    /* IMMUTABLES */

    IStETH public immutable ST_ETH;
    address public immutable WST_ETH;
    uint256 public immutable MIN_RATE;
    uint256 public immutable MAX_RATE;

    constructor(IStETH stEth, address wstEth, uint256 minRateWad, uint256 maxRateWad) {
        ST_ETH = stEth;
        WST_ETH = wstEth;
        MIN_RATE = minRateWad;
        MAX_RATE = maxRateWad;
    }

    /* VIEWS */

    /// @inheritdoc IRateSource
    function asset() external view returns (address) {
        return WST_ETH;
    }

    /// @inheritdoc IRateSource
    function rate() external view returns (uint256 rateWad) {
        rateWad = ST_ETH.getPooledEthByShares(1e18);
        require(rateWad >= MIN_RATE && rateWad <= MAX_RATE, RateOutOfBounds(rateWad, MIN_RATE, MAX_RATE));
    }

    /// @inheritdoc IRateSource
    function unitsOf(address token, uint256 amount) external view returns (uint256 units) {
        if (token == WST_ETH) return amount;
        require(token == address(ST_ETH), UnknownToken(token));
        return ST_ETH.getSharesByPooledEth(amount);
    }
}
