// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAnnouncedSlashes} from "../../shared/slashing/IAnnouncedSlashes.sol";
import {IFaultVerifier} from "./IFaultVerifier.sol";
import {IInstantSlasher} from "./IInstantSlasher.sol";
import {Slasher} from "./Slasher.sol";

/// @title InstantSlasher
/// @notice For faults that arithmetic proves: evidence in, slash out.
/// @dev Owns, trusts, never: as Slasher. No owner, no proxy, no setter.
contract InstantSlasher is IInstantSlasher, Slasher {
    constructor(
        IAllocationManager allocationManager,
        IFaultVerifier verifier_,
        uint64 slashWad_,
        uint64 cooldown_
    ) Slasher(allocationManager, verifier_, slashWad_, cooldown_) {}

    /// @inheritdoc IInstantSlasher
    function slash(address operator, uint32 operatorSetId, bytes calldata evidence) external {
        (bytes32 fault, uint64 committedAt) = VERIFIER.verify(operator, operatorSetId, evidence);
        _punish(operator, operatorSetId, fault, committedAt, "proven fault");
    }

    /// @inheritdoc IAnnouncedSlashes
    /// @dev What is instant is never announced.
    function pendingUntil(address, uint32) external pure returns (uint256) {
        return 0;
    }
}
