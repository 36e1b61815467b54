// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IModule} from "../governance/IModule.sol";
import {LiquidityPlan} from "./LiquidityPlan.sol";

/// @title IIssuerDesk
/// @notice Turns ETH into the issuer's staking token and back, through the issuer's own doors. Anyone turns the cranks.
interface IIssuerDesk is IModule {
    /* EVENTS */

    /// @notice ETH was staked with the issuer.
    event Staked(uint256 etherAmount, uint256 units);
    /// @notice The issuer was asked to redeem.
    event RedemptionRequested(uint256 indexed requestId, uint256 units, uint256 stEthAmount);
    /// @notice The issuer paid.
    event RedemptionClaimed(uint256 indexed requestId, uint256 etherAmount);
    /// @notice rETH was burnt for ETH.
    event Burnt(uint256 units, uint256 etherAmount);

    /// @notice What did not belong here went to the pool's surplus.
    event Swept(uint256 etherAmount, uint256 units);

    /* ERRORS */

    /// @notice There is nothing to do now.
    error NothingToConvert();
    /// @notice The issuer takes no stake now, or less than the smallest amount.
    error IssuerClosed(uint256 etherAmount, uint256 limit);
    /// @notice As many redemptions are open as may be.
    error TooManyOpen(uint256 open, uint256 limit);
    /// @notice The issuer would pay less than its tokens are worth by its own rate [wei].
    error PaidTooLittle(uint256 paid, uint256 expected);

    /* CRANKS */

    /// @notice Stakes the ETH that no ticket waits for and that the instant buffer does not need.
    /// @dev Caller: anyone. Reverts with `Unreadable` while the books hold an old value of what it would buy.
    function stake() external returns (uint256 units);

    /// @notice Asks the issuer to redeem what the ETH line needs and no older ticket of the LST's own line does, in chunks.
    /// @dev Caller: anyone.
    function redeem() external returns (uint256 units);

    /// @notice Collects what the issuer has paid for the oldest requests.
    /// @dev Caller: anyone.
    /// @param maxRequests Most requests to collect.
    function claim(uint256 maxRequests) external returns (uint256 etherAmount);

    /// @notice Burns idle rETH that its own line does not need for what closed batches of the ETH line lack, as far as Rocket
    ///         Pool can pay now: the ether arrives in the same call, and nobody was promised it.
    /// @dev Caller: anyone. Rounds up what is burnt, in favour of those who wait.
    function burn() external returns (uint256 etherAmount);

    /// @notice Sends everything that lies here to the pool's surplus: the desk keeps nothing between two calls, so it is
    ///         a donation or a crumb of rounding.
    /// @dev Caller: anyone.
    function sweep() external returns (uint256 etherAmount, uint256 units);

    /* VIEWS */

    /// @notice What open redemptions would pay now: the lower of the amount asked for and what its shares are worth;
    ///         exactly what is claimable once finalised. Holds also while the issuer is paused.
    /// @dev Rounds down, in favour of the pool.
    function redeemingValue() external view returns (uint256 etherValue);

    /// @notice What each open request would pay now, baskets' part included, and its mark: the strike as of which it belonged
    ///         wholly to those who stayed. In the order of `openRequests`.
    /// @dev Rounds down, in favour of the pool.
    function openValues() external view returns (uint256[] memory values, uint256[] memory marks);

    /// @notice Open requests, oldest first.
    function openRequests() external view returns (uint256[] memory requestIds);

    /// @notice Whether the ETH line's promises rest on an asset: what its issuer pays by a date that it keeps. rETH is not
    ///         among them. It is burnt for that line while Rocket Pool has collateral, which may be gone the next moment.
    function backsEther(address asset) external view returns (bool);

    /// @notice What the ETH line's promises rest on: idle ETH, ETH on its way, and every asset that backs it, wherever it is.
    /// @dev Rounds down, against promising too much.
    /// @return etherValue All of it, at the stored rates.
    /// @return shares Shares that wait for it, in the ETH line and in the lines of those assets.
    function etherBacking() external view returns (uint256 etherValue, uint256 shares);

    /// @notice Shares that a line may still take: it may promise only what the pool has in its asset, wherever that is.
    ///         Reverts with `BackingExceeded` when more wait already. What backs ETH backs two lines, its own and
    ///         ETH's: together they promise no more than all of it.
    /// @dev Rounds down, against promising too much.
    function room(address asset) external view returns (uint256 shares);

    /// @notice The numbers from which all movers decide, for one asset. Those of the ETH line are zero for an asset
    ///         that is not turned into ETH; for rETH they tell only what the others cannot give and Rocket Pool can pay.
    /// @param unitsUnbonding Units on their way back from the engine that may be counted on.
    function books(address asset, uint256 unitsUnbonding) external view returns (LiquidityPlan.Books memory);
}
