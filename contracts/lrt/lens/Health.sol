// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardsCoordinator} from "../../restaking/interfaces/IRewardsCoordinator.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {ValueMath} from "../../shared/math/ValueMath.sol";
import {IAccountant} from "../accounting/IAccountant.sol";
import {IStakeReader} from "../accounting/IStakeReader.sol";
import {RestakedAssets} from "../accounting/RestakedAssets.sol";
import {IOperatorRegistry} from "../operators/IOperatorRegistry.sol";
import {IHealth} from "./IHealth.sol";
import {LensModules} from "./LensModules.sol";

/// @title Health
/// @notice The accounting promises that a chain can evaluate by itself, evaluated now.
/// @dev Owns nothing. Never: reverts because something it looks at does.
abstract contract Health is IHealth, LensModules {
    /* CONSTANTS */

    /// @notice Gas that the evaluation of one promise gets: a read of the accountant's, and what is around it.
    uint256 public constant CHECK_GAS = 5_000_000;
    /// @dev Differences up to this are rounding, as in the ledger of losses [wei].
    uint256 private constant DUST = 1 gwei;
    /// @dev By how much dividing each stake and withdrawal of an operator by itself may exceed dividing their sum: two units for
    ///      each of the withdrawals there can be [engine shares].
    uint256 private constant ROUNDED = 240;
    /// @dev Shares that the first report minted to nobody, and their holder; fixed in DepositPool.
    uint256 private constant SEED = 0.01 ether;
    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;

    /* VIEWS */

    /// @inheritdoc IHealth
    function health() external view returns (Finding[] memory findings) {
        Promise[] memory all = promises();
        findings = new Finding[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            Promise memory p = all[i];
            try this.check{gas: CHECK_GAS}(p.id, p.subject) returns (bool holds, uint256 measured, uint256 limit) {
                findings[i] = Finding(p.id, p.subject, holds, true, measured, limit, "");
            } catch (bytes memory reason) {
                findings[i] = Finding(p.id, p.subject, false, false, 0, 0, reason);
            }
        }
    }

    /// @inheritdoc IHealth
    function promises() public view returns (Promise[] memory all) {
        address[] memory assets = _assets();
        IOperatorRegistry.Operator[] memory operators = OPERATORS.operators();
        bytes32[13] memory whole = [
            bytes32("A3-line"),
            "A3-places",
            "A4-rate",
            "A7",
            "A8-cap",
            "A8-mark",
            "A9-deposits",
            "A9-fills",
            "A10-floor",
            "A10-seed",
            "AGE",
            "RW-claimers",
            "RW-open"
        ];
        all = new Promise[](whole.length + 3 * assets.length - 2 + 2 * operators.length);
        uint256 n;
        for (uint256 i = 0; i < whole.length; ++i) all[n++] = Promise(whole[i], address(0));
        for (uint256 i = 0; i < assets.length; ++i) {
            all[n++] = Promise("A3-pool", assets[i]);
            if (i == 0) continue; // ETH has neither issuer nor strategy
            all[n++] = Promise("A4-issuer", assets[i]);
            all[n++] = Promise("A4-strategy", assets[i]);
        }
        for (uint256 i = 0; i < operators.length; ++i) {
            all[n++] = Promise("BOOK", operators[i].delegator);
            all[n++] = Promise("AL-3", operators[i].account);
        }
    }

    /// @inheritdoc IHealth
    function check(bytes32 id, address subject) external view returns (bool holds, uint256 measured, uint256 limit) {
        if (id == "A3-pool") return _atLeast(_held(subject, address(POOL)), _counted(subject));
        if (id == "A3-line") return _atLeast(_shares(address(QUEUE)), _waitingShares());
        if (id == "A3-places") return _places();
        if (id == "A4-rate") return _rate();
        if (id == "A4-issuer") return _issuer(subject);
        if (id == "A4-strategy") return _strategy(subject);
        if (id == "A7") return _atMost(_closedUntil(), type(uint40).max - 1);
        if (id == "A8-cap") return _fee();
        if (id == "A8-mark") return _atMost(_terms().rateWad, _highWaterMark());
        if (id == "A9-deposits") return _atLeast(block.timestamp, _terms().closedUntil);
        if (id == "A9-fills") return _atLeast(block.timestamp, _closedUntil());
        if (id == "A10-floor") return _atLeast(_terms().rateWad, POOL.FLOOR_RATE());
        if (id == "A10-seed") return _atLeast(_shares(NOBODY), SEED);
        if (id == "AGE") return _atMost(block.timestamp - _terms().reportedAt, POOL.MAX_REPORT_AGE());
        if (id == "RW-claimers") return _claimers();
        if (id == "RW-open") return _atLeast(block.timestamp, REWARDS_ROUTER.closedUntil());
        if (id == "BOOK") return _book(subject);
        if (id == "AL-3") return _reserve(subject);
        revert UnknownPromise(id);
    }

    /* INTERNALS */

    function _highWaterMark() private view returns (uint256 rateWad) {
        (, , rateWad) = ACCOUNTANT.fee();
    }

    function _atMost(uint256 measured, uint256 limit) private pure returns (bool, uint256, uint256) {
        return (measured <= limit, measured, limit);
    }

    function _atLeast(uint256 measured, uint256 limit) private pure returns (bool, uint256, uint256) {
        return (measured >= limit, measured, limit);
    }

    function _isNear(uint256 a, uint256 b, uint256 most) private pure returns (bool) {
        return a <= b + most && b <= a + most;
    }

    function _waitingShares() private view returns (uint256 shares) {
        address[] memory assets = _assets();
        shares = BASKET_EXIT.waitingShares(); // they lie with the line until they are burnt
        for (uint256 i = 0; i < assets.length; ++i) shares += QUEUE.waitingShares(assets[i]);
    }

    function _places() private view returns (bool, uint256 sum, uint256 nav) {
        address[] memory assets = _assets();
        sum = ACCOUNTANT.redeeming();
        for (uint256 i = 0; i < assets.length; ++i) {
            IAccountant.Backing memory b = _backing(assets[i]);
            sum += ValueMath.toEtherDown(b.pool + b.restaked + b.unbonding, b.rateWad);
        }
        nav = _netAssetValue();
        return (_isNear(sum, nav, DUST), sum, nav);
    }

    function _rate() private view returns (bool, uint256 value, uint256 nav) {
        value = ValueMath.toEtherDown(TR_ETH.totalSupply(), _terms().rateWad);
        nav = _netAssetValue();
        return (value <= nav + DUST, value, nav);
    }

    function _issuer(address asset) private view returns (bool, uint256 booked, uint256 current) {
        (current, ) = REGISTRY.read(asset);
        booked = _backing(asset).rateWad;
        return (booked <= current + DUST, booked, current);
    }

    function _strategy(address asset) private view returns (bool, uint256 booked, uint256 current) {
        (, current) = REGISTRY.read(asset);
        booked = _toUnits(asset, ValueMath.WAD);
        return (booked <= current + DUST, booked, current);
    }

    function _fee() private view returns (bool, uint256, uint256) {
        (uint256 minted, uint256 limit) = ACCOUNTANT.feeToday();
        return _atMost(minted, limit);
    }

    function _claimers() private view returns (bool, uint256 right, uint256 all) {
        IRewardsCoordinator rewards = REWARDS_ROUTER.REWARDS();
        address[] memory delegators = OPERATORS.delegators();
        for (uint256 i = 0; i < delegators.length; ++i) {
            if (rewards.claimerFor(delegators[i]) == address(REWARDS_ROUTER)) ++right;
        }
        return _atLeast(right, delegators.length);
    }

    function _book(address delegator) private view returns (bool, uint256, uint256) {
        RestakedAssets.Lists memory r = RestakedAssets.read(REGISTRY);
        address account = OPERATORS.accountOf(delegator);
        (IStakeReader.Stake[] memory stakes, ) = STAKES.read(account, delegator, r.strategies, 0);
        uint256 strikes = BASKET_BOOK.strikesSince(delegator, r.strategies);
        // The answer is asked as if all strikes had been one, in parts; the books were rounded up by each, as a whole.
        uint256 most = strikes == 0 ? 0 : strikes + ROUNDED;
        for (uint256 i = 0; i < stakes.length; ++i) {
            IAccountant.Book memory b = ACCOUNTANT.book(delegator, r.assets[i]);
            if (!_isNear(stakes[i].restaked, b.restaked, most)) return (false, stakes[i].restaked, b.restaked);
            if (!_isNear(stakes[i].unbonding, b.unbonding, most)) return (false, stakes[i].unbonding, b.unbonding);
        }
        return (true, 0, 0);
    }

    function _reserve(address account) private view returns (bool, uint256, uint256) {
        IStrategy[] memory strategies = REGISTRY.strategies();
        uint256 reserveBps = CONTROLLER.RESERVE_BPS();
        for (uint256 i = 1; i < strategies.length; ++i) {
            uint256 allocated = ALLOCATION.getEncumberedMagnitude(account, strategies[i]);
            uint256 most = ValueMath.lessBpsDown(ALLOCATION.getMaxMagnitude(account, strategies[i]), reserveBps);
            if (allocated > most) return (false, allocated, most);
        }
        return (true, 0, 0);
    }
}
