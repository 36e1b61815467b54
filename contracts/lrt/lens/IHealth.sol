// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title IHealth
/// @notice The accounting promises that a chain can evaluate by itself, evaluated now.
/// @dev For people and alarms, not for contracts: nothing of the protocol reads it, and a read in the middle of somebody's
///      call may see half of it. `A3-pool`, `A4-issuer` and `A4-strategy` have an asset as their subject, `BOOK` a
///      delegator, `AL-3` an operator's account, the others nothing.
///
///      | id          | holds when                                                              | measured, limit            |
///      | ----------- | ----------------------------------------------------------------------- | -------------------------- |
///      | A3-pool     | the pool holds at least what it counts, what is baskets' included       | units: held, counted       |
///      | A3-line     | the line holds at least the shares that wait, in baskets too            | shares: held, counted      |
///      | A3-places   | the places add up to net asset value, to a gwei                         | wei: places, NAV           |
///      | A4-rate     | all shares at the rate are worth at most net asset value, to a gwei     | wei: shares' value, NAV    |
///      | A4-issuer   | the issuer's rate has not fallen since it was last read                 | WAD: in the books, now     |
///      | A4-strategy | the strategy holds no less per share than when it was last read         | WAD: in the books, now     |
///      | A7          | every value behind the rate could be read                               | closed until, for good     |
///      | A8-cap      | today's fee is at most the limit at the supply of now; only if much of  | shares: minted, limit      |
///      |             | the supply left after the fee was minted it can be above without fault  |                            |
///      | A8-mark     | no growth up to the rate is still to be charged a fee                   | WAD: rate, high-water mark |
///      | A9-deposits | deposits are open                                                       | time: now, opens           |
///      | A9-fills    | pay-outs are open                                                       | time: now, opens           |
///      | A10-floor   | the rate is not below the floor                                         | WAD: rate, floor           |
///      | A10-seed    | the shares that nobody owns are there                                   | shares: there, minted      |
///      | AGE         | the last report that read everything is young enough for a deposit      | seconds: age, maximum      |
///      | RW-claimers | the router alone claims what our stakers earn                           | stakers: so, all           |
///      | RW-open     | the guardian has not paused the auctions of rewards                     | time: now, opens           |
///      | BOOK        | the books say what the engine says; after a strike as they are rounded  | engine shares: engine, books of the first asset that differs |
///      | AL-3        | an operator's reserve is unallocated                                    | magnitude: allocated, most, of the first asset that breaks it |
///
///      Every strike rounds a book up by a unit, and what the engine answers is divided stake by stake and withdrawal by
///      withdrawal: `BOOK` allows for a unit for every strike since anything of the operator's was moved, and 240 for the
///      withdrawals; without such a strike for nothing.
///
///      Between a slash or a fall and the next report `BOOK`, `A4-issuer` or `A4-strategy` do not hold: a report is due.
interface IHealth {
    /* TYPES */

    /// @param id What is promised, see above; a short string.
    /// @param subject Of what or whom; zero for the whole.
    struct Promise {
        bytes32 id;
        address subject;
    }

    /// @param id What is promised.
    /// @param subject Of what or whom; zero for the whole.
    /// @param holds Whether it holds; false too when it could not be evaluated.
    /// @param isEvaluated Whether it could be evaluated; both numbers are zero otherwise.
    /// @param measured What was found.
    /// @param limit What it was compared with.
    /// @param reason The error with which the evaluation ended; empty when it did not end, or ran out of gas.
    struct Finding {
        bytes32 id;
        address subject;
        bool holds;
        bool isEvaluated;
        uint256 measured;
        uint256 limit;
        bytes reason;
    }

    /* ERRORS */

    /// @notice There is no such promise.
    error UnknownPromise(bytes32 id);

    /* VIEWS */

    /// @notice Every promise that is evaluated, with its subjects: at most 67.
    function promises() external view returns (Promise[] memory);

    /// @notice Evaluates every promise. One that cannot be evaluated is a finding with its reason, never a revert.
    /// @dev An evaluation gets 5 million gas. A node that gives less than all need can be asked for each by `check`.
    function health() external view returns (Finding[] memory);

    /// @notice Evaluates one promise. Reverts when it cannot be evaluated.
    function check(bytes32 id, address subject) external view returns (bool holds, uint256 measured, uint256 limit);
}
