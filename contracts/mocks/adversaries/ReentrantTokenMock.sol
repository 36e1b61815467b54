// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title ReentrantTokenMock
/// @notice A token that anyone mints and that calls what it is told to in the middle of every transfer.
contract ReentrantTokenMock is ERC20 {
    /* STORAGE */

    address public callee;
    bytes public callData;
    /// @notice What came of the calls: the start of the revert data, or zero for one that went through.
    bytes4[] private _outcomes;

    /* SETUP */

    constructor() ERC20("Reentrant", "RE") {}

    /// @notice Mints to anyone.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Calls this from now on; nothing for the zero address.
    function setCall(address callee_, bytes calldata callData_) external {
        callee = callee_;
        callData = callData_;
    }

    /* VIEWS */

    function outcomes() external view returns (bytes4[] memory) {
        return _outcomes;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (callee == address(0)) return;
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, bytes memory result) = callee.call(callData);
        _outcomes.push(ok ? bytes4(0) : bytes4(result)); // an error begins with its selector
    }
}
