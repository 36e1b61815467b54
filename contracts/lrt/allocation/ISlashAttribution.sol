// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IStrategy} from "../../restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../restaking/interfaces/OperatorSets.sol";
import {IModule} from "../governance/IModule.sol";

/// @title ISlashAttribution
/// @notice Which operator set cost what: divides every loss that the accountant has entered as a slash among the sets whose
///         allocations have lost magnitude since they were last looked at.
/// @dev A slash lowers the allocation of its own set and no other, and an operator's maximum by the same magnitude. Between
///      two looks we move nothing of an operator's stake, so the parts of the magnitude are the parts of the loss, however many
///      sets slash in one block. The sum is always exact. If slashes came before and after a withdrawal left their reach, with no
///      look between, a set's part may be wrong by a quarter of what all of them took of that withdrawal (RK-10). Only what a set took from an allocation that has meanwhile ended in full cannot be seen any more; it
///      is what is left over, and goes to `UNKNOWN` when several sets may have taken it.
interface ISlashAttribution is IModule {
    /* EVENTS */

    /// @notice A part of a loss was attributed to a set; zeros when nobody can be named.
    event LossAttributed(
        address indexed avs,
        uint32 indexed setId,
        address indexed account,
        address asset,
        uint256 etherValue
    );

    /* ATTRIBUTING */

    /// @notice Divides what the accountant has entered as slashed of a delegator and nobody has divided yet.
    /// @dev Caller: anyone; the accountant does it with every entry. Parts round down, the last one takes the rest.
    function attribute(address delegator) external;

    /// @notice Takes over the magnitudes of an allocation that was just changed by us.
    /// @dev Caller: AllocationController, after a sync when `isBehind`.
    function observe(address account, OperatorSet calldata set, IStrategy strategy) external;

    /* VIEWS */

    /// @notice Whether an operator has lost magnitude that was not looked at yet.
    function isBehind(address account) external view returns (bool);

    /// @notice Losses attributed to a set so far [wei].
    function lossOfSet(OperatorSet calldata set) external view returns (uint256 etherValue);

    /// @notice Losses attributed to all sets of an AVS so far; of the zero address: those that nobody can be named for [wei].
    function lossOfAvs(address avs) external view returns (uint256 etherValue);

    /// @notice Losses of an operator account attributed so far [wei].
    function lossOfOperator(address account) external view returns (uint256 etherValue);

    /// @notice All losses attributed so far [wei].
    function attributedLoss() external view returns (uint256 etherValue);
}
