// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20Mock} from "../tokens/ERC20Mock.sol";

/// @title BlocklistTokenMock
/// @notice A token that refuses to be moved by, or to, whom its issuer dislikes. Anyone is the issuer.
contract BlocklistTokenMock is ERC20Mock {
    /* ERRORS */

    /// @notice The account may neither send nor receive.
    error Blocked(address account);

    /* STORAGE */

    mapping(address account => bool) public isBlocked;

    constructor() ERC20Mock("Blocklist", "BLOCK") {}

    /// @notice Changes whether an account may send and receive.
    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!isBlocked[from], Blocked(from));
        require(!isBlocked[to], Blocked(to));
        super._update(from, to, amount);
    }
}
