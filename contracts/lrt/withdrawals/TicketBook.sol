// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC721/ERC721Upgradeable.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ITicketBook} from "./ITicketBook.sol";

/// @title TicketBook
/// @notice OpenZeppelin's ERC-721 with a ticket's owner and shares in one slot: issued with one write, ended with one.
/// @dev Has no storage of its own: its heir keeps the book. Never: brings an ended ticket back, though whom it was approved for
///      stays written; gives an id a second time, which is its heir's part.
abstract contract TicketBook is ITicketBook, ERC721Upgradeable {
    using SafeCast for uint256;

    /// @dev Owner and shares fit one slot.
    struct Ticket {
        address owner;
        uint96 shares;
    }

    struct Book {
        mapping(uint256 id => Ticket) tickets;
        mapping(address owner => uint256) counts;
    }

    /* VIEWS */

    /// @inheritdoc ITicketBook
    function sharesOf(uint256 id) external view returns (uint256 shares) {
        return _book().tickets[id].shares;
    }

    /// @notice Number of an owner's tickets.
    function balanceOf(address owner) public view override(ERC721Upgradeable, IERC721) returns (uint256) {
        require(owner != address(0), ERC721InvalidOwner(owner));
        return _book().counts[owner];
    }

    /* INTERNALS */

    /// @dev Gives a new ticket to an owner who is not zero.
    function _issue(uint256 id, address owner, uint256 shares) internal {
        Book storage book = _book();
        book.tickets[id] = Ticket(owner, shares.toUint96()); // both at once, which `_mint` could not
        ++book.counts[owner];
        emit Transfer(address(0), owner, id);
    }

    /// @dev Ends a ticket of an owner; `_burn` would look for him once more.
    function _end(uint256 id, address owner) internal {
        Book storage book = _book();
        delete book.tickets[id];
        --book.counts[owner];
        emit Transfer(owner, address(0), id);
    }

    /// @dev OpenZeppelin's transfer in our slot, and nothing but a transfer: OpenZeppelin would let whom an ended ticket was
    ///      approved for take it from the zero address.
    function _update(address to, uint256 id, address auth) internal override returns (address from) {
        Book storage book = _book();
        from = book.tickets[id].owner;
        require(from != address(0), ERC721NonexistentToken(id));
        _checkAuthorized(from, auth, id);
        _approve(address(0), id, address(0), false);
        --book.counts[from];
        book.tickets[id].owner = to;
        ++book.counts[to];
        emit Transfer(from, to, id);
    }

    function _ownerOf(uint256 id) internal view override returns (address) {
        return _book().tickets[id].owner;
    }

    /// @dev Where the heir keeps its tickets.
    function _book() internal view virtual returns (Book storage);
}
