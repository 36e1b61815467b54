// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title ILidoWithdrawalQueue
/// @notice Lido's line from stETH to ether, an ERC-721 of requests.
/// @dev stETH, shares and ether in wei, time in unix seconds, share rates scaled by 1e27. A request is between 100 wei
///      and 1000e18 stETH, is counted from 1, and pays `min(nominal, shares * maxShareRate / 1e27)`: losses until
///      finalisation are shared, gains are not. The ERC-721 functions of the real contract are IERC721's own.
interface ILidoWithdrawalQueue {
    /* TYPES */

    /// @notice What is known of one request.
    // Order and types are the ABI of Lido.
    // solhint-disable-next-line gas-struct-packing
    struct WithdrawalRequestStatus {
        uint256 amountOfStETH; // [stETH wei] nominal
        uint256 amountOfShares; // [stETH shares]
        address owner;
        uint256 timestamp; // [unix seconds] of the request
        bool isFinalized;
        bool isClaimed;
    }

    /* EVENTS */

    /// @notice Emitted for every request.
    event WithdrawalRequested(
        uint256 indexed requestId,
        address indexed requestor,
        address indexed owner,
        uint256 amountOfStETH,
        uint256 amountOfShares
    );
    /// @notice Emitted when ether is locked for the requests `from` to `to`, both included.
    event WithdrawalsFinalized(
        uint256 indexed from,
        uint256 indexed to,
        uint256 amountOfETHLocked,
        uint256 sharesToBurn,
        uint256 timestamp
    );
    /// @notice Emitted for every claim.
    event WithdrawalClaimed(
        uint256 indexed requestId,
        address indexed owner,
        address indexed receiver,
        uint256 amountOfETH
    );
    /// @notice Emitted when a report turns bunker mode on.
    event BunkerModeEnabled(uint256 sinceTimestamp);
    /// @notice Emitted when a report turns bunker mode off.
    event BunkerModeDisabled();

    /* REQUESTING */

    /// @notice Takes stETH [wei] from the caller, one request per amount, owned by `owner` (zero: the caller).
    /// @dev Caller: anyone with stETH approved. Reverts while the queue is paused.
    function requestWithdrawals(
        uint256[] calldata amounts,
        address owner
    ) external returns (uint256[] memory requestIds);

    /// @notice Takes wstETH [wei] from the caller, one request per amount, owned by `owner` (zero: the caller).
    /// @dev Caller: anyone with wstETH approved. Reverts while the queue is paused.
    function requestWithdrawalsWstETH(
        uint256[] calldata amounts,
        address owner
    ) external returns (uint256[] memory requestIds);

    /* FINALISING */

    /// @notice What finalising these batches at this share rate (1e27) costs.
    /// @dev Caller: anyone. `batches` are ascending last ids; within a batch all requests are on one side of the rate.
    /// @return ethToLock Ether to send with `finalize` [wei].
    /// @return sharesToBurn Shares of the queue that this ether replaces.
    function prefinalize(
        uint256[] calldata batches,
        uint256 maxShareRate
    ) external view returns (uint256 ethToLock, uint256 sharesToBurn);

    /// @notice Locks the ether sent for all requests up to this id at this share rate (1e27).
    /// @dev Caller: Lido.
    function finalize(uint256 lastRequestIdToBeFinalized, uint256 maxShareRate) external payable;

    /// @notice Tells the queue what the last report found.
    /// @dev Caller: Lido's oracle.
    function onOracleReport(
        bool isBunkerModeNow,
        uint256 bunkerStartTimestamp,
        uint256 currentReportTimestamp
    ) external;

    /* CLAIMING */

    /// @notice Pays one finalised request to its owner, who calls.
    /// @dev Caller: the request's owner. Rounds down, in favour of the line. Searches the hint itself.
    function claimWithdrawal(uint256 requestId) external;

    /// @notice Pays finalised requests to their owner, who calls.
    /// @dev Caller: the requests' owner. Rounds down, in favour of the line.
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external;

    /// @notice Pays finalised requests of the caller to `recipient`.
    /// @dev Caller: the requests' owner. Rounds down, in favour of the line.
    function claimWithdrawalsTo(uint256[] calldata requestIds, uint256[] calldata hints, address recipient) external;

    /* VIEWS */

    /// @notice Unclaimed requests of `owner`, in no order.
    /// @dev Caller: anyone. Unbounded.
    function getWithdrawalRequests(address owner) external view returns (uint256[] memory requestsIds);

    /// @notice Status of each request.
    /// @dev Caller: anyone. Reverts on an unknown id.
    function getWithdrawalStatus(
        uint256[] calldata requestIds
    ) external view returns (WithdrawalRequestStatus[] memory statuses);

    /// @notice Ether [wei] each request would pay now; zero if it is not finalised or is claimed.
    /// @dev Caller: anyone. Rounds down.
    function getClaimableEther(
        uint256[] calldata requestIds,
        uint256[] calldata hints
    ) external view returns (uint256[] memory claimableEthValues);

    /// @notice Checkpoint index of each request, searched in [firstIndex, lastIndex]; zero if it is not finalised.
    /// @dev Caller: anyone. Ids ascending; start with 1 and `getLastCheckpointIndex()`.
    function findCheckpointHints(
        uint256[] calldata requestIds,
        uint256 firstIndex,
        uint256 lastIndex
    ) external view returns (uint256[] memory hintIds);

    /// @notice Newest checkpoint, zero if there is none.
    /// @dev Caller: anyone.
    function getLastCheckpointIndex() external view returns (uint256);

    /// @notice Newest request, zero if there is none.
    /// @dev Caller: anyone.
    function getLastRequestId() external view returns (uint256);

    /// @notice Newest finalised request, zero if there is none.
    /// @dev Caller: anyone.
    function getLastFinalizedRequestId() external view returns (uint256);

    /// @notice Nominal stETH [wei] not finalised.
    /// @dev Caller: anyone.
    function unfinalizedStETH() external view returns (uint256);

    /// @notice Whether the last report found an incident.
    /// @dev Caller: anyone.
    function isBunkerModeActive() external view returns (bool);

    /// @notice Start of the incident [unix seconds]; the largest number when there is none.
    /// @dev Caller: anyone.
    function bunkerModeSinceTimestamp() external view returns (uint256);

    /// @notice Whether new requests and finalisation are paused. Claims never are.
    /// @dev Caller: anyone.
    function isPaused() external view returns (bool);
}
