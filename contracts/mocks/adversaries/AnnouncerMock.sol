// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IAllocationManager} from "../../restaking/interfaces/IAllocationManager.sol";
import {IAllocationManagerActions} from "../../restaking/interfaces/IAllocationManagerActions.sol";
import {IAVSRegistrar} from "../../restaking/interfaces/IAVSRegistrar.sol";
import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {IAnnouncedSlashes} from "../../shared/slashing/IAnnouncedSlashes.sol";

/// @title AnnouncerMock
/// @notice An AVS, its registrar and its slasher in one, which announces what it is told to, or does not answer.
contract AnnouncerMock is IAnnouncedSlashes, IAVSRegistrar {
    enum Manner {
        Answers,
        Reverts,
        Burns
    }

    IAllocationManager public immutable ALLOCATION;
    Manner public manner;
    uint256 private _until;

    constructor(IAllocationManager allocation) {
        ALLOCATION = allocation;
        allocation.updateAVSMetadataURI(address(this), "https://example.org/announcer.json");
    }

    /// @notice Does anything to the engine in the name of the AVS.
    function act(bytes calldata data) external {
        Address.functionCall(address(ALLOCATION), data);
    }

    /// @notice Creates sets whose slasher is this contract.
    function createSet(uint32 id, IStrategy[] calldata strategies) external {
        IAllocationManagerActions.CreateSetParamsV2[] memory sets = new IAllocationManagerActions.CreateSetParamsV2[](
            1
        );
        sets[0] = IAllocationManagerActions.CreateSetParamsV2(id, strategies, address(this));
        ALLOCATION.createOperatorSets(address(this), sets);
    }

    /// @notice Slashes in several sets at once: all in one block.
    function slash(IAllocationManagerActions.SlashingParams[] calldata slashes) external {
        for (uint256 i = 0; i < slashes.length; ++i) ALLOCATION.slashOperator(address(this), slashes[i]);
    }

    function announce(uint256 until) external {
        _until = until;
    }

    function behave(Manner manner_) external {
        manner = manner_;
    }

    function pendingUntil(address, uint32) external view returns (uint256) {
        require(manner != Manner.Reverts, "silent");
        while (manner == Manner.Burns) {}
        return _until;
    }

    function registerOperator(address, address, uint32[] calldata, bytes calldata) external {}

    function deregisterOperator(address, address, uint32[] calldata) external {}

    function supportsAVS(address avs) external view returns (bool) {
        return avs == address(this);
    }
}
