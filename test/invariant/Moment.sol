// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

uint256 constant ASSETS = 4; // ETH, wstETH, rETH, cbETH
uint256 constant OPERATORS = 2;
uint256 constant HOLDERS = 10;

/// @dev Accounts with an index of their own among the holders; people come first.
uint256 constant FEE_RECIPIENT = 6;
uint256 constant NOBODY = 7;
uint256 constant QUEUE = 8;
uint256 constant ELSEWHERE = 9; // contracts of ours that may be given shares

uint256 constant CELLS = OPERATORS * ASSETS; // a number for each asset of each operator

/// @dev The chain at one moment. Arrays by asset are in the order of the registry. Numbers come first, arrays last: see `Shelf`.
struct Snapshot {
    uint256 time;
    uint256 blockNumber;
    // terms
    uint256 rate;
    uint256 waiting;
    uint256 reportedAt;
    uint256 closedUntil;
    // books
    uint256 nav;
    uint256 supply;
    uint256 redeeming;
    uint256 totalLoss;
    uint256 mark;
    uint256 feeToday;
    uint256 feeLimit;
    uint256 fillsClosedUntil;
    uint256 openSeconds;
    uint256 openRequests;
    uint256 deskHoldings;
    uint256 deployerRoles;
    uint256 basketShares; // waiting for their strike
    // by asset
    uint256[ASSETS] idle;
    uint256[ASSETS] held;
    uint256[ASSETS] assetRate;
    uint256[ASSETS] restaked; // [units]
    uint256[ASSETS] unbonding; // [units]
    uint256[ASSETS] headroom;
    uint256[ASSETS] line; // shares waiting
    uint256[ASSETS] setAside; // units that the line holds
    uint256[ASSETS] aside; // units that the pool holds for baskets
    uint256[HOLDERS] shares;
    // engine: every strategy's magnitudes, operator by operator
    uint256[CELLS] magnitude;
    uint256[CELLS] encumbered;
}

/// @dev Which parts may have changed between two moments. Where nothing was written, what was seen is still there, and what
///      held of it holds.
struct Touched {
    bool books; // of the pool or the accountant
    bool shares;
    bool line;
    bool tokens; // of the assets, or ether of our contracts
    bool engine;
}

/// @dev What was done between two moments, as far as the chain's state does not tell.
struct Deed {
    bytes32 name;
    bool settles; // a loss may be recognised
    bool reports; // a gain may be
    bool syncs; // books may follow the engine or an issuer
    bool moves; // idle assets may move
    bool deposits;
    bool fills;
    bool redeems; // at once
    bool donates;
    bool slashes;
    bool governs;
    bool pauses;
    bool gives; // shares to another person
    bool leaves; // tickets come, go or are paid
    bool baskets; // the same of basket tickets
    bool strikes; // a basket
    uint256 by; // index of the holder who acts; HOLDERS: nobody of them
    uint256 asset;
    uint256 units; // brought, taken out
    uint256 shares; // minted, spent
    uint256 value; // ether value of `units`
    uint256 counted; // the same at the rate that was reported last
    uint256 price; // of a share when the deed was done
    uint256 fee; // of an instant redemption [wei]
    uint256 headroom; // before a deposit, of its asset
    uint256 reportAge; // before a deposit
    uint256 level; // left for instant redemption
    uint256 watermark;
    uint256 bucket; // shares that could be redeemed at once before
    uint256[ASSETS] claimed; // units
    uint256[ASSETS] moved; // shares that joined a line
    uint256[ASSETS] left; // shares that moved away from it
    uint256 basketJoined; // shares
    uint256 struck; // shares
    uint256[ASSETS] basketPaid; // units that a claim of a basket should pay
    uint256 basketPromised; // their sum
    uint256 basketReceived;
    uint256 basketDrift; // units by which what a ticket has and will get changed on its way
    uint256 basketGap; // what basket tickets may claim beyond what is set aside
    uint256 promised; // what a claim should pay
    uint256 received; // what its receiver got
    uint256 early; // seconds by which something came too early
    uint256 outOfOrder; // batches that were passed
    uint256 exposure;
    uint256 cap;
    uint256 avsExposure;
    uint256 avsCap;
    uint256 slashed; // operator; OPERATORS: none
    uint256 allocated; // operator; OPERATORS: none
    uint256 magnitudeLost;
    uint256 magnitudeExposed;
    uint256 operatorUnits;
    uint256 operatorCap;
    uint256 wronglyStaked; // units that went to an operator who must get none
    uint256 raisedAfterSlash;
    bytes32 unhealthy; // a finding of the lens right after a report
    uint256 ticketGap; // what tickets may claim beyond what their batches have
    bool refused; // something that must always work did not
    bool crashed; // a panic, or a revert without a reason
    bool robbed; // an attack that must fail went through
    bool unseen; // a whole look found what the usual one had not
    uint256 gaveLine; // shares that somebody gave to the line
    uint256 breaks; // an operator whom a test puts outside the rules; OPERATORS: none
    uint256 pausedUntil; // by the guardian just now
    uint256 pauseEarly; // seconds by which he did it too early
}

/// @dev Sums since the campaign began. Numbers come first, arrays last: see `Shelf`.
struct Ghosts {
    uint256 sharesGiven; // shares that somebody gave to the line
    uint256 lossSettled; // total loss when the rate last followed the books
    uint256 grownAt; // time of the last report
    uint256 lastAlarm;
    uint256 alarmEarly; // seconds by which an alarm came too early
    uint256 day; // of the sums below
    uint256 feeOfDay;
    uint256 mostSupplyOfDay;
    uint256 instantOfDay;
    uint256 pausedUntil;
    uint256 pauseEarly;
    uint256 lastClosing; // end of the last alarm's closing time
    uint256 deeds;
    uint256[ASSETS] filled; // units set aside for tickets
    uint256[ASSETS] claimed;
    uint256[ASSETS] gaveLine; // units that somebody gave to the line
    uint256[ASSETS] inOfDay;
    uint256[ASSETS] outOfDay;
    uint256[ASSETS] mostLimitOfDay;
}

/// @dev Numbers of the deployment that promises speak of.
struct Rules {
    uint256 growthCapBps;
    uint256 feeCapBps;
    uint256 feeBps;
    uint256 closingTime;
    uint256 alarmRest;
    uint256 reserveBps;
    uint256 maxReportAge;
    uint256 floorRate;
    uint256 seed;
    uint256 minFeeBps;
    uint256 maxFeeBps;
    uint256 bucketBps;
    uint256 maxOpen;
    bool[OPERATORS] broken; // operators that a test has put outside the rules
}

struct Moment {
    Snapshot before;
    Snapshot now;
    Deed deed;
    Ghosts ghosts;
    Rules rules;
    Touched touched;
}
