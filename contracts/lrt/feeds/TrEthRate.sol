// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRateProvider} from "../../shared/external/IRateProvider.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {ITrEthRate} from "./ITrEthRate.sol";
import {TermsReader} from "./TermsReader.sol";

/// @title TrEthRate
/// @notice What trETH is worth in ETH, in the words of rate providers and of ERC-4626.
/// @dev Owns nothing; immutable and redeployable. Trusts: POOL for the rate (safety). Never: reads a balance; reverts.
contract TrEthRate is ITrEthRate, TermsReader {
    /* SETUP */

    constructor(IDepositPool pool) TermsReader(pool) {}

    /* VIEWS */

    /// @inheritdoc IRateProvider
    function getRate() external view returns (uint256 rateWad) {
        return POOL.rate();
    }

    /// @inheritdoc ITrEthRate
    function convertToAssets(uint256 shares) external view returns (uint256 assets) {
        return ValueMath.toEtherDown(shares, POOL.rate());
    }

    /// @inheritdoc ITrEthRate
    function convertToShares(uint256 assets) external view returns (uint256 shares) {
        return ValueMath.partDown(assets, ValueMath.WAD, POOL.rate());
    }
}
