// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {GrowthMath} from "../accounting/GrowthMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {ETHER} from "../assets/Ether.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IDepositPool} from "./IDepositPool.sol";

/// @title Entrance
/// @notice The ways in. Each checks the call, and takes only from its caller.
/// @dev Has no storage. Trusts: ACCOUNTANT for a fresh report (safety).
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
abstract contract Entrance is IDepositPool, GovernedModule {
    /// @inheritdoc IDepositPool
    uint256 public constant FLOOR_RATE = 1e15;
    IAccountant public immutable ACCOUNTANT;
    /// @inheritdoc IDepositPool
    uint40 public immutable MAX_REPORT_AGE;

    constructor(IAccountant accountant, uint40 maxReportAge) {
        ACCOUNTANT = accountant;
        MAX_REPORT_AGE = maxReportAge;
    }

    /* DEPOSITING */

    /// @inheritdoc IDepositPool
    function depositEther(
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral
    ) external payable nonReentrant returns (uint256 shares) {
        _checkCall(receiver, deadline);
        return _credit(ETHER, ETHER, msg.value, receiver, minShares, referral);
    }

    /// @inheritdoc IDepositPool
    function deposit(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral
    ) external nonReentrant returns (uint256 shares) {
        _checkCall(receiver, deadline);
        return _bringIn(token, amount, receiver, minShares, referral);
    }

    /// @inheritdoc IDepositPool
    function depositWithPermit(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral,
        Signature calldata permit
    ) external nonReentrant returns (uint256 shares) {
        _checkCall(receiver, deadline);
        require(token != ETHER, AssetNotAccepted(token)); // ETH comes with the call, not by a transfer
        _assetOf(token); // nobody's code but that of accepted tokens is called
        // Whoever used the signature before us has set the allowance; whatever else went wrong shows in the transfer.
        try
            IERC20Permit(token).permit(msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s)
        {} catch {} // the allowance decides
        return _bringIn(token, amount, receiver, minShares, referral);
    }

    /// @inheritdoc IDepositPool
    function reportAndDeposit(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        uint256 deadline,
        bytes32 referral
    ) external payable nonReentrant returns (uint256 shares) {
        _checkCall(receiver, deadline);
        ACCOUNTANT.report();
        if (token == ETHER) {
            require(msg.value == amount, WrongEtherValue(msg.value, amount));
            return _credit(ETHER, ETHER, amount, receiver, minShares, referral);
        }
        require(msg.value == 0, WrongEtherValue(msg.value, 0));
        return _bringIn(token, amount, receiver, minShares, referral);
    }

    /* INTERNALS */

    /// @dev Takes the token from the caller and credits what arrived.
    function _bringIn(
        address token,
        uint256 amount,
        address receiver,
        uint256 minShares,
        bytes32 referral
    ) private returns (uint256 shares) {
        (address asset, uint256 units) = _pull(token, amount);
        return _credit(asset, token, units, receiver, minShares, referral);
    }

    /// @dev Takes a token from the caller. Refuses a token that is not accepted before touching it.
    function _pull(address token, uint256 amount) internal virtual returns (address asset, uint256 units);

    /// @dev The value is in; counts it and mints for it.
    function _credit(
        address asset,
        address token,
        uint256 units,
        address receiver,
        uint256 minShares,
        bytes32 referral
    ) internal virtual returns (uint256 shares);

    /// @dev The asset of which a token is a form. Refuses a token that is not accepted.
    function _assetOf(address token) internal view virtual returns (address asset);

    /// @dev What the asset's cap counts, as the books stand.
    function _inside(address asset) internal view returns (uint256) {
        if (asset == ETHER) return ACCOUNTANT.netAssetValue();
        IAccountant.Backing memory b = ACCOUNTANT.backing(asset);
        return b.pool + b.restaked + b.unbonding;
    }

    /// @dev What a share costs a newcomer: its rate and what is waiting, so nobody buys others' gain. Refuses while the door
    ///      is closed, when the report is too old, and below the floor.
    function _priceIfOpen(Terms storage t) internal view returns (uint256 priceWad) {
        // One read of one slot.
        (uint256 rateWad, uint256 waitingWad, uint256 reportedAt, uint256 closedUntil) = (
            t.rateWad,
            t.waitingWad,
            t.reportedAt,
            t.closedUntil
        );
        require(block.timestamp >= closedUntil, DepositsClosed(block.timestamp, closedUntil));
        uint256 oldest = block.timestamp - MAX_REPORT_AGE; // no chain is as young as that
        require(reportedAt >= oldest, ReportTooOld(reportedAt, oldest));
        require(rateWad >= FLOOR_RATE, RateBelowFloor(rateWad, FLOOR_RATE));
        return rateWad + waitingWad;
    }

    /// @dev What a depositor leaves to the holders waits from now on: the next one does not buy it.
    function _leave(Terms storage t, uint256 leftWad, uint256 supply) internal {
        t.waitingWad = GrowthMath.capped(t.waitingWad + ValueMath.partUp(leftWad, 1, supply));
    }

    function _checkCall(address receiver, uint256 deadline) private view {
        require(block.timestamp <= deadline, DeadlinePassed(block.timestamp, deadline));
        require(receiver != address(0), ZeroAddress());
    }
}
