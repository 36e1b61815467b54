// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAvailabilityAvs} from "../../avs/availability/IAvailabilityAvs.sol";

/// @title ReentrantCollectorMock
/// @notice A challenger that asks for its bond again while it is being paid.
contract ReentrantCollectorMock {
    IAvailabilityAvs private immutable AVS;

    /// @notice What the second attempt met.
    bytes public refusal;

    constructor(IAvailabilityAvs avs) {
        AVS = avs;
    }

    receive() external payable {
        try AVS.collect(payable(this)) {
            delete refusal;
        } catch (bytes memory reason) {
            refusal = reason;
        }
    }

    function challenge(bytes32 blobId, address operator) external payable {
        AVS.challenge{value: msg.value}(blobId, operator);
    }

    function collect() external {
        AVS.collect(payable(this));
    }
}
