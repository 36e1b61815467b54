// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";

/// @dev One word that names an operator set.
function setKey(OperatorSet memory set) pure returns (bytes32) {
    return bytes32(abi.encodePacked(set.avs, uint96(set.id)));
}
