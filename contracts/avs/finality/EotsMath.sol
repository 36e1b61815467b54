// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title EotsMath
/// @notice Signatures that betray their key when two are made with one nonce: Schnorr over secp256k1 as in BIP-340, with
///         the nonce point committed beforehand.
/// @dev A signature is s = k + e·d mod n, with nonce k, key d and challenge e. Two with one k give d. Points are handled
///      by their addresses, as `ecrecover` gives them; a point always means the one of its x with even y.
library EotsMath {
    uint256 internal constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141; // order of the curve
    uint256 private constant P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f; // prime of the field
    uint256 private constant GX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798; // its y is even
    uint8 private constant EVEN = 27;
    bytes32 private constant TAG = sha256("BIP0340/challenge");

    /// @notice The challenge e of a message under a nonce point and a key, both by their x.
    function challenge(uint256 nonceX, uint256 keyX, bytes memory message) internal pure returns (uint256) {
        return uint256(sha256(abi.encodePacked(TAG, TAG, nonceX, keyX, sha256(message)))) % N;
    }

    /// @notice Address of the point s·G − e·P: of the nonce point, when the signature is good.
    /// @return The zero address when there is no such point.
    function nonceAddress(uint256 s, uint256 e, uint256 keyX) internal pure returns (address) {
        if (s >= N || keyX == 0 || keyX >= N) return address(0);
        uint256 ePx = mulmod(e, keyX, N);
        if (ePx == 0) return address(0);
        // ecrecover(h, v, r, q) is the address of r⁻¹·(q·R − h·G), with R the point of x = r: here R is the key.
        return ecrecover(bytes32(N - mulmod(s, keyX, N)), EVEN, bytes32(keyX), bytes32(N - ePx));
    }

    /// @notice Address of d·G.
    function addressOf(uint256 d) internal pure returns (address) {
        return ecrecover(0, EVEN, bytes32(GX), bytes32(mulmod(d, GX, N)));
    }

    /// @notice The key of two signatures with one nonce; zero when their challenges are the same.
    function extract(uint256 sA, uint256 eA, uint256 sB, uint256 eB) internal view returns (uint256) {
        uint256 difference = addmod(eA, N - eB, N);
        return mulmod(addmod(sA, N - sB, N), Math.invModPrime(difference, N), N);
    }

    /// @notice Address of the point (x, y) if it lies on the curve with even y and can be a key; zero otherwise.
    function evenPointAddress(uint256 x, uint256 y) internal pure returns (address) {
        if (x == 0 || x >= N || y >= P || y % 2 == 1) return address(0);
        uint256 cube = mulmod(mulmod(x, x, P), x, P);
        if (mulmod(y, y, P) != addmod(cube, 7, P)) return address(0);
        return address(uint160(uint256(keccak256(abi.encode(x, y)))));
    }
}
