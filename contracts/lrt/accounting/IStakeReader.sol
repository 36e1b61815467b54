// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";

/// @title IStakeReader
/// @notice Asks the engine what one staker has there, and whether anything has moved since the last answer.
interface IStakeReader {
    /* TYPES */

    /// @param restaked Engine shares that could be withdrawn, after slashing, less what is owed to baskets.
    /// @param unbonding What queued withdrawals would pay now, in engine shares, less what is owed to baskets.
    struct Stake {
        uint256 restaked;
        uint256 unbonding;
    }

    /* VIEWS */

    /// @notice What the engine says of a staker, per strategy, unless its stamp is the one that is known already.
    /// @dev Caller: anyone. Rounds down, in favour of the pool. Reverts when the engine cannot answer.
    ///      The stamp is a hash of everything that can lower or move the staker's shares: the maximum magnitudes of the
    ///      operator it was delegated to at first and the number of withdrawals ever queued; whoever undelegates a staker
    ///      queues all of its shares. Magnitudes only fall and that number only grows, so that a stamp never comes back.
    ///      Deposits and completed withdrawals change shares without it; only the staker's own code can make them.
    /// @param account Operator that the staker was delegated to at first: what is queued stays slashable with it.
    /// @param known Stamp of the last answer; zero to be told in any case.
    /// @return stakes In the order of `strategies`; empty when the stamp is `known`.
    /// @return stamp Never zero.
    function read(
        address account,
        address staker,
        IStrategy[] calldata strategies,
        bytes32 known
    ) external view returns (Stake[] memory stakes, bytes32 stamp);

    /// @notice Of which stakers the stamp is not the known one any more, in one answer for all of them.
    /// @dev Caller: anyone. Reverts when the engine cannot answer for one of them: then they are to be read one by one.
    /// @param accounts The operator of each, as above; at most 256.
    /// @param known The stamp of each; zero for one that is not to be asked for.
    /// @return which Bit i is set when staker i has moved.
    function moved(
        address[] calldata accounts,
        address[] calldata stakers,
        IStrategy[] calldata strategies,
        bytes32[] calldata known
    ) external view returns (uint256 which);
}
