// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDepositPool} from "../../../contracts/lrt/deposits/IDepositPool.sol";
import {ETHER} from "../../../contracts/lrt/assets/Ether.sol";
import {Deed} from "../Moment.sol";
import {Theatre} from "../Theatre.sol";

/// @dev Coming in, in every form, and handing shares on.
abstract contract Depositing is Theatre {
    bytes32 private constant PERMIT = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    /* ACTIONS */

    function depositEther(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositEther", who, 0);
        d.units = sized(amount, 0.0001 ether, 100 ether);
        bytes memory call = abi.encodeCall(IDepositPool.depositEther, (people[d.by], 0, block.timestamp, NO_REFERRAL));
        _enter(d, d.units, call);
    }

    function depositWeth(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositWeth", who, 0);
        d.units = _bring(d, address(weth), sized(amount, 0.0001 ether, 100 ether));
        _enter(d, 0, _depositCall(d, address(weth), d.units));
    }

    function depositStEth(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositStEth", who, 1);
        uint256 tokens = _bring(d, address(stEth), sized(amount, 0.001 ether, 100 ether));
        d.units = stEth.getSharesByPooledEth(tokens);
        _enter(d, 0, _depositCall(d, address(stEth), tokens));
    }

    function depositWstEth(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositWstEth", who, 1);
        d.units = _bring(d, address(wstEth), sized(amount, 0.001 ether, 100 ether));
        _enter(d, 0, _depositCall(d, address(wstEth), d.units));
    }

    function depositREth(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositREth", who, 2);
        d.units = _bring(d, address(rEth), sized(amount, 0.001 ether, 50 ether));
        _enter(d, 0, _depositCall(d, address(rEth), d.units));
    }

    function depositCbEth(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositCbEth", who, 3);
        d.units = _bring(d, address(cbEth), sized(amount, 0.001 ether, 50 ether));
        _enter(d, 0, _depositCall(d, address(cbEth), d.units));
    }

    /// @dev With a signature; somebody else may have used it first.
    function depositPermit(uint256 who, uint256 amount, bool isUsed) external onTime {
        uint256 signer = SIGNERS + (who % (WALLET - SIGNERS));
        Deed memory d = _entry("depositPermit", signer, 1);
        d.units = _acquire(people[signer], address(wstEth), sized(amount, 0.001 ether, 50 ether));
        IDepositPool.Signature memory s = _signed(signer, d.units);
        if (isUsed) {
            IERC20Permit(address(wstEth)).permit(people[signer], address(pool), d.units, s.deadline, s.v, s.r, s.s);
        }
        bytes memory call = abi.encodeCall(
            IDepositPool.depositWithPermit,
            (address(wstEth), d.units, people[signer], 0, block.timestamp, NO_REFERRAL, s)
        );
        _enter(d, 0, call);
    }

    function reportAndDeposit(uint256 who, uint256 amount, bool asStEth) external onTime {
        Deed memory d = _entry("reportAndDeposit", who, asStEth ? 1 : 0);
        (d.settles, d.reports, d.syncs) = (true, true, true);
        d.units = sized(amount, 0.001 ether, 50 ether);
        address token = asStEth ? address(stEth) : ETHER;
        uint256 tokens = asStEth ? _bring(d, token, d.units) : d.units;
        if (asStEth) d.units = stEth.getSharesByPooledEth(tokens);
        bytes memory call = abi.encodeCall(
            IDepositPool.reportAndDeposit,
            (token, tokens, people[d.by], 0, block.timestamp, NO_REFERRAL)
        );
        _enter(d, asStEth ? 0 : tokens, call);
    }

    /// @dev As little as is taken, or less.
    function depositDust(uint256 who, uint256 amount) external onTime {
        Deed memory d = _entry("depositDust", who, 0);
        d.units = bound(amount, 0.0001 ether - 3, 0.0001 ether + 3);
        bytes memory call = abi.encodeCall(IDepositPool.depositEther, (people[d.by], 0, block.timestamp, NO_REFERRAL));
        _enter(d, d.units, call);
    }

    function transferShares(uint256 from, uint256 to, uint256 part) external onTime {
        Deed memory d = _deed("transferShares");
        d.by = from % PEOPLE;
        d.gives = true;
        d.shares = bound(part, 0, trEth.balanceOf(people[d.by]));
        if (d.shares == 0) revert NothingToDo();
        _as(people[d.by], address(trEth), 0, abi.encodeCall(IERC20.transfer, (people[to % PEOPLE], d.shares)));
        _end(d);
    }

    /* INTERNALS */

    function _entry(bytes32 name, uint256 who, uint256 asset) private pure returns (Deed memory d) {
        d = _deed(name);
        (d.by, d.asset, d.deposits) = (who % PEOPLE, asset, true);
    }

    /// @dev Sends what was prepared and keeps what the promises of the entrance need.
    function _enter(Deed memory d, uint256 value, bytes memory call) private {
        IDepositPool.Terms memory t = pool.terms();
        IDepositPool.AssetTerms memory a = pool.assetTerms(assets[d.asset]);
        (d.headroom, d.counted) = (a.headroom, Math.mulDiv(d.units, a.rateWad, 1e18));
        if (d.reports) d.headroom = type(uint256).max; // the report settles it in the same call
        d.reportAge = d.reports ? 0 : block.timestamp - t.reportedAt;
        uint256 before = trEth.balanceOf(people[d.by]);
        uint256 supply = trEth.totalSupply();
        uint256 fees = trEth.balanceOf(feeRecipient);
        _as(people[d.by], address(pool), value, call);
        d.shares = trEth.balanceOf(people[d.by]) - before;
        if (d.reports) t = pool.terms(); // and what the deposit left is in it already
        d.price = uint256(t.rateWad) + t.waitingWad;
        (supply, fees) = (trEth.totalSupply() - supply, trEth.balanceOf(feeRecipient) - fees);
        // At the live rate: what was reported may only be less.
        uint256 rateWad = d.asset == 0 ? 1e18 : a.rateSource.rate();
        d.value = Math.mulDiv(d.units, rateWad, 1e18);
        if (supply != d.shares + fees) d.robbed = true;
        _end(d);
    }

    function _depositCall(Deed memory d, address token, uint256 tokens) private view returns (bytes memory) {
        return abi.encodeCall(IDepositPool.deposit, (token, tokens, people[d.by], 0, block.timestamp, NO_REFERRAL));
    }

    /// @dev Gets tokens for ether from nowhere and approves them.
    function _bring(Deed memory d, address token, uint256 amount) private returns (uint256 got) {
        got = _acquire(people[d.by], token, amount);
        _as(people[d.by], token, 0, abi.encodeCall(IERC20.approve, (address(pool), got)));
    }

    function _acquire(address who, address token, uint256 amount) internal returns (uint256 got) {
        uint256 before = IERC20(token).balanceOf(who);
        if (token == address(weth)) _as(who, token, amount, abi.encodeWithSignature("deposit()"));
        else if (token == address(rEth)) {
            _as(who, address(rocketPool), amount, abi.encodeWithSignature("deposit()"));
        } else if (token == address(cbEth)) {
            _as(who, token, amount, abi.encodeWithSignature("mint(address)", who));
        } else {
            uint256 had = stEth.balanceOf(who);
            _as(who, address(stEth), amount, abi.encodeWithSignature("submit(address)", address(0)));
            uint256 fresh = stEth.balanceOf(who) - had;
            if (token == address(stEth)) return fresh;
            _as(who, address(stEth), 0, abi.encodeCall(IERC20.approve, (address(wstEth), fresh)));
            _as(who, address(wstEth), 0, abi.encodeWithSignature("wrap(uint256)", fresh));
        }
        return IERC20(token).balanceOf(who) - before;
    }

    function _signed(uint256 who, uint256 amount) private view returns (IDepositPool.Signature memory s) {
        IERC20Permit token = IERC20Permit(address(wstEth));
        s.deadline = block.timestamp;
        bytes32 content = keccak256(
            abi.encode(PERMIT, people[who], address(pool), amount, token.nonces(people[who]), s.deadline)
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), content));
        (s.v, s.r, s.s) = vm.sign(KEY + who, digest);
    }
}
