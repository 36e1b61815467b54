// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";

/// @title IFinalityAvs
/// @notice Operators vote for one block per height; a second vote for a height publishes the operator's key.
/// @dev Votes are extractable one-time signatures: for every height the nonce is committed beforehand, so two votes for
///      one height use one nonce, and whoever has both computes the key. An honest operator keeps its nonces and key,
///      uses no nonce anywhere else, and signs one block per height. Then it cannot be slashed.
interface IFinalityAvs {
    /* TYPES */

    /// @param minStake Stake below which a member can be unseated from a full set [deposit shares].
    /// @param slashWad What two votes for one height cost of the allocation [WAD].
    /// @param cooldown Time between two slashes of one operator in one set [seconds].
    struct Terms {
        uint256 minStake;
        uint64 slashWad;
        uint64 cooldown;
    }

    /// @param x X coordinate.
    /// @param pointAddress Address of the point of `x` with even y.
    struct Key {
        uint256 x;
        address pointAddress;
    }

    /// @param nonceX X coordinate of the nonce point.
    /// @param nonceAddress Address of the nonce point with even y.
    /// @param proof That both are committed for the height.
    struct Nonce {
        uint256 nonceX;
        address nonceAddress;
        bytes32[] proof;
    }

    /// @param blockHash Block voted for.
    /// @param s Signature under the nonce.
    /// @param nonce Nonce of the height.
    struct Vote {
        bytes32 blockHash;
        uint256 s;
        Nonce nonce;
    }

    /// @param nonceX X coordinate of a fresh nonce point.
    /// @param nonceY Its y coordinate, even.
    /// @param s Signature.
    struct Signature {
        uint256 nonceX;
        uint256 nonceY;
        uint256 s;
    }

    /* EVENTS */

    /// @notice An operator brought its key, once and for ever.
    event EotsKeyRegistered(address indexed operator, uint256 indexed x, address pointAddress);
    /// @notice An operator committed its nonces of an epoch.
    event NoncesCommitted(address indexed operator, uint64 indexed epoch, bytes32 root);
    /// @notice An operator voted; with another vote for the height, `s` gives the key away.
    event Voted(
        address indexed operator,
        uint32 indexed operatorSetId,
        uint64 indexed height,
        bytes32 blockHash,
        uint256 s
    );
    /// @notice More than two thirds of the stake voted for a block.
    event Finalised(
        uint32 indexed operatorSetId,
        uint64 indexed height,
        bytes32 blockHash,
        uint256 stake,
        uint256 totalStake
    );

    /* ERRORS */

    /// @notice The operator's key was published by its fault: it never serves again.
    error KeyBurned(address operator);
    /// @notice The operator has another key.
    error EotsKeyFixed(address operator, uint256 x, uint256 offered);
    /// @notice The key belongs to another operator.
    error EotsKeyTaken(uint256 x, address operator);
    /// @notice The operator has brought no key.
    error EotsKeyUnknown(address operator);
    /// @notice This is no point of even y on the curve, or cannot be a key.
    error PointInvalid(uint256 x, uint256 y);
    /// @notice The signature gives another nonce point than it should.
    error SignatureInvalid(address nonceAddress, address expected);
    /// @notice The nonces of an epoch are committed once.
    error NoncesFixed(address operator, uint64 epoch);
    /// @notice The nonce is not committed for this height.
    error NonceNotCommitted(address operator, uint64 height, bytes32 root);
    /// @notice The operator has voted for this height.
    error AlreadyVoted(address operator, uint32 operatorSetId, uint64 height);
    /// @notice The height has its block.
    error AlreadyFinal(uint32 operatorSetId, uint64 height);
    /// @notice Both votes are for the same block: that is no fault.
    error SameBlock(bytes32 blockHash);
    /// @notice The votes do not give the operator's key.
    error OtherKey(address found, address expected);

    /* VOTING */

    /// @notice Commits an operator's nonces of an epoch, by a signature of its key over `commitMessage`.
    /// @dev Caller: anyone.
    function commitNonces(address operator, uint64 epoch, bytes32 root, Signature calldata signature) external;

    /// @notice Hands in an operator's vote.
    /// @dev Caller: anyone.
    function vote(address operator, uint32 operatorSetId, uint64 height, Vote calldata ballot) external;

    /// @notice Finalises a block for which more than two thirds of the set's stake voted.
    /// @dev Caller: anyone. Weights are what stays slashable for a whole deallocation delay from now. Members whose two
    ///      votes for this height are proven do not count.
    function finalise(uint32 operatorSetId, uint64 height, bytes32 blockHash) external;

    /* VIEWS */

    /// @notice The final block of a height; zero while there is none.
    /// @dev Caller: anyone.
    function finalBlock(uint32 operatorSetId, uint64 height) external view returns (bytes32);

    /// @notice The block for which an operator voted; zero without a vote.
    /// @dev Caller: anyone.
    function voteOf(address operator, uint32 operatorSetId, uint64 height) external view returns (bytes32);

    /// @notice The operator's key.
    /// @dev Caller: anyone.
    function eotsKeyOf(address operator) external view returns (Key memory);

    /// @notice The operator whose key has this x.
    /// @dev Caller: anyone.
    function operatorOfKey(uint256 x) external view returns (address);

    /// @notice Root of the operator's nonces of an epoch.
    /// @dev Caller: anyone.
    function nonceRootOf(address operator, uint64 epoch) external view returns (bytes32);

    /// @notice The leaf of a nonce: `keccak256(keccak256(abi.encode(operatorSetId, height, nonceX, nonceAddress)))`;
    ///         pairs are sorted.
    /// @dev Caller: anyone.
    function leafOf(
        uint32 operatorSetId,
        uint64 height,
        uint256 nonceX,
        address nonceAddress
    ) external pure returns (bytes32);

    /// @notice What a key signs to serve an operator.
    /// @dev Caller: anyone.
    function registrationMessage(address operator) external view returns (bytes memory);

    /// @notice What a key signs to commit nonces.
    /// @dev Caller: anyone.
    function commitMessage(address operator, uint64 epoch, bytes32 root) external view returns (bytes memory);

    /// @notice What a key signs to vote.
    /// @dev Caller: anyone.
    function voteMessage(uint32 operatorSetId, uint64 height, bytes32 blockHash) external view returns (bytes memory);

    /// @notice The slasher of all sets. Evidence: `abi.encode(uint64 height, Vote, Vote)`.
    /// @dev Caller: anyone. Votes with one nonce must give the operator's key. Whoever commits two nonces for a height
    ///      hides its key by that, not its fault: two votes that verify are enough.
    function slasher() external view returns (IInstantSlasher);
}
