// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Cheats} from "./Cheats.sol";
import {Handler} from "./Handler.sol";

/// @dev The random walk: forge picks actions and arguments, and looks at the verdict after each.
contract CampaignTest is Cheats {
    error Broken(string deed, string[] promises);

    Handler private _handler;

    function setUp() public {
        _handler = new Handler();
    }

    /// @notice What forge asks for to learn whom a campaign calls.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One function for all promises: forge runs a whole campaign for each.
    function invariant_promises() public view {
        (bytes32 deed, bytes32[] memory ids) = _handler.verdict();
        if (ids.length == 0) return;
        string[] memory names = new string[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) names[i] = _text(ids[i]);
        revert Broken(_text(deed), names);
    }

    function _text(bytes32 word) private pure returns (string memory) {
        uint256 length;
        while (length < 32 && word[length] != 0) ++length;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = word[i];
        return string(text);
    }
}
