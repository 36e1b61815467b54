// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBasketBook} from "../../../contracts/lrt/baskets/IBasketBook.sol";
import {IBasketExit} from "../../../contracts/lrt/baskets/IBasketExit.sol";
import {IIssuerDesk} from "../../../contracts/lrt/issuers/IIssuerDesk.sol";
import {IBasketLens} from "../../../contracts/lrt/lens/IBasketLens.sol";
import {IRestakingDesk} from "../../../contracts/lrt/operators/IRestakingDesk.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Wallet} from "../Wallet.sol";
import {Leaving} from "./Leaving.sol";

/// @dev Leaving with a slice of everything.
abstract contract Baskets is Leaving {
    uint256[] internal basketTickets;

    /* ACTIONS */

    function requestBasket(uint256 who, uint256 part) external onTime {
        Deed memory d = _basketDeed("requestBasket");
        d.by = who % PEOPLE;
        uint256 balance = trEth.balanceOf(people[d.by]);
        if (balance < 1e12) revert NothingToDo();
        d.basketJoined = part % 8 == 0 ? balance : sized(part, 1e12, balance);
        _approve(d.by, address(basketExit), d.basketJoined);
        bytes memory call = abi.encodeCall(IBasketExit.request, (d.basketJoined, people[d.by]));
        bytes memory result = _as(people[d.by], address(basketExit), 0, call);
        if (!crashed) basketTickets.push(abi.decode(result, (uint256)));
        _end(d);
    }

    /// @dev As a rule when it is due; then nothing may refuse it, whatever is closed or cannot be read.
    function strikeBasket(uint256 which, uint256 dice) external onTime {
        uint32[] memory open = basketExit.unstruckDays();
        if (open.length == 0) revert NothingToDo();
        uint32 day = open[which % open.length];
        uint256 dueFrom = (uint256(day) + 2) * 1 days;
        if (dice % 8 != 0) _waitUntil(dueFrom);
        Deed memory d = _basketDeed("strikeBasket");
        (d.strikes, d.struck) = (true, basketExit.basket(day).shares);
        if (block.timestamp < dueFrom) d.early = dueFrom - block.timestamp;
        (bool ok, bytes memory reason) = _try(
            address(this),
            address(basketExit),
            0,
            abi.encodeCall(IBasketExit.strike, (day))
        );
        if (!ok && d.early != 0) _refuse(reason);
        if (!ok) (d.refused, d.strikes, d.struck) = (true, false, 0);
        _end(d);
    }

    /// @dev Anyone collects for the owner, one asset or all.
    function claimBasket(uint256 ticket, uint256 asset) external onTime {
        (Deed memory d, uint256 id, address owner) = _basketClaimer("claimBasket", ticket);
        _claimBasket(d, id, asset, address(this), owner, abi.encodeCall(IBasketExit.claim, (id, _some(asset))));
    }

    function claimBasketTo(uint256 ticket, uint256 asset, uint256 to) external onTime {
        (Deed memory d, uint256 id, address owner) = _basketClaimer("claimBasketTo", ticket);
        address receiver = people[to % PEOPLE];
        bytes memory call = abi.encodeCall(IBasketExit.claimTo, (id, _some(asset), receiver));
        _claimBasket(d, id, asset, owner, receiver, call);
    }

    function divideBaskets(uint256 most) external onTime {
        Deed memory d = _basketDeed("divideBaskets");
        bytes memory result = _as(
            address(this),
            address(basketBook),
            0,
            abi.encodeCall(IBasketBook.divide, (1 + (most % 16)))
        );
        if (!crashed && abi.decode(result, (uint256)) == 0) revert NothingToDo();
        _end(d);
    }

    /// @dev Looks at a ticket through the lens before and after something of it moves, or might.
    function followBasket(uint256 ticket, uint256 step, uint256 which) external onTime {
        (Deed memory d, uint256 id, ) = _basketClaimer("followBasket", ticket);
        (d.syncs, d.moves) = (true, true);
        (bool wasWhole, uint256[ASSETS] memory before) = _allOf(id);
        uint256 left = 5;
        while (left != 0 && !_turnStep(step % 5, which)) (step, left) = ((step % 5) + 1, left - 1);
        if (left == 0) revert NothingToDo();
        d.settles = step % 5 > 1;
        (bool isWhole, uint256[ASSETS] memory afterwards) = _allOf(id);
        for (uint256 i = 0; i < ASSETS && wasWhole && isWhole; ++i) {
            uint256 drift = Math.max(afterwards[i], before[i]) - Math.min(afterwards[i], before[i]);
            d.basketDrift = Math.max(d.basketDrift, drift);
        }
        _end(d);
    }

    /// @dev Out of the line into a basket; half of the time it is not too early.
    function moveToBasket(uint256 ticket, bool waits) external onTime {
        if (tickets.length == 0) revert NothingToDo();
        uint256 id = tickets[ticket % tickets.length];
        if (waits) _waitUntil((uint256(uint32(id >> 32)) + 1) * 1 days + queue.EXIT_TIME());
        IWithdrawalQueue.Status memory s = queue.withdrawalStatus(id);
        Deed memory d = _basketDeed("moveToBasket");
        d.leaves = true;
        uint256 movableFrom = (uint256(uint32(id >> 32)) + 1) * 1 days + queue.EXIT_TIME();
        if (block.timestamp < movableFrom) d.early = movableFrom - block.timestamp;
        bytes memory call = abi.encodeCall(IWithdrawalQueue.moveTicket, (id, address(basketExit)));
        bytes memory result = _as(s.owner, address(queue), 0, call);
        (d.claimed[id >> 64], d.left[id >> 64]) = (s.claimable, s.remainingShares);
        d.basketJoined = s.remainingShares;
        if (!crashed) basketTickets.push(abi.decode(result, (uint256)));
        _forget();
        _end(d);
    }

    function transferBasket(uint256 ticket, uint256 to) external onTime {
        if (basketTickets.length == 0) revert NothingToDo();
        uint256 id = basketTickets[ticket % basketTickets.length];
        address owner = IERC721(address(basketExit)).ownerOf(id);
        bytes memory call = abi.encodeCall(IERC721.transferFrom, (owner, people[to % PEOPLE], id));
        _as(owner, address(basketExit), 0, call);
        _end(_basketDeed("transferBasket"));
    }

    /// @dev Somebody tries to take what is another's, or to do what only the protocol may.
    function stealBasket(uint256 ticket, uint256 who, uint256 kind) external onTime {
        if (basketTickets.length == 0) revert NothingToDo();
        Deed memory d = _basketDeed("stealBasket");
        uint256 id = basketTickets[ticket % basketTickets.length];
        address thief = people[who % PEOPLE];
        if (IERC721(address(basketExit)).ownerOf(id) == thief) revert NothingToDo();
        bytes[5] memory calls = [
            abi.encodeCall(IBasketExit.claimTo, (id, _some(ASSETS), thief)),
            abi.encodeCall(IBasketExit.join, (1 ether, thief)),
            abi.encodeCall(IBasketBook.strike, (1 ether)),
            abi.encodeCall(IBasketBook.pay, (assets[kind % ASSETS], 1, thief)),
            abi.encodeCall(IBasketBook.dividePaid, (assets[0], 0, 1 ether))
        ];
        kind %= 5;
        (d.robbed, ) = _try(thief, kind < 2 ? address(basketExit) : address(basketBook), 0, calls[kind]);
        _end(d);
    }

    /* INTERNALS */

    function _basketDeed(bytes32 name) private pure returns (Deed memory d) {
        d = _deed(name);
        d.baskets = true;
    }

    /// @dev Whether a step that brings something home did so.
    function _turnStep(uint256 step, uint256 which) private returns (bool moved) {
        (address to, bytes memory call) = _aStep(step, which);
        (bool ok, bytes memory result) = _try(address(this), to, 0, call);
        if (!ok && _isCrash(result)) crashed = true;
        return ok && (step > 2 || abi.decode(result, (uint256)) != 0);
    }

    function _aStep(uint256 step, uint256 which) private returns (address to, bytes memory call) {
        address asset = assets[1 + (which % (ASSETS - 1))];
        if (step == 0) return (address(basketBook), abi.encodeCall(IBasketBook.divide, (1 + (which % 16))));
        if (step == 1) return (address(desk), abi.encodeCall(IRestakingDesk.complete, (which % OPERATORS, 8)));
        if (step == 3) return (address(desk), abi.encodeCall(IRestakingDesk.unbond, (asset, OPERATORS)));
        if (step == 4) return (address(desk), abi.encodeCall(IRestakingDesk.restake, (asset, OPERATORS)));
        _as(address(this), address(stEth), 0, abi.encodeWithSignature("finalizeWithdrawals(uint256)", 8));
        return (address(issuer), abi.encodeCall(IIssuerDesk.claim, (1 + (which % 8))));
    }

    /// @dev What a ticket was paid, can claim and is told to be still to come; not whole when something cannot be read.
    function _allOf(uint256 id) private view returns (bool isWhole, uint256[ASSETS] memory units) {
        IBasketLens.Ticket memory t = basketLens.ticket(id);
        isWhole = t.unreadable.length == 0;
        for (uint256 i = 0; i < ASSETS; ++i) {
            IBasketLens.Coming memory c = t.coming[i];
            units[i] = t.status.claimed[i] + t.status.claimable[i] + c.inPool;
            units[i] += c.restaked + c.unbonding + c.redeeming;
        }
    }

    /// @dev One asset, or all of them.
    function _some(uint256 asset) private view returns (address[] memory list) {
        uint256 i = asset % (ASSETS + 1);
        list = new address[](i == ASSETS ? ASSETS : 1);
        if (i != ASSETS) list[0] = assets[i];
        else for (uint256 k = 0; k < ASSETS; ++k) list[k] = assets[k];
    }

    /// @dev A ticket that was struck: the one asked for or one of the next.
    function _basketClaimer(
        bytes32 name,
        uint256 ticket
    ) private view returns (Deed memory d, uint256 id, address owner) {
        d = _basketDeed(name);
        uint256 count = basketTickets.length;
        for (uint256 i = 0; i < count && i < 32; ++i) {
            id = basketTickets[((ticket % count) + i) % count];
            if (basketExit.basket(uint32(id >> 32)).strike == 0) continue;
            return (d, id, IERC721(address(basketExit)).ownerOf(id));
        }
        revert NothingToDo();
    }

    function _claimBasket(
        Deed memory d,
        uint256 id,
        uint256 asset,
        address by,
        address receiver,
        bytes memory call
    ) private {
        uint256[ASSETS] memory before;
        uint256 i = asset % (ASSETS + 1);
        for (uint256 k = 0; k < ASSETS; ++k) {
            if (i != ASSETS && k != i) continue;
            d.basketPaid[k] = basketExit.claimable(id, assets[k]);
            d.basketPromised += d.basketPaid[k];
            before[k] = _held(k, receiver);
        }
        if (d.basketPromised == 0) revert NothingToDo();
        (bool ok, bytes memory reason) = _try(by, address(basketExit), 0, call);
        if (!ok) {
            if (_isHeldUp(d, receiver)) _refuse(reason);
            d.refused = true;
            delete d.basketPaid;
            d.basketPromised = 0;
        }
        for (uint256 k = 0; k < ASSETS; ++k) {
            if (d.basketPaid[k] != 0) d.basketReceived += _held(k, receiver) - before[k];
        }
        _end(d);
    }

    /// @dev Whether a token that does not move, or a receiver who does not take ether, is among what is claimed.
    function _isHeldUp(Deed memory d, address receiver) private view returns (bool) {
        bool isStopped = cbEth.paused() || cbEth.isBlacklisted(receiver) || cbEth.isBlacklisted(address(pool));
        bool isUnwilling = receiver == people[WALLET] && Wallet(payable(receiver)).mood() != Wallet.Mood.Accepts;
        return
            (d.basketPaid[3] != 0 && isStopped) ||
            (d.basketPaid[0] != 0 && isUnwilling) ||
            (d.basketPaid[1] != 0 && stEth.isStopped());
    }

    function _refuse(bytes memory reason) private pure {
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }

    /// @dev By how much basket tickets could claim more than what is set aside.
    function _basketGap() internal view returns (uint256 gap) {
        for (uint256 i = 0; i < ASSETS; ++i) {
            uint256 claimable;
            for (uint256 k = 0; k < basketTickets.length; ++k) {
                claimable += basketExit.claimable(basketTickets[k], assets[i]);
            }
            gap += claimable - Math.min(claimable, pool.aside(assets[i]));
        }
    }
}
