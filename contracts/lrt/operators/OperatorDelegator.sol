// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDelegationManager} from "../../restaking/interfaces/IDelegationManager.sol";
import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {ISignatureUtils} from "../../restaking/interfaces/ISignatureUtils.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IStrategyManager} from "../../restaking/interfaces/IStrategyManager.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IOperatorDelegator} from "./IOperatorDelegator.sol";

/// @title OperatorDelegator
/// @notice The staker in the engine: one contract per operator, delegated to it from birth.
/// @dev Owns: stake in the engine, nothing between calls. Trusts: REGISTRY once, DESK for every move (safety).
///      Never: sends anything anywhere but to the pool; delegates a second time.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract OperatorDelegator is IOperatorDelegator {
    using SafeERC20 for IERC20;

    /* IMMUTABLES */

    IDelegationManager public immutable DELEGATION;
    IStrategyManager public immutable STRATEGIES;
    address public immutable REGISTRY;
    address public immutable DESK;
    address public immutable POOL;
    IRewardsCoordinator public immutable REWARDS;
    address public immutable REWARDS_ROUTER;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.OperatorDelegator
    struct State {
        address operator;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.OperatorDelegator")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x3d1bd0cece488cc37e87932442f7cac8b2396c778d8fc21236ceb0677be9df00;

    modifier onlyModule(address module) {
        require(msg.sender == module, OnlyModule(msg.sender, module));
        _;
    }

    /* SETUP */

    constructor(
        IDelegationManager delegation,
        IStrategyManager strategies,
        address registry,
        address desk,
        address pool,
        IRewardsCoordinator rewards,
        address rewardsRouter
    ) {
        DELEGATION = delegation;
        STRATEGIES = strategies;
        REGISTRY = registry;
        DESK = desk;
        POOL = pool;
        REWARDS = rewards;
        REWARDS_ROUTER = rewardsRouter;
    }

    /// @inheritdoc IOperatorDelegator
    function delegateTo(address operator_) external onlyModule(REGISTRY) {
        address current = _state().operator;
        require(current == address(0), AlreadyDelegated(current));
        _state().operator = operator_;
        ISignatureUtils.SignatureWithExpiry memory none; // our operators have no approver
        DELEGATION.delegateTo(operator_, none, bytes32(0));
        _setClaimer();
    }

    /// @inheritdoc IOperatorDelegator
    function setClaimer() external {
        _setClaimer();
    }

    /* MOVING STAKE */

    /// @inheritdoc IOperatorDelegator
    function stake(IStrategy strategy, uint256 amount) external onlyModule(DESK) {
        IERC20 token = strategy.underlyingToken();
        token.forceApprove(address(STRATEGIES), amount);
        STRATEGIES.depositIntoStrategy(strategy, token, amount);
    }

    /// @inheritdoc IOperatorDelegator
    function unbond(IStrategy strategy, uint256 engineShares) external onlyModule(DESK) {
        IDelegationManager.QueuedWithdrawalParams[] memory params = new IDelegationManager.QueuedWithdrawalParams[](1);
        params[0].strategies = new IStrategy[](1);
        params[0].strategies[0] = strategy;
        params[0].depositShares = new uint256[](1);
        (uint256[] memory withdrawable, uint256[] memory deposited) = DELEGATION.getWithdrawableShares(
            address(this),
            params[0].strategies
        );
        params[0].depositShares[0] = Math.min(
            ValueMath.partUp(deposited[0], engineShares, withdrawable[0]),
            deposited[0]
        );
        DELEGATION.queueWithdrawals(params);
    }

    /// @inheritdoc IOperatorDelegator
    function complete(IDelegationManager.Withdrawal calldata withdrawal) external onlyModule(DESK) {
        uint256 length = withdrawal.strategies.length;
        IERC20[] memory tokens = new IERC20[](length);
        uint256[] memory before = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            tokens[i] = withdrawal.strategies[i].underlyingToken();
            before[i] = tokens[i].balanceOf(address(this));
        }
        DELEGATION.completeQueuedWithdrawal(withdrawal, tokens, true);
        for (uint256 i = 0; i < length; ++i) {
            // Only what arrived: a donation stays where its donor put it.
            uint256 arrived = tokens[i].balanceOf(address(this)) - before[i];
            if (arrived != 0) tokens[i].safeTransfer(POOL, arrived);
        }
    }

    /* VIEWS */

    /// @inheritdoc IOperatorDelegator
    function operator() external view returns (address) {
        return _state().operator;
    }

    /* INTERNALS */

    function _setClaimer() private {
        REWARDS.setClaimerFor(REWARDS_ROUTER);
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
