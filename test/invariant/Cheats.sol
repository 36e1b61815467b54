// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev The part of forge's cheat codes that the campaign uses. (forge-std on npm is an unofficial copy of 2022.)
interface Vm {
    function prank(address sender) external;
    function deal(address account, uint256 balance) external;
    function warp(uint256 timestamp) external;
    function roll(uint256 blockNumber) external;
    function setNonce(address account, uint64 nonce) external;
    function addr(uint256 key) external pure returns (address account);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function label(address account, string calldata name) external;
    function mockCallRevert(address callee, bytes calldata data, bytes calldata reason) external;
    function clearMockedCalls() external;
    function etch(address account, bytes calldata code) external;
    function record() external;
    function accesses(address account) external returns (bytes32[] memory reads, bytes32[] memory writes);
    function toString(uint256 value) external pure returns (string memory text);
    function writeLine(string calldata path, string calldata line) external;
    function readFile(string calldata path) external view returns (string memory);
    function readFileBinary(string calldata path) external view returns (bytes memory);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonAddressArray(string calldata json, string calldata key) external pure returns (address[] memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
}

abstract contract Cheats {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev A number between two others that follows from a random one; those in between are themselves.
    function bound(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        require(min <= max, "bound: empty range");
        if (x >= min && x <= max) return x;
        unchecked {
            uint256 size = max - min + 1;
            return size == 0 ? x : min + (x % size);
        }
    }

    /// @dev Whether a storage slot of `account` was written since `vm.record`, be it undone after.
    function wrote(address account) internal returns (bool isWritten) {
        address cheats = address(vm);
        bytes memory data = abi.encodeCall(vm.accesses, (account));
        // The answer is (reads, writes); only the length of the second list is looked at, for both are long.
        assembly ("memory-safe") {
            pop(call(gas(), cheats, 0, add(data, 32), mload(data), 0, 0))
            returndatacopy(0, 32, 32)
            returndatacopy(0, mload(0), 32)
            isWritten := iszero(iszero(mload(0)))
        }
    }

    /// @dev A number from `min` to `max` of which every order of magnitude is as likely as any other.
    function sized(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        require(0 < min && min <= max, "sized: empty range");
        uint256 steps;
        for (uint256 top = max / min; top != 0; top >>= 1) ++steps;
        uint256 low = min << (x % steps);
        return bound(x >> 8, low, low * 2 < max ? low * 2 : max);
    }
}
