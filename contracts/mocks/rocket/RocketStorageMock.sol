// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRocketStorage} from "../../shared/external/IRocketStorage.sol";

/// @title RocketStorageMock
/// @notice A stand-in for Rocket Pool's directory. Anyone may write.
contract RocketStorageMock is IRocketStorage {
    /// @inheritdoc IRocketStorage
    mapping(bytes32 key => address) public getAddress;

    /// @notice Names the contract that has a job from now on.
    function setContract(string calldata name, address contract_) external {
        getAddress[keccak256(abi.encodePacked("contract.address", name))] = contract_;
    }
}
