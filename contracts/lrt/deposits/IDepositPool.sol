// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IStETH} from "../../shared/external/IStETH.sol";
import {IWETH9} from "../../shared/external/IWETH9.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {IExpiringPause} from "../../shared/pause/IExpiringPause.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IRateSource} from "../assets/IRateSource.sol";
import {IModule} from "../governance/IModule.sol";
import {ITrEth} from "../token/ITrEth.sol";

/// @title IDepositPool
/// @notice The entrance: brings ETH or a liquid staking token in, gives trETH. Keeps what is idle.
/// @dev Everything is counted; balances are never read for value, so a donation changes nothing.
interface IDepositPool is IModule, IExpiringPause {
    /* TYPES */

    /// @param rateWad Ether value of 1e18 shares.
    /// @param waitingWad Gain per 1e18 shares that is known but not yet in the rate; rounded up.
    /// @param reportedAt Time of the last report that could read every value.
    /// @param closedUntil Time until which deposits are closed (maximum: until a value can be read again).
    struct Terms {
        uint88 rateWad;
        uint88 waitingWad;
        uint40 reportedAt;
        uint40 closedUntil;
    }

    /// @notice What was decided about an asset.
    /// @param rateSource What it is worth; zero for ETH. Counts the first time only.
    /// @param cap Most units the pool may hold of it [units]; for ETH: most net asset value [wei].
    /// @param minDeposit Smallest deposit [units].
    /// @param haircutBps Part of the value that a depositor leaves to the holders.
    /// @param inflowBps Most that may come in within a day, net of what is paid out, as a part of the supply.
    /// @param inflowFloor Least that this limit is, for a young pool [units].
    struct AssetSettings {
        IRateSource rateSource;
        uint88 cap;
        uint64 minDeposit;
        uint16 haircutBps;
        uint16 inflowBps;
        uint80 inflowFloor;
    }

    /// @param rateSource What the asset is worth; zero for ETH.
    /// @param minDeposit Smallest deposit [units].
    /// @param haircutBps Part of the value a depositor leaves to the holders.
    /// @param listed Whether the asset is accepted.
    /// @param idle Units that lie in the pool.
    /// @param headroom Units that may still come in before the next report: what cap and inflow limit leave.
    /// @param rateWad Ether value of 1e18 units at the last report.
    struct AssetTerms {
        IRateSource rateSource;
        uint64 minDeposit;
        uint16 haircutBps;
        bool listed;
        uint88 idle;
        uint88 headroom;
        uint80 rateWad;
    }

    /// @notice What a report says of an asset.
    /// @param rateWad Ether value of 1e18 units.
    /// @param totalUnits What the asset's cap counts: its units, wherever they are; for ETH net asset value.
    struct AssetReport {
        address asset;
        uint256 rateWad;
        uint256 totalUnits;
    }

    /// @param left Units that the bucket would hold if a report were made now.
    /// @param limit Units in a full bucket, which an empty one is after a day.
    /// @param cap Most units inside; for ETH: most net asset value.
    struct Inflow {
        uint256 left;
        uint256 limit;
        uint256 cap;
    }

    /// @notice An EIP-2612 signature of the caller over exactly the amount deposited, with this contract as spender.
    /// @param deadline Last time at which the signature is good (unix time).
    struct Signature {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        ITrEth trEth;
        IAccountant accountant;
        address registry;
        address queue;
        address restakingDesk;
        address issuerDesk;
        address instantRedeemer;
        address rewardsRouter;
        address basketBook;
    }

    /// @notice The tokens that need a hand of their own.
    struct Tokens {
        IStETH stEth;
        IWstETH wstEth;
        IWETH9 weth;
    }

    /* EVENTS */

    /// @notice Somebody deposited.
    event Deposited(
        address indexed caller,
        address indexed receiver,
        address indexed token,
        uint256 units,
        uint256 shares,
        bytes32 referral
    );
    /// @notice The rate, the waiting gain or the door moved.
    event TermsChanged(uint256 rateWad, uint256 waitingWad, uint256 closedUntil);
    /// @notice Shares were minted to pay the fee.
    event FeeMinted(address indexed recipient, uint256 shares);
    /// @notice Idle units left the pool for another place of the protocol.
    event IdleTaken(address indexed asset, address indexed to, uint256 units, uint256 sent);
    /// @notice Units came into the pool from another place of the protocol.
    event IdlePut(address indexed asset, address indexed from, uint256 units);
    /// @notice Tickets were filled: shares burnt, units set aside for their owners.
    event Paid(address indexed asset, uint256 units, uint256 sent, uint256 shares);
    /// @notice Shares were redeemed for ether at once and burnt.
    event PaidInstantly(address indexed receiver, uint256 etherAmount, uint256 shares);
    /// @notice Idle units were set aside for baskets: they are nobody else's any more.
    event SetAside(address indexed asset, uint256 units);
    /// @notice A basket was paid out of what was set aside.
    event AsidePaid(address indexed asset, address indexed to, uint256 units, uint256 sent);
    /// @notice The guardian closed or reopened deposits.
    event DepositsPaused(uint256 until);
    /// @notice The first shares, which nobody owns, were minted.
    event Seeded(uint256 etherValue);

    /* ERRORS */

    /// @notice The token is not accepted.
    error AssetNotAccepted(address token);
    /// @notice The amount is below the smallest deposit.
    error DepositTooSmall(address asset, uint256 units, uint256 minUnits);
    /// @notice More than the asset's cap leaves room for. There is room again when some has left or the cap is raised.
    error CapExceeded(address asset, uint256 units, uint256 room);
    /// @notice More than may come in now. From `roomFrom` on a report opens enough, if nothing else comes in: use
    ///         `reportAndDeposit`. The largest number means never: deposit in parts.
    error InflowExceeded(address asset, uint256 units, uint256 headroom, uint256 roomFrom);
    /// @notice Fewer shares than the depositor asked for.
    error TooFewShares(uint256 shares, uint256 minShares);
    /// @notice The transaction came too late.
    error DeadlinePassed(uint256 time, uint256 deadline);
    /// @notice Deposits are closed.
    error DepositsClosed(uint256 time, uint256 closedUntil);
    /// @notice The last report is too old to deposit against: use `reportAndDeposit`.
    error ReportTooOld(uint256 reportedAt, uint256 oldestAllowed);
    /// @notice The rate is below the floor; deposits stay closed for good, leaving goes on.
    error RateBelowFloor(uint256 rateWad, uint256 floorWad);
    /// @notice The first shares exist already.
    error AlreadySeeded();
    /// @notice The seed is a fixed amount.
    error WrongSeed(uint256 value, uint256 expected);
    /// @notice Ether sent along does not fit the call.
    error WrongEtherValue(uint256 sent, uint256 expected);
    /// @notice The pool has fewer idle units than asked for.
    error NotEnoughIdle(address asset, uint256 units, uint256 idle);
    /// @notice Nobody may come in and go out at once: there was a deposit in this very transaction.
    error DepositInThisTransaction();
    /// @notice What is claimed to have arrived is not there.
    error NotBacked(address asset, uint256 counted, uint256 held);

    /* DEPOSITING */

    /// @notice Mints the shares that nobody owns and opens the pool.
    /// @dev Caller: anyone, once, with exactly 0.01 ETH.
    function seed() external payable;

    /// @notice Deposits ETH.
    /// @dev Caller: anyone. Rounds down, in favour of the holders.
    /// @param receiver Who gets the shares.
    /// @param minShares Fewest shares to accept.
    /// @param deadline Last time at which this may happen (unix time).
    /// @param referral Only repeated in the event.
    function depositEther(
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral
    ) external payable returns (uint256 shares);

    /// @notice Deposits WETH, stETH or wstETH that the caller has approved.
    /// @dev Caller: anyone. Rounds down, in favour of the holders; credits what arrived.
    /// @param token Token to bring in.
    /// @param amount Amount of it, in its smallest unit.
    /// @param receiver Who gets the shares.
    /// @param minShares Fewest shares to accept.
    /// @param deadline Last time at which this may happen (unix time).
    /// @param referral Only repeated in the event.
    function deposit(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral
    ) external returns (uint256 shares);

    /// @notice Deposits stETH or wstETH with a signature instead of an approval. When the signature does not work, because
    ///         somebody used it first or the token knows none, an allowance does.
    /// @dev Caller: anyone; the signature is the caller's own, for exactly `amount`. Rounds down, in favour of the holders;
    ///      credits what arrived.
    /// @param permit The caller's signature.
    function depositWithPermit(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral,
        Signature calldata permit
    ) external returns (uint256 shares);

    /// @notice Reports first, then deposits at the fresh rate; ETH when `token` is 0xEeee…EEeE.
    /// @dev Caller: anyone. Rounds down, in favour of the holders.
    function reportAndDeposit(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral
    ) external payable returns (uint256 shares);

    /* MOVING IDLE ASSETS */

    /// @notice Sends idle units, in the given token form, to another place of the protocol.
    /// @dev Caller: RestakingDesk, IssuerDesk.
    /// @param asset Asset whose counter goes down.
    /// @param units Units to take.
    /// @param token Form to send (ETH, stETH or wstETH).
    /// @param to Receiver.
    /// @return sent Units that really left; at most one less than `units`.
    function take(address asset, uint256 units, address token, address to) external returns (uint256 sent);

    /// @notice Counts units that the caller has just sent; for ETH the value sent along.
    /// @dev Caller: RestakingDesk, IssuerDesk, RewardsRouter; the last may count what lies here uncounted, too. Reverts when
    ///      they are not there.
    function put(address asset, uint256 units) external payable;

    /// @notice Sends idle units to the withdrawal line and burns the shares they pay for.
    /// @dev Caller: WithdrawalQueue.
    /// @return sent Units that really left; at most one less than `units`.
    function payLine(address asset, uint256 units, uint256 shares) external returns (uint256 sent);

    /// @notice Burns shares that lie with the line and pays idle ether for them. What they were worth above it is a gain of
    ///         those who stay, and waits, so that nobody buys it.
    /// @dev Caller: InstantRedeemer, which has just put the shares there. Never in a transaction with a deposit. Rounds the
    ///      waiting gain up, against depositors.
    function payInstantly(uint256 etherAmount, uint256 shares, address to) external;

    /// @notice Burns shares that lie with the line and were a reward. What they were worth is a gain of all others, and waits.
    /// @dev Caller: RewardsRouter, which has just put the shares there. Rounds the waiting gain up, against depositors.
    function burnReward(uint256 shares) external;

    /* BASKETS */

    /// @notice Sets idle units aside for baskets. They stay here, but back no share any more.
    /// @dev Caller: BasketBook.
    function putAside(address asset, uint256 units) external;

    /// @notice Burns shares that lie with the line and left as a basket: with their part of everything, so that neither rate
    ///         nor waiting gain moves.
    /// @dev Caller: BasketBook.
    function burnStruck(uint256 shares) external;

    /// @notice Pays a basket out of what was set aside.
    /// @dev Caller: BasketBook.
    /// @return sent Units that really left; at most one less than `units`.
    function payBasket(address asset, uint256 units, address to) external returns (uint256 sent);

    /* REPORTING */

    /// @notice Stores the result of a report.
    /// @dev Caller: Accountant.
    function setTerms(uint256 rateWad, uint256 waitingWad, uint256 closedUntil) external;

    /// @notice Stores the rates of accepted assets and what may still come in.
    /// @dev Caller: Accountant.
    function setAssetTerms(AssetReport[] calldata reports) external;

    /// @notice Mints the fee.
    /// @dev Caller: Accountant, which bounds it.
    function mintFee(address recipient, uint256 shares) external;

    /* SETTINGS */

    /// @notice Takes over what was decided about an asset, and makes it known the first time. A cap and an inflow limit count
    ///         from the next deposit on; a higher cap opens no more than the inflow limit has left.
    /// @dev Caller: AssetRegistry. Rounds down, in favour of caution.
    function setAsset(address asset, AssetSettings calldata settings) external;

    /// @notice Closes deposits for at most three days.
    /// @dev Caller: GUARDIAN.
    function pauseDeposits(uint256 duration) external;

    /// @notice Reopens deposits that the guardian closed.
    /// @dev Caller: GUARDIAN.
    function resumeDeposits() external;

    /* VIEWS */

    /// @notice Shares a deposit of `amount` would give now, by the same code. Reverts as the deposit would.
    /// @dev Rounds down, in favour of the holders. For stETH the shares moved by a transfer may be one lower.
    function previewDeposit(address token, uint256 amount) external view returns (uint256 shares);

    /// @notice Oldest report a plain deposit accepts [seconds].
    function MAX_REPORT_AGE() external view returns (uint40);

    /// @notice Rate below which deposits close for good.
    function FLOOR_RATE() external view returns (uint256);

    /// @notice Rate, waiting gain, time of the last report and the door.
    function terms() external view returns (Terms memory);

    /// @notice What the pool knows of an asset.
    function assetTerms(address asset) external view returns (AssetTerms memory);

    /// @notice What limits an asset's entrance.
    /// @dev Rounds down, in favour of caution.
    function inflow(address asset) external view returns (Inflow memory);

    /// @notice What a report begins with: the terms, and the units that lie in the pool, ETH's first, then those of `assets`.
    function standing(address[] calldata assets) external view returns (Terms memory, uint256[] memory units);

    /// @notice Units of an asset that lie in the pool.
    function idle(address asset) external view returns (uint256 units);

    /// @notice Units of an asset that lie in the pool for baskets.
    function aside(address asset) external view returns (uint256 units);

    /// @notice Ether value of 1e18 shares (WAD).
    function rate() external view returns (uint256 rateWad);

    /// @notice Ether value of 1e18 shares and of 1e18 units of an asset (WAD), as of the same report.
    function rates(address asset) external view returns (uint256 rateWad, uint256 assetRateWad);
}
