// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {Membership} from "../membership/Membership.sol";
import {SigningKeys} from "../membership/SigningKeys.sol";
import {IFaultVerifier} from "../slashing/IFaultVerifier.sol";
import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";
import {InstantSlasher} from "../slashing/InstantSlasher.sol";
import {ISlasher} from "../slashing/ISlasher.sol";
import {IBridgeAvs} from "./IBridgeAvs.sol";

/// @title BridgeAvs
/// @notice A working AVS: operators vouch for messages of another chain, and pay the bridge's insurance for a forged one.
/// @dev Owns: attestations, accepted messages, outboxes. Trusts: the canonical bridge for outboxes (safety of operators),
///      and to post them within `canonicalDelay` (liveness of justice); AllocationManager for members and stake (safety).
///      Never: accepts two messages of one number; replaces an outbox.
contract BridgeAvs is IBridgeAvs, IFaultVerifier, SigningKeys {
    /* TYPES */

    struct Posted {
        bytes32 root;
        uint64 count;
        bool exists;
    }

    /* CONSTANTS */

    /* solhint-disable gas-small-strings */
    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint32 operatorSetId,uint256 sourceChainId,uint64 nonce,bytes32 payloadHash,uint64 seenAt)"
    );
    /* solhint-enable gas-small-strings */

    /* IMMUTABLES */

    IInstantSlasher private immutable SLASHER;
    uint256 private immutable SOURCE_CHAIN_ID;
    address private immutable CANONICAL;
    address private immutable INSURANCE;
    uint64 private immutable CANONICAL_DELAY; // [seconds]

    /* STORAGE */

    /// @inheritdoc IBridgeAvs
    uint64 public lastOutboxAt;
    /// @inheritdoc IBridgeAvs
    mapping(bytes32 messageId => mapping(address operator => bool)) public isAttested;
    mapping(uint32 operatorSetId => mapping(uint64 nonce => bytes32 messageId)) private _accepted;
    mapping(uint64 time => Posted) private _outboxes;

    /* SETUP */

    /// @dev Deploys the slasher and creates one redistributing set per list of strategies.
    constructor(
        IAllocationManager allocationManager,
        IRewardsCoordinator rewards,
        string memory metadataURI,
        IStrategy[][] memory strategiesOf,
        Terms memory terms
    ) Membership(allocationManager, rewards, metadataURI, terms.minStake) EIP712("Trellis Bridge AVS", "1") {
        require(terms.canonical != address(0) && terms.insurance != address(0), AddressMissing());
        // An operator that lies and leaves is still slashable when the truth arrives.
        uint256 limit = uint256(allocationManager.DEALLOCATION_DELAY()) * terms.secondsPerBlock;
        require(terms.canonicalDelay < limit, ISlasher.WindowTooLong(terms.canonicalDelay, limit));
        SLASHER = new InstantSlasher(allocationManager, this, terms.slashWad, terms.cooldown);
        SOURCE_CHAIN_ID = terms.sourceChainId;
        CANONICAL = terms.canonical;
        INSURANCE = terms.insurance;
        CANONICAL_DELAY = terms.canonicalDelay;
        uint256 count = strategiesOf.length;
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            count
        );
        address[] memory recipients = new address[](count);
        for (uint32 id = 0; id < count; ++id) {
            sets[id] = IAllocationManagerActions.CreateSetParamsV2(id, strategiesOf[id], address(SLASHER));
            recipients[id] = terms.insurance;
        }
        allocationManager.createRedistributingOperatorSets(address(this), sets, recipients);
    }

    /* ATTESTING */

    /// @inheritdoc IBridgeAvs
    function attest(address operator, Attestation calldata attestation, bytes calldata signature) external {
        Attestation calldata a = attestation;
        // Else no outbox would ever be late enough to disprove it.
        require(a.seenAt <= block.timestamp, SeenInFuture(a.seenAt, block.timestamp));
        bytes32 messageId = messageIdOf(a.operatorSetId, a.nonce, a.payloadHash);
        require(!isAttested[messageId][operator], AlreadyAttested(operator, messageId));
        _requireMember(operator, a.operatorSetId);
        _requireSigned(operator, attestationDigest(a), signature);
        isAttested[messageId][operator] = true;
        emit Attested(operator, a, signature);
    }

    /// @inheritdoc IBridgeAvs
    function accept(uint32 operatorSetId, uint64 nonce, bytes32 payloadHash) external {
        bytes32 messageId = messageIdOf(operatorSetId, nonce, payloadHash);
        bytes32 accepted = _accepted[operatorSetId][nonce];
        require(accepted != messageId, AlreadyAccepted(messageId));
        require(accepted == bytes32(0), NonceTaken(operatorSetId, nonce));
        address[] memory members = ALLOCATION_MANAGER.getMembers(_set(operatorSetId));
        uint256[] memory stakes = _stakes(members, operatorSetId);
        uint256 total = 0;
        uint256 attested = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            total += stakes[i];
            if (isAttested[messageId][members[i]]) attested += stakes[i];
        }
        _requireTwoThirds(attested, total);
        _accepted[operatorSetId][nonce] = messageId;
        emit MessageAccepted(operatorSetId, nonce, payloadHash, attested, total);
    }

    /* THE TRUTH */

    /// @inheritdoc IBridgeAvs
    function postOutbox(uint64 time, Outbox calldata outbox) external {
        require(msg.sender == CANONICAL, OnlyCanonical(msg.sender, CANONICAL));
        uint64 last = lastOutboxAt;
        require(time > last && time <= block.timestamp, OutboxTimeWrong(time, last, block.timestamp));
        uint64 lastCount = _outboxes[last].count;
        require(outbox.count >= lastCount, OutboxShrank(outbox.count, lastCount));
        _outboxes[time] = Posted(outbox.root, outbox.count, true);
        lastOutboxAt = time;
        emit OutboxPosted(time, outbox.count, outbox.root);
    }

    /* PROVING */

    /// @inheritdoc IFaultVerifier
    /// @dev The same lie told twice, of two moments, is one fault.
    function verify(
        address operator,
        uint32 operatorSetId,
        bytes calldata evidence
    ) external view returns (bytes32 fault, uint64 committedAt) {
        (Attestation memory a, bytes memory signature, Disproof memory d) = abi.decode(
            evidence,
            (Attestation, bytes, Disproof)
        );
        require(a.operatorSetId == operatorSetId, OtherSet(a.operatorSetId, operatorSetId));
        _requireSigned(operator, _attestationDigest(a), signature);
        Posted memory outbox = _outboxes[d.outboxAt];
        require(outbox.exists, OutboxUnknown(d.outboxAt));
        fault = messageIdOf(a.operatorSetId, a.nonce, a.payloadHash);
        require(_isDisproved(a, d, outbox), NotDisproved(fault, d.outboxAt));
        return (fault, a.seenAt);
    }

    /* VIEWS */

    /// @inheritdoc IBridgeAvs
    function isAccepted(uint32 operatorSetId, uint64 nonce, bytes32 payloadHash) external view returns (bool) {
        return _accepted[operatorSetId][nonce] == messageIdOf(operatorSetId, nonce, payloadHash);
    }

    /// @inheritdoc IBridgeAvs
    function outboxOf(uint64 time) external view returns (Outbox memory) {
        Posted memory posted = _outboxes[time];
        return Outbox(posted.root, posted.count);
    }

    /// @inheritdoc IBridgeAvs
    function slasher() external view returns (IInstantSlasher) {
        return SLASHER;
    }

    /// @inheritdoc IBridgeAvs
    function insurance() external view returns (address) {
        return INSURANCE;
    }

    /// @inheritdoc IBridgeAvs
    function canonical() external view returns (address) {
        return CANONICAL;
    }

    /// @inheritdoc IBridgeAvs
    function canonicalDelay() external view returns (uint64) {
        return CANONICAL_DELAY;
    }

    /// @inheritdoc IBridgeAvs
    function attestationDigest(Attestation calldata attestation) public view returns (bytes32) {
        return _attestationDigest(attestation);
    }

    /// @inheritdoc IBridgeAvs
    function messageIdOf(uint32 operatorSetId, uint64 nonce, bytes32 payloadHash) public pure returns (bytes32) {
        return keccak256(abi.encode(operatorSetId, nonce, payloadHash));
    }

    /// @inheritdoc IBridgeAvs
    function leafOf(uint64 nonce, bytes32 payloadHash) public pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(nonce, payloadHash))));
    }

    /* INTERNALS */

    /// @dev Either the outbox stood short of the message when the operator said it had seen it, or the message is another.
    function _isDisproved(Attestation memory a, Disproof memory d, Posted memory outbox) private pure returns (bool) {
        if (a.nonce == 0) return true; // messages are counted from 1
        if (a.nonce > outbox.count) return d.outboxAt >= a.seenAt;
        return
            d.payloadHash != a.payloadHash && MerkleProof.verify(d.proof, outbox.root, leafOf(a.nonce, d.payloadHash));
    }

    function _attestationDigest(Attestation memory a) private view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(ATTESTATION_TYPEHASH, a.operatorSetId, SOURCE_CHAIN_ID, a.nonce, a.payloadHash, a.seenAt)
                )
            );
    }
}
