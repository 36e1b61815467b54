// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {WordCall} from "../../shared/calls/WordCall.sol";

/// @title WordCallHarness
/// @notice Opens WordCall to tests, and is itself what can be asked: it answers, refuses, or says too little.
contract WordCallHarness {
    using WordCall for address;

    error Refused(address account, uint256 number);

    function supplyOf(address token) external view returns (uint256) {
        return token.ask(IERC20.totalSupply.selector);
    }

    /// @notice The account's upper 96 bits are set, as they may be in any variable.
    function balanceOf(address token, address account) external view returns (uint256) {
        // Only a variable on the stack changes.
        assembly ("memory-safe") {
            account := or(account, shl(160, not(0)))
        }
        return token.askOf(IERC20.balanceOf.selector, account);
    }

    function ask(address target, bytes4 selector) external view returns (uint256) {
        return target.ask(selector);
    }

    function askOf(address target, bytes4 selector, address account) external view returns (uint256) {
        return target.askOf(selector, account);
    }

    /// @notice What lies in memory before and after a question, beside the free pointer and the word of zeros.
    function disturbed(address token) external view returns (bytes memory kept, uint256 pointer, uint256 zero) {
        kept = "what was here before";
        token.askOf(IERC20.balanceOf.selector, address(this));
        // Reads only.
        assembly ("memory-safe") {
            pointer := mload(0x40)
            zero := mload(0x60)
        }
    }

    function refuse() external view {
        revert Refused(msg.sender, 1);
    }

    function refuseOf(address account) external pure {
        revert Refused(account, 2);
    }

    function saysLittle() external pure {
        // Ends the call with 31 bytes of scratch memory.
        assembly ("memory-safe") {
            mstore(0x00, not(0))
            return(0x00, 0x1f)
        }
    }

    function saysLittleOf(address) external pure {
        // Ends the call with 31 bytes of scratch memory.
        assembly ("memory-safe") {
            mstore(0x00, not(0))
            return(0x00, 0x1f)
        }
    }
}
