// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRocketDepositPool} from "../../shared/external/IRocketDepositPool.sol";
import {RETHMock} from "./RETHMock.sol";

/// @title RocketDepositPoolMock
/// @notice A stand-in for Rocket Pool's deposit pool. Anyone plays its governance.
/// @dev Keeps: the maximum, minting at the exchange rate. Simplifies: no fee, no validators to assign deposits to.
contract RocketDepositPoolMock is IRocketDepositPool {
    error DepositAboveMaximum(uint256 amount, uint256 maximum);

    RETHMock private immutable RETH;
    uint256 public capacity;

    constructor(RETHMock reth, uint256 capacity_) {
        RETH = reth;
        capacity = capacity_;
    }

    /// @inheritdoc IRocketDepositPool
    function deposit() external payable {
        uint256 maximum = capacity;
        require(msg.value <= maximum, DepositAboveMaximum(msg.value, maximum));
        capacity = maximum - msg.value;
        RETH.mint{value: msg.value}(msg.sender);
    }

    /// @notice How much may be deposited from now on.
    function setCapacity(uint256 newCapacity) external {
        capacity = newCapacity;
    }

    /// @inheritdoc IRocketDepositPool
    function getMaximumDepositAmount() external view returns (uint256) {
        return capacity;
    }
}
