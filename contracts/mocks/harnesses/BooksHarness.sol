// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccountant} from "../../lrt/accounting/IAccountant.sol";

/// @title BooksHarness
/// @notice Books that say what they were told: places that need not add up to net asset value.
contract BooksHarness {
    uint256 public netAssetValue;
    uint256 public redeeming;
    IAccountant.Backing private _backing;

    /// @notice Sets all answers; every asset has the same places.
    function set(uint256 netAssetValue_, uint256 redeeming_, IAccountant.Backing calldata backing_) external {
        netAssetValue = netAssetValue_;
        redeeming = redeeming_;
        _backing = backing_;
    }

    /// @notice Places of any asset.
    function backing(address) external view returns (IAccountant.Backing memory) {
        return _backing;
    }
}
