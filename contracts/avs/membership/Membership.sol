// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IAVSRegistrar} from "../../restaking/interfaces/IAVSRegistrar.sol";
import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IMembership} from "./IMembership.sol";

/// @title Membership
/// @notice The part of an AVS that the engine talks to: who comes, who goes, what everyone has at stake and is paid.
/// @dev Trusts: AllocationManager for members and stake (safety), RewardsCoordinator for payments (safety of those who pay).
///      Never: refuses one who leaves; changes a set; keeps a payment.
abstract contract Membership is IMembership, IAVSRegistrar {
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    /// @notice Most members of a set; it bounds the cost of everything that counts votes.
    uint256 public constant MAX_MEMBERS = 32;

    /* IMMUTABLES */

    IAllocationManager internal immutable ALLOCATION_MANAGER;
    IRewardsCoordinator private immutable REWARDS;
    uint256 private immutable MIN_STAKE; // [deposit shares]

    /* SETUP */

    /// @dev The engine takes an AVS for its own registrar unless told otherwise, and asks for nothing in a constructor
    ///      that needs code at this address.
    constructor(
        IAllocationManager allocationManager,
        IRewardsCoordinator rewards,
        string memory metadataURI,
        uint256 minStake_
    ) {
        ALLOCATION_MANAGER = allocationManager;
        REWARDS = rewards;
        MIN_STAKE = minStake_;
        allocationManager.updateAVSMetadataURI(address(this), metadataURI);
    }

    modifier onlyAllocationManager() {
        require(msg.sender == address(ALLOCATION_MANAGER), OnlyAllocationManager(msg.sender));
        _;
    }

    /* MEMBERSHIP */

    /// @inheritdoc IAVSRegistrar
    function registerOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds,
        bytes calldata data
    ) external onlyAllocationManager {
        require(avs == address(this), OtherAvs(avs));
        for (uint256 i = 0; i < operatorSetIds.length; ++i) {
            // The engine has already counted the newcomer.
            uint256 members = ALLOCATION_MANAGER.getMemberCount(OperatorSet(avs, operatorSetIds[i]));
            require(members <= MAX_MEMBERS, SetFull(operatorSetIds[i], MAX_MEMBERS));
        }
        _welcome(operator, operatorSetIds, data);
    }

    /// @inheritdoc IAVSRegistrar
    /// @dev Forgets nothing: what a leaver signed stays evidence for as long as the engine calls it slashable.
    function deregisterOperator(address, address avs, uint32[] calldata) external view onlyAllocationManager {
        require(avs == address(this), OtherAvs(avs));
    }

    /// @inheritdoc IMembership
    function unseat(address operator, uint32 operatorSetId) external {
        uint256 members = ALLOCATION_MANAGER.getMemberCount(_set(operatorSetId));
        require(members >= MAX_MEMBERS, SetNotFull(operatorSetId, members, MAX_MEMBERS));
        uint256 stake = stakeOf(operator, operatorSetId);
        require(stake < MIN_STAKE, StakeSuffices(operator, stake, MIN_STAKE));
        uint32[] memory ids = new uint32[](1);
        ids[0] = operatorSetId;
        ALLOCATION_MANAGER.deregisterFromOperatorSets(
            IAllocationManagerActions.DeregisterParams(operator, address(this), ids)
        );
    }

    /* PAYING */

    /// @inheritdoc IMembership
    function pay(uint32 operatorSetId, IRewardsCoordinator.RewardsSubmission calldata submission) external {
        IERC20 token = submission.token;
        token.safeTransferFrom(msg.sender, address(this), submission.amount);
        token.forceApprove(address(REWARDS), submission.amount);
        IRewardsCoordinator.RewardsSubmission[] memory one = new IRewardsCoordinator.RewardsSubmission[](1);
        one[0] = submission;
        emit Paid(msg.sender, operatorSetId, address(token), submission.amount);
        REWARDS.createUniqueStakeRewardsSubmission(_set(operatorSetId), one);
    }

    /* VIEWS */

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address avs) external view returns (bool) {
        return avs == address(this);
    }

    /// @inheritdoc IMembership
    function minStake() external view returns (uint256) {
        return MIN_STAKE;
    }

    /// @inheritdoc IMembership
    function stakeOf(address operator, uint32 operatorSetId) public view returns (uint256) {
        address[] memory operators = new address[](1);
        operators[0] = operator;
        return _stakes(operators, operatorSetId)[0];
    }

    /* INTERNALS */

    /// @dev What the AVS asks of an operator that comes; a revert refuses it.
    function _welcome(address operator, uint32[] calldata operatorSetIds, bytes calldata data) internal virtual;

    /// @dev Strategies count alike, by deposit shares: the sets are meant for strategies worth about the same per share.
    function _stakes(address[] memory operators, uint32 operatorSetId) internal view returns (uint256[] memory stakes) {
        OperatorSet memory set = _set(operatorSetId);
        uint256[][] memory slashable = ALLOCATION_MANAGER.getMinimumSlashableStake(
            set,
            operators,
            ALLOCATION_MANAGER.getStrategiesInOperatorSet(set),
            // ≤ type(uint32).max: blocks of centuries. Stake that has begun to leave has no voice.
            uint32(block.number) + ALLOCATION_MANAGER.DEALLOCATION_DELAY()
        );
        stakes = new uint256[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            for (uint256 j = 0; j < slashable[i].length; ++j) stakes[i] += slashable[i][j];
        }
    }

    function _requireMember(address operator, uint32 operatorSetId) internal view {
        bool isMember = ALLOCATION_MANAGER.isMemberOfOperatorSet(operator, _set(operatorSetId));
        require(isMember, NotAMember(operator, operatorSetId));
    }

    function _requireStake(address operator, uint32 operatorSetId) internal view {
        uint256 stake = stakeOf(operator, operatorSetId);
        require(stake >= MIN_STAKE, StakeTooSmall(operator, operatorSetId, stake, MIN_STAKE));
    }

    function _requireTwoThirds(uint256 stake, uint256 totalStake) internal pure {
        require(stake > 0 && stake * 3 >= totalStake * 2, QuorumMissing(stake, totalStake));
    }

    function _set(uint32 operatorSetId) internal view returns (OperatorSet memory) {
        return OperatorSet(address(this), operatorSetId);
    }
}
