// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
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
import {IAvailabilityAvs} from "./IAvailabilityAvs.sol";

/// @title AvailabilityAvs
/// @notice A working AVS: operators keep chunks of data, and who cannot show its chunk when asked loses stake.
/// @dev Owns: blobs, promises, challenges, bonds. Trusts: AllocationManager for members and stake (safety).
///      Never: takes silence for a fault before the time to answer is over; pays a bond twice.
contract AvailabilityAvs is IAvailabilityAvs, IFaultVerifier, SigningKeys {
    /* CONSTANTS */

    // solhint-disable-next-line gas-small-strings
    bytes32 private constant CUSTODY_TYPEHASH = keccak256("Custody(bytes32 blobId,uint256 chunk)");

    /* IMMUTABLES */

    IInstantSlasher private immutable SLASHER;
    uint256 private immutable BOND; // [wei]
    uint64 private immutable RESPONSE_WINDOW; // [seconds]

    /* STORAGE */

    /// @inheritdoc IAvailabilityAvs
    mapping(bytes32 blobId => bool) public isConfirmed;
    /// @inheritdoc IAvailabilityAvs
    mapping(bytes32 blobId => mapping(address operator => bool)) public isCustodian;
    /// @inheritdoc IAvailabilityAvs
    mapping(address account => uint256) public dueTo; // [wei]
    mapping(bytes32 blobId => Blob) private _blobs;
    mapping(bytes32 blobId => mapping(address operator => Challenge)) private _challenges;

    /* SETUP */

    /// @dev Deploys the slasher and creates one set per list of strategies.
    constructor(
        IAllocationManager allocationManager,
        IRewardsCoordinator rewards,
        string memory metadataURI,
        IStrategy[][] memory strategiesOf,
        Terms memory terms
    ) Membership(allocationManager, rewards, metadataURI, terms.minStake) EIP712("Trellis Availability AVS", "1") {
        require(terms.bond > 0, BondZero());
        require(terms.responseWindow > 0, ISlasher.WindowZero());
        // An operator that leaves when it is challenged is still slashable when its time to answer is over.
        uint256 limit = uint256(allocationManager.DEALLOCATION_DELAY()) * terms.secondsPerBlock;
        require(terms.responseWindow < limit, ISlasher.WindowTooLong(terms.responseWindow, limit));
        SLASHER = new InstantSlasher(allocationManager, this, terms.slashWad, terms.cooldown);
        BOND = terms.bond;
        RESPONSE_WINDOW = terms.responseWindow;
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            strategiesOf.length
        );
        for (uint32 id = 0; id < sets.length; ++id) {
            sets[id] = IAllocationManagerActions.CreateSetParamsV2(id, strategiesOf[id], address(SLASHER));
        }
        allocationManager.createOperatorSets(address(this), sets);
    }

    /* STORING */

    /// @inheritdoc IAvailabilityAvs
    function submit(Blob calldata blob) external returns (bytes32 blobId) {
        require(blob.chunks > 0, NoChunks());
        require(block.timestamp <= blob.serveUntil, ServiceOver(block.timestamp, blob.serveUntil));
        blobId = blobIdOf(blob);
        require(_blobs[blobId].chunks == 0, BlobKnown(blobId));
        _blobs[blobId] = blob;
        emit BlobSubmitted(blobId, blob);
    }

    /// @inheritdoc IAvailabilityAvs
    function accept(bytes32 blobId, address operator, bytes calldata signature) external {
        Blob memory blob = _serving(blobId);
        require(!isCustodian[blobId][operator], AlreadyCustodian(blobId, operator));
        _requireMember(operator, blob.operatorSetId);
        uint256 chunk = _chunkOf(blobId, operator, blob.chunks);
        _requireSigned(operator, custodyDigest(blobId, chunk), signature);
        isCustodian[blobId][operator] = true;
        emit CustodyAccepted(blobId, operator, chunk, signature);
    }

    /// @inheritdoc IAvailabilityAvs
    function confirm(bytes32 blobId) external {
        Blob memory blob = _serving(blobId);
        require(!isConfirmed[blobId], AlreadyConfirmed(blobId));
        address[] memory members = ALLOCATION_MANAGER.getMembers(_set(blob.operatorSetId));
        uint256[] memory stakes = _stakes(members, blob.operatorSetId);
        uint256 total = 0;
        uint256 kept = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            total += stakes[i];
            if (isCustodian[blobId][members[i]]) kept += stakes[i];
        }
        _requireTwoThirds(kept, total);
        isConfirmed[blobId] = true;
        emit BlobConfirmed(blobId, kept, total);
    }

    /* CHALLENGING */

    /// @inheritdoc IAvailabilityAvs
    function challenge(bytes32 blobId, address operator) external payable {
        require(msg.value == BOND, WrongBond(msg.value, BOND));
        _serving(blobId);
        require(isCustodian[blobId][operator], NotCustodian(blobId, operator));
        require(_challenges[blobId][operator].challenger == address(0), AlreadyChallenged(blobId, operator));
        uint64 answerUntil = uint64(block.timestamp) + RESPONSE_WINDOW; // far from the end of uint64
        _challenges[blobId][operator] = Challenge(msg.sender, answerUntil, false);
        emit Challenged(blobId, operator, msg.sender, answerUntil);
    }

    /// @inheritdoc IAvailabilityAvs
    function answer(bytes32 blobId, address operator, bytes calldata chunk, bytes32[] calldata proof) external {
        Challenge memory c = _challenged(blobId, operator);
        require(block.timestamp <= c.answerUntil, AnswerTooLate(block.timestamp, c.answerUntil));
        bytes32 leaf = leafOf(chunkOf(blobId, operator), chunk);
        bytes32 root = _blobs[blobId].root;
        require(MerkleProof.verifyCalldata(proof, root, leaf), WrongChunk(leaf, root));
        delete _challenges[blobId][operator];
        dueTo[keyOf[operator]] += BOND;
        emit Answered(blobId, operator, c.challenger, chunk);
    }

    /// @inheritdoc IAvailabilityAvs
    function refund(bytes32 blobId, address operator) external {
        Challenge memory c = _unanswered(blobId, operator);
        require(!c.isRefunded, AlreadyRefunded(blobId, operator));
        _challenges[blobId][operator].isRefunded = true;
        dueTo[c.challenger] += BOND;
        emit BondRefunded(blobId, operator, c.challenger);
    }

    /// @inheritdoc IAvailabilityAvs
    function collect(address payable receiver) external {
        uint256 amount = dueTo[msg.sender];
        require(amount > 0, NothingDue(msg.sender));
        dueTo[msg.sender] = 0;
        emit Collected(msg.sender, receiver, amount);
        Address.sendValue(receiver, amount);
    }

    /* PROVING */

    /// @inheritdoc IFaultVerifier
    /// @dev One fault per blob and operator: a challenge without an answer stays as it is, and no second one is made.
    function verify(
        address operator,
        uint32 operatorSetId,
        bytes calldata evidence
    ) external view returns (bytes32 fault, uint64 committedAt) {
        bytes32 blobId = abi.decode(evidence, (bytes32));
        Challenge memory c = _unanswered(blobId, operator);
        uint32 setOfBlob = _blobs[blobId].operatorSetId;
        require(setOfBlob == operatorSetId, OtherSet(setOfBlob, operatorSetId));
        return (blobId, c.answerUntil);
    }

    /* VIEWS */

    /// @inheritdoc IAvailabilityAvs
    function blobOf(bytes32 blobId) external view returns (Blob memory) {
        return _blobs[blobId];
    }

    /// @inheritdoc IAvailabilityAvs
    function challengeOf(bytes32 blobId, address operator) external view returns (Challenge memory) {
        return _challenges[blobId][operator];
    }

    /// @inheritdoc IAvailabilityAvs
    function slasher() external view returns (IInstantSlasher) {
        return SLASHER;
    }

    /// @inheritdoc IAvailabilityAvs
    function bond() external view returns (uint256) {
        return BOND;
    }

    /// @inheritdoc IAvailabilityAvs
    function responseWindow() external view returns (uint64) {
        return RESPONSE_WINDOW;
    }

    /// @inheritdoc IAvailabilityAvs
    function blobIdOf(Blob calldata blob) public pure returns (bytes32) {
        return keccak256(abi.encode(blob));
    }

    /// @inheritdoc IAvailabilityAvs
    function chunkOf(bytes32 blobId, address operator) public view returns (uint256) {
        uint256 chunks = _blobs[blobId].chunks;
        require(chunks > 0, BlobUnknown(blobId));
        return _chunkOf(blobId, operator, chunks);
    }

    /// @inheritdoc IAvailabilityAvs
    function leafOf(uint256 index, bytes calldata chunk) public pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(index, keccak256(chunk)))));
    }

    /// @inheritdoc IAvailabilityAvs
    function custodyDigest(bytes32 blobId, uint256 chunk) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CUSTODY_TYPEHASH, blobId, chunk)));
    }

    /* INTERNALS */

    function _serving(bytes32 blobId) private view returns (Blob memory blob) {
        blob = _blobs[blobId];
        require(blob.chunks > 0, BlobUnknown(blobId));
        require(block.timestamp <= blob.serveUntil, ServiceOver(block.timestamp, blob.serveUntil));
    }

    function _challenged(bytes32 blobId, address operator) private view returns (Challenge memory c) {
        c = _challenges[blobId][operator];
        require(c.challenger != address(0), NotChallenged(blobId, operator));
    }

    function _unanswered(bytes32 blobId, address operator) private view returns (Challenge memory c) {
        c = _challenged(blobId, operator);
        require(block.timestamp > c.answerUntil, AnswerStillPossible(block.timestamp, c.answerUntil));
    }

    function _chunkOf(bytes32 blobId, address operator, uint256 chunks) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(blobId, operator))) % chunks;
    }
}
