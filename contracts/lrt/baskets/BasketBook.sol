// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {KeptMath} from "../../shared/math/KeptMath.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IDepositPool} from "../deposits/IDepositPool.sol";
import {GovernedModule} from "../governance/GovernedModule.sol";
import {ITrEth} from "../token/ITrEth.sol";
import {ArrivalLedger} from "./ArrivalLedger.sol";
import {IBasketBook} from "./IBasketBook.sol";

/// @title BasketBook
/// @notice Who owns what of the things on their way, since a basket was last struck: those who stay, or which basket.
/// @dev Owns: strikes, marks, what baskets are credited with. Trusts: the desks to say what arrived (safety); POOL counts it.
///      Never: asks the engine, an issuer or a token anything; loops over strikes where something comes home.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract BasketBook is IBasketBook, GovernedModule {
    using ArrivalLedger for ArrivalLedger.State;
    using KeptMath for KeptMath.Factor;

    /* CONSTANTS */

    /// @dev A slice is a part of this.
    uint256 private constant WHOLE = 1 << 128;

    /* IMMUTABLES */

    /// @notice The contracts that this one answers to or calls.
    struct Modules {
        ITrEth trEth;
        IDepositPool pool;
        IAccountant accountant;
        IAssetRegistry registry;
        address basketExit;
        address restakingDesk;
        address issuerDesk;
    }

    ITrEth public immutable TR_ETH;
    IDepositPool public immutable POOL;
    IAccountant public immutable ACCOUNTANT;
    IAssetRegistry public immutable REGISTRY;
    address public immutable BASKET_EXIT;
    address public immutable RESTAKING_DESK;
    address public immutable ISSUER_DESK;

    /* STORAGE */

    /// @custom:storage-location erc7201:trellis.BasketBook
    struct State {
        Strike[] strikes; // the first one stands for the time before any
        mapping(address delegator => mapping(IStrategy strategy => uint256)) marks;
        mapping(address delegator => mapping(uint256 nonce => Withdrawal)) withdrawals;
        ArrivalLedger.State arrivals;
    }

    // keccak256(abi.encode(uint256(keccak256("trellis.BasketBook")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STATE_SLOT = 0x502bd93fb43c04d9a6343bba13d7a997fb03f9b8e88d959930ffc6daff4b0c00;

    /* SETUP */

    constructor(Modules memory modules) {
        TR_ETH = modules.trEth;
        POOL = modules.pool;
        ACCOUNTANT = modules.accountant;
        REGISTRY = modules.registry;
        BASKET_EXIT = modules.basketExit;
        RESTAKING_DESK = modules.restakingDesk;
        ISSUER_DESK = modules.issuerDesk;
    }

    /// @notice Sets the authority.
    /// @dev Caller: the deployer, in the transaction that upgrades the proxy to this code.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
        _push(KeptMath.one());
    }

    /* STRIKING */

    /// @inheritdoc IBasketBook
    function strike(uint256 shares) external onlyModule(BASKET_EXIT) nonReentrant returns (uint256 number) {
        uint256 supply = TR_ETH.totalSupply();
        number = lastStrike() + 1;
        emit Struck(number, shares, supply);
        _push(_factor(number - 1).afterUp(shares, supply));
        ACCOUNTANT.strike(shares, supply); // refuses while units are between two places
        POOL.burnStruck(shares);
        address[] memory assets = REGISTRY.assets();
        for (uint256 i = 0; i < assets.length; ++i) {
            uint256 units = ValueMath.partDown(POOL.idle(assets[i]), shares, supply);
            _setAside(assets[i], units);
            _state().arrivals.credit(number, assets[i], units);
        }
    }

    /* WHAT COMES HOME */

    /// @inheritdoc IBasketBook
    function noteWithdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 owed,
        uint256 queued
    ) external onlyModule(RESTAKING_DESK) {
        uint256 mark = markOf(delegator, strategy);
        uint256 slice = ValueMath.partDown(WHOLE, owed, queued);
        // Numbers of strikes, of which there is at most one a day; a slice is at most 2^128.
        _state().withdrawals[delegator][nonce] = Withdrawal(uint32(mark), uint32(lastStrike()), uint160(slice), true);
        emit WithdrawalNoted(delegator, nonce, mark, slice);
        _mark(delegator, strategy);
    }

    /// @inheritdoc IBasketBook
    function divideWithdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        address asset,
        uint256 units
    ) external onlyModule(RESTAKING_DESK) {
        Withdrawal memory w = _withdrawal(delegator, strategy, nonce);
        uint256 owed = ValueMath.partDown(units, w.slice, WHOLE);
        uint256 left = units - owed - keptSince(w.to, units - owed);
        _setAside(asset, owed + left);
        _state().arrivals.add(asset, w.from, w.to, owed);
        _state().arrivals.add(asset, w.to, uint32(lastStrike()), left); // at most one strike a day
    }

    /// @inheritdoc IBasketBook
    function payOff(
        address delegator,
        IStrategy strategy,
        address asset,
        uint256 units
    ) external onlyModule(RESTAKING_DESK) {
        _setAside(asset, units);
        // Numbers of strikes: at most one a day.
        _state().arrivals.add(asset, uint32(markOf(delegator, strategy)), uint32(lastStrike()), units);
        _mark(delegator, strategy);
    }

    /// @inheritdoc IBasketBook
    function dividePaid(address asset, uint256 mark, uint256 units) external onlyModule(ISSUER_DESK) {
        uint256 left = units - keptSince(mark, units);
        _setAside(asset, left);
        _state().arrivals.add(asset, uint32(mark), uint32(lastStrike()), left); // numbers of strikes: at most one a day
    }

    /// @inheritdoc IBasketBook
    function divide(uint256 maxSteps) external returns (uint256 steps) {
        return _state().arrivals.divide(_state().strikes, maxSteps);
    }

    /// @inheritdoc IBasketBook
    function pay(address asset, uint256 units, address to) external onlyModule(BASKET_EXIT) returns (uint256 sent) {
        return POOL.payBasket(asset, units, to);
    }

    /* VIEWS */

    /// @inheritdoc IBasketBook
    function lastStrike() public view returns (uint256) {
        return _state().strikes.length - 1;
    }

    /// @inheritdoc IBasketBook
    function strikes(uint256 number) external view returns (Strike memory) {
        return _state().strikes[number];
    }

    /// @inheritdoc IBasketBook
    function markOf(address delegator, IStrategy strategy) public view returns (uint256 mark) {
        return _state().marks[delegator][strategy];
    }

    /// @inheritdoc IBasketBook
    function strikesSince(address delegator, IStrategy[] calldata strategies) external view returns (uint256 count) {
        count = lastStrike();
        uint256 latest;
        for (uint256 i = 0; i < strategies.length; ++i) latest = Math.max(latest, markOf(delegator, strategies[i]));
        count -= latest;
    }

    /// @inheritdoc IBasketBook
    function owedSince(uint256 mark) external view returns (uint256 day) {
        return mark == lastStrike() ? type(uint256).max : _state().strikes[mark + 1].day;
    }

    /// @inheritdoc IBasketBook
    function withdrawalOf(address delegator, uint256 nonce) external view returns (Withdrawal memory) {
        return _state().withdrawals[delegator][nonce];
    }

    /// @inheritdoc IBasketBook
    function keptSince(uint256 mark, uint256 amount) public view returns (uint256 kept) {
        uint256 last = lastStrike();
        return mark == last ? amount : KeptMath.keptUp(amount, _factor(mark), _factor(last));
    }

    /// @inheritdoc IBasketBook
    function keptOf(uint256[] calldata marks, uint256[] calldata amounts) external view returns (uint256 kept) {
        for (uint256 i = 0; i < marks.length; ++i) kept += keptSince(marks[i], amounts[i]);
    }

    /// @inheritdoc IBasketBook
    function keptOfStakes(
        address delegator,
        IStrategy[] calldata strategies,
        uint256[] calldata shares
    ) external view returns (uint256[] memory kept) {
        kept = new uint256[](shares.length);
        for (uint256 i = 0; i < kept.length; ++i) {
            kept[i] = shares[i] == 0 ? 0 : keptSince(markOf(delegator, strategies[i]), shares[i]);
        }
    }

    /// @inheritdoc IBasketBook
    function keptOfWithdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 shares
    ) external view returns (uint256 kept) {
        Withdrawal memory w = _withdrawal(delegator, strategy, nonce);
        return keptSince(w.to, shares - ValueMath.partDown(shares, w.slice, WHOLE));
    }

    /// @inheritdoc IBasketBook
    function partOf(uint256 number, uint256 mark, uint256 amount) external view returns (uint256 part) {
        return _partOf(number, mark, amount);
    }

    /// @inheritdoc IBasketBook
    function partOfWithdrawal(
        uint256 number,
        address delegator,
        IStrategy strategy,
        uint256 nonce,
        uint256 shares
    ) external view returns (uint256 part) {
        Withdrawal memory w = _withdrawal(delegator, strategy, nonce);
        uint256 owed = ValueMath.partDown(shares, w.slice, WHOLE);
        if (number > w.to) return _partOf(number, w.to, shares - owed);
        if (number <= w.from) return 0; // it had left already
        return KeptMath.betweenDown(owed, _factor(w.from), _factor(number - 1), _factor(number), _factor(w.to));
    }

    /// @inheritdoc IBasketBook
    function credited(uint256 number, address asset) external view returns (uint256 units) {
        return _state().arrivals.credited[number][asset];
    }

    /// @inheritdoc IBasketBook
    function undivided() external view returns (uint256 count, Arrival memory first) {
        ArrivalLedger.State storage arrivals = _state().arrivals;
        count = arrivals.queue.length - arrivals.next;
        if (count != 0) first = arrivals.queue[arrivals.next];
    }

    /// @inheritdoc IBasketBook
    function undividedOf(uint256 number, address asset) external view returns (uint256 units) {
        return _state().arrivals.undivided(_state().strikes, number, asset);
    }

    /* INTERNALS */

    function _push(KeptMath.Factor memory factor) private {
        _state().strikes.push(Strike(factor.mantissa, factor.exponent, ValueMath.dayOf(block.timestamp)));
    }

    /// @dev From the last strike on, all that a position holds belongs to those who stay.
    function _mark(address delegator, IStrategy strategy) private {
        uint256 last = lastStrike();
        if (_state().marks[delegator][strategy] == last) return;
        _state().marks[delegator][strategy] = last;
        emit Marked(delegator, strategy, last);
    }

    function _setAside(address asset, uint256 units) private {
        if (units != 0) POOL.putAside(asset, units);
    }

    function _factor(uint256 number) private view returns (KeptMath.Factor memory) {
        Strike storage s = _state().strikes[number];
        return KeptMath.Factor(s.mantissa, s.exponent);
    }

    function _partOf(uint256 number, uint256 mark, uint256 amount) private view returns (uint256 part) {
        if (number <= mark) return 0;
        return KeptMath.partDown(amount, _factor(mark), _factor(number - 1), _factor(number));
    }

    /// @dev What the engine queued by itself is as its position was: there is no other stake in it any more, so that the mark
    ///      does not move.
    function _withdrawal(
        address delegator,
        IStrategy strategy,
        uint256 nonce
    ) private view returns (Withdrawal memory w) {
        w = _state().withdrawals[delegator][nonce];
        if (!w.isKnown) w.from = w.to = uint32(markOf(delegator, strategy)); // a number of a strike
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        // The ERC-7201 slot of this contract's only struct.
        assembly ("memory-safe") {
            state.slot := slot
        }
    }
}
