// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {IExpiringPause} from "../../shared/pause/IExpiringPause.sol";
import {IModule} from "../governance/IModule.sol";

/// @title IRewardsRouter
/// @notice The one place where income that is not the engine's or an issuer's becomes the holders': what AVSs pay, and what
///         strangers left in the pool. What is an accepted asset goes to the pool; anything else is sold for one, in lots
///         whose price falls to a floor. Nobody chooses a buyer or a price.
/// @dev What lies here is in no net asset value. Proceeds wait like any gain: the rate grows along its cap.
interface IRewardsRouter is IModule, IExpiringPause {
    /* TYPES */

    /// @param duration Time in which the price of a lot falls from its start to the floor [seconds].
    /// @param cooldown Least time between the starts of two lots of a token [seconds].
    /// @param startFactor Multiple of the floor at which the first lot of a token starts.
    /// @param minLot Least value of a lot at the floor [wei].
    struct Params {
        uint32 duration;
        uint32 cooldown;
        uint16 startFactor;
        uint128 minLot;
    }

    /// @param held Units that lie here, on sale or not.
    /// @param floorWad Lowest price: ether value of 1e18 of the token's smallest units. Zero: not sold.
    /// @param left Units of the lot that can be bought now; zero when no lot runs.
    /// @param priceWad Price now; zero when no lot runs.
    /// @param endsAt End of the last lot.
    /// @param nextFrom Earliest start of the next lot.
    /// @param nextStartWad Price at which the next lot would start.
    struct Auction {
        uint256 held;
        uint256 floorWad;
        uint256 left;
        uint256 priceWad;
        uint256 endsAt;
        uint256 nextFrom;
        uint256 nextStartWad;
    }

    /* EVENTS */

    /// @notice What is an accepted asset, or a form of one, went to the pool.
    event Delivered(address indexed token, address indexed asset, uint256 units);
    /// @notice Shares of ours that came as a reward were burnt.
    event SharesBurnt(uint256 shares);
    /// @notice Units that had arrived in the pool uncounted are idle now.
    event SurplusRecognised(address indexed asset, uint256 units);
    /// @notice A lot can be bought, at a price that falls from `startWad` to `floorWad` at `endsAt`.
    event LotStarted(address indexed token, uint256 units, uint256 startWad, uint256 floorWad, uint256 endsAt);
    /// @notice A part of a lot was bought.
    event Sold(
        address indexed token,
        address indexed bidder,
        address indexed asset,
        address receiver,
        uint256 units,
        uint256 payment,
        uint256 etherValue
    );
    /// @notice The lowest price of a token changed; the largest number: it was not sold.
    event FloorChanged(address indexed token, uint256 oldFloorWad, uint256 newFloorWad);
    /// @notice The guardian paused or resumed auctions.
    event AuctionsPaused(uint256 until);

    /* ERRORS */

    /// @notice A parameter is outside its bounds.
    error LotTermsOutOfBounds(uint256 value, uint256 limit);
    /// @notice Nothing of this token, in any form, lies here.
    error NothingToDeliver(address token);
    /// @notice The token is neither an accepted asset nor a share of ours: it is sold.
    error NeedsAuction(address token);
    /// @notice The token is an accepted asset or a share of ours: it is not sold but delivered.
    error NeedsNoAuction(address token);
    /// @notice Governance has set no lowest price: the token is not sold.
    error NoFloor(address token);
    /// @notice The lowest price must be more than nothing.
    error ZeroFloor(address token);
    /// @notice What there is is worth too little at the floor.
    error LotTooSmall(address token, uint256 etherValue, uint256 minLot);
    /// @notice The last lot of the token is too recent.
    error LotTooSoon(address token, uint256 time, uint256 nextFrom);
    /// @notice No lot of the token runs, or nothing is left of it.
    error NothingForSale(address token, uint256 time, uint256 endsAt);
    /// @notice The guardian has paused auctions.
    error AuctionsClosed(uint256 time, uint256 closedUntil);
    /// @notice The price is above what the bidder accepts for what he gets.
    error TooDear(uint256 payment, uint256 limit);
    /// @notice More of the asset than may come in now.
    error PaymentTooLarge(address asset, uint256 payment, uint256 headroom);
    /// @notice Less of the asset arrived than was to be paid.
    error PaymentShort(address asset, uint256 arrived, uint256 payment);

    /* INCOME */

    /// @notice Claims what an earner has earned, by a proof, to this contract.
    /// @dev Caller: anyone. The earners that have this contract as their claimer, our stakers, are claimed for here alone.
    function claim(IRewardsCoordinator.RewardsMerkleClaim calldata proof) external;

    /// @notice Gives the pool all that lies here of an accepted asset, in any form, or burns the shares that lie here. It
    ///         waits for all holders like any gain.
    /// @dev Caller: anyone.
    /// @param token ETH, WETH, stETH, wstETH, another accepted asset, or trETH.
    /// @return units Units of the asset, or shares.
    function deliver(address token) external returns (uint256 units);

    /// @notice Counts units that arrived in the pool without being counted: donations, what was swept, crumbs of rounding.
    ///         They wait for all holders like any gain, and are in the price of the next deposit.
    /// @dev Caller: LOOSENING. Reverts with `NotBacked` above `surplus(asset)`.
    function recogniseSurplus(address asset, uint256 units) external;

    /* SELLING */

    /// @notice Puts all that lies here of a token on sale. The price starts at twice the average that the last lot brought
    ///         per unit offered, but not below half of its start, nor below the floor.
    /// @dev Caller: anyone. The first start is a fixed multiple of the floor. Rounds up, in favour of the holders.
    /// @return units Units on sale.
    function startLot(address token) external returns (uint256 units);

    /// @notice Buys from the running lot, or what is left of it, at the price of this moment.
    /// @dev Caller: anyone, who has approved the asset or sends ETH along; what is too much of it comes back. A token
    ///      counts as in a deposit: at the lower of the reported and the live rate, less its haircut, and not at all while
    ///      its entrance is closed; ETH always. Rounds up, in favour of the holders.
    /// @param token Token to buy.
    /// @param units Units to buy at most.
    /// @param asset Accepted asset to pay with; ETH is 0xEeee…EEeE.
    /// @param maxPayment Most to pay for `units`; for a part of them, most in proportion.
    /// @param receiver Who gets the token.
    /// @param deadline Last time at which this may happen (unix time).
    /// @return bought Units bought.
    /// @return payment Units of the asset paid.
    function bid(
        address token,
        uint256 units,
        address asset,
        uint256 maxPayment,
        address receiver,
        uint256 deadline
    ) external payable returns (uint256 bought, uint256 payment);

    /* SETTINGS */

    /// @notice Lowers the lowest price of a token, or sets the first: until then it is not sold.
    /// @dev Caller: LOOSENING.
    /// @param newFloorWad Ether value of 1e18 of the token's smallest units.
    function lowerFloor(address token, uint128 newFloorWad) external;

    /// @notice Raises the lowest price of a token; it counts from the next bid on.
    /// @dev Caller: TIGHTENING.
    function raiseFloor(address token, uint128 newFloorWad) external;

    /// @notice Pauses auctions for at most three days, then not again for seven. A lot that runs ends with it.
    /// @dev Caller: GUARDIAN.
    function pauseAuctions(uint256 duration) external;

    /// @notice Resumes auctions.
    /// @dev Caller: GUARDIAN.
    function resumeAuctions() external;

    /* VIEWS */

    /// @notice What a bid would get and pay now, by the same code. Reverts as the bid would.
    /// @dev Caller: anyone. Rounds up, in favour of the holders.
    /// @return bought Units that would be bought.
    /// @return payment Units of the asset that would be paid.
    /// @return etherValue What they are worth at the price of the lot [wei].
    function quote(
        address token,
        uint256 units,
        address asset
    ) external view returns (uint256 bought, uint256 payment, uint256 etherValue);

    /// @notice What lies here of a token and how it is sold.
    function auction(address token) external view returns (Auction memory);

    /// @notice Where the stakers earn.
    function REWARDS() external view returns (IRewardsCoordinator);

    /// @notice Time until which auctions are paused; past when they are not.
    function closedUntil() external view returns (uint256);

    /// @notice Units that are in the pool without being counted. They are worth nothing to anybody until recognised.
    function surplus(address asset) external view returns (uint256 units);
}
