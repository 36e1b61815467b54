// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ILidoWithdrawalQueue} from "../../shared/external/ILidoWithdrawalQueue.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";

/// @title LidoWithdrawalQueueMock
/// @notice A stand-in for Lido's withdrawal queue.
/// @dev Keeps: request limits, cumulative amounts, one checkpoint per finalisation whatever its size, the minimum of
///      nominal and finalised value, batches, hints, claims, bunker flag, pause that ends by itself, names of errors.
///      Simplifies: no roles (whoever brings the ether may finalise, report or pause), no permit variants, no token URI,
///      and `finalizationBatches` in place of the oracle's paged search. Paid for by `StETHMock.finalizeWithdrawals`.
contract LidoWithdrawalQueueMock is ILidoWithdrawalQueue, ERC721 {
    using EnumerableSet for EnumerableSet.UintSet;

    /* TYPES */

    struct Request {
        uint128 cumulativeStETH; // of this and all earlier requests
        uint128 cumulativeShares; // of this and all earlier requests
        address claimedBy; // the last owner; zero: not claimed
        uint64 timestamp;
    }

    struct Checkpoint {
        uint256 fromRequestId;
        uint256 maxShareRate; // [1e27]
    }

    /* ERRORS */

    error ArraysLengthMismatch(uint256 firstArrayLength, uint256 secondArrayLength);
    error BatchesAreNotSorted();
    error CantSendValueRecipientMayHaveReverted();
    error EmptyBatches();
    error InvalidHint(uint256 hint);
    error InvalidReportTimestamp();
    error InvalidRequestId(uint256 requestId);
    error InvalidRequestIdRange(uint256 startId, uint256 endId);
    error NotEnoughEther();
    error NotOwner(address sender, address owner);
    error PausedExpected();
    error RequestAlreadyClaimed(uint256 requestId);
    error RequestAmountTooLarge(uint256 amountOfStETH);
    error RequestAmountTooSmall(uint256 amountOfStETH);
    error RequestIdsNotSorted();
    error RequestNotFoundOrNotFinalized(uint256 requestId);
    error ResumedExpected();
    error TooMuchEtherToFinalize(uint256 sent, uint256 maxExpected);
    error ZeroPauseDuration();
    error ZeroRecipient();
    error ZeroShareRate();

    /* CONSTANTS */

    uint256 public constant MIN_STETH_WITHDRAWAL_AMOUNT = 100;
    uint256 public constant MAX_STETH_WITHDRAWAL_AMOUNT = 1000 ether;
    uint256 public constant BUNKER_MODE_DISABLED_TIMESTAMP = type(uint256).max;
    uint256 public constant PAUSE_INFINITELY = type(uint256).max;

    uint256 private constant E27 = 1e27;

    /* IMMUTABLES */

    IStETH public immutable STETH;
    IWstETH public immutable WSTETH;

    /* STORAGE */

    mapping(uint256 requestId => Request) private _requests; // from 1; 0 is the empty sum
    mapping(uint256 index => Checkpoint) private _checkpoints; // from 1
    mapping(address owner => EnumerableSet.UintSet) private _requestsOf;
    uint256 private _lastRequestId;
    uint256 private _lastFinalizedRequestId;
    uint256 private _lastCheckpointIndex;
    uint256 private _lockedEther;
    uint256 private _bunkerSince = BUNKER_MODE_DISABLED_TIMESTAMP;
    uint256 private _resumeSince;

    /* SETUP */

    constructor(IWstETH wstETH) ERC721("Lido: stETH Withdrawal NFT", "unstETH") {
        WSTETH = wstETH;
        STETH = IStETH(wstETH.stETH());
    }

    modifier whenResumed() {
        require(!isPaused(), ResumedExpected());
        _;
    }

    /* REQUESTING */

    /// @inheritdoc ILidoWithdrawalQueue
    function requestWithdrawals(
        uint256[] calldata amounts,
        address owner
    ) external whenResumed returns (uint256[] memory requestIds) {
        requestIds = new uint256[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) {
            _checkAmount(amounts[i]);
            STETH.transferFrom(msg.sender, address(this), amounts[i]); // reverts or returns true
            requestIds[i] = _enqueue(amounts[i], owner);
        }
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function requestWithdrawalsWstETH(
        uint256[] calldata amounts,
        address owner
    ) external whenResumed returns (uint256[] memory requestIds) {
        requestIds = new uint256[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) {
            WSTETH.transferFrom(msg.sender, address(this), amounts[i]); // reverts or returns true
            uint256 amountOfStETH = WSTETH.unwrap(amounts[i]);
            _checkAmount(amountOfStETH);
            requestIds[i] = _enqueue(amountOfStETH, owner);
        }
    }

    /* FINALISING */

    /// @inheritdoc ILidoWithdrawalQueue
    function finalize(uint256 lastRequestIdToBeFinalized, uint256 maxShareRate) external payable whenResumed {
        uint256 lastFinalized = _lastFinalizedRequestId;
        require(
            lastFinalized < lastRequestIdToBeFinalized && lastRequestIdToBeFinalized <= _lastRequestId,
            InvalidRequestId(lastRequestIdToBeFinalized)
        );
        (uint256 nominal, uint256 shares, ) = _sums(lastFinalized, lastRequestIdToBeFinalized);
        require(msg.value <= nominal, TooMuchEtherToFinalize(msg.value, nominal));
        _checkpoints[++_lastCheckpointIndex] = Checkpoint(lastFinalized + 1, maxShareRate);
        _lastFinalizedRequestId = lastRequestIdToBeFinalized;
        _lockedEther += msg.value;
        emit WithdrawalsFinalized(lastFinalized + 1, lastRequestIdToBeFinalized, msg.value, shares, block.timestamp);
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function onOracleReport(
        bool isBunkerModeNow,
        uint256 bunkerStartTimestamp,
        uint256 currentReportTimestamp
    ) external {
        require(
            bunkerStartTimestamp < block.timestamp && currentReportTimestamp < block.timestamp,
            InvalidReportTimestamp()
        );
        if (isBunkerModeNow == isBunkerModeActive()) return;
        if (isBunkerModeNow) {
            _bunkerSince = bunkerStartTimestamp;
            emit BunkerModeEnabled(bunkerStartTimestamp);
        } else {
            _bunkerSince = BUNKER_MODE_DISABLED_TIMESTAMP;
            emit BunkerModeDisabled();
        }
    }

    /* CLAIMING */

    /// @inheritdoc ILidoWithdrawalQueue
    function claimWithdrawal(uint256 requestId) external {
        _claim(requestId, _findHint(requestId, 1, _lastCheckpointIndex), msg.sender);
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external {
        _claimAll(requestIds, hints, msg.sender);
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function claimWithdrawalsTo(uint256[] calldata requestIds, uint256[] calldata hints, address recipient) external {
        require(recipient != address(0), ZeroRecipient());
        _claimAll(requestIds, hints, recipient);
    }

    /* PAUSING */

    /// @notice Refuses requests and finalisation for this long [seconds]; the largest number is until `resume`.
    function pauseFor(uint256 duration) external whenResumed {
        require(duration > 0, ZeroPauseDuration());
        _resumeSince = duration == PAUSE_INFINITELY ? PAUSE_INFINITELY : block.timestamp + duration;
    }

    /// @notice Ends a pause.
    function resume() external {
        require(isPaused(), PausedExpected());
        _resumeSince = block.timestamp;
    }

    /* VIEWS */

    /// @notice Last ids of the batches that a report at this share rate would finalise, at most so many requests.
    /// @dev In bunker mode only requests made before the incident began.
    function finalizationBatches(
        uint256 maxShareRate,
        uint256 maxRequests
    ) external view returns (uint256[] memory batches) {
        uint256 first = _lastFinalizedRequestId + 1;
        uint256 end = first + Math.min(maxRequests, _lastRequestId + 1 - first); // excluded
        batches = new uint256[](end - first);
        uint256 count = 0;
        bool lastIsAbove = false;
        for (uint256 id = first; id < end && _requests[id].timestamp < _bunkerSince; ++id) {
            (, , uint256 shareRate) = _sums(id - 1, id);
            bool isAbove = shareRate > maxShareRate;
            if (count == 0 || isAbove != lastIsAbove) ++count;
            batches[count - 1] = id;
            lastIsAbove = isAbove;
        }
        // count ≤ batches.length: one batch per request at most
        assembly ("memory-safe") {
            mstore(batches, count)
        }
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function prefinalize(
        uint256[] calldata batches,
        uint256 maxShareRate
    ) external view returns (uint256 ethToLock, uint256 sharesToBurn) {
        require(maxShareRate > 0, ZeroShareRate());
        require(batches.length > 0, EmptyBatches());
        require(batches[0] > _lastFinalizedRequestId, InvalidRequestId(batches[0]));
        require(batches[batches.length - 1] <= _lastRequestId, InvalidRequestId(batches[batches.length - 1]));
        uint256 previous = _lastFinalizedRequestId;
        for (uint256 i = 0; i < batches.length; ++i) {
            require(previous < batches[i], BatchesAreNotSorted());
            ethToLock += _payout(previous, batches[i], maxShareRate);
            (, uint256 shares, ) = _sums(previous, batches[i]);
            sharesToBurn += shares;
            previous = batches[i];
        }
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function getWithdrawalRequests(address owner) external view returns (uint256[] memory requestsIds) {
        return _requestsOf[owner].values();
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function getWithdrawalStatus(
        uint256[] calldata requestIds
    ) external view returns (WithdrawalRequestStatus[] memory statuses) {
        statuses = new WithdrawalRequestStatus[](requestIds.length);
        for (uint256 i = 0; i < requestIds.length; ++i) statuses[i] = _status(requestIds[i]);
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function getClaimableEther(
        uint256[] calldata requestIds,
        uint256[] calldata hints
    ) external view returns (uint256[] memory claimableEthValues) {
        claimableEthValues = new uint256[](requestIds.length);
        for (uint256 i = 0; i < requestIds.length; ++i) {
            uint256 id = requestIds[i];
            require(id > 0 && id <= _lastRequestId, InvalidRequestId(id));
            if (id > _lastFinalizedRequestId || _requests[id].claimedBy != address(0)) continue;
            claimableEthValues[i] = _claimable(id, hints[i]);
        }
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function findCheckpointHints(
        uint256[] calldata requestIds,
        uint256 firstIndex,
        uint256 lastIndex
    ) external view returns (uint256[] memory hintIds) {
        hintIds = new uint256[](requestIds.length);
        uint256 previous = 0;
        for (uint256 i = 0; i < requestIds.length; ++i) {
            require(requestIds[i] >= previous, RequestIdsNotSorted());
            hintIds[i] = _findHint(requestIds[i], firstIndex, lastIndex);
            if (hintIds[i] != 0) firstIndex = hintIds[i];
            previous = requestIds[i];
        }
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function getLastCheckpointIndex() external view returns (uint256) {
        return _lastCheckpointIndex;
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function getLastRequestId() external view returns (uint256) {
        return _lastRequestId;
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function getLastFinalizedRequestId() external view returns (uint256) {
        return _lastFinalizedRequestId;
    }

    /// @notice Ether [wei] set aside for finalised requests that are not claimed.
    function getLockedEtherAmount() external view returns (uint256) {
        return _lockedEther;
    }

    /// @notice End of the pause [unix seconds].
    function getResumeSinceTimestamp() external view returns (uint256) {
        return _resumeSince;
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function unfinalizedStETH() external view returns (uint256) {
        (uint256 nominal, , ) = _sums(_lastFinalizedRequestId, _lastRequestId);
        return nominal;
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function bunkerModeSinceTimestamp() external view returns (uint256) {
        return _bunkerSince;
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function isBunkerModeActive() public view returns (bool) {
        return _bunkerSince < BUNKER_MODE_DISABLED_TIMESTAMP;
    }

    /// @inheritdoc ILidoWithdrawalQueue
    function isPaused() public view returns (bool) {
        return block.timestamp < _resumeSince;
    }

    /* INTERNALS */

    function _checkAmount(uint256 amountOfStETH) private pure {
        require(amountOfStETH >= MIN_STETH_WITHDRAWAL_AMOUNT, RequestAmountTooSmall(amountOfStETH));
        require(amountOfStETH <= MAX_STETH_WITHDRAWAL_AMOUNT, RequestAmountTooLarge(amountOfStETH));
    }

    function _enqueue(uint256 amountOfStETH, address owner) private returns (uint256 requestId) {
        if (owner == address(0)) owner = msg.sender;
        uint256 shares = STETH.getSharesByPooledEth(amountOfStETH);
        Request memory last = _requests[_lastRequestId];
        requestId = ++_lastRequestId;
        _requests[requestId] = Request({
            // ≤ type(uint128).max: ether in existence
            cumulativeStETH: last.cumulativeStETH + uint128(amountOfStETH),
            cumulativeShares: last.cumulativeShares + uint128(shares),
            claimedBy: address(0),
            timestamp: uint64(block.timestamp) // ≤ type(uint64).max: the year 584 billion
        });
        emit WithdrawalRequested(requestId, msg.sender, owner, amountOfStETH, shares);
        _mint(owner, requestId);
    }

    function _claimAll(uint256[] calldata requestIds, uint256[] calldata hints, address recipient) private {
        require(requestIds.length == hints.length, ArraysLengthMismatch(requestIds.length, hints.length));
        for (uint256 i = 0; i < requestIds.length; ++i) _claim(requestIds[i], hints[i], recipient);
    }

    function _claim(uint256 requestId, uint256 hint, address recipient) private {
        require(requestId > 0, InvalidRequestId(requestId));
        require(requestId <= _lastFinalizedRequestId, RequestNotFoundOrNotFinalized(requestId));
        require(_requests[requestId].claimedBy == address(0), RequestAlreadyClaimed(requestId));
        address owner = _ownerOf(requestId);
        require(owner == msg.sender, NotOwner(msg.sender, owner));
        uint256 amount = _claimable(requestId, hint);
        require(amount <= _lockedEther, NotEnoughEther());

        _requests[requestId].claimedBy = owner;
        _lockedEther -= amount;
        _burn(requestId);
        emit WithdrawalClaimed(requestId, owner, recipient, amount);
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = recipient.call{value: amount}("");
        require(ok, CantSendValueRecipientMayHaveReverted());
    }

    /// @dev Keeps the list of each owner's requests through mint, transfer and burn.
    function _update(address to, uint256 requestId, address auth) internal override returns (address from) {
        from = super._update(to, requestId, auth);
        if (from != address(0)) _requestsOf[from].remove(requestId);
        if (to != address(0)) _requestsOf[to].add(requestId);
    }

    function _claimable(uint256 requestId, uint256 hint) private view returns (uint256) {
        require(hint > 0 && hint <= _lastCheckpointIndex && _covers(hint, requestId), InvalidHint(hint));
        return _payout(requestId - 1, requestId, _checkpoints[hint].maxShareRate);
    }

    /// @dev Of the requests after `afterId` up to `lastId`: the smaller of nominal and value at `maxShareRate`.
    function _payout(uint256 afterId, uint256 lastId, uint256 maxShareRate) private view returns (uint256) {
        (uint256 nominal, uint256 shares, uint256 shareRate) = _sums(afterId, lastId);
        return shareRate > maxShareRate ? Math.mulDiv(shares, maxShareRate, E27) : nominal;
    }

    function _sums(
        uint256 afterId,
        uint256 lastId
    ) private view returns (uint256 nominal, uint256 shares, uint256 shareRate) {
        nominal = _requests[lastId].cumulativeStETH - _requests[afterId].cumulativeStETH;
        shares = _requests[lastId].cumulativeShares - _requests[afterId].cumulativeShares;
        shareRate = shares == 0 ? 0 : Math.mulDiv(nominal, E27, shares);
    }

    function _status(uint256 requestId) private view returns (WithdrawalRequestStatus memory) {
        require(requestId > 0 && requestId <= _lastRequestId, InvalidRequestId(requestId));
        (uint256 nominal, uint256 shares, ) = _sums(requestId - 1, requestId);
        Request memory request = _requests[requestId];
        bool isClaimed = request.claimedBy != address(0);
        return
            WithdrawalRequestStatus({
                amountOfStETH: nominal,
                amountOfShares: shares,
                owner: isClaimed ? request.claimedBy : _ownerOf(requestId),
                timestamp: request.timestamp,
                isFinalized: requestId <= _lastFinalizedRequestId,
                isClaimed: isClaimed
            });
    }

    function _covers(uint256 index, uint256 requestId) private view returns (bool) {
        bool begun = _checkpoints[index].fromRequestId <= requestId;
        return begun && (index == _lastCheckpointIndex || requestId < _checkpoints[index + 1].fromRequestId);
    }

    /// @dev Newest checkpoint in [start, end] that begins at or before the request; zero if it lies outside.
    function _findHint(uint256 requestId, uint256 start, uint256 end) private view returns (uint256) {
        require(requestId > 0 && requestId <= _lastRequestId, InvalidRequestId(requestId));
        require(start > 0 && end <= _lastCheckpointIndex, InvalidRequestIdRange(start, end));
        if (requestId > _lastFinalizedRequestId || start > end) return 0;
        if (requestId < _checkpoints[start].fromRequestId) return 0;
        while (start < end) {
            uint256 middle = Math.average(start, end + 1); // rounds up, so that start moves
            if (_checkpoints[middle].fromRequestId <= requestId) start = middle;
            else end = middle - 1;
        }
        return _covers(start, requestId) ? start : 0;
    }
}
