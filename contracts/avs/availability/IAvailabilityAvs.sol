// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IInstantSlasher} from "../slashing/IInstantSlasher.sol";

/// @title IAvailabilityAvs
/// @notice Operators promise to keep a chunk of a blob until a date, and to show it to anyone who doubts.
/// @dev A challenge costs a bond. The operator that answers in time gets it; silence is the fault, and gives it back.
///      An honest operator signs only for a chunk that it holds with its proof, small enough to be shown in one
///      transaction, and keeps it for `responseWindow` longer than promised. Then it cannot be slashed.
interface IAvailabilityAvs {
    /* TYPES */

    /// @param minStake Stake below which a member can be unseated from a full set [deposit shares].
    /// @param bond What a challenge costs; more than the gas of an answer [wei].
    /// @param responseWindow Time to answer [seconds].
    /// @param secondsPerBlock Least time between two blocks of this chain; turns the engine's delay into time.
    /// @param slashWad What silence costs of the allocation [WAD].
    /// @param cooldown Time between two slashes of one operator in one set [seconds].
    struct Terms {
        uint256 minStake;
        uint256 bond;
        uint64 responseWindow;
        uint64 secondsPerBlock;
        uint64 slashWad;
        uint64 cooldown;
    }

    /// @param root Merkle root of the chunks' leaves; see `leafOf`.
    /// @param operatorSetId Set that keeps the blob.
    /// @param chunks Number of chunks.
    /// @param serveUntil Last moment at which a challenge can be made [unix seconds].
    struct Blob {
        bytes32 root;
        uint32 operatorSetId;
        uint32 chunks;
        uint64 serveUntil;
    }

    /// @param challenger Who paid the bond, and gets it back if there is no answer; zero without a challenge.
    /// @param answerUntil Last moment for an answer [unix seconds].
    /// @param isRefunded Whether the bond went back.
    struct Challenge {
        address challenger;
        uint64 answerUntil;
        bool isRefunded;
    }

    /* EVENTS */

    /// @notice A blob was announced.
    event BlobSubmitted(bytes32 indexed blobId, Blob blob);
    /// @notice An operator promised to keep its chunk of a blob.
    event CustodyAccepted(bytes32 indexed blobId, address indexed operator, uint256 chunk, bytes signature);
    /// @notice Two thirds of the stake keep the blob.
    event BlobConfirmed(bytes32 indexed blobId, uint256 stake, uint256 totalStake);
    /// @notice Somebody doubts that the operator has its chunk.
    event Challenged(bytes32 indexed blobId, address indexed operator, address indexed challenger, uint64 answerUntil);
    /// @notice The operator showed its chunk.
    event Answered(bytes32 indexed blobId, address indexed operator, address indexed challenger, bytes chunk);
    /// @notice A challenge was not answered in time: the bond is the challenger's again.
    event BondRefunded(bytes32 indexed blobId, address indexed operator, address indexed challenger);
    /// @notice What was due to an account was paid.
    event Collected(address indexed account, address indexed receiver, uint256 amount);

    /* ERRORS */

    /// @notice The blob is there already.
    error BlobKnown(bytes32 blobId);
    /// @notice There is no such blob.
    error BlobUnknown(bytes32 blobId);
    /// @notice A challenge must cost something, else anyone could keep an operator answering.
    error BondZero();
    /// @notice A blob has chunks.
    error NoChunks();
    /// @notice The blob's time is over.
    error ServiceOver(uint256 time, uint256 serveUntil);
    /// @notice The operator keeps this blob already.
    error AlreadyCustodian(bytes32 blobId, address operator);
    /// @notice The operator never promised to keep this blob.
    error NotCustodian(bytes32 blobId, address operator);
    /// @notice The blob is confirmed already.
    error AlreadyConfirmed(bytes32 blobId);
    /// @notice A challenge costs exactly the bond.
    error WrongBond(uint256 paid, uint256 bond);
    /// @notice A challenge of this operator about this blob is open, or was never answered.
    error AlreadyChallenged(bytes32 blobId, address operator);
    /// @notice There is no challenge.
    error NotChallenged(bytes32 blobId, address operator);
    /// @notice The time for an answer is over.
    error AnswerTooLate(uint256 time, uint256 answerUntil);
    /// @notice The operator still has time.
    error AnswerStillPossible(uint256 time, uint256 answerUntil);
    /// @notice This is not the operator's chunk of the blob.
    error WrongChunk(bytes32 leaf, bytes32 root);
    /// @notice The bond went back already.
    error AlreadyRefunded(bytes32 blobId, address operator);
    /// @notice Nothing is due to the account.
    error NothingDue(address account);

    /* STORING */

    /// @notice Announces a blob.
    /// @dev Caller: anyone. The same blob with the same terms is announced once.
    function submit(Blob calldata blob) external returns (bytes32 blobId);

    /// @notice Records that an operator keeps its chunk of a blob, by its signature.
    /// @dev Caller: anyone.
    function accept(bytes32 blobId, address operator, bytes calldata signature) external;

    /// @notice Confirms a blob that two thirds of the set's stake keep.
    /// @dev Caller: anyone. Weights are what stays slashable for a whole deallocation delay from now.
    function confirm(bytes32 blobId) external;

    /* CHALLENGING */

    /// @notice Asks an operator to show its chunk.
    /// @dev Caller: anyone who pays the bond. One challenge of an operator about a blob at a time, any number about
    ///      different blobs: a limit would let the guilty take all places by challenging themselves.
    function challenge(bytes32 blobId, address operator) external payable;

    /// @notice Shows the operator's chunk; the bond is due to the operator's key.
    /// @dev Caller: anyone. Whoever copies the answer answers for the operator and earns nothing.
    function answer(bytes32 blobId, address operator, bytes calldata chunk, bytes32[] calldata proof) external;

    /// @notice Makes the bond of a challenge that was not answered due to the challenger.
    /// @dev Caller: anyone.
    function refund(bytes32 blobId, address operator) external;

    /// @notice Pays the caller what is due to it.
    /// @dev Caller: a challenger, or an operator's key.
    function collect(address payable receiver) external;

    /* VIEWS */

    /// @notice A blob's id.
    /// @dev Caller: anyone.
    function blobIdOf(Blob calldata blob) external pure returns (bytes32);

    /// @notice A blob; without chunks if there is none.
    /// @dev Caller: anyone.
    function blobOf(bytes32 blobId) external view returns (Blob memory);

    /// @notice Whether two thirds of the stake kept the blob at one time.
    /// @dev Caller: anyone.
    function isConfirmed(bytes32 blobId) external view returns (bool);

    /// @notice Whether the operator promised to keep its chunk of the blob.
    /// @dev Caller: anyone.
    function isCustodian(bytes32 blobId, address operator) external view returns (bool);

    /// @notice The chunk of a blob that an operator keeps.
    /// @dev Caller: anyone. Rounds nothing: a hash modulo the number of chunks.
    function chunkOf(bytes32 blobId, address operator) external view returns (uint256);

    /// @notice The leaf of a chunk: `keccak256(keccak256(abi.encode(index, keccak256(chunk))))`; pairs are sorted.
    /// @dev Caller: anyone.
    function leafOf(uint256 index, bytes calldata chunk) external pure returns (bytes32);

    /// @notice The challenge of an operator about a blob.
    /// @dev Caller: anyone.
    function challengeOf(bytes32 blobId, address operator) external view returns (Challenge memory);

    /// @notice EIP-712 digest that a key signs to keep a chunk: `Custody(bytes32 blobId,uint256 chunk)`.
    /// @dev Caller: anyone.
    function custodyDigest(bytes32 blobId, uint256 chunk) external view returns (bytes32);

    /// @notice What is due to an account [wei].
    /// @dev Caller: anyone.
    function dueTo(address account) external view returns (uint256);

    /// @notice The slasher of all sets. Evidence: `abi.encode(bytes32 blobId)`.
    /// @dev Caller: anyone.
    function slasher() external view returns (IInstantSlasher);

    /// @notice What a challenge costs [wei].
    /// @dev Caller: anyone.
    function bond() external view returns (uint256);

    /// @notice Time to answer [seconds].
    /// @dev Caller: anyone.
    function responseWindow() external view returns (uint64);
}
