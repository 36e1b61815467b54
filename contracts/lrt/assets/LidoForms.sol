// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {IWstETH} from "../../shared/external/IWstETH.sol";

/// @title LidoForms
/// @notice Sends Lido's asset in the form that is wanted. One unit is one stETH share, which is one wstETH unit, so the
///         forms mix in one counter; only changing form can cost one unit, because stETH amounts round down.
library LidoForms {
    using SafeERC20 for IWstETH;

    /// @notice Units an account holds in both forms.
    function held(IStETH stEth, IWstETH wstEth, address account) internal view returns (uint256) {
        return stEth.sharesOf(account) + wstEth.balanceOf(account);
    }

    /// @notice Units an account holds in one form.
    function heldAs(IStETH stEth, address token, address account) internal view returns (uint256) {
        return token == address(stEth) ? stEth.sharesOf(account) : IERC20(token).balanceOf(account);
    }

    /// @notice Sends units in the form of `token`, stETH or wstETH.
    /// @return sent Units that left, at most one less than `units`.
    function sendAs(
        IStETH stEth,
        IWstETH wstEth,
        address token,
        uint256 units,
        address to
    ) internal returns (uint256 sent) {
        if (token == address(stEth)) return sendAsStEth(stEth, wstEth, units, to);
        return sendAsWstEth(stEth, wstEth, units, to);
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
            stEth.approve(address(wstEth), amount);
            wstEth.wrap(amount);
            ready = wstEth.balanceOf(address(this));
        }
        sent = Math.min(units, ready);
        if (sent != 0) wstEth.safeTransfer(to, sent);
    }
}
