// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Cheats} from "./Cheats.sol";
import {Handler} from "./Handler.sol";
import {Moment} from "./Moment.sol";
import {Promises} from "./Promises.sol";
import {BasketDoctor} from "./doctors/BasketDoctor.sol";
import {BookDoctor} from "./doctors/BookDoctor.sol";
import {LeavingDoctor} from "./doctors/LeavingDoctor.sol";
import {RestDoctor} from "./doctors/RestDoctor.sol";

/// @dev Every promise can be seen broken: a healthy moment is doctored, and the promise is among those found.
contract BrokenTest is Cheats {
    error NotFound(bytes32 id);
    error Unhealthy(bytes32 id);
    error Unknown(bytes32 id);

    Handler private _handler;

    function setUp() public {
        _handler = new Handler();
    }

    function test_aHealthyMomentBreaksNothing() public {
        bytes32[] memory ids = Promises.broken(_handler.moment());
        if (ids.length != 0) revert Unhealthy(ids[0]);
    }

    function test_everyBookPromiseCanBreak() public {
        _each(BookDoctor.ids(), BookDoctor.doctor);
    }

    function test_everyLeavingPromiseCanBreak() public {
        _each(LeavingDoctor.ids(), LeavingDoctor.doctor);
    }

    function test_everyBasketPromiseCanBreak() public {
        _each(BasketDoctor.ids(), BasketDoctor.doctor);
    }

    function test_everyOtherPromiseCanBreak() public {
        _each(RestDoctor.ids(), RestDoctor.doctor);
    }

    function _each(bytes32[] memory ids, function(bytes32, Moment memory) internal pure returns (bool) doctor) private {
        for (uint256 i = 0; i < ids.length; ++i) {
            Moment memory m = _handler.moment();
            require(doctor(ids[i], m), Unknown(ids[i]));
            require(_has(Promises.broken(m), ids[i]), NotFound(ids[i]));
        }
    }

    function _has(bytes32[] memory list, bytes32 id) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == id) return true;
        return false;
    }
}
