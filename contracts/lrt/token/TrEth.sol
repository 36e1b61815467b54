// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit, IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ITrEth} from "./ITrEth.sol";

/// @title TrEth
/// @notice The share of the pool: ERC-20 with permit, no proxy, no pause, no blocklist.
/// @dev Owns: balances. Trusts: POOL for the supply (safety). Never: moves or burns a holder's shares without him.
contract TrEth is ITrEth, ERC20Permit {
    /* IMMUTABLES */

    /// @inheritdoc ITrEth
    address public immutable POOL;
    /// @inheritdoc ITrEth
    address public immutable QUEUE;

    constructor(
        address pool,
        address queue
    ) ERC20("Trellis Restaked Ether", "trETH") ERC20Permit("Trellis Restaked Ether") {
        POOL = pool;
        QUEUE = queue;
    }

    /* SUPPLY */

    /// @inheritdoc ITrEth
    function mint(address to, uint256 shares) external {
        require(msg.sender == POOL, OnlyPool(msg.sender, POOL));
        _mint(to, shares);
    }

    /// @inheritdoc ITrEth
    function burn(address account, uint256 shares) external {
        require(msg.sender == POOL, OnlyPool(msg.sender, POOL));
        require(account == QUEUE, OnlyFromQueue(account, QUEUE));
        _burn(account, shares);
    }

    /* VIEWS */

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
