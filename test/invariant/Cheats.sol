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

    /// @dev A number from `min` to `max` of which every order of magnitude is as likely as any other.
    function sized(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        require(0 < min && min <= max, "sized: empty range");
        uint256 steps;
        for (uint256 top = max / min; top != 0; top >>= 1) ++steps;
        uint256 low = min << (x % steps);
        return bound(x >> 8, low, low * 2 < max ? low * 2 : max);
    }
}
