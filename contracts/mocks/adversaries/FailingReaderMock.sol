// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StakeReader} from "../../lrt/accounting/StakeReader.sol";
import {IBasketBook} from "../../lrt/baskets/IBasketBook.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";

/// @title FailingReaderMock
/// @notice A reader for some of whose stakers the engine reverts, or burns all gas it gets.
contract FailingReaderMock is StakeReader {
    enum Fault {
        None,
        Reverts,
        Burns
    }

    /// @notice What happens when a staker is read.
    mapping(address staker => Fault) public faults;

    error CannotBeRead(address staker);

    constructor(
        IDelegationManager delegation,
        IAllocationManager allocation,
        IBasketBook baskets
    ) StakeReader(delegation, allocation, baskets) {}

    /// @notice Makes reads of a staker fail, or succeed again.
    function setFault(address staker, Fault fault) external {
        faults[staker] = fault;
    }

    /// @inheritdoc StakeReader
    function _stamp(
        address account,
        address staker,
        IStrategy[] calldata strategies
    ) internal view override returns (bytes32) {
        require(faults[staker] != Fault.Reverts, CannotBeRead(staker));
        if (faults[staker] == Fault.Burns) _burn();
        return super._stamp(account, staker, strategies);
    }

    /// @dev Never returns.
    function _burn() private pure {
        // The designated invalid instruction takes all gas.
        assembly ("memory-safe") {
            invalid()
        }
    }
}
