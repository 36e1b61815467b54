// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title ITicketBook
/// @notice Tickets of those who wait with shares. Each is an ERC-721 that anyone can own.
interface ITicketBook is IERC721 {
    /// @notice Shares a ticket joined with.
    function sharesOf(uint256 id) external view returns (uint256 shares);
}
