// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Cheats} from "./Cheats.sol";

/// @dev Sends the transactions of the deployment again, those of the people in it included. The deploy steps stay the only
///      deployment: they run on Hardhat's chain, which is recorded, and what comes out here must be the same.
abstract contract Replay is Cheats {
    struct Transaction {
        address from;
        uint64 nonce;
        address to;
        uint256 value;
        bytes data;
        uint64 time;
        uint64 number;
        address created;
        bytes32 codeHash;
    }

    error NotTheSame(uint256 index, address account);

    string internal constant RECORDING = ".forge/world/";

    function replay() internal {
        Transaction[] memory all = abi.decode(
            vm.readFileBinary(string.concat(RECORDING, "transactions.bin")),
            (Transaction[])
        );
        for (uint256 i = 0; i < all.length; ++i) {
            Transaction memory t = all[i];
            vm.warp(t.time);
            vm.roll(t.number);
            vm.deal(t.from, 1_000_000 ether + t.value);
            if (t.to == address(0)) _create(i, t);
            else _call(i, t);
        }
    }

    function _create(uint256 i, Transaction memory t) private {
        vm.setNonce(t.from, t.nonce);
        (uint256 value, bytes memory code) = (t.value, t.data);
        vm.prank(t.from);
        address created;
        // The code of a transaction that creates a contract is all of its data.
        assembly {
            created := create(value, add(code, 32), mload(code))
        }
        require(created == t.created && created.codehash == t.codeHash, NotTheSame(i, created));
    }

    function _call(uint256 i, Transaction memory t) private {
        vm.prank(t.from);
        (bool ok, ) = t.to.call{value: t.value}(t.data);
        require(ok, NotTheSame(i, t.to));
    }
}
