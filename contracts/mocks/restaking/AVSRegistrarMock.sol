// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAVSRegistrar} from "../../restaking/interfaces/IAVSRegistrar.sol";

/// @title AVSRegistrarMock
/// @notice A registrar that lets everyone in and out, or nobody, as anyone tells it.
contract AVSRegistrarMock is IAVSRegistrar {
    error Refused();

    bool public isClosed;

    /// @notice Refuses everything from now on, or accepts it again.
    function close(bool closed) external {
        isClosed = closed;
    }

    /// @inheritdoc IAVSRegistrar
    function registerOperator(address, address, uint32[] calldata, bytes calldata) external view {
        require(!isClosed, Refused());
    }

    /// @inheritdoc IAVSRegistrar
    function deregisterOperator(address, address, uint32[] calldata) external view {
        require(!isClosed, Refused());
    }

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address) external pure returns (bool) {
        return true;
    }
}
