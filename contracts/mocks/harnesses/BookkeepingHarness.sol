// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ETHER} from "../../lrt/assets/Ether.sol";
import {IAssetRegistry} from "../../lrt/assets/IAssetRegistry.sol";
import {IRateSource} from "../../lrt/assets/IRateSource.sol";
import {IBasketExit} from "../../lrt/baskets/IBasketExit.sol";
import {IDepositPool} from "../../lrt/deposits/IDepositPool.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";

/// @title BookkeepingHarness
/// @notice Everything around an Accountant in one contract, with as many assets and stakers as a test wants: pool, registry of
///         assets, registry of operators, issuers' desk, token and basket tickets. The engine is not part of it.
contract BookkeepingHarness {
    address[] private _assets;
    IStrategy[] private _strategies;
    address[] private _accounts;
    address[] private _stakers;
    IDepositPool.Terms private _terms;
    mapping(address asset => uint256[2]) private _pushed;

    uint256 public constant totalSupply = 1_000 ether;
    /// @notice Nothing is ever on its way.
    bool public constant isMoving = false;
    /// @notice Nobody has left by basket.
    uint256 public constant lastStrike = 0;

    error Unknown(address subject);

    constructor(IStrategy[] memory strategies_, address[] memory accounts, address[] memory stakers_) {
        _assets.push(ETHER);
        _strategies.push(IStrategy(address(0)));
        for (uint256 i = 0; i < strategies_.length; ++i) {
            _assets.push(address(strategies_[i].underlyingToken()));
            _strategies.push(strategies_[i]);
        }
        (_accounts, _stakers) = (accounts, stakers_);
        _terms.rateWad = 1e18;
    }

    /* REGISTRIES */

    function assets() external view returns (address[] memory) {
        return _assets;
    }

    function strategies() external view returns (IStrategy[] memory) {
        return _strategies;
    }

    function restakeable() external view returns (address[] memory list, IStrategy[] memory strategyList) {
        uint256 count = _assets.length - 1;
        (list, strategyList) = (new address[](count), new IStrategy[](count));
        for (uint256 i = 0; i < count; ++i) {
            (list[i], strategyList[i]) = (_assets[i + 1], _strategies[i + 1]);
        }
    }

    function read(address asset) external view returns (uint256 rateWad, uint256 unitsPerShareWad) {
        for (uint256 i = 1; i < _assets.length; ++i) {
            if (_assets[i] == asset) return (1e18, _strategies[i].sharesToUnderlyingView(1e18));
        }
        revert Unknown(asset);
    }

    function stakers() external view returns (address[] memory accounts, address[] memory delegators) {
        return (_accounts, _stakers);
    }

    function accountOf(address delegator) external view returns (address) {
        for (uint256 i = 0; i < _stakers.length; ++i) {
            if (_stakers[i] == delegator) return _accounts[i];
        }
        revert Unknown(delegator);
    }

    function delegators() external view returns (address[] memory) {
        return _stakers;
    }

    /// @notice Every asset is its own rate source's: this contract's.
    function configOf(address asset) external view returns (IAssetRegistry.AssetConfig memory config) {
        for (uint256 i = 1; i < _assets.length; ++i) {
            if (_assets[i] == asset)
                (config.strategy, config.rateSource) = (_strategies[i], IRateSource(address(this)));
        }
    }

    function unitsOf(address, uint256 amount) external pure returns (uint256) {
        return amount;
    }

    /* BASKETS */

    /// @notice A ticket's id is the number of its strike; each has half of its basket.
    function basketStatus(uint256 id) external view returns (IBasketExit.Status memory status) {
        (status.owner, status.shares, status.strike) = (address(this), 0.5 ether, id);
        (status.claimable, status.claimed) = (new uint256[](_assets.length), new uint256[](_assets.length));
    }

    function basket(uint32) external pure returns (IBasketExit.Basket memory) {
        return IBasketExit.Basket(1 ether, 2, 0);
    }

    /* POOL AND DESK */

    function terms() external view returns (IDepositPool.Terms memory) {
        return _terms;
    }

    function standing(
        address[] calldata list
    ) external view returns (IDepositPool.Terms memory, uint256[] memory units) {
        units = new uint256[](list.length + 1);
        for (uint256 i = 0; i < units.length; ++i) units[i] = 1 ether;
        return (_terms, units);
    }

    function idle(address) external pure returns (uint256) {
        return 1 ether;
    }

    /// @notice Takes whatever a basket sets aside.
    function putAside(address, uint256) external {}

    /// @notice Burns nothing: the supply stays.
    function burnStruck(uint256) external {}

    function redeemingValue() external pure returns (uint256) {
        return 1 ether;
    }

    /// @notice As many open requests as there may be, all made before the first strike.
    function openValues() external pure returns (uint256[] memory values, uint256[] memory marks) {
        (values, marks) = (new uint256[](16), new uint256[](16));
        for (uint256 i = 0; i < 16; ++i) values[i] = 1 ether;
    }

    function setTerms(uint256 rateWad, uint256 waitingWad, uint256 closedUntil) external {
        // Small numbers in a test.
        _terms = IDepositPool.Terms(uint88(rateWad), uint88(waitingWad), uint40(block.timestamp), uint40(closedUntil));
    }

    function setAssetTerms(IDepositPool.AssetReport[] calldata reports) external {
        for (uint256 i = 0; i < reports.length; ++i) {
            _pushed[reports[i].asset] = [reports[i].rateWad, reports[i].totalUnits];
        }
    }

    function mintFee(address recipient, uint256 shares) external {}
}
