// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {ISetRegistry} from "./ISetRegistry.sol";
import {ISlashNotices} from "./ISlashNotices.sol";
import {SetList} from "./SetList.sol";
import {setKey} from "./SetKey.sol";

/// @title SetRegistry
/// @notice Which operator sets of AVSs may be allocated to, under which terms.
/// @dev Owns: proposals, terms, caps, verified slashers. Trusts: the engine's answers about sets (safety), ACCOUNTANT for the
///      clock of open doors (safety). Never: admits terms that were not public for the wait; keeps a set admitted that
///      somebody has shown to have changed; brings one back without a new proposal.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract SetRegistry is ISetRegistry, GovernedModule {
    using SafeCast for uint256;
    using SetList for OperatorSet[];

    /* CONSTANTS */

    /// @notice Longest that closed doors can hold an admission up; as for decisions of governance.
    uint256 public constant PATIENCE = 30 days;
    /// @notice Longest name and description [bytes].
    uint256 public constant MAX_TEXT = 200;
    uint64 private constant WAD = 1e18;
    bytes32 private constant NO_CODE = keccak256("");

    /* IMMUTABLES */

    /// @notice The contracts that this one asks.
    struct Modules {
        IAllocationManager allocation;
        IAccountant accountant;
        IOperatorRegistry operators;
        IERC20 trEth;
        ISlashNotices notices;
    }

    /// @notice Limits for good.
    struct Params {
        uint256 admissionWait;
        uint256 maxSlashWindow;
        uint16 maxAvsCapBps;
        uint16 groupCapBps;
        uint16 unverifiedCapBps;
    }

    IAllocationManager public immutable ALLOCATION;
    IAccountant public immutable ACCOUNTANT;
    IOperatorRegistry public immutable OPERATORS;
    IERC20 public immutable TR_ETH;
    ISlashNotices public immutable NOTICES;
    /// @inheritdoc ISetRegistry
    uint256 public immutable ADMISSION_WAIT;
    /// @inheritdoc ISetRegistry
    uint256 public immutable MAX_SLASH_WINDOW;
    /// @inheritdoc ISetRegistry
    uint16 public immutable MAX_AVS_CAP_BPS;
    /// @inheritdoc ISetRegistry
    uint16 public immutable GROUP_CAP_BPS;
    /// @inheritdoc ISetRegistry
    uint16 public immutable UNVERIFIED_CAP_BPS;

    /* STORAGE */

    /// @dev What is known of a set. `openAt` is the clock of open doors when it was proposed.
    struct Entry {
        Stage stage;
        uint48 proposedAt;
        uint48 openAt;
        uint64 rewardWad;
        Terms terms;
        Basis basis;
    }

    /// @custom:storage-location erc7201:trellis.SetRegistry
    struct State {
        OperatorSet[] sets;
        OperatorSet[] proposals;
        mapping(bytes32 setKey => Entry) entries;
        mapping(address avs => uint16) avsCaps;
        mapping(bytes32 codeHash => Proof) proofs;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.SetRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x27b121eb7f4a9c52804dc111b4bdbfdef3ce6e7b5f68b1a27ea0a6d20a05df00;

    /* SETUP */

    constructor(Modules memory modules, Params memory params) {
        ALLOCATION = modules.allocation;
        ACCOUNTANT = modules.accountant;
        OPERATORS = modules.operators;
        TR_ETH = modules.trEth;
        NOTICES = modules.notices;
        ADMISSION_WAIT = params.admissionWait;
        MAX_SLASH_WINDOW = params.maxSlashWindow;
        MAX_AVS_CAP_BPS = params.maxAvsCapBps;
        GROUP_CAP_BPS = params.groupCapBps;
        UNVERIFIED_CAP_BPS = params.unverifiedCapBps;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /* ADMISSION */

    /// @inheritdoc ISetRegistry
    function proposeSet(OperatorSet calldata set, Terms calldata terms) external restricted {
        Entry storage entry = _entry(set);
        require(entry.stage != Stage.Admitted, SetAlreadyAdmitted(set.avs, set.id));
        require(entry.stage != Stage.Dropped, SetInUse(set.avs, set.id));
        require(ALLOCATION.isOperatorSet(set), UnknownSet(set.avs, set.id));
        require(!ALLOCATION.isRedistributingOperatorSet(set), RedistributingSet(set.avs, set.id));
        _checkTerms(terms);
        if (entry.stage == Stage.Unknown) _state().proposals.add(set);
        entry.stage = Stage.Proposed;
        entry.proposedAt = block.timestamp.toUint48();
        entry.openAt = ACCOUNTANT.openSeconds().toUint48();
        entry.terms = terms;
        entry.basis = _basisOf(set);
        _requireSound(set);
        emit SetProposed(set.avs, set.id, terms, entry.basis, _admissibleFrom(entry));
    }

    /// @inheritdoc ISetRegistry
    function admitSet(OperatorSet calldata set) external {
        Entry storage entry = _entry(set);
        require(entry.stage == Stage.Proposed, SetNotProposed(set.avs, set.id));
        uint256 from = _admissibleFrom(entry);
        require(block.timestamp >= from, TooEarlyToAdmit(block.timestamp, from));
        _requireSound(set);
        State storage state = _state();
        entry.stage = Stage.Admitted;
        state.proposals.remove(set);
        state.sets.add(set);
        if (_isVetoed(entry)) NOTICES.watch(set, entry.basis.slasher, entry.terms.slashWindow);
        emit SetAdmitted(set.avs, set.id, entry.terms.capBps);
    }

    /// @inheritdoc ISetRegistry
    function dropSet(OperatorSet calldata set) external restricted {
        Entry storage entry = _entry(set);
        bool isProposed = entry.stage == Stage.Proposed;
        require(isProposed || entry.stage == Stage.Admitted, SetNotAdmitted(set.avs, set.id));
        entry.stage = isProposed ? Stage.Unknown : Stage.Dropped;
        if (isProposed) _state().proposals.remove(set);
        emit SetDropped(set.avs, set.id);
    }

    /// @inheritdoc ISetRegistry
    function quarantineSet(OperatorSet calldata set) external {
        Entry storage entry = _admitted(set);
        Fault fault = faultOf(set);
        require(fault != Fault.None, NoFault(set.avs, set.id));
        entry.stage = Stage.Dropped;
        emit SetQuarantined(set.avs, set.id, fault);
    }

    /// @inheritdoc ISetRegistry
    function forgetSet(OperatorSet calldata set) external {
        Entry storage entry = _entry(set);
        require(entry.stage == Stage.Dropped && _isUnused(set), SetInUse(set.avs, set.id));
        entry.stage = Stage.Unknown;
        _state().sets.remove(set);
        if (_isVetoed(entry)) NOTICES.unwatch(set);
        emit SetForgotten(set.avs, set.id);
    }

    /* CAPS */

    /// @inheritdoc ISetRegistry
    function raiseSetCap(OperatorSet calldata set, uint16 newCapBps) external restricted {
        uint16 old = _admitted(set).terms.capBps;
        require(newCapBps > old, WrongDirection(old, newCapBps));
        _requireCap(newCapBps);
        _setSetCap(set, old, newCapBps);
    }

    /// @inheritdoc ISetRegistry
    function lowerSetCap(OperatorSet calldata set, uint16 newCapBps) external restricted {
        uint16 old = _admitted(set).terms.capBps;
        require(newCapBps < old, WrongDirection(old, newCapBps));
        _setSetCap(set, old, newCapBps);
    }

    /// @inheritdoc ISetRegistry
    function raiseAvsCap(address avs, uint16 newCapBps) external restricted {
        uint16 old = _state().avsCaps[avs];
        require(newCapBps > old, WrongDirection(old, newCapBps));
        _requireCap(newCapBps);
        _setAvsCap(avs, old, newCapBps);
    }

    /// @inheritdoc ISetRegistry
    function lowerAvsCap(address avs, uint16 newCapBps) external restricted {
        uint16 old = _state().avsCaps[avs];
        require(newCapBps < old, WrongDirection(old, newCapBps));
        _setAvsCap(avs, old, newCapBps);
    }

    /// @inheritdoc ISetRegistry
    function verifySlasher(bytes32 codeHash, uint64 maxWad, uint32 window) external restricted {
        require(codeHash != 0 && codeHash != NO_CODE, NotCode(codeHash)); // whoever has no code has a key
        require(maxWad != 0 && maxWad <= WAD, BadMaximum(maxWad, WAD));
        require(window >= ADMISSION_WAIT, WindowTooShort(window, ADMISSION_WAIT));
        _state().proofs[codeHash] = Proof(maxWad, window);
        emit SlasherVerified(codeHash, maxWad, window);
    }

    /// @inheritdoc ISetRegistry
    function unverifySlasher(bytes32 codeHash) external restricted {
        delete _state().proofs[codeHash];
        emit SlasherVerified(codeHash, 0, 0);
    }

    /// @inheritdoc ISetRegistry
    function reportRewardRate(OperatorSet calldata set, uint64 newRewardWad) external restricted {
        Entry storage entry = _entry(set);
        emit RewardRateChanged(set.avs, set.id, entry.rewardWad, newRewardWad);
        entry.rewardWad = newRewardWad;
    }

    /* VIEWS */

    /// @inheritdoc ISetRegistry
    function sets() external view returns (OperatorSet[] memory) {
        return _state().sets;
    }

    /// @inheritdoc ISetRegistry
    function proposals() external view returns (OperatorSet[] memory) {
        return _state().proposals;
    }

    /// @inheritdoc ISetRegistry
    function statusOf(OperatorSet calldata set) external view returns (Status memory status) {
        Entry storage entry = _entry(set);
        status.stage = entry.stage;
        status.proposedAt = entry.proposedAt;
        if (entry.stage == Stage.Proposed) status.admissibleFrom = _admissibleFrom(entry);
        status.fault = faultOf(set);
        status.terms = entry.terms;
        status.basis = entry.basis;
    }

    /// @inheritdoc ISetRegistry
    function limits() external view returns (Limits[] memory list) {
        OperatorSet[] memory all = _state().sets;
        list = new Limits[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            list[i] = _limitsOf(all[i]);
        }
    }

    /// @inheritdoc ISetRegistry
    function limitsOf(OperatorSet calldata set) external view returns (Limits memory) {
        return _limitsOf(set);
    }

    /// @inheritdoc ISetRegistry
    function avsCapBps(address avs) external view returns (uint16) {
        return _state().avsCaps[avs];
    }

    /// @inheritdoc ISetRegistry
    function proofOf(bytes32 codeHash) external view returns (Proof memory) {
        return _state().proofs[codeHash];
    }

    /// @inheritdoc ISetRegistry
    function faultOf(OperatorSet calldata set) public view returns (Fault) {
        Entry storage entry = _entry(set);
        if (entry.stage != Stage.Admitted && entry.stage != Stage.Proposed) return Fault.None;
        Basis memory was = entry.basis;
        Basis memory now_ = _basisOf(set);
        (address pending, ) = ALLOCATION.getPendingSlasher(set);
        if (now_.slasher != was.slasher) return Fault.Slasher;
        if (pending != address(0) && pending != was.slasher) return Fault.PendingSlasher;
        if (now_.slasherCode != was.slasherCode) return Fault.SlasherCode;
        if (now_.registrar != was.registrar) return Fault.Registrar;
        if (now_.strategies != was.strategies) return Fault.Strategies;
        if (ALLOCATION.isRedistributingOperatorSet(set)) return Fault.Redistribution;
        return Fault.None;
    }

    /* INTERNALS */

    function _checkTerms(Terms calldata terms) private view {
        _requireCap(terms.capBps);
        (uint256 nameLength, uint256 uriLength) = (bytes(terms.name).length, bytes(terms.metadataURI).length);
        bool complete = terms.judge != address(0) && terms.group != 0 && nameLength != 0;
        require(complete, TermsIncomplete(terms.judge, terms.group, terms.name));
        uint256 longest = Math.max(nameLength, uriLength);
        require(longest <= MAX_TEXT, TextTooLong(longest, MAX_TEXT));
        bool isVetoed = terms.faultClass == FaultClass.Vetoed;
        uint256 limit = isVetoed ? MAX_SLASH_WINDOW : 0;
        bool isGood = terms.slashWindow <= limit && isVetoed == (terms.slashWindow != 0);
        require(isGood, BadSlashWindow(terms.slashWindow, limit));
    }

    function _requireSound(OperatorSet calldata set) private view {
        Fault fault = faultOf(set);
        require(fault == Fault.None, UnsoundSet(set.avs, set.id, fault));
    }

    function _requireCap(uint16 capBps) private view {
        require(capBps <= MAX_AVS_CAP_BPS, CapTooHigh(capBps, MAX_AVS_CAP_BPS));
    }

    /// @dev Closed doors stop the clock, for at most PATIENCE. Before the first share nobody could have left.
    function _admissibleFrom(Entry storage entry) private view returns (uint256) {
        if (TR_ETH.totalSupply() == 0) return entry.proposedAt;
        uint256 due = entry.proposedAt + ADMISSION_WAIT;
        uint256 open = ACCOUNTANT.openSeconds() - entry.openAt;
        if (open >= ADMISSION_WAIT) return due;
        uint256 from = Math.max(block.timestamp, ACCOUNTANT.fillsClosedUntil());
        return Math.min(from + ADMISSION_WAIT - open, due + PATIENCE);
    }

    function _basisOf(OperatorSet calldata set) private view returns (Basis memory basis) {
        basis.slasher = ALLOCATION.getSlasher(set);
        basis.slasherCode = basis.slasher.codehash;
        basis.registrar = address(ALLOCATION.getAVSRegistrar(set.avs));
        basis.strategies = keccak256(abi.encode(ALLOCATION.getStrategiesInOperatorSet(set)));
    }

    function _limitsOf(OperatorSet memory set) private view returns (Limits memory known) {
        Entry storage entry = _entry(set);
        known.set = set;
        known.isAdmitted = entry.stage == Stage.Admitted;
        known.capBps = entry.terms.capBps;
        known.avsCapBps = _state().avsCaps[set.avs];
        known.group = entry.terms.group;
        known.rewardWad = entry.rewardWad;
        known.countedWad = WAD;
        address slasher = ALLOCATION.getSlasher(set);
        (address pending, ) = ALLOCATION.getPendingSlasher(set);
        if (pending != address(0) && pending != slasher) return known; // nobody has looked at the next one
        uint64 maxWad = _state().proofs[slasher.codehash].maxWad;
        if (maxWad != 0) (known.isVerified, known.countedWad) = (true, maxWad);
    }

    /// @dev Whether no operator has anything allocated to the set, or about to be.
    function _isUnused(OperatorSet calldata set) private view returns (bool) {
        (address[] memory accounts, ) = OPERATORS.stakers();
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (ALLOCATION.getAllocatedStrategies(accounts[i], set).length != 0) return false;
        }
        return true;
    }

    function _setSetCap(OperatorSet calldata set, uint16 oldCapBps, uint16 newCapBps) private {
        _entry(set).terms.capBps = newCapBps;
        emit SetCapChanged(set.avs, set.id, oldCapBps, newCapBps);
    }

    function _setAvsCap(address avs, uint16 oldCapBps, uint16 newCapBps) private {
        _state().avsCaps[avs] = newCapBps;
        emit AvsCapChanged(avs, oldCapBps, newCapBps);
    }

    function _isVetoed(Entry storage entry) private view returns (bool) {
        return entry.terms.faultClass == FaultClass.Vetoed;
    }

    function _admitted(OperatorSet calldata set) private view returns (Entry storage entry) {
        entry = _entry(set);
        require(entry.stage == Stage.Admitted, SetNotAdmitted(set.avs, set.id));
    }

    function _entry(OperatorSet memory set) private view returns (Entry storage) {
        return _state().entries[setKey(set)];
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
