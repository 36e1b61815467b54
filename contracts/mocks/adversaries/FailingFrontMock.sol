// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title FailingFrontMock
/// @notice Stands before a contract and passes views on, but for those whose first argument it is told to fail.
contract FailingFrontMock {
    enum Fault {
        None,
        Reverts,
        Burns
    }

    address public immutable BEHIND;

    /// @notice What happens to a call, by its selector and its first argument.
    mapping(bytes4 selector => mapping(bytes32 argument => Fault)) public faults;

    error OutOfOrder(bytes4 selector, bytes32 argument);

    constructor(address behind) {
        BEHIND = behind;
    }

    /// @notice Makes calls fail, or succeed again.
    function setFault(bytes4 selector, bytes32 argument, Fault fault) external {
        faults[selector][argument] = fault;
    }

    /// @notice Every call but the two above.
    fallback(bytes calldata data) external returns (bytes memory) {
        (bytes4 selector, bytes32 argument) = (bytes4(data), bytes32(data[4:36]));
        Fault fault = faults[selector][argument];
        require(fault != Fault.Reverts, OutOfOrder(selector, argument));
        if (fault == Fault.Burns) _burn();
        (bool ok, bytes memory answer) = BEHIND.staticcall(data);
        require(ok, OutOfOrder(selector, argument));
        return answer;
    }

    /// @dev Never returns.
    function _burn() private pure {
        // The designated invalid instruction takes all gas.
        assembly ("memory-safe") {
            invalid()
        }
    }
}
