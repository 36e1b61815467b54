// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IAVSRegistrar} from "../../restaking/interfaces/IAVSRegistrar.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {EquivocationSlasher} from "./EquivocationSlasher.sol";
import {IEquivocationSlasher} from "./IEquivocationSlasher.sol";
import {IOracleAvs} from "./IOracleAvs.sol";
import {WeightedMedianMath} from "./WeightedMedianMath.sol";

/// @title OracleAvs
/// @notice A working AVS: operators sign values, stake decides the median, and a double signature costs stake.
/// @dev Owns: keys, reports, results. Trusts: AllocationManager for members and stake (safety).
///      Never: changes a key; changes a result; counts a report that its operator's key did not sign.
contract OracleAvs is IOracleAvs, IAVSRegistrar, EIP712 {
    /* TYPES */

    struct Entry {
        bool exists;
        uint256 value;
    }

    struct Round {
        Entry result;
        mapping(address operator => Entry) reports;
    }

    /* CONSTANTS */

    /// @notice Most members of a set; it bounds the cost of `settle`.
    uint256 public constant MAX_MEMBERS = 32;

    /* solhint-disable gas-small-strings */
    bytes32 private constant REPORT_TYPEHASH = keccak256("Report(uint32 operatorSetId,uint64 round,uint256 value)");
    bytes32 private constant REGISTRATION_TYPEHASH = keccak256("KeyRegistration(address operator)");
    /* solhint-enable gas-small-strings */

    /* IMMUTABLES */

    IAllocationManager private immutable ALLOCATION_MANAGER;
    IEquivocationSlasher private immutable SLASHER;
    uint256 private immutable MIN_STAKE; // [deposit shares]
    uint64 private immutable GENESIS; // [unix seconds] start of round 0
    uint64 private immutable ROUND_LENGTH; // [seconds]

    /* STORAGE */

    /// @inheritdoc IOracleAvs
    mapping(address operator => address) public keyOf;
    /// @inheritdoc IOracleAvs
    mapping(address key => address) public operatorOf;
    mapping(uint32 operatorSetId => mapping(uint64 round => Round)) private _rounds;

    /* SETUP */

    /// @dev Deploys the slasher and creates one set per list of strategies. The engine takes an AVS for its own registrar
    ///      unless told otherwise, and asks for nothing in a constructor that needs code at this address.
    constructor(
        IAllocationManager allocationManager,
        string memory metadataURI,
        IStrategy[][] memory strategiesOf,
        uint64 slashWad,
        uint64 roundLength_,
        uint256 minStake_
    ) EIP712("Trellis Oracle AVS", "1") {
        require(roundLength_ > 0, RoundLengthZero());
        ALLOCATION_MANAGER = allocationManager;
        SLASHER = new EquivocationSlasher(this, allocationManager, slashWad);
        MIN_STAKE = minStake_;
        GENESIS = uint64(block.timestamp); // ≤ type(uint64).max: the year 584 billion
        ROUND_LENGTH = roundLength_;

        allocationManager.updateAVSMetadataURI(address(this), metadataURI);
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            strategiesOf.length
        );
        for (uint32 id = 0; id < strategiesOf.length; ++id) {
            sets[id] = IAllocationManagerActions.CreateSetParamsV2(id, strategiesOf[id], address(SLASHER));
        }
        allocationManager.createOperatorSets(address(this), sets);
    }

    modifier onlyAllocationManager() {
        require(msg.sender == address(ALLOCATION_MANAGER), OnlyAllocationManager(msg.sender));
        _;
    }

    /* MEMBERSHIP */

    /// @inheritdoc IAVSRegistrar
    /// @dev `data` is `abi.encode(address key, bytes signature)`, the signature by the key over `registrationDigest`:
    ///      nobody can take another's key. An operator that has a key may leave `data` empty.
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
        address present = keyOf[operator];
        if (present != address(0) && data.length == 0) return;
        (address key, bytes memory signature) = abi.decode(data, (address, bytes));
        if (present == address(0)) _registerKey(operator, key, signature);
        else require(key == present, KeyFixed(operator, present, key));
    }

    /// @inheritdoc IAVSRegistrar
    /// @dev Forgets nothing: the key of a leaver stays evidence for as long as the engine calls it slashable.
    function deregisterOperator(address, address avs, uint32[] calldata) external view onlyAllocationManager {
        require(avs == address(this), OtherAvs(avs));
    }

    /// @inheritdoc IOracleAvs
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

    /* REPORTING */

    /// @inheritdoc IOracleAvs
    function report(
        address operator,
        uint32 operatorSetId,
        uint64 round,
        uint256 value,
        bytes calldata signature
    ) external {
        uint64 current = currentRound();
        require(round == current, RoundNotOpen(round, current));
        Round storage book = _rounds[operatorSetId][round];
        require(!book.result.exists, AlreadySettled(operatorSetId, round));
        require(!book.reports[operator].exists, AlreadyReported(operator, operatorSetId, round));
        bool isMember = ALLOCATION_MANAGER.isMemberOfOperatorSet(operator, _set(operatorSetId));
        require(isMember, NotAMember(operator, operatorSetId));
        _checkSigned(keyOf[operator], reportDigest(operatorSetId, round, value), signature);

        book.reports[operator] = Entry(true, value);
        emit Reported(operator, operatorSetId, round, value, signature);
    }

    /// @inheritdoc IOracleAvs
    function settle(uint32 operatorSetId, uint64 round) external returns (uint256 value) {
        uint64 current = currentRound();
        require(round == current || round + 1 == current, RoundNotOpen(round, current));
        Round storage book = _rounds[operatorSetId][round];
        require(!book.result.exists, AlreadySettled(operatorSetId, round));
        address[] memory members = ALLOCATION_MANAGER.getMembers(_set(operatorSetId));
        uint256[] memory stakes = _stakes(members, operatorSetId);
        uint256[] memory values = new uint256[](members.length);
        uint256 count = 0;
        uint256 totalStake = 0;
        uint256 reportedStake = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (SLASHER.isProven(members[i], operatorSetId, round)) continue;
            totalStake += stakes[i];
            Entry memory entry = book.reports[members[i]];
            if (!entry.exists) continue;
            reportedStake += stakes[i];
            (values[count], stakes[count]) = (entry.value, stakes[i]); // count ≤ i: only what was read is overwritten
            ++count;
        }
        require(reportedStake > 0 && reportedStake * 3 >= totalStake * 2, QuorumMissing(reportedStake, totalStake));

        value = WeightedMedianMath.medianDown(values, stakes, count);
        book.result = Entry(true, value);
        emit RoundSettled(operatorSetId, round, value, reportedStake, totalStake);
    }

    /* VIEWS */

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address avs) external view returns (bool) {
        return avs == address(this);
    }

    /// @inheritdoc IOracleAvs
    function resultOf(uint32 operatorSetId, uint64 round) external view returns (bool isSettled, uint256 value) {
        Entry memory entry = _rounds[operatorSetId][round].result;
        return (entry.exists, entry.value);
    }

    /// @inheritdoc IOracleAvs
    function reportOf(
        address operator,
        uint32 operatorSetId,
        uint64 round
    ) external view returns (bool isReported, uint256 value) {
        Entry memory entry = _rounds[operatorSetId][round].reports[operator];
        return (entry.exists, entry.value);
    }

    /// @inheritdoc IOracleAvs
    function registrationDigest(address operator) external view returns (bytes32) {
        return _registrationDigest(operator);
    }

    /// @inheritdoc IOracleAvs
    function slasher() external view returns (IEquivocationSlasher) {
        return SLASHER;
    }

    /// @inheritdoc IOracleAvs
    function roundLength() external view returns (uint64) {
        return ROUND_LENGTH;
    }

    /// @inheritdoc IOracleAvs
    function minStake() external view returns (uint256) {
        return MIN_STAKE;
    }

    /// @inheritdoc IOracleAvs
    function currentRound() public view returns (uint64) {
        return (uint64(block.timestamp) - GENESIS) / ROUND_LENGTH; // ≤ type(uint64).max: the year 584 billion
    }

    /// @inheritdoc IOracleAvs
    function stakeOf(address operator, uint32 operatorSetId) public view returns (uint256) {
        address[] memory operators = new address[](1);
        operators[0] = operator;
        return _stakes(operators, operatorSetId)[0];
    }

    /// @inheritdoc IOracleAvs
    function reportDigest(uint32 operatorSetId, uint64 round, uint256 value) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REPORT_TYPEHASH, operatorSetId, round, value)));
    }

    /* INTERNALS */

    function _registerKey(address operator, address key, bytes memory signature) private {
        (address signer, , ) = ECDSA.tryRecover(_registrationDigest(operator), signature);
        require(signer == key && key != address(0), NotSignedByKey(signer, key));
        address taken = operatorOf[key];
        require(taken == address(0), KeyTaken(key, taken));
        keyOf[operator] = key;
        operatorOf[key] = operator;
        emit KeyRegistered(operator, key);
    }

    function _checkSigned(address key, bytes32 digest, bytes calldata signature) private pure {
        (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signature); // zero: no signature at all
        require(signer == key && key != address(0), NotSignedByKey(signer, key));
    }

    /// @dev Strategies count alike, by deposit shares: the sets of this oracle are meant for strategies worth about the
    ///      same per share.
    function _stakes(address[] memory operators, uint32 operatorSetId) private view returns (uint256[] memory stakes) {
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

    function _registrationDigest(address operator) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REGISTRATION_TYPEHASH, operator)));
    }

    function _set(uint32 operatorSetId) private view returns (OperatorSet memory) {
        return OperatorSet(address(this), operatorSetId);
    }
}
