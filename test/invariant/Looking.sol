// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountant} from "../../contracts/lrt/accounting/IAccountant.sol";
import {IDepositPool} from "../../contracts/lrt/deposits/IDepositPool.sol";
import "./Moment.sol";
import {Stage} from "./Stage.sol";

/// @dev Takes snapshots. A view of a contract answers as before where nothing was written and no time it looks at has passed,
///      so only the others are called; a whole look calls all of them.
abstract contract Looking is Stage {
    address private constant NOBODYS = 0x000000000000000000000000000000000000dEaD;

    /// @dev Brings a snapshot up to now.
    function _look(Snapshot memory s, bool isWhole) internal returns (Touched memory t) {
        bool isLater = isWhole || s.time != block.timestamp;
        t.engine = isWhole || s.blockNumber != block.number || wrote(address(allocation));
        (s.time, s.blockNumber) = (block.timestamp, block.number);
        t.books = isWhole || wrote(address(pool)) || wrote(address(accountant));
        t.shares = isWhole || wrote(address(trEth));
        t.line = isWhole || wrote(address(queue)) || wrote(address(basketExit));
        t.tokens = isWhole || _isEtherMoved(s) || _isTokenMoved();
        if (t.books) _lookAtBooks(s);
        if (t.books || t.shares || isLater) _lookAtClocks(s);
        if (t.shares) _lookAtShares(s);
        if (t.line) _lookAtLines(s);
        if (t.tokens) _lookAtTokens(s);
        if (t.engine) _lookAtEngine(s);
        if (isWhole || wrote(address(issuer))) s.openRequests = issuer.openRequests().length;
        if (isLater || wrote(address(manager))) s.deployerRoles = _deployerRoles();
    }

    /// @dev Whether a whole look finds anything else.
    function _differs(Snapshot memory s) internal returns (bool) {
        Snapshot memory whole;
        _look(whole, true);
        return keccak256(abi.encode(whole)) != keccak256(abi.encode(s));
    }

    /// @dev Units of an asset in all its forms.
    function _held(uint256 i, address account) internal view returns (uint256 units) {
        if (i == 0) return account.balance;
        if (i == 1) return stEth.sharesOf(account) + wstEth.balanceOf(account);
        return i == 2 ? rEth.balanceOf(account) : cbEth.balanceOf(account);
    }

    function _lookAtBooks(Snapshot memory s) private view {
        IDepositPool.Terms memory t = pool.terms();
        (s.rate, s.waiting, s.reportedAt, s.closedUntil) = (t.rateWad, t.waitingWad, t.reportedAt, t.closedUntil);
        s.nav = accountant.netAssetValue();
        (s.redeeming, s.totalLoss) = (accountant.redeeming(), accountant.totalLoss());
        (, , s.mark) = accountant.fee();
        s.fillsClosedUntil = accountant.fillsClosedUntil();
        for (uint256 i = 0; i < ASSETS; ++i) {
            IAccountant.Backing memory b = accountant.backing(assets[i]);
            (s.idle[i], s.assetRate[i]) = (b.pool, b.rateWad);
            (s.restaked[i], s.unbonding[i]) = (b.restaked, b.unbonding);
            s.headroom[i] = pool.assetTerms(assets[i]).headroom;
            s.aside[i] = pool.aside(assets[i]);
        }
    }

    function _lookAtClocks(Snapshot memory s) private view {
        (s.feeToday, s.feeLimit) = accountant.feeToday();
        s.openSeconds = accountant.openSeconds();
    }

    function _lookAtShares(Snapshot memory s) private view {
        s.supply = trEth.totalSupply();
        for (uint256 i = 0; i < PEOPLE; ++i) s.shares[i] = trEth.balanceOf(people[i]);
        s.shares[FEE_RECIPIENT] = trEth.balanceOf(feeRecipient);
        s.shares[NOBODY] = trEth.balanceOf(NOBODYS);
        s.shares[QUEUE] = trEth.balanceOf(address(queue));
        s.shares[ELSEWHERE] = trEth.balanceOf(address(pool));
    }

    function _lookAtLines(Snapshot memory s) private view {
        for (uint256 i = 0; i < ASSETS; ++i) s.line[i] = queue.waitingShares(assets[i]);
        s.basketShares = basketExit.waitingShares();
    }

    function _lookAtTokens(Snapshot memory s) private view {
        s.deskHoldings = 0;
        for (uint256 i = 0; i < ASSETS; ++i) {
            s.held[i] = _held(i, address(pool));
            s.setAside[i] = _held(i, address(queue));
            s.deskHoldings += _held(i, address(desk));
        }
    }

    function _lookAtEngine(Snapshot memory s) private view {
        for (uint256 op = 0; op < OPERATORS; ++op) {
            for (uint256 i = 1; i < ASSETS; ++i) {
                s.magnitude[op * ASSETS + i] = allocation.getMaxMagnitude(accounts[op], strategies[i]);
                s.encumbered[op * ASSETS + i] = allocation.getEncumberedMagnitude(accounts[op], strategies[i]);
            }
        }
    }

    /// @dev The restaking desk takes no ether, so that nothing of its holdings can change unseen.
    function _isEtherMoved(Snapshot memory s) private view returns (bool) {
        return
            address(pool).balance != s.held[0] || address(queue).balance != s.setAside[0] || address(desk).balance != 0;
    }

    function _isTokenMoved() private returns (bool) {
        return wrote(address(stEth)) || wrote(address(wstEth)) || wrote(address(rEth)) || wrote(address(cbEth));
    }

    function _deployerRoles() private view returns (uint256 count) {
        (bool isAdmin, ) = manager.hasRole(0, deployer);
        (bool loosens, ) = manager.hasRole(1, deployer);
        return (isAdmin ? 1 : 0) + (loosens ? 1 : 0);
    }
}
