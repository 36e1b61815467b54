// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDepositPool} from "../../../contracts/lrt/deposits/IDepositPool.sol";
import {IInstantRedeemer} from "../../../contracts/lrt/withdrawals/IInstantRedeemer.sol";
import {IWithdrawalQueue} from "../../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {ASSETS, Deed} from "../Moment.sol";
import {Wallet} from "../Wallet.sol";
import {Outside} from "./Outside.sol";

/// @dev Requesting, claiming, moving, and the way out at once.
abstract contract Leaving is Outside {
    uint256[] internal tickets;
    uint256 private constant ANY_LINE = type(uint256).max;

    /* ACTIONS */

    /// @dev In ETH as often as in all others together.
    function request(uint256 who, uint256 asset, uint256 part) external onTime {
        Deed memory d = _leaver("request", who);
        d.asset = asset % 8 < ASSETS ? asset % 8 : 0;
        uint256 balance = trEth.balanceOf(people[d.by]);
        if (balance < 1e12) revert NothingToDo();
        d.shares = part % 8 == 0 ? balance : sized(part, 1e12, balance);
        address asset_ = assets[d.asset];
        _approve(d.by, address(queue), d.shares);
        bytes memory call = abi.encodeCall(IWithdrawalQueue.request, (asset_, d.shares, people[d.by]));
        bytes memory result = _as(people[d.by], address(queue), 0, call);
        if (!crashed) tickets.push(abi.decode(result, (uint256)));
        d.moved[d.asset] = d.shares;
        _end(d);
    }

    /// @dev Anyone collects for the owner.
    function claim(uint256 ticket) external onTime {
        (Deed memory d, uint256 id, address owner) = _claimer("claim", ticket, ANY_LINE);
        uint256 before = _held(d.asset, owner);
        (bool ok, bytes memory reason) = _try(
            address(this),
            address(queue),
            0,
            abi.encodeCall(IWithdrawalQueue.claim, (id))
        );
        _judgeClaim(d, owner, ok, reason);
        d.received = _held(d.asset, owner) - before;
        _endClaim(d);
    }

    function claimTo(uint256 ticket, uint256 to) external onTime {
        (Deed memory d, uint256 id, address owner) = _claimer("claimTo", ticket, ANY_LINE);
        address receiver = people[to % PEOPLE];
        uint256 before = _held(d.asset, receiver);
        bytes memory call = abi.encodeCall(IWithdrawalQueue.claimTo, (id, payable(receiver)));
        (bool ok, bytes memory reason) = _try(owner, address(queue), 0, call);
        _judgeClaim(d, receiver, ok, reason);
        d.received = _held(d.asset, receiver) - before;
        _endClaim(d);
    }

    /// @dev All that can be claimed of up to eight tickets.
    function claimBatch(uint256 from) external onTime {
        Deed memory d = _deed("claimBatch");
        d.leaves = true;
        uint256 count = tickets.length;
        if (count == 0) revert NothingToDo();
        uint256[] memory ids = new uint256[](8);
        uint256 found;
        for (uint256 i = 0; i < count && i < 16 && found < 8; ++i) {
            uint256 id = tickets[((from % count) + i) % count];
            uint256 units = queue.claimable(id);
            if (units == 0) continue;
            ids[found++] = id;
            d.claimed[id >> 64] += units;
        }
        if (found == 0) revert NothingToDo();
        assembly {
            mstore(ids, found)
        }
        _as(address(this), address(queue), 0, abi.encodeCall(IWithdrawalQueue.claimBatch, (ids)));
        _forget();
        _end(d);
    }

    /// @dev Half of the time it is not too early.
    function moveTicket(uint256 ticket, uint256 asset, bool waits) external onTime {
        if (tickets.length == 0) revert NothingToDo();
        uint256 id = tickets[ticket % tickets.length];
        if (waits) _waitUntil((uint256(uint32(id >> 32)) + 1) * 1 days + queue.EXIT_TIME());
        IWithdrawalQueue.Status memory s = queue.withdrawalStatus(id);
        Deed memory d = _deed("moveTicket");
        d.leaves = true;
        (uint256 from, uint256 to) = (id >> 64, asset % ASSETS);
        uint256 movableFrom = (uint256(uint32(id >> 32)) + 1) * 1 days + queue.EXIT_TIME();
        if (block.timestamp < movableFrom) d.early = movableFrom - block.timestamp;
        bytes memory result = _as(
            s.owner,
            address(queue),
            0,
            abi.encodeCall(IWithdrawalQueue.moveTicket, (id, assets[to]))
        );
        d.claimed[from] = s.claimable;
        (d.left[from], d.moved[to]) = (s.remainingShares, s.remainingShares);
        if (!crashed) tickets.push(abi.decode(result, (uint256)));
        _forget();
        _end(d);
    }

    function transferTicket(uint256 ticket, uint256 to) external onTime {
        if (tickets.length == 0) revert NothingToDo();
        uint256 id = tickets[ticket % tickets.length];
        address owner = IERC721(address(queue)).ownerOf(id);
        bytes memory call = abi.encodeCall(IERC721.transferFrom, (owner, people[to % PEOPLE], id));
        _as(owner, address(queue), 0, call);
        _end(_deed("transferTicket"));
    }

    /// @dev Somebody tries to take what is another's.
    function stealTicket(uint256 ticket, uint256 who, bool moves) external onTime {
        if (tickets.length == 0) revert NothingToDo();
        Deed memory d = _deed("stealTicket");
        uint256 id = tickets[ticket % tickets.length];
        address thief = people[who % PEOPLE];
        if (IERC721(address(queue)).ownerOf(id) == thief) revert NothingToDo();
        bytes memory call =
            moves
                ? abi.encodeCall(IWithdrawalQueue.moveTicket, (id, assets[0]))
                : abi.encodeCall(IWithdrawalQueue.claimTo, (id, payable(thief)));
        (d.robbed, ) = _try(thief, address(queue), 0, call);
        _end(d);
    }

    function redeemInstantly(uint256 who, uint256 part) external onTime {
        Deed memory d = _leaver("redeemInstantly", who);
        (d.redeems, d.settles, d.syncs, d.moves) = (true, true, true, true);
        (bool ok, ) = address(accountant).call(abi.encodeCall(accountant.settle, ()));
        if (!ok) revert NothingToDo();
        d.bucket = instant.buffer().sharesLeft;
        uint256 most = Math.min(2 * d.bucket, trEth.balanceOf(people[d.by]));
        if (most < 1e12) revert NothingToDo();
        d.shares = sized(part, 1e12, most);
        _approve(d.by, address(instant), d.shares);
        bytes memory call = abi.encodeCall(IInstantRedeemer.redeem, (d.shares, 0, people[d.by], block.timestamp));
        uint256 supply = trEth.totalSupply();
        bytes memory result = _as(people[d.by], address(instant), 0, call);
        if (!crashed) d.units = abi.decode(result, (uint256));
        if (trEth.totalSupply() + d.shares != supply) d.robbed = true;
        d.fee = Math.mulDiv(d.shares, pool.rate(), 1e18) - d.units;
        uint256 reserved = Math.mulDiv(queue.waitingShares(assets[0]), pool.rate(), 1e18, Math.Rounding.Ceil);
        d.level = pool.idle(assets[0]) - Math.min(pool.idle(assets[0]), reserved);
        d.watermark = instant.buffer().watermark - Math.min(instant.buffer().watermark, 1 gwei);
        _end(d);
    }

    /* INTERNALS */

    function _leaver(bytes32 name, uint256 who) private pure returns (Deed memory d) {
        d = _deed(name);
        (d.by, d.leaves) = (who % PEOPLE, true);
    }

    function _approve(uint256 who, address spender, uint256 shares) internal {
        _as(people[who], address(trEth), 0, abi.encodeCall(IERC20.approve, (spender, shares)));
    }

    /// @dev Whether something can be claimed of any ticket of a line.
    function _isClaimable(uint256 line) internal view returns (bool) {
        for (uint256 i = 0; i < tickets.length; ++i) {
            if (tickets[i] >> 64 == line && queue.claimable(tickets[i]) != 0) return true;
        }
        return false;
    }

    /// @dev A ticket of which something can be claimed: the one asked for or one of the next in that line.
    function _claimer(
        bytes32 name,
        uint256 ticket,
        uint256 line
    ) internal view returns (Deed memory d, uint256 id, address owner) {
        d = _deed(name);
        d.leaves = true;
        uint256 count = tickets.length;
        uint256 looked;
        for (uint256 i = 0; i < count && looked < 32; ++i) {
            id = tickets[((ticket % count) + i) % count];
            if (line != ANY_LINE && id >> 64 != line) continue;
            ++looked;
            d.promised = queue.claimable(id);
            if (d.promised == 0) continue;
            d.asset = id >> 64;
            d.claimed[d.asset] = d.promised;
            return (d, id, IERC721(address(queue)).ownerOf(id));
        }
        revert NothingToDo();
    }

    /// @dev What is set aside is paid, unless the receiver will not have it or the token does not move.
    function _judgeClaim(Deed memory d, address receiver, bool ok, bytes memory reason) private view {
        if (ok) return;
        bool isStopped = d.asset == 3 && (cbEth.paused() || cbEth.isBlacklisted(receiver));
        bool isUnwilling =
            d.asset == 0 && receiver == people[WALLET] && Wallet(payable(receiver)).mood() != Wallet.Mood.Accepts;
        d.refused = !isStopped && !isUnwilling;
        d.claimed[d.asset] = d.promised = 0;
        if (d.refused) return;
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _endClaim(Deed memory d) internal {
        _forget();
        _end(d);
    }

    /// @dev Drops tickets that have ended.
    function _forget() internal {
        for (uint256 i = tickets.length; i != 0; --i) {
            if (queue.sharesOf(tickets[i - 1]) != 0) continue;
            tickets[i - 1] = tickets[tickets.length - 1];
            tickets.pop();
        }
    }
}
