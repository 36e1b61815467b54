// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IFaultVerifier} from "../../avs/slashing/IFaultVerifier.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IAVSRegistrar} from "../../restaking/interfaces/IAVSRegistrar.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";

/// @title VerifierMock
/// @notice An AVS that finds every fault proven: the evidence is what it shall say.
contract VerifierMock is IFaultVerifier, IAVSRegistrar {
    IAllocationManager private immutable ALLOCATION_MANAGER;

    constructor(IAllocationManager allocationManager) {
        ALLOCATION_MANAGER = allocationManager;
        allocationManager.updateAVSMetadataURI(address(this), "ipfs://verifier");
    }

    /// @notice Creates a set with any slasher.
    function createSet(uint32 id, IStrategy[] calldata strategies, address slasher) external {
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            1
        );
        sets[0] = IAllocationManagerActions.CreateSetParamsV2(id, strategies, slasher);
        ALLOCATION_MANAGER.createOperatorSets(address(this), sets);
    }

    /// @inheritdoc IFaultVerifier
    function verify(
        address,
        uint32,
        bytes calldata evidence
    ) external pure returns (bytes32 fault, uint64 committedAt) {
        return abi.decode(evidence, (bytes32, uint64));
    }

    /// @inheritdoc IAVSRegistrar
    function registerOperator(address, address, uint32[] calldata, bytes calldata) external {}

    /// @inheritdoc IAVSRegistrar
    function deregisterOperator(address, address, uint32[] calldata) external {}

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address) external pure returns (bool) {
        return true;
    }
}
