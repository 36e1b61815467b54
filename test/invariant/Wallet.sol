// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev A holder that is a contract, in one of some moods when ether arrives. It calls as whoever steers it says.
contract Wallet {
    enum Mood {
        Accepts,
        Rejects,
        BurnsGas,
        Reenters
    }

    error EtherRejected(uint256 etherAmount);
    error CallFailed(uint256 index);

    Mood public mood;
    address private _callee;
    bytes private _data;
    /// @notice Whether a call made while ether arrived went through.
    bool public reentered;

    receive() external payable {
        require(mood != Mood.Rejects, EtherRejected(msg.value));
        if (mood == Mood.BurnsGas) while (gasleft() > 3_000) {}
        if (mood == Mood.Reenters) (reentered, ) = _callee.call(_data);
    }

    /// @dev All or nothing of it.
    function run(address[] calldata to, bytes[] calldata data) external payable {
        for (uint256 i = 0; i < to.length; ++i) {
            (bool ok, ) = to[i].call{value: i == 0 ? msg.value : 0}(data[i]);
            require(ok, CallFailed(i));
        }
    }

    function feel(Mood mood_, address callee, bytes calldata data) external {
        (mood, _callee, _data, reentered) = (mood_, callee, data, false);
    }
}
