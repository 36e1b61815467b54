// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";

/// @title IBridgeAvs
/// @notice Operators attest messages of another chain early; the chain's own slow root says later who lied.
/// @dev The source chain keeps an outbox that only grows: message n stays message n. Its canonical bridge posts, late but
///      surely, the outbox as it stood at a time. An attestation says: at `seenAt` the outbox had message `nonce` with
///      this payload. It is disproved by a root of that time or later which does not reach `nonce`, or by any root whose
///      message `nonce` is another. An honest operator attests only what it saw in a finalised block, with the time of
///      that block. Slashed stake is not burned: it goes to the bridge's insurance.
interface IBridgeAvs {
    /* TYPES */

    /// @param minStake Stake below which a member can be unseated from a full set [deposit shares].
    /// @param sourceChainId Chain whose messages are attested.
    /// @param canonical Posts the outbox of the source chain: its canonical bridge.
    /// @param insurance Gets what is slashed.
    /// @param canonicalDelay Longest time until the outbox of a moment is posted [seconds].
    /// @param secondsPerBlock Least time between two blocks of this chain; turns the engine's delay into time.
    /// @param slashWad What a false attestation costs of the allocation [WAD].
    /// @param cooldown Time between two slashes of one operator in one set [seconds].
    struct Terms {
        uint256 minStake;
        uint256 sourceChainId;
        address canonical;
        address insurance;
        uint64 canonicalDelay;
        uint64 secondsPerBlock;
        uint64 slashWad;
        uint64 cooldown;
    }

    /// @param operatorSetId Set in whose name it is attested.
    /// @param nonce Number of the message in the outbox, counted from 1.
    /// @param payloadHash Hash of its payload.
    /// @param seenAt Time of the finalised source block in which it was seen [unix seconds].
    struct Attestation {
        uint32 operatorSetId;
        uint64 nonce;
        bytes32 payloadHash;
        uint64 seenAt;
    }

    /// @param root Merkle root of all messages; see `leafOf`.
    /// @param count Number of messages.
    struct Outbox {
        bytes32 root;
        uint64 count;
    }

    /// @param outboxAt Time of the outbox that disproves.
    /// @param payloadHash The true payload of the message; of no use when the outbox does not reach it.
    /// @param proof Proof of the true payload; empty when the outbox does not reach the message.
    struct Disproof {
        uint64 outboxAt;
        bytes32 payloadHash;
        bytes32[] proof;
    }

    /* EVENTS */

    /// @notice An operator attested a message.
    event Attested(address indexed operator, Attestation attestation, bytes signature);
    /// @notice Two thirds of the stake attested a message.
    event MessageAccepted(
        uint32 indexed operatorSetId,
        uint64 indexed nonce,
        bytes32 indexed payloadHash,
        uint256 stake,
        uint256 totalStake
    );
    /// @notice The canonical bridge told how the outbox stood at a time.
    event OutboxPosted(uint64 indexed time, uint64 count, bytes32 root);

    /* ERRORS */

    /// @notice Only the canonical bridge.
    error OnlyCanonical(address caller, address canonical);
    /// @notice The outbox must be newer than the last one, and not of the future.
    error OutboxTimeWrong(uint64 time, uint64 last, uint256 present);
    /// @notice An outbox only grows.
    error OutboxShrank(uint64 count, uint64 lastCount);
    /// @notice No outbox of this time was posted.
    error OutboxUnknown(uint64 time);
    /// @notice The message is said to have been seen in the future.
    error SeenInFuture(uint64 seenAt, uint256 time);
    /// @notice The operator has attested this message.
    error AlreadyAttested(address operator, bytes32 messageId);
    /// @notice The message is accepted already.
    error AlreadyAccepted(bytes32 messageId);
    /// @notice Another message of this number is accepted.
    error NonceTaken(uint32 operatorSetId, uint64 nonce);
    /// @notice The outbox does not disprove the attestation.
    error NotDisproved(bytes32 messageId, uint64 outboxAt);
    /// @notice The canonical bridge and the insurance must be somebody.
    error AddressMissing();

    /* ATTESTING */

    /// @notice Hands in an operator's signed attestation.
    /// @dev Caller: anyone.
    function attest(address operator, Attestation calldata attestation, bytes calldata signature) external;

    /// @notice Accepts a message that two thirds of the set's stake attested; one message per number.
    /// @dev Caller: anyone. Weights are what stays slashable for a whole deallocation delay from now.
    function accept(uint32 operatorSetId, uint64 nonce, bytes32 payloadHash) external;

    /* THE TRUTH */

    /// @notice Tells how the outbox stood at a time.
    /// @dev Caller: the canonical bridge, in order of time.
    function postOutbox(uint64 time, Outbox calldata outbox) external;

    /* VIEWS */

    /// @notice Whether the set accepted this payload as message `nonce`.
    /// @dev Caller: anyone.
    function isAccepted(uint32 operatorSetId, uint64 nonce, bytes32 payloadHash) external view returns (bool);

    /// @notice Whether the operator attested the message.
    /// @dev Caller: anyone.
    function isAttested(bytes32 messageId, address operator) external view returns (bool);

    /// @notice A message's id.
    /// @dev Caller: anyone.
    function messageIdOf(uint32 operatorSetId, uint64 nonce, bytes32 payloadHash) external pure returns (bytes32);

    /// @notice The leaf of a message: `keccak256(keccak256(abi.encode(nonce, payloadHash)))`; pairs are sorted.
    /// @dev Caller: anyone.
    function leafOf(uint64 nonce, bytes32 payloadHash) external pure returns (bytes32);

    /// @notice The outbox as it stood at `time`, if it was posted.
    /// @dev Caller: anyone.
    function outboxOf(uint64 time) external view returns (Outbox memory);

    /// @notice Time of the last outbox posted [unix seconds].
    /// @dev Caller: anyone.
    function lastOutboxAt() external view returns (uint64);

    /// @notice EIP-712 digest that a key signs: `Attestation(uint32 operatorSetId,uint256 sourceChainId,uint64 nonce,bytes32
    ///         payloadHash,uint64 seenAt)`.
    /// @dev Caller: anyone.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);

    /// @notice The slasher of all sets. Evidence: `abi.encode(Attestation, bytes signature, Disproof)`.
    /// @dev Caller: anyone.
    function slasher() external view returns (IInstantSlasher);

    /// @notice Gets what is slashed.
    /// @dev Caller: anyone.
    function insurance() external view returns (address);

    /// @notice Posts the outbox of the source chain.
    /// @dev Caller: anyone.
    function canonical() external view returns (address);

    /// @notice Longest time until the outbox of a moment is posted [seconds].
    /// @dev Caller: anyone.
    function canonicalDelay() external view returns (uint64);
}
