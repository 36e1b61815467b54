// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IExpiringPause} from "../../shared/pause/IExpiringPause.sol";
import {IModule} from "../governance/IModule.sol";
import {IPendingSlashes} from "./IPendingSlashes.sol";

/// @title IInstantRedeemer
/// @notice Takes trETH and pays ether at once, from what is idle and promised to nobody, at a fee that stays with holders.
/// @dev Closed while the alarm has closed pay-outs, while a value cannot be read, while a slash is pending, and while the
///      guardian pauses it. The line is always there.
interface IInstantRedeemer is IModule, IExpiringPause {
    /* TYPES */

    /// @param targetBps Part of net asset value that is kept idle, and from which on the fee is the lowest.
    /// @param watermarkBps Part of net asset value that an instant redemption leaves idle.
    /// @param minFeeBps Fee on what is paid while the buffer is full.
    /// @param maxFeeBps Fee on the last wei of an empty buffer.
    /// @param bucketBps Part of the supply that may be redeemed in a day; what was used comes back over a day.
    struct Params {
        uint16 targetBps;
        uint16 watermarkBps;
        uint16 minFeeBps;
        uint16 maxFeeBps;
        uint16 bucketBps;
    }

    /// @param level Idle ether that no ticket waits for [wei].
    /// @param target Level from which on the fee is the lowest [wei].
    /// @param watermark Level below which nothing is paid [wei].
    /// @param sharesLeft Shares that may be redeemed now before the bucket is empty.
    /// @param closedUntil Time until which the door is closed; past when it is open.
    struct Buffer {
        uint256 level;
        uint256 target;
        uint256 watermark;
        uint256 sharesLeft;
        uint256 closedUntil;
    }

    /* EVENTS */

    /// @notice Shares were redeemed at once; their value at the rate is what was paid and the fee.
    event RedeemedInstantly(
        address indexed caller,
        address indexed receiver,
        uint256 shares,
        uint256 etherPaid,
        uint256 etherFee,
        uint256 rateWad
    );
    /// @notice The guardian closed or reopened the door.
    event InstantPaused(uint256 until);

    /* ERRORS */

    /// @notice A parameter is outside its bounds.
    error ParameterOutOfBounds(uint256 value, uint256 limit);
    /// @notice The redemption is below the smallest one.
    error RedemptionTooSmall(uint256 shares, uint256 minShares);
    /// @notice The door is closed.
    error InstantClosed(uint256 time, uint256 closedUntil);
    /// @notice A slash is pending: nobody leaves ahead of it.
    error SlashPending(address source);
    /// @notice More shares than may be redeemed now; what was used comes back over a day.
    error BucketExceeded(uint256 shares, uint256 sharesLeft);
    /// @notice More than the idle ether that is promised to nobody and lies above the watermark, fee included.
    error BufferExceeded(uint256 etherValue, uint256 limit);
    /// @notice Less ether than the holder asked for.
    error TooLittleEther(uint256 etherPaid, uint256 minEther);

    /* REDEEMING */

    /// @notice Redeems shares for ether at once, at the rate after every loss has been counted, less the fee.
    /// @dev Caller: anyone who has approved the shares. Rounds down, in favour of the holders. Not in a transaction in which
    ///      somebody deposits.
    /// @param shares trETH to redeem.
    /// @param minEther Least ether to accept.
    /// @param receiver Who gets the ether.
    /// @param deadline Last time at which this may happen (unix time).
    function redeem(
        uint256 shares,
        uint256 minEther,
        address receiver,
        uint256 deadline
    ) external returns (uint256 etherPaid);

    /* SETTINGS */

    /// @notice Closes the door for at most three days, then not again for seven.
    /// @dev Caller: GUARDIAN.
    function pauseInstant(uint256 duration) external;

    /// @notice Reopens the door that the guardian closed.
    /// @dev Caller: GUARDIAN.
    function resumeInstant() external;

    /* VIEWS */

    /// @notice Ether that redeeming `shares` would give by the books as they are, by the same code. Reverts as the redemption
    ///         would.
    /// @dev Caller: anyone. Rounds down, in favour of the holders. Losses that nobody has reported yet are not in it.
    function preview(uint256 shares) external view returns (uint256 etherPaid);

    /// @notice The buffer and the door by the books as they are.
    /// @dev Rounds against who redeems.
    function buffer() external view returns (Buffer memory);

    /// @notice Idle ether that is left here by whoever stakes: the part of net asset value that is the target.
    /// @dev Rounds up, in favour of those who redeem.
    function bufferTarget() external view returns (uint256 etherValue);

    /// @notice Whom to ask about pending slashes; zero when nobody knows.
    function PENDING_SLASHES() external view returns (IPendingSlashes);

    /// @notice Smallest redemption [shares].
    function MIN_SHARES() external view returns (uint256);
}
