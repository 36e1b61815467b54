// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISlasher} from "./ISlasher.sol";

/// @title IInstantSlasher
/// @notice Slashes in the transaction that brings the evidence.
/// @dev There is nobody to ask and nobody to stop it: the evidence is the right. It reaches an operator for as long as
///      the engine calls it slashable, also after it left the set.
interface IInstantSlasher is ISlasher {
    /// @notice Slashes an operator whose fault the evidence proves.
    /// @dev Caller: anyone; nobody is paid for it, so there is nothing to gain by being first. Takes `slashWad` of what
    ///      is allocated in every strategy of the set; the engine rounds magnitudes up.
    /// @param operator Operator accused.
    /// @param operatorSetId Set whose allocation pays.
    /// @param evidence What the verifier asks for.
    function slash(address operator, uint32 operatorSetId, bytes calldata evidence) external;
}
