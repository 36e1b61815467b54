// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IBasketExit} from "../baskets/IBasketExit.sol";

/// @title IBasketLens
/// @notice Everything a wallet shows of a basket ticket, with what is still to come.
/// @dev Owns nothing, nothing of the protocol reads it, and it is replaced when the protocol changes. Reads the engine and the
///      issuers as they are now, and no price. What it tells of a place falls with every slash at once, and grows by nothing
///      but what those who stay gain there as well.
///
///      What is told to come does come, once everything has been brought home, completed, claimed and divided and nothing
///      else has happened: within four units for each stake, withdrawal and request that it is a part of (each is rounded
///      where it leaves, where tokens change hands and where it is divided), and to one unit of what has arrived.
interface IBasketLens {
    /* TYPES */

    /// @notice A ticket's part of one asset that is still to come, by the place where it is.
    /// @param asset Asset; 0xEeee…EEeE is ETH.
    /// @param inPool Arrived and not divided yet; of a ticket that is not struck, its part of what is idle [units].
    /// @param restaked Staked with operators [units].
    /// @param unbonding In the engine's withdrawals, those that the engine queued by itself included [units].
    /// @param redeeming At an issuer who was asked to redeem, who pays in this asset [units].
    /// @param isComplete Whether everything that can hold some of it could be read; what could not is missing in the numbers.
    struct Coming {
        address asset;
        uint256 inPool;
        uint256 restaked;
        uint256 unbonding;
        uint256 redeeming;
        bool isComplete;
    }

    /// @param status See `IBasketExit.basketStatus`: with it, what was claimed and what can be claimed now.
    /// @param coming In the order of the registry's assets, as the lists in `status` are.
    /// @param unreadable What could not be read now: delegators, assets (their strategy or issuer), the issuers' desk, the
    ///        book of baskets (when too much has arrived that nobody divides).
    struct Ticket {
        IBasketExit.Status status;
        Coming[] coming;
        address[] unreadable;
    }

    /* VIEWS */

    /// @notice All of a ticket. Before its strike: what would be its part if its basket were struck now. Reverts with
    ///         `UnknownBasketTicket`, and with `NotEnoughGas` when something failed that had too little to be judged.
    /// @dev Rounds down. With 7 strategies and 16 operators: 3 million gas, and 4 million for each operator whose queue is full
    ///      (a withdrawal of each strategy a day, for 17 days), so 64 million if all are. A node that gives an `eth_call` 50
    ///      million then answers pages of eight operators: 32 million each, and enough if all eight waste their gas.
    function ticket(uint256 id) external view returns (Ticket memory);

    /// @notice The same of some operators alone; what is not with operators is on the page that begins with operator 0. Pages
    ///         that follow each other add up to the whole, to a unit each.
    /// @dev Rounds down.
    /// @param first Number of the first operator.
    /// @param count Most operators.
    function ticketPage(uint256 id, uint256 first, uint256 count) external view returns (Ticket memory);

    /// @notice A basket's part of what one operator has in the engine; of strike 0, the part of those who stay.
    /// @dev Rounds down, and up for those who stay. Reverts when the engine cannot answer.
    /// @return staked Engine shares, in the order of the registry's `restakeable`.
    /// @return queued What queued withdrawals would pay now, in the same order [engine shares].
    function inEngine(
        uint256 strike,
        address delegator
    ) external view returns (uint256[] memory staked, uint256[] memory queued);

    /// @notice Units that two amounts of an asset's engine shares would pay now.
    /// @dev Rounds down. Reverts when its strategy or its issuer cannot answer.
    function unitsOf(
        address asset,
        uint256 staked,
        uint256 queued
    ) external view returns (uint256 stakedUnits, uint256 queuedUnits);

    /// @notice A basket's part of what open requests at the issuer would pay now; of strike 0, the part of those who stay.
    /// @dev Rounds down, and up for those who stay. Reverts when the issuer cannot answer.
    function atIssuer(uint256 strike) external view returns (uint256 etherValue);
}
