// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {Membership} from "../membership/Membership.sol";
import {IFaultVerifier} from "../slashing/IFaultVerifier.sol";
import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";
import {InstantSlasher} from "../slashing/InstantSlasher.sol";
import {EotsMath} from "./EotsMath.sol";
import {IFinalityAvs} from "./IFinalityAvs.sol";

/// @title FinalityAvs
/// @notice A working AVS: operators vote blocks final, and two votes for one height cost stake and publish the key.
/// @dev Owns: keys, nonce roots, votes, final blocks. Trusts: AllocationManager for members and stake (safety).
///      Never: changes a key, a root, a vote or a final block; counts a vote without a committed nonce.
contract FinalityAvs is IFinalityAvs, IFaultVerifier, Membership {
    /* CONSTANTS */

    /// @notice Heights of an epoch: one root commits the nonces of all.
    uint64 public constant EPOCH_HEIGHTS = 1_024;

    /* IMMUTABLES */

    IInstantSlasher private immutable SLASHER;

    /* STORAGE */

    /// @inheritdoc IFinalityAvs
    mapping(uint256 x => address) public operatorOfKey;
    /// @inheritdoc IFinalityAvs
    mapping(address operator => mapping(uint64 epoch => bytes32)) public nonceRootOf;
    /// @inheritdoc IFinalityAvs
    mapping(address operator => mapping(uint32 operatorSetId => mapping(uint64 height => bytes32))) public voteOf;
    /// @inheritdoc IFinalityAvs
    mapping(uint32 operatorSetId => mapping(uint64 height => bytes32)) public finalBlock;
    mapping(address operator => Key) private _keys;

    /* SETUP */

    /// @dev Deploys the slasher and creates one set per list of strategies.
    constructor(
        IAllocationManager allocationManager,
        IRewardsCoordinator rewards,
        string memory metadataURI,
        IStrategy[][] memory strategiesOf,
        Terms memory terms
    ) Membership(allocationManager, rewards, metadataURI, terms.minStake) {
        SLASHER = new InstantSlasher(allocationManager, this, terms.slashWad, terms.cooldown);
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            strategiesOf.length
        );
        for (uint32 id = 0; id < sets.length; ++id) {
            sets[id] = IAllocationManagerActions.CreateSetParamsV2(id, strategiesOf[id], address(SLASHER));
        }
        allocationManager.createOperatorSets(address(this), sets);
    }

    /* VOTING */

    /// @inheritdoc IFinalityAvs
    function commitNonces(address operator, uint64 epoch, bytes32 root, Signature calldata signature) external {
        require(nonceRootOf[operator][epoch] == bytes32(0), NoncesFixed(operator, epoch));
        _requireSigned(_keyOf(operator).x, commitMessage(operator, epoch, root), signature);
        nonceRootOf[operator][epoch] = root;
        emit NoncesCommitted(operator, epoch, root);
    }

    /// @inheritdoc IFinalityAvs
    function vote(address operator, uint32 operatorSetId, uint64 height, Vote calldata ballot) external {
        require(finalBlock[operatorSetId][height] == bytes32(0), AlreadyFinal(operatorSetId, height));
        bool isNew = voteOf[operator][operatorSetId][height] == bytes32(0);
        require(isNew, AlreadyVoted(operator, operatorSetId, height));
        _requireMember(operator, operatorSetId);
        _challengeOf(operator, operatorSetId, height, ballot);
        voteOf[operator][operatorSetId][height] = ballot.blockHash;
        emit Voted(operator, operatorSetId, height, ballot.blockHash, ballot.s);
    }

    /// @inheritdoc IFinalityAvs
    function finalise(uint32 operatorSetId, uint64 height, bytes32 blockHash) external {
        require(finalBlock[operatorSetId][height] == bytes32(0), AlreadyFinal(operatorSetId, height));
        address[] memory members = ALLOCATION_MANAGER.getMembers(_set(operatorSetId));
        uint256[] memory stakes = _stakes(members, operatorSetId);
        uint256 total = 0;
        uint256 voted = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (SLASHER.isPunished(members[i], operatorSetId, _fault(height))) continue;
            total += stakes[i];
            if (voteOf[members[i]][operatorSetId][height] == blockHash) voted += stakes[i];
        }
        require(blockHash != bytes32(0) && voted * 3 > total * 2, QuorumMissing(voted, total));
        finalBlock[operatorSetId][height] = blockHash;
        emit Finalised(operatorSetId, height, blockHash, voted, total);
    }

    /* PROVING */

    /// @inheritdoc IFaultVerifier
    /// @dev Both votes must verify under committed nonces. Nobody knows when the second was signed.
    function verify(
        address operator,
        uint32 operatorSetId,
        bytes calldata evidence
    ) external view returns (bytes32 fault, uint64 committedAt) {
        (uint64 height, Vote memory a, Vote memory b) = abi.decode(evidence, (uint64, Vote, Vote));
        require(a.blockHash != b.blockHash, SameBlock(a.blockHash));
        uint256 eA = _challengeOf(operator, operatorSetId, height, a);
        uint256 eB = _challengeOf(operator, operatorSetId, height, b);
        if (a.nonce.nonceAddress == b.nonce.nonceAddress) {
            address found = EotsMath.addressOf(EotsMath.extract(a.s, eA, b.s, eB));
            address expected = _keys[operator].pointAddress;
            require(found == expected, OtherKey(found, expected));
        }
        return (_fault(height), 0);
    }

    /* VIEWS */

    /// @inheritdoc IFinalityAvs
    function eotsKeyOf(address operator) external view returns (Key memory) {
        return _keys[operator];
    }

    /// @inheritdoc IFinalityAvs
    function slasher() external view returns (IInstantSlasher) {
        return SLASHER;
    }

    /// @inheritdoc IFinalityAvs
    function leafOf(
        uint32 operatorSetId,
        uint64 height,
        uint256 nonceX,
        address nonceAddress
    ) public pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(operatorSetId, height, nonceX, nonceAddress))));
    }

    /// @inheritdoc IFinalityAvs
    function registrationMessage(address operator) public view returns (bytes memory) {
        return abi.encode("Trellis finality: key", block.chainid, address(this), operator);
    }

    /// @inheritdoc IFinalityAvs
    function commitMessage(address operator, uint64 epoch, bytes32 root) public view returns (bytes memory) {
        return abi.encode("Trellis finality: nonces", block.chainid, address(this), operator, epoch, root);
    }

    /// @inheritdoc IFinalityAvs
    function voteMessage(uint32 operatorSetId, uint64 height, bytes32 blockHash) public view returns (bytes memory) {
        return abi.encode("Trellis finality: vote", block.chainid, address(this), operatorSetId, height, blockHash);
    }

    /* INTERNALS */

    /// @dev `data` is `abi.encode(uint256 x, uint256 y, Signature)`, the signature by the key over `registrationMessage`:
    ///      nobody can take another's key. An operator that has a key may leave `data` empty.
    function _welcome(address operator, uint32[] calldata, bytes calldata data) internal override {
        require(SLASHER.timesPunished(operator) == 0, KeyBurned(operator));
        uint256 present = _keys[operator].x;
        if (present != 0 && data.length == 0) return;
        (uint256 x, uint256 y, Signature memory signature) = abi.decode(data, (uint256, uint256, Signature));
        if (present != 0) {
            require(x == present, EotsKeyFixed(operator, present, x));
            return;
        }
        address pointAddress = EotsMath.evenPointAddress(x, y);
        require(pointAddress != address(0), PointInvalid(x, y));
        address taken = operatorOfKey[x];
        require(taken == address(0), EotsKeyTaken(x, taken));
        _requireSigned(x, registrationMessage(operator), signature);
        _keys[operator] = Key(x, pointAddress);
        operatorOfKey[x] = operator;
        emit EotsKeyRegistered(operator, x, pointAddress);
    }

    function _keyOf(address operator) private view returns (Key memory key) {
        key = _keys[operator];
        require(key.x != 0, EotsKeyUnknown(operator));
    }

    /// @dev The challenge of a vote, which must verify under a nonce committed for its height.
    function _challengeOf(
        address operator,
        uint32 operatorSetId,
        uint64 height,
        Vote memory ballot
    ) private view returns (uint256 e) {
        Nonce memory nonce = ballot.nonce;
        bytes32 root = nonceRootOf[operator][height / EPOCH_HEIGHTS];
        bytes32 leaf = leafOf(operatorSetId, height, nonce.nonceX, nonce.nonceAddress);
        bool isCommitted = root != bytes32(0) && MerkleProof.verify(nonce.proof, root, leaf);
        require(isCommitted, NonceNotCommitted(operator, height, root));
        uint256 keyX = _keyOf(operator).x;
        e = EotsMath.challenge(nonce.nonceX, keyX, voteMessage(operatorSetId, height, ballot.blockHash));
        _requireNonce(EotsMath.nonceAddress(ballot.s, e, keyX), nonce.nonceAddress);
    }

    /// @dev A plain BIP-340 signature. A point whose address `ecrecover` gives lies on the curve.
    function _requireSigned(uint256 keyX, bytes memory message, Signature memory signature) private pure {
        require(signature.nonceY % 2 == 0, PointInvalid(signature.nonceX, signature.nonceY));
        address expected = address(uint160(uint256(keccak256(abi.encode(signature.nonceX, signature.nonceY)))));
        uint256 e = EotsMath.challenge(signature.nonceX, keyX, message);
        _requireNonce(EotsMath.nonceAddress(signature.s, e, keyX), expected);
    }

    function _requireNonce(address found, address expected) private pure {
        require(found == expected && found != address(0), SignatureInvalid(found, expected));
    }

    function _fault(uint64 height) private pure returns (bytes32) {
        return bytes32(uint256(height));
    }
}
