// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StakeReader} from "../../lrt/accounting/StakeReader.sol";
import {IBasketBook} from "../../lrt/baskets/IBasketBook.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";

/// @title SkewedReaderMock
/// @notice A reader that tells a little more of every stake than the engine does.
contract SkewedReaderMock is StakeReader {
    /// @notice Engine shares that are told too many, of what is staked and of what is on its way back.
    Stake public more;

    constructor(
        IDelegationManager delegation,
        IAllocationManager allocation,
        IBasketBook baskets
    ) StakeReader(delegation, allocation, baskets) {}

    /// @notice Tells so much more from now on.
    function tellMore(uint256 restaked, uint256 unbonding) external {
        more = Stake(restaked, unbonding);
    }

    /// @inheritdoc StakeReader
    function read(
        address account,
        address staker,
        IStrategy[] calldata strategies,
        bytes32 known
    ) public view override returns (Stake[] memory stakes, bytes32 stamp) {
        (stakes, stamp) = super.read(account, staker, strategies, known);
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i].restaked += more.restaked;
            stakes[i].unbonding += more.unbonding;
        }
    }
}
