// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccountant} from "../accounting/IAccountant.sol";
import {ETHER} from "../assets/Ether.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IDepositPool} from "./IDepositPool.sol";

/// @title Entrance
/// @notice The ways in. Each checks the call, and takes only from its caller.
/// @dev Has no storage. Trusts: ACCOUNTANT for a fresh report (safety).
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
abstract contract Entrance is IDepositPool, GovernedModule {
    IAccountant public immutable ACCOUNTANT;

    constructor(IAccountant accountant) {
        ACCOUNTANT = accountant;
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
    ) internal virtual returns (uint256 shares);

    /// @dev The value is in; counts it and mints for it.
    function _credit(
        address asset,
        address token,
        uint256 units,
        address receiver,
        uint256 minShares,
        bytes32 referral
    ) internal virtual returns (uint256 shares);

    function _checkCall(address receiver, uint256 deadline) private view {
        require(block.timestamp <= deadline, DeadlinePassed(block.timestamp, deadline));
        require(receiver != address(0), ZeroAddress());
    }
}
