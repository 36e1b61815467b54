// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IModule} from "../governance/IModule.sol";

/// @title IBasketBook
/// @notice Who owns what of the things on their way, since a basket was last struck: those who stay, or which basket.
/// @dev Strikes are numbered from 1. A *pot* is anything that pays later: an operator's stake in a strategy, a withdrawal in
///      the engine, a request at an issuer. A pot's *mark* is the strike as of which it belonged wholly to those who stayed
///      then; what it pays is divided among who stays now and the baskets struck since the mark.
interface IBasketBook is IModule {
    /* TYPES */

    /// @param mantissa What one unit marked before the first strike has kept until after this one (see KeptMath).
    /// @param exponent The same.
    /// @param day Day on which it was struck.
    struct Strike {
        uint128 mantissa;
        uint64 exponent;
        uint32 day;
    }

    /// @param from The slice belongs to baskets struck after this,
    /// @param to … and up to this; all but the slice belonged, as of this strike, to those who stayed.
    /// @param slice Part of it that is the baskets', of 2^128; rounded down.
    /// @param isKnown Whether the desk queued it. One that the engine queued by itself has its position's mark.
    struct Withdrawal {
        uint32 from;
        uint32 to;
        uint160 slice;
        bool isKnown;
    }

    /// @notice What arrived and is not yet divided among baskets.
    /// @param from Baskets struck after this have a part,
    /// @param to … up to this.
    /// @param served Baskets up to this have theirs already.
    /// @param left Units not yet divided.
    struct Arrival {
        address asset;
        uint32 from;
        uint32 to;
        uint32 served;
        uint256 left;
    }

    /* EVENTS */

    /// @notice A basket was struck: `shares` of `supply` were burnt, the same part of everything idle was set aside, and of
    ///         everything on its way it belongs to the basket.
    event Struck(uint256 indexed strike, uint256 shares, uint256 supply);
    /// @notice A basket was credited with units: idle ones, or its part of an arrival.
    event Credited(uint256 indexed strike, address indexed asset, uint256 units);
    /// @notice Units that belong to the baskets struck after `from`, up to `to`, arrived.
    event Arrived(address indexed asset, uint256 indexed from, uint256 indexed to, uint256 units);
    /// @notice What an operator's stake in a strategy owed to baskets has left it, in a withdrawal or paid from idle units.
    event Marked(address indexed delegator, IStrategy indexed strategy, uint256 strike);
    /// @notice A withdrawal was queued, of which `slice` / 2^128 belongs to the baskets struck after `from`.
    event WithdrawalNoted(address indexed delegator, uint256 indexed nonce, uint256 from, uint256 slice);

    /* STRIKING */

    /// @notice Burns a basket's shares and sets its part of everything idle aside; of everything on its way, the part is its
    ///         own from now on. Calls nothing outside the protocol.
    /// @dev Caller: BasketExit. Rounds parts down, in favour of those who stay.
    /// @return strike Number of the strike.
    function strike(uint256 shares) external returns (uint256 strike);

    /* WHAT COMES HOME */

    /// @notice Notes a withdrawal that the desk has just queued: `owed` of its `queued` engine shares are the baskets'. The
    ///         position it came from owes nothing from now on.
    /// @dev Caller: RestakingDesk. Rounds the slice down, in favour of those who stay.
    function noteWithdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 owed,
        uint256 queued
    ) external;

    /// @notice Divides what a completed withdrawal has put into the pool.
    /// @dev Caller: RestakingDesk. Rounds the baskets' part down, in favour of those who stay.
    function divideWithdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        address asset,
        uint256 units
    ) external;

    /// @notice Pays what a position owes to baskets from the pool's idle units of the same asset. It owes nothing from now on.
    /// @dev Caller: RestakingDesk, for crumbs.
    function payOff(address delegator, IStrategy strategy, address asset, uint256 units) external;

    /// @notice Divides what an issuer has paid into the pool on a request of the given mark.
    /// @dev Caller: IssuerDesk. Rounds the baskets' part down, in favour of those who stay.
    function dividePaid(address asset, uint256 mark, uint256 units) external;

    /// @notice Credits baskets with their parts of what has arrived, in order.
    /// @dev Caller: anyone. Rounds down; the last basket of an arrival gets the rest.
    /// @param maxSteps Most credits.
    /// @return steps Credits made.
    function divide(uint256 maxSteps) external returns (uint256 steps);

    /// @notice Pays a holder out of what was set aside.
    /// @dev Caller: BasketExit.
    function pay(address asset, uint256 units, address to) external returns (uint256 sent);

    /* VIEWS */

    /// @notice Number of the last strike.
    function lastStrike() external view returns (uint256);

    /// @notice One strike.
    function strikes(uint256 number) external view returns (Strike memory);

    /// @notice Mark of an operator's stake in a strategy.
    function markOf(address delegator, IStrategy strategy) external view returns (uint256 mark);

    /// @notice Strikes since the desk last moved anything of an operator's: at least as many as since its stakes were read.
    function strikesSince(address delegator, IStrategy[] calldata strategies) external view returns (uint256 count);

    /// @notice Day of the first strike since a mark; the largest number when there is none.
    function owedSince(uint256 mark) external view returns (uint256 day);

    /// @notice One withdrawal as it was noted.
    function withdrawalOf(address delegator, uint256 nonce) external view returns (Withdrawal memory);

    /// @notice What of `amount`, wholly kept at a mark, belongs to those who stay.
    /// @dev Rounds up, in favour of those who stay.
    function keptSince(uint256 mark, uint256 amount) external view returns (uint256 kept);

    /// @notice What of several amounts, each with its mark, belongs to those who stay, together.
    /// @dev Rounds up, in favour of those who stay.
    function keptOf(uint256[] calldata marks, uint256[] calldata amounts) external view returns (uint256 kept);

    /// @notice What of a staker's shares belongs to those who stay, per strategy.
    /// @dev Rounds up, in favour of those who stay.
    function keptOfStakes(
        address delegator,
        IStrategy[] calldata strategies,
        uint256[] calldata shares
    ) external view returns (uint256[] memory kept);

    /// @notice What of a queued withdrawal's shares belongs to those who stay.
    /// @dev Rounds up, in favour of those who stay.
    function keptOfWithdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 shares
    ) external view returns (uint256 kept);

    /// @notice The part of `amount`, which left a pot wholly kept at `mark`, that is one basket's; nothing when it was struck
    ///         before.
    /// @dev Rounds down.
    function partOf(uint256 strike, uint256 mark, uint256 amount) external view returns (uint256 part);

    /// @notice The part of a queued withdrawal's shares that is one basket's.
    /// @dev Rounds down.
    function partOfWithdrawal(
        uint256 strike,
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 shares
    ) external view returns (uint256 part);

    /// @notice Units credited to a basket so far, paid ones included.
    function credited(uint256 strike, address asset) external view returns (uint256 units);

    /// @notice Arrivals that wait to be divided: how many, and the first of them.
    function undivided() external view returns (uint256 count, Arrival memory first);

    /// @notice Units of an asset that one basket is credited with once all that has arrived is divided.
    /// @dev Rounds as `divide` does, exactly.
    function undividedOf(uint256 strike, address asset) external view returns (uint256 units);
}
