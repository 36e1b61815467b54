// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ISlashAttribution} from "../allocation/ISlashAttribution.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {IModule} from "../governance/IModule.sol";
import {IIssuerDesk} from "../issuers/IIssuerDesk.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {IStakeReader} from "./IStakeReader.sol";

/// @title IAccountant
/// @notice The books of what is restaked and on its way back, and the report that moves the rate.
/// @dev The rate follows three rules: a loss counts at once; a gain is recognised along a growth cap and waits until
///      then; nobody passes in a number. Engine numbers are *engine shares* (a strategy's own, after slashing).
interface IAccountant is IModule {
    /* TYPES */

    /// @notice Where a recognised loss came from.
    enum LossKind {
        Slash, // an engine slash of a delegator's stake
        Strategy, // a strategy returns less per share
        Issuer, // a liquid staking token is worth less
        Other // anything the first three do not explain
    }

    /// @param growthCapBpsPerDay Most growth of the rate in a day.
    /// @param alarmBps Losses within the window that ring the alarm.
    /// @param closingTime How long doors stay closed after an alarm [seconds].
    /// @param alarmRest Least time between the starts of two alarms [seconds].
    /// @param feeCapBpsPerDay Most shares minted as fee in a day, of the supply.
    struct Params {
        uint16 growthCapBpsPerDay;
        uint16 alarmBps;
        uint32 closingTime;
        uint32 alarmRest;
        uint16 feeCapBpsPerDay;
    }

    /// @param restaked Engine shares in the strategy, after slashing.
    /// @param unbonding Engine shares on their way back, at what they would pay now.
    struct Book {
        uint128 restaked;
        uint128 unbonding;
    }

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        IDepositPool pool;
        IAssetRegistry registry;
        IOperatorRegistry operators;
        IStakeReader stakes;
        IIssuerDesk issuerDesk;
        address restakingDesk;
        ITrEth trEth;
        ISlashAttribution attribution;
        address basketBook;
    }

    /// @param pool Units idle in the pool.
    /// @param restaked Units in the engine.
    /// @param unbonding Units on their way back from the engine.
    /// @param rateWad Ether value of 1e18 units, as last read.
    struct Backing {
        uint256 pool;
        uint256 restaked;
        uint256 unbonding;
        uint256 rateWad;
    }

    /// @notice What a delegator has of an asset.
    /// @param restaked Units in the strategy.
    /// @param unbonding Units on their way back.
    /// @param isReadable Whether its books are what the engine says.
    struct Position {
        uint256 restaked;
        uint256 unbonding;
        bool isReadable;
    }

    /* EVENTS */

    /// @notice A report was made.
    event Reported(uint256 netAssetValue, uint256 supply, uint256 rateWad, uint256 waitingWad, uint256 feeShares);
    /// @notice A loss was recognised; `subject` is the delegator (Slash) or the asset (Strategy, Issuer).
    event LossRecognised(LossKind indexed kind, address indexed subject, address indexed asset, uint256 etherValue);
    /// @notice A delegator's book was brought in line with the engine.
    event BookSynced(address indexed delegator, address indexed asset, uint256 restaked, uint256 unbonding);
    /// @notice The losses of the last seven days rang the alarm.
    event AlarmRang(uint256 lossWad, uint256 closedUntil);
    /// @notice A value can no longer (or can again) be read; `subject` is a delegator, an asset or the issuers' desk.
    event ReadabilityChanged(address indexed subject, bool readable);
    /// @notice The fee changed.
    event FeeChanged(uint16 oldFeeBps, uint16 newFeeBps);
    /// @notice The fee goes to somebody else.
    event FeeRecipientChanged(address oldRecipient, address newRecipient);

    /* ERRORS */

    /// @notice Too little gas to tell a failing engine from a stingy caller.
    error NotEnoughGas(uint256 gas, uint256 needed);
    /// @notice A staker's stake cannot be moved while its value cannot be read.
    error Unreadable(address subject);
    /// @notice Units are on their way between pool and engine: what is missing just now is no loss.
    error MoveUnderWay(address caller);
    /// @notice ETH is worth itself: there is nothing to read.
    error NotPriced(address asset);
    /// @notice The fee is above the hard limit.
    error FeeTooHigh(uint256 feeBps, uint256 limitBps);

    /* REPORTING */

    /// @notice Recomputes net asset value and moves the rate: losses at once, gains along the growth cap.
    /// @dev Caller: anyone. The rate rounds down, in favour of the pool.
    /// @return rateWad The new rate.
    function report() external returns (uint256 rateWad);

    /// @notice The loss half of a report: the rate can only fall. Whatever moves value runs it first; a fill reports.
    /// @dev Caller: anyone. The rate rounds down, in favour of the pool.
    /// @return rateWad The rate after it.
    function settle() external returns (uint256 rateWad);

    /// @notice Brings one delegator's book in line with the engine; what is missing is a loss. A delegator that could not be
    ///         read is read again by this call alone: a report leaves it as it is.
    /// @dev Caller: anyone. The rate follows with the next report or pay-out.
    function sync(address delegator) external;

    /// @notice Reads an asset's rate and strategy anew, also when they could not be read before.
    /// @dev Caller: anyone. The rate follows with the next report or pay-out.
    function syncAsset(address asset) external;

    /// @notice Reads anew what the issuers were asked to redeem, also when it could not be read before.
    /// @dev Caller: anyone. The rate follows with the next report or pay-out.
    function syncIssuers() external;

    /// @notice Takes over the engine's numbers after the desk has moved stake; not a loss. Reverts when they cannot be read:
    ///         what has moved must not be in two places, or in none.
    /// @dev Caller: RestakingDesk, which has synced the delegator in the same call before moving.
    function rebook(address delegator) external;

    /// @notice Leaves a basket its part of every book: `shares` of `supply`. Asks the engine nothing, so that a value that
    ///         cannot be read is divided like any other.
    /// @dev Caller: BasketBook, which has the shares burnt. Rounds the books up, in favour of those who stay.
    function strike(uint256 shares, uint256 supply) external;

    /* SETTINGS */

    /// @notice Raises the fee on recognised growth, at most 20 %.
    /// @dev Caller: LOOSENING.
    function raiseFee(uint16 newFeeBps) external;

    /// @notice Lowers the fee on recognised growth.
    /// @dev Caller: TIGHTENING.
    function lowerFee(uint16 newFeeBps) external;

    /// @notice Sends the fee to somebody else from now on.
    /// @dev Caller: LOOSENING.
    function setFeeRecipient(address newRecipient) external;

    /* VIEWS */

    /// @notice Ether value of everything the shares stand for, at the values last read.
    /// @dev Rounds down, in favour of the pool.
    function netAssetValue() external view returns (uint256 etherValue);

    /// @notice Where an asset is, in units, at the values last read.
    /// @dev Rounds down.
    function backing(address asset) external view returns (Backing memory);

    /// @notice A delegator's book for an asset, in engine shares.
    function book(address delegator, address asset) external view returns (Book memory);

    /// @notice What each of several delegators has of an asset, in one answer.
    /// @dev Rounds down, in favour of the pool.
    function positions(address asset, address[] calldata delegators) external view returns (Position[] memory);

    /// @notice Units that an amount of an asset's engine shares is worth, at the value last read.
    /// @dev Rounds down.
    function unitsOfEngineShares(address asset, uint256 engineShares) external view returns (uint256 units);

    /// @notice Time until which pay-outs at the rate are closed (maximum: until a value can be read again).
    function fillsClosedUntil() external view returns (uint256);

    /// @notice Seconds since deployment in which pay-outs at the rate were open. Governance waits by this clock.
    function openSeconds() external view returns (uint256);

    /// @notice Whether the value of a delegator, of an asset or of the issuers' desk could be read the last time.
    function isReadable(address subject) external view returns (bool);

    /// @notice Ether value that the issuers were asked to redeem, as last read.
    function redeeming() external view returns (uint256 etherValue);

    /// @notice Losses recognised so far that are attributed to a delegator or an asset [wei].
    function lossOf(address subject) external view returns (uint256 etherValue);

    /// @notice Losses of a delegator in an asset that were entered as slashes so far [wei].
    function slashedOf(address delegator, address asset) external view returns (uint256 etherValue);

    /// @notice All losses recognised so far, gross [wei].
    function totalLoss() external view returns (uint256 etherValue);

    /// @notice Part of recognised growth that is the fee, who gets it, and the highest rate on which it has been taken (WAD).
    function fee() external view returns (uint16 feeBps, address recipient, uint256 highWaterMarkWad);

    /// @notice Shares minted as fee today (UTC), and the most of a day at the supply of now.
    /// @dev The limit rounds down, in favour of the pool.
    function feeToday() external view returns (uint256 minted, uint256 limit);
}
