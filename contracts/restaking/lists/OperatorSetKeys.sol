// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {OperatorSet} from "../interfaces/OperatorSets.sol";

/// @title OperatorSetKeys
/// @notice An operator set as one word of 192 bits: | avs 160 | id 32 |.
library OperatorSetKeys {
    function key(OperatorSet memory operatorSet) internal pure returns (uint192) {
        return key(operatorSet.avs, operatorSet.id);
    }

    function key(address avs, uint32 id) internal pure returns (uint192) {
        return (uint192(uint160(avs)) << 32) | id;
    }

    function fromKey(uint192 key_) internal pure returns (OperatorSet memory) {
        return OperatorSet(address(uint160(key_ >> 32)), uint32(key_)); // the two fields of the word
    }
}
