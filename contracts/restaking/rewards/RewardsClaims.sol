// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {IRewardsCoordinator} from "../interfaces/IRewardsCoordinator.sol";
import {RewardsSettings} from "./RewardsSettings.sol";
import {RewardsTree} from "./RewardsTree.sol";
import {RootLedger} from "./RootLedger.sol";

/// @title RewardsClaims
/// @notice The paying side of the RewardsCoordinator: roots of what was earned, and claims by them.
abstract contract RewardsClaims is RewardsSettings {
    using RewardsTree for bytes32;
    using RewardsTree for bytes;
    using RewardsTree for EarnerTreeMerkleLeaf;
    using RewardsTree for TokenTreeMerkleLeaf;
    using RootLedger for RootLedger.Ledger;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    uint8 private constant PAUSED_CLAIMS = 2;
    uint8 private constant PAUSED_ROOTS = 3;

    /* STORAGE */

    /// @inheritdoc IRewardsCoordinator
    mapping(address earner => mapping(IERC20 token => uint256)) public cumulativeClaimed;

    RootLedger.Ledger private _roots; // `_rootCount` of them

    modifier onlyRewardsUpdater() {
        require(msg.sender == rewardsUpdater, UnauthorizedCaller());
        _;
    }

    /* ROOTS */

    /// @inheritdoc IRewardsCoordinator
    function submitRoot(
        bytes32 root,
        uint32 rewardsCalculationEndTimestamp
    ) external onlyWhenNotPaused(PAUSED_ROOTS) onlyRewardsUpdater {
        require(
            rewardsCalculationEndTimestamp > currRewardsCalculationEndTimestamp,
            NewRootMustBeForNewCalculatedPeriod()
        );
        require(rewardsCalculationEndTimestamp < block.timestamp, RewardsEndTimestampNotElapsed());
        uint32 index = _rootCount;
        uint32 activatedAt = (block.timestamp + activationDelay).toUint32();
        _rootCount = index + 1;
        currRewardsCalculationEndTimestamp = rewardsCalculationEndTimestamp;
        _roots.append(index, root, rewardsCalculationEndTimestamp, activatedAt);
        emit DistributionRootSubmitted(index, root, rewardsCalculationEndTimestamp, activatedAt);
    }

    /// @inheritdoc IRewardsCoordinator
    function disableRoot(uint32 rootIndex) external onlyWhenNotPaused(PAUSED_ROOTS) onlyRewardsUpdater {
        require(rootIndex < _rootCount, InvalidRootIndex());
        (, uint32 activatedAt, bool disabled) = _roots.timesOf(rootIndex);
        require(!disabled, RootDisabled());
        require(block.timestamp < activatedAt, RootAlreadyActivated());
        _roots.disable(rootIndex);
        emit DistributionRootDisabled(rootIndex);
    }

    /* CLAIMING */

    /// @inheritdoc IRewardsCoordinator
    function processClaim(
        RewardsMerkleClaim calldata claim,
        address recipient
    ) external onlyWhenNotPaused(PAUSED_CLAIMS) nonReentrant {
        _claim(claim, recipient);
    }

    /// @inheritdoc IRewardsCoordinator
    function processClaims(
        RewardsMerkleClaim[] calldata claims,
        address recipient
    ) external onlyWhenNotPaused(PAUSED_CLAIMS) nonReentrant {
        for (uint256 i = 0; i < claims.length; ++i) _claim(claims[i], recipient);
    }

    /// @inheritdoc IRewardsCoordinator
    function setClaimerFor(address claimer) external {
        _setClaimer(msg.sender, claimer);
    }

    /// @inheritdoc IRewardsCoordinator
    function setClaimerFor(address earner, address claimer) external onlyFor(earner) {
        require(
            delegationManager.isOperator(earner) || allocationManager.getOperatorSetCount(earner) != 0,
            InvalidEarner()
        );
        _setClaimer(earner, claimer);
    }

    function _setClaimer(address earner, address claimer) private {
        Account storage account = _accounts[earner];
        address old = account.claimer;
        account.claimer = claimer;
        emit ClaimerForSet(earner, old, claimer);
    }

    function _claim(RewardsMerkleClaim calldata claim, address recipient) private {
        bytes32 root = _checkClaim(claim);
        address earner = claim.earnerLeaf.earner;
        address claimer = claimerFor(earner);
        require(msg.sender == (claimer == address(0) ? earner : claimer), UnauthorizedCaller());
        for (uint256 i = 0; i < claim.tokenLeaves.length; ++i) {
            TokenTreeMerkleLeaf calldata leaf = claim.tokenLeaves[i];
            IERC20 token = leaf.token;
            uint256 claimed = cumulativeClaimed[earner][token];
            require(leaf.cumulativeEarnings > claimed, EarningsNotGreaterThanClaimed());
            cumulativeClaimed[earner][token] = leaf.cumulativeEarnings;
            uint256 amount = leaf.cumulativeEarnings - claimed;
            token.safeTransfer(recipient, amount);
            emit RewardsClaimed(root, earner, msg.sender, recipient, token, amount);
        }
    }

    /// @return The root that the claim is made by.
    function _checkClaim(RewardsMerkleClaim calldata claim) private view returns (bytes32) {
        DistributionRoot memory root = getDistributionRootAtIndex(claim.rootIndex);
        require(!root.disabled, RootDisabled());
        require(block.timestamp >= root.activatedAt, RootNotActivated());
        uint256 count = claim.tokenLeaves.length;
        require(
            count == claim.tokenIndices.length && count == claim.tokenTreeProofs.length,
            InputArrayLengthMismatch()
        );
        require(claim.earnerTreeProof.hasLeaf(claim.earnerIndex), InvalidEarnerLeafIndex());
        root.root.requireLeaf(claim.earnerIndex, claim.earnerLeaf.hashOf(), claim.earnerTreeProof);
        for (uint256 i = 0; i < count; ++i) {
            uint32 index = claim.tokenIndices[i];
            bytes calldata proof = claim.tokenTreeProofs[i];
            require(proof.hasLeaf(index), InvalidTokenLeafIndex());
            claim.earnerLeaf.earnerTokenRoot.requireLeaf(index, claim.tokenLeaves[i].hashOf(), proof);
        }
        return root.root;
    }

    /* VIEWS */

    /// @inheritdoc IRewardsCoordinator
    function checkClaim(RewardsMerkleClaim calldata claim) external view returns (bool) {
        _checkClaim(claim);
        return true;
    }

    /// @inheritdoc IRewardsCoordinator
    function getDistributionRootsLength() external view returns (uint256) {
        return _rootCount;
    }

    /// @inheritdoc IRewardsCoordinator
    function getDistributionRootAtIndex(uint256 index) public view returns (DistributionRoot memory) {
        DistributionRoot memory root = _roots.rootAt(index);
        // Cheaper than asking for the length. A root is activated in our time, not at 0.
        if (root.activatedAt == 0) Panic.panic(Panic.ARRAY_OUT_OF_BOUNDS);
        return root;
    }

    /// @inheritdoc IRewardsCoordinator
    function getCurrentDistributionRoot() external view returns (DistributionRoot memory) {
        return _roots.rootAt(_rootCount - 1);
    }

    /// @inheritdoc IRewardsCoordinator
    function getCurrentClaimableDistributionRoot() external view returns (DistributionRoot memory newest) {
        for (uint256 i = _rootCount; i > 0; --i) {
            DistributionRoot memory root = _roots.rootAt(i - 1);
            if (!root.disabled && block.timestamp >= root.activatedAt) return root;
        }
    }

    /// @inheritdoc IRewardsCoordinator
    function getRootIndexFromHash(bytes32 rootHash) external view returns (uint32) {
        for (uint32 i = _rootCount; i > 0; --i) {
            if (_roots.hashes[i - 1] == rootHash) return i - 1;
        }
        revert InvalidRoot();
    }

    /// @inheritdoc IRewardsCoordinator
    function calculateEarnerLeafHash(EarnerTreeMerkleLeaf calldata leaf) external pure returns (bytes32) {
        return leaf.hashOf();
    }

    /// @inheritdoc IRewardsCoordinator
    function calculateTokenLeafHash(TokenTreeMerkleLeaf calldata leaf) external pure returns (bytes32) {
        return leaf.hashOf();
    }
}
