// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IRETH} from "../../shared/external/IRETH.sol";
import {IRocketNetworkBalances} from "../../shared/external/IRocketNetworkBalances.sol";
import {RocketStorageMock} from "./RocketStorageMock.sol";

/// @title RETHMock
/// @notice A stand-in for Rocket Pool's rETH.
/// @dev Keeps: the stored exchange rate, burning bounded by collateral, contracts found by name each time, transfers that
///      are refused for some blocks after the holder's own deposit. Simplifies: custom errors instead of strings; all
///      collateral lies here; anyone takes collateral away (as validators do).
contract RETHMock is IRETH, ERC20 {
    error TooLittleCollateral(uint256 wanted, uint256 collateral);
    error OnlyDepositPool(address caller, address depositPool);
    error DepositTooRecent(uint256 blockNumber, uint256 movableFrom);
    error CollateralHidden(address token);

    RocketStorageMock private immutable DIRECTORY;
    /// @notice Blocks for which rETH does not move after its holder's deposit.
    uint256 public depositDelay;
    /// @notice Whether nobody can read the collateral, as after a faulty upgrade.
    bool public isCollateralHidden;
    mapping(address holder => uint256) private _lastDeposit;

    constructor(RocketStorageMock directory) ERC20("Rocket Pool ETH", "rETH") {
        DIRECTORY = directory;
    }

    /// @notice Takes collateral.
    receive() external payable {}

    /* COMING AND GOING */

    /// @notice Mints for the ether sent, at the exchange rate.
    function mint(address to) external payable {
        address depositPool = _find("rocketDepositPool");
        require(msg.sender == depositPool, OnlyDepositPool(msg.sender, depositPool));
        _mint(to, getRethValue(msg.value));
        _lastDeposit[to] = block.number;
    }

    /// @inheritdoc IRETH
    function burn(uint256 rethAmount) external {
        uint256 etherAmount = getEthValue(rethAmount);
        uint256 collateral = getTotalCollateral();
        require(etherAmount <= collateral, TooLittleCollateral(etherAmount, collateral));
        _burn(msg.sender, rethAmount);
        Address.sendValue(payable(msg.sender), etherAmount);
    }

    /* WORLD */

    /// @notice Sets for how many blocks rETH does not move after a deposit.
    function setDepositDelay(uint256 blocks) external {
        depositDelay = blocks;
    }

    /// @notice Says whether the collateral can be read.
    function setCollateralHidden(bool isHidden) external {
        isCollateralHidden = isHidden;
    }

    /// @notice Collateral goes to work in validators.
    function takeCollateral(address payable to, uint256 amount) external {
        Address.sendValue(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IRETH
    function getExchangeRate() external view returns (uint256) {
        return getEthValue(1 ether);
    }

    /// @inheritdoc IRETH
    function getCollateralRate() external view returns (uint256) {
        uint256 value = getEthValue(totalSupply());
        return value == 0 ? 1 ether : (getTotalCollateral() * 1 ether) / value;
    }

    /// @inheritdoc IRETH
    function getEthValue(uint256 rethAmount) public view returns (uint256) {
        IRocketNetworkBalances balances = _balances();
        uint256 supply = balances.getTotalRETHSupply();
        return supply == 0 ? rethAmount : (rethAmount * balances.getTotalETHBalance()) / supply;
    }

    /// @inheritdoc IRETH
    function getRethValue(uint256 ethAmount) public view returns (uint256) {
        IRocketNetworkBalances balances = _balances();
        uint256 supply = balances.getTotalRETHSupply();
        return supply == 0 ? ethAmount : (ethAmount * supply) / balances.getTotalETHBalance();
    }

    /// @inheritdoc IRETH
    function getTotalCollateral() public view returns (uint256) {
        require(!isCollateralHidden, CollateralHidden(address(this)));
        return address(this).balance;
    }

    /* INTERNALS */

    function _update(address from, address to, uint256 amount) internal override {
        uint256 last = _lastDeposit[from];
        if (from != address(0) && last != 0) {
            uint256 movableFrom = last + depositDelay;
            require(block.number >= movableFrom, DepositTooRecent(block.number, movableFrom));
        }
        super._update(from, to, amount);
    }

    function _balances() private view returns (IRocketNetworkBalances) {
        return IRocketNetworkBalances(_find("rocketNetworkBalances"));
    }

    function _find(string memory name) private view returns (address) {
        return DIRECTORY.getAddress(keccak256(abi.encodePacked("contract.address", name)));
    }
}
