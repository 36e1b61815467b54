// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRateFeed} from "../../lrt/feeds/IRateFeed.sol";
import {ITrEthRate} from "../../lrt/feeds/ITrEthRate.sol";

/// @title RateProbeMock
/// @notice A market that reads every published rate in the middle of somebody else's call, and weighs what a read costs.
contract RateProbeMock {
    /* TYPES */

    struct Sight {
        uint256 rateWad;
        uint256 assets;
        int256 answer;
        uint256 updatedAt;
        int256 cappedAnswer;
    }

    /* ERRORS */

    /// @notice The read reverted.
    error ReadFailed(address to);

    /* STORAGE */

    ITrEthRate public immutable RATE;
    IRateFeed public immutable FEED;
    IRateFeed public immutable CAPPED;

    Sight[] private _sights;

    constructor(ITrEthRate rate, IRateFeed feed, IRateFeed capped) {
        RATE = rate;
        FEED = feed;
        CAPPED = capped;
    }

    /// @notice Notes what is published right now.
    function look() external {
        (, int256 answer, , uint256 updatedAt, ) = FEED.latestRoundData();
        _sights.push(Sight(RATE.getRate(), RATE.convertToAssets(1e18), answer, updatedAt, CAPPED.latestAnswer()));
    }

    /// @notice Everything that was noted.
    function sights() external view returns (Sight[] memory) {
        return _sights;
    }

    /// @notice Gas that a first read of another contract costs this one.
    function cost(address to, bytes calldata call) external view returns (uint256 gas) {
        gas = gasleft();
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = to.staticcall(call);
        gas -= gasleft();
        require(ok, ReadFailed(to));
    }
}
