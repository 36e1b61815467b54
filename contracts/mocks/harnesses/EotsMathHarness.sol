// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EotsMath} from "../../avs/finality/EotsMath.sol";

/// @title EotsMathHarness
/// @notice Opens EotsMath to tests.
contract EotsMathHarness {
    function challenge(uint256 nonceX, uint256 keyX, bytes calldata message) external pure returns (uint256) {
        return EotsMath.challenge(nonceX, keyX, message);
    }

    function nonceAddress(uint256 s, uint256 e, uint256 keyX) external pure returns (address) {
        return EotsMath.nonceAddress(s, e, keyX);
    }

    function addressOf(uint256 d) external pure returns (address) {
        return EotsMath.addressOf(d);
    }

    function extract(uint256 sA, uint256 eA, uint256 sB, uint256 eB) external view returns (uint256) {
        return EotsMath.extract(sA, eA, sB, eB);
    }

    function evenPointAddress(uint256 x, uint256 y) external pure returns (address) {
        return EotsMath.evenPointAddress(x, y);
    }
}
