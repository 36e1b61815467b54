// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev The ids of broken promises.
library Findings {
    struct List {
        bytes32[64] ids;
        uint256 count;
    }

    function none() internal pure returns (List memory list) {}

    /// @dev Notes `id` unless the promise holds; a list that is full keeps what it has.
    function expect(List memory self, bool holds, bytes32 id) internal pure {
        if (holds || self.count == self.ids.length) return;
        self.ids[self.count++] = id;
    }

    function all(List memory self) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](self.count);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = self.ids[i];
    }
}
