// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IWETH9} from "../../shared/external/IWETH9.sol";

/// @title WETH9Mock
/// @notice A stand-in for wrapped ether.
/// @dev Keeps: everything of WETH9, the 2300 gas of a withdrawal included. Simplifies: errors, where WETH9 has none; a
///      call of an unknown function reverts and does not deposit.
contract WETH9Mock is IWETH9, IERC20Errors {
    error EtherRefused(address receiver, uint256 amount);

    // The names are the ABI of ERC-20.
    /* solhint-disable const-name-snakecase */
    string public constant name = "Wrapped Ether";
    string public constant symbol = "WETH";
    uint8 public constant decimals = 18;
    /* solhint-enable const-name-snakecase */

    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    /* WRAPPING */

    receive() external payable {
        deposit();
    }

    /// @inheritdoc IWETH9
    function deposit() public payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    /// @inheritdoc IWETH9
    function withdraw(uint256 wad) external {
        _take(msg.sender, wad);
        emit Withdrawal(msg.sender, wad);
        // A call with value brings 2300 gas of its own.
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = msg.sender.call{value: wad, gas: wad == 0 ? 2300 : 0}("");
        require(ok, EtherRefused(msg.sender, wad));
    }

    /* TRANSFERS */

    /// @inheritdoc IERC20
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) external returns (bool) {
        return transferFrom(msg.sender, to, amount);
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) public returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (from != msg.sender && allowed != type(uint256).max) {
            require(amount <= allowed, ERC20InsufficientAllowance(msg.sender, allowed, amount));
            allowance[from][msg.sender] = allowed - amount;
        }
        _take(from, amount);
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return address(this).balance;
    }

    function _take(address account, uint256 amount) private {
        uint256 held = balanceOf[account];
        require(amount <= held, ERC20InsufficientBalance(account, held, amount));
        balanceOf[account] = held - amount;
    }
}
