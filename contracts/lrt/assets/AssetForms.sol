// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {WordCall} from "../../shared/calls/WordCall.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";
import {ETHER} from "./Ether.sol";
import {IRateSource} from "./IRateSource.sol";

/// @title AssetForms
/// @notice How every asset is held, taken and sent: the one place that knows. Three kinds: ETH; Lido's, whose unit is one stETH
///         share or one wstETH unit, so that both forms mix in one counter; and plain tokens, whose smallest unit is ours.
library AssetForms {
    using SafeERC20 for IERC20;
    using SafeERC20 for IWstETH;
    using WordCall for address;

    /// @notice Units of an asset that an account holds in all forms.
    function held(IStETH stEth, IWstETH wstEth, address asset, address account) internal view returns (uint256) {
        if (asset == address(wstEth)) return stEth.sharesOf(account) + wstEth.balanceOf(account);
        return heldAs(stEth, asset, account);
    }

    /// @notice Units that an account holds in one form.
    function heldAs(IStETH stEth, address token, address account) internal view returns (uint256) {
        if (token == ETHER) return account.balance;
        return token == address(stEth) ? stEth.sharesOf(account) : IERC20(token).balanceOf(account);
    }

    /// @notice Takes a token from the caller.
    /// @param heldBy The token's view that says what an account holds.
    /// @return units What arrived, which need not be what was sent.
    function pull(address token, bytes4 heldBy, uint256 amount) internal returns (uint256 units) {
        uint256 before = token.askOf(heldBy, address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        return token.askOf(heldBy, address(this)) - before;
    }

    /// @notice Sends units of an asset in the form of `token`; only Lido's has another form than itself.
    /// @return sent Units that arrived: at most one less than `units` for Lido's, all of ETH, what a plain token delivers.
    function sendAs(
        IStETH stEth,
        IWstETH wstEth,
        address asset,
        address token,
        uint256 units,
        address to
    ) internal returns (uint256 sent) {
        if (asset == address(wstEth)) {
            if (token == address(stEth)) return sendAsStEth(stEth, wstEth, units, to);
            return sendAsWstEth(stEth, wstEth, units, to);
        }
        require(token == asset, IRateSource.UnknownToken(token));
        if (asset == ETHER) {
            Address.sendValue(payable(to), units);
            return units;
        }
        uint256 before = IERC20(asset).balanceOf(to);
        IERC20(asset).safeTransfer(to, units);
        return IERC20(asset).balanceOf(to) - before;
    }

    /// @notice Sends units as stETH, unwrapping what is missing.
    /// @return sent Units that left, at most one less than `units`.
    function sendAsStEth(IStETH stEth, IWstETH wstEth, uint256 units, address to) internal returns (uint256 sent) {
        uint256 ready = stEth.sharesOf(address(this));
        if (ready < units) {
            wstEth.unwrap(units - ready);
            ready = stEth.sharesOf(address(this));
        }
        sent = Math.min(units, ready);
        if (sent != 0) stEth.transferShares(to, sent);
    }

    /// @notice Sends units as wstETH, wrapping what is missing.
    /// @return sent Units that left, at most one less than `units`.
    function sendAsWstEth(IStETH stEth, IWstETH wstEth, uint256 units, address to) internal returns (uint256 sent) {
        uint256 ready = wstEth.balanceOf(address(this));
        if (ready < units) {
            // Rounded up: the share count of the transfer then rounds down to exactly what is missing.
            uint256 amount = Math.min(stEth.getPooledEthBySharesRoundUp(units - ready), stEth.balanceOf(address(this)));
            // The last unit may be worth no wei: it is the one that may be missing, and wrapping nothing is refused.
            if (amount != 0) {
                stEth.approve(address(wstEth), amount);
                wstEth.wrap(amount);
            }
            ready = wstEth.balanceOf(address(this));
        }
        sent = Math.min(units, ready);
        if (sent != 0) wstEth.safeTransfer(to, sent);
    }
}
