// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IWithdrawalQueue} from "../withdrawals/IWithdrawalQueue.sol";
import {IHealth} from "./IHealth.sol";

/// @title ILens
/// @notice Everything a wallet, a dashboard or a watcher shows, in few calls.
/// @dev Owns nothing, nothing of the protocol reads it, and it is replaced when the protocol changes. All units are an
///      asset's smallest; all values are as of the last report unless said otherwise.
interface ILens is IHealth {
    /* TYPES */

    /// @param id Ticket.
    /// @param exists Whether it is still somebody's; the status is empty otherwise.
    /// @param status See `IWithdrawalQueue.withdrawalStatus`; its owner need not be the one asked for.
    struct Ticket {
        uint256 id;
        bool exists;
        IWithdrawalQueue.Status status;
    }

    /// @param shares trETH held; shares in line are the tickets' [shares].
    /// @param etherValue What they are worth at the rate [wei].
    /// @param ticketCount Tickets owned: more than were asked for means that some are missing here.
    /// @param tickets In the order asked for.
    struct Position {
        uint256 shares;
        uint256 etherValue;
        uint256 ticketCount;
        Ticket[] tickets;
    }

    /// @param asset Asset; 0xEeee…EEeE is ETH.
    /// @param idle Counted in the pool [units].
    /// @param restaked In the engine [units].
    /// @param unbonding On its way back from the engine [units].
    /// @param rateWad Ether value of 1e18 units.
    /// @param etherValue Of the three together [wei].
    /// @param isHeldKnown Whether the token answered; the next two are zero otherwise.
    /// @param surplus In the pool, but not counted, for those who stay or for baskets: donations and rounding [units].
    /// @param heldByLine In the line: set aside for tickets that are filled, and donations [units].
    struct AssetBacking {
        address asset;
        uint256 idle;
        uint256 restaked;
        uint256 unbonding;
        uint256 rateWad;
        uint256 etherValue;
        bool isHeldKnown;
        uint256 surplus;
        uint256 heldByLine;
    }

    /// @param assets In the order of their numbers; ETH first.
    /// @param redeeming At the issuers, who were asked to redeem [wei].
    /// @param netAssetValue All of it; what is set aside in the line is no longer part of it [wei].
    /// @param supply All shares, those in line included [shares].
    /// @param rateWad Ether value of 1e18 shares.
    /// @param waitingWad Gain per 1e18 shares that is known but not in the rate yet.
    struct Backing {
        AssetBacking[] assets;
        uint256 redeeming;
        uint256 netAssetValue;
        uint256 supply;
        uint256 rateWad;
        uint256 waitingWad;
    }

    /// @param operatorId Number of the operator.
    /// @param delegator Staker in the engine.
    /// @param asset Asset.
    /// @param restaked In the engine [units].
    /// @param unbonding On its way back [units].
    struct DelegatorBook {
        uint256 operatorId;
        address delegator;
        address asset;
        uint256 restaked;
        uint256 unbonding;
    }

    /// @param day Its day, counted from 1970.
    /// @param fillableFrom First time at which it can be paid [unix time].
    /// @param batch See `IWithdrawalQueue.Batch`.
    struct OpenBatch {
        uint32 day;
        uint256 fillableFrom;
        IWithdrawalQueue.Batch batch;
    }

    /// @param waitingShares Not paid yet [shares].
    /// @param waitingUnits What those are worth [units].
    /// @param dueUnits What those of closed batches are worth [units].
    /// @param idleUnits Lies in the pool [units].
    /// @param comingUnits On their way: back from the engine, as far as it is not slashed; for ETH, from the issuer.
    /// @param heldUnits Lies in the line: set aside for filled tickets, and donations [units].
    /// @param nextFillAt First time at which the line can be paid; zero when nobody waits [unix time].
    /// @param openBatches Not paid in full, oldest first, as many as asked for.
    struct Line {
        uint256 waitingShares;
        uint256 waitingUnits;
        uint256 dueUnits;
        uint256 idleUnits;
        uint256 comingUnits;
        uint256 heldUnits;
        uint256 nextFillAt;
        OpenBatch[] openBatches;
    }

    /// @param feeBps Part of recognised growth that is the fee.
    /// @param recipient Who gets it.
    /// @param mintedToday Since midnight UTC [shares].
    /// @param dayLimit Most of a day at the supply of now [shares].
    /// @param highWaterMarkWad Highest rate on which a fee has been taken.
    struct Fees {
        uint16 feeBps;
        address recipient;
        uint256 mintedToday;
        uint256 dayLimit;
        uint256 highWaterMarkWad;
    }

    /// @param avs AVS of the set.
    /// @param setId The set's number.
    /// @param isAdmitted Whether more may be allocated to it.
    /// @param asset Asset.
    /// @param engineShares What the set can slash, or will be able to, read from the engine now [engine shares].
    /// @param cap Most of it that an increase may lead to [engine shares].
    /// @param etherValue Of what can be slashed [wei].
    struct Exposure {
        address avs;
        uint32 setId;
        bool isAdmitted;
        address asset;
        uint256 engineShares;
        uint256 cap;
        uint256 etherValue;
    }

    /* VIEWS */

    /// @notice What an account has: its shares, and the tickets named.
    /// @dev Rounds down. Ids are in the line's `Requested`, `Transfer` and `Claimed` events; ask for them in pages.
    function position(address owner, uint256[] calldata ticketIds) external view returns (Position memory);

    /// @notice Where everything is that the shares stand for.
    /// @dev Rounds down.
    function backing() external view returns (Backing memory);

    /// @notice What each delegator has in the engine: at most 16 × 7 entries.
    /// @dev Rounds down.
    function books() external view returns (DelegatorBook[] memory);

    /// @notice An asset's line.
    /// @dev Rounds as the line does.
    /// @param maxBatches Most batches to list.
    function queue(address asset, uint256 maxBatches) external view returns (Line memory);

    /// @notice The fee, and what it has taken.
    function fees() external view returns (Fees memory);

    /// @notice How much each operator set can slash of each asset, for `count` sets from number `first` on.
    /// @dev Rounds exposure up and caps down, against ourselves. At most 32 sets × 7 assets: ask in pages.
    function exposures(uint256 first, uint256 count) external view returns (Exposure[] memory);

    /// @notice Units of an asset that an account holds, in every form of it.
    function held(address asset, address account) external view returns (uint256 units);
}
