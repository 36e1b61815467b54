// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IStakeReader} from "./IStakeReader.sol";

/// @title StakeReader
/// @notice Asks the engine what one staker has there, and whether anything has moved since the last answer.
/// @dev Owns: nothing. Trusts: the engine's own numbers (safety). One call for each staker, so that one whose numbers
///      cannot be read harms only itself.
contract StakeReader is IStakeReader {
    /* IMMUTABLES */

    IDelegationManager public immutable DELEGATION;
    IAllocationManager public immutable ALLOCATION;

    constructor(IDelegationManager delegation, IAllocationManager allocation) {
        DELEGATION = delegation;
        ALLOCATION = allocation;
    }

    /* VIEWS */

    /// @inheritdoc IStakeReader
    function read(
        address account,
        address staker,
        IStrategy[] calldata strategies,
        bytes32 known
    ) public view virtual returns (Stake[] memory stakes, bytes32 stamp) {
        stamp = keccak256(
            abi.encode(ALLOCATION.getMaxMagnitudes(account, strategies), DELEGATION.cumulativeWithdrawalsQueued(staker))
        );
        if (stamp != known) stakes = _stakes(staker, strategies);
    }

    /* INTERNALS */

    function _stakes(address staker, IStrategy[] calldata strategies) private view returns (Stake[] memory stakes) {
        stakes = new Stake[](strategies.length);
        (uint256[] memory withdrawable, ) = DELEGATION.getWithdrawableShares(staker, strategies);
        (IDelegationManager.Withdrawal[] memory queue, uint256[][] memory shares) = DELEGATION.getQueuedWithdrawals(
            staker
        );
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i] = Stake(withdrawable[i], _queued(strategies[i], queue, shares));
        }
    }

    /// @dev What the queued withdrawals of one strategy would pay now.
    function _queued(
        IStrategy strategy,
        IDelegationManager.Withdrawal[] memory queue,
        uint256[][] memory shares
    ) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < queue.length; ++i) {
            for (uint256 j = 0; j < queue[i].strategies.length; ++j) {
                if (address(queue[i].strategies[j]) == address(strategy)) sum += shares[i][j];
            }
        }
    }
}
