// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {WordCall} from "../../shared/calls/WordCall.sol";
import {IBasketBook} from "../baskets/IBasketBook.sol";
import {IStakeReader} from "./IStakeReader.sol";

/// @title StakeReader
/// @notice Asks the engine what one staker has there, and whether anything has moved since the last answer.
/// @dev Owns: nothing. Trusts: the engine's own numbers, and BASKETS for whose they are (safety). One call for each staker that
///      has moved, so that one whose numbers cannot be read harms only itself.
contract StakeReader is IStakeReader {
    using Address for address;
    using WordCall for address;

    /* CONSTANTS */

    /// @dev getMaxMagnitudes(address,address[]); the name is used twice.
    bytes4 private constant GET_MAX_MAGNITUDES = bytes4(keccak256("getMaxMagnitudes(address,address[])"));

    /* IMMUTABLES */

    IDelegationManager public immutable DELEGATION;
    IAllocationManager public immutable ALLOCATION;
    IBasketBook public immutable BASKETS;

    constructor(IDelegationManager delegation, IAllocationManager allocation, IBasketBook baskets) {
        DELEGATION = delegation;
        ALLOCATION = allocation;
        BASKETS = baskets;
    }

    /* VIEWS */

    /// @inheritdoc IStakeReader
    function read(
        address account,
        address staker,
        IStrategy[] calldata strategies,
        bytes32 known
    ) public view virtual returns (Stake[] memory stakes, bytes32 stamp) {
        stamp = _stamp(account, staker, strategies);
        if (stamp != known) stakes = _stakes(staker, strategies);
    }

    /// @inheritdoc IStakeReader
    function moved(
        address[] calldata accounts,
        address[] calldata stakers,
        IStrategy[] calldata strategies,
        bytes32[] calldata known
    ) external view returns (uint256 which) {
        for (uint256 i = 0; i < stakers.length; ++i) {
            if (known[i] == 0 || _stamp(accounts[i], stakers[i], strategies) == known[i]) continue;
            which |= 1 << i;
        }
    }

    /* INTERNALS */

    /// @dev A hash of the engine's answers as they come: here it does not matter what they say.
    function _stamp(
        address account,
        address staker,
        IStrategy[] calldata strategies
    ) internal view virtual returns (bytes32 stamp) {
        bytes memory magnitudes = address(ALLOCATION).functionStaticCall(
            abi.encodeWithSelector(GET_MAX_MAGNITUDES, account, strategies)
        );
        uint256 queued = address(DELEGATION).askOf(IDelegationManager.cumulativeWithdrawalsQueued.selector, staker);
        return keccak256(abi.encodePacked(magnitudes, queued));
    }

    function _stakes(address staker, IStrategy[] calldata strategies) private view returns (Stake[] memory stakes) {
        stakes = new Stake[](strategies.length);
        (uint256[] memory withdrawable, ) = DELEGATION.getWithdrawableShares(staker, strategies);
        (IDelegationManager.Withdrawal[] memory queue, uint256[][] memory shares) = DELEGATION.getQueuedWithdrawals(
            staker
        );
        if (BASKETS.lastStrike() != 0) withdrawable = _kept(staker, strategies, withdrawable, queue, shares);
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i] = Stake(withdrawable[i], _queued(strategies[i], queue, shares));
        }
    }

    /// @dev Leaves baskets their part: of the stake, and in place of every queued withdrawal.
    function _kept(
        address staker,
        IStrategy[] calldata strategies,
        uint256[] memory withdrawable,
        IDelegationManager.Withdrawal[] memory queue,
        uint256[][] memory shares
    ) private view returns (uint256[] memory) {
        for (uint256 i = 0; i < queue.length; ++i) {
            for (uint256 j = 0; j < queue[i].strategies.length; ++j) {
                shares[i][j] = BASKETS.keptOfWithdrawal(staker, queue[i].strategies[j], queue[i].nonce, shares[i][j]);
            }
        }
        return BASKETS.keptOfStakes(staker, strategies, withdrawable);
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
