// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title WalletMock
/// @notice A contract that holds shares and tickets: it calls what it is told to and takes ether in the mood it is in.
contract WalletMock {
    /* TYPES */

    enum Mood {
        Accepts,
        Costly,
        Rejects,
        Reenters
    }

    /* ERRORS */

    /// @notice The wallet takes no ether in this mood.
    error EtherRejected(uint256 etherAmount);

    /* STORAGE */

    Mood public mood;
    address public callee;
    bytes public callData;
    /// @notice Whether the call made while taking ether went through.
    bool public reentered;
    uint256[] private _log;

    /* RECEIVING */

    /// @notice Takes ether as the mood says.
    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        require(mood != Mood.Rejects, EtherRejected(msg.value));
        // Far above the 2 300 gas of a plain transfer.
        if (mood == Mood.Costly) for (uint256 i = 0; i < 8; ++i) _log.push(msg.value);
        // solhint-disable-next-line avoid-low-level-calls
        if (mood == Mood.Reenters) (reentered, ) = callee.call(callData);
    }

    /// @notice Changes the mood, and what it calls when it re-enters.
    function setMood(Mood mood_, address callee_, bytes calldata callData_) external {
        mood = mood_;
        callee = callee_;
        callData = callData_;
    }

    /* ACTING */

    /// @notice Calls a contract as this wallet; a revert is passed on.
    function execute(address to, uint256 value, bytes calldata call) external payable returns (bytes memory result) {
        bool ok;
        (ok, result) = to.call{value: value}(call);
        if (ok) return result;
        // Reads only the returned bytes, whose length comes first.
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }
}
