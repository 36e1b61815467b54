// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManagerActions} from "../../../contracts/restaking/interfaces/IAllocationManagerActions.sol";
import {IStrategy} from "../../../contracts/restaking/interfaces/IStrategy.sol";
import {OperatorSet} from "../../../contracts/restaking/interfaces/OperatorSets.sol";
import {ASSETS, OPERATORS, Deed} from "../Moment.sol";
import {Theatre} from "../Theatre.sol";

/// @dev AVSs, their slashers, and operators who go astray.
abstract contract Slashing is Theatre {
    /* ACTIONS */

    function slash(uint256 op, uint256 set, uint256 wad) external onTime {
        Deed memory d = _deed("slash");
        d.slashed = op % OPERATORS;
        _slash(d, _anySet(set), sized(wad, 1, 0.05e18));
        _end(d);
    }

    function slashInSlices(uint256 op, uint256 set, uint256 wad, uint256 slices) external onTime {
        Deed memory d = _deed("slashInSlices");
        d.slashed = op % OPERATORS;
        slices = bound(slices, 2, 8);
        for (uint256 i = 0; i < slices; ++i) _slash(d, _anySet(set), sized(wad, 1, 0.01e18));
        _end(d);
    }

    /// @dev All that a set may take, which is rare.
    function slashAll(uint256 op, uint256 set, uint256 dice) external onTime {
        if (dice % 8 != 0) revert NothingToDo();
        Deed memory d = _deed("slashAll");
        d.slashed = op % OPERATORS;
        _slash(d, _anySet(set), 1e18);
        _end(d);
    }

    /// @dev The whole stake of an operator, which caps forbid: a controller that is broken allocates it first.
    function loseOperator(uint256 op, uint256 dice) external onTime {
        if (dice % 16 != 0) revert NothingToDo();
        _loseOperator("loseOperator", op % OPERATORS);
    }

    /// @dev Everything that is restaked.
    function loseAll(uint256 dice) external onTime {
        if (dice % 32 != 0) revert NothingToDo();
        for (uint256 op = 0; op < OPERATORS; ++op) _loseOperator("loseAll", op);
    }

    /// @dev A controller that is broken throws our stake out: the engine queues all of it at once.
    function undelegate(uint256 op, uint256 dice) external onTime {
        if (dice % 16 != 0) revert NothingToDo();
        Deed memory d = _deed("undelegate");
        bytes memory call = abi.encodeWithSignature("undelegate(address)", delegators[op % OPERATORS]);
        _as(address(controller), address(delegation), 0, call);
        _end(d);
    }

    /// @dev An AVS throws an operator out.
    function eject(uint256 op, uint256 set) external onTime {
        Deed memory d = _deed("eject");
        OperatorSet memory s = _anySet(set);
        uint32[] memory ids = new uint32[](1);
        ids[0] = s.id;
        IAllocationManagerActions.DeregisterParams memory p = IAllocationManagerActions.DeregisterParams(
            accounts[op % OPERATORS],
            s.avs,
            ids
        );
        bytes memory call = abi.encodeCall(IAllocationManagerActions.deregisterFromOperatorSets, (p));
        _as(s.avs, address(allocation), 0, call);
        _end(d);
    }

    /// @dev An AVS whose registrar reverts, or burns what it gets.
    function registrarFails(uint256 set) external onTime {
        address registrar = address(allocation.getAVSRegistrar(_anySet(set).avs));
        vm.mockCallRevert(
            registrar,
            abi.encodeWithSignature("deregisterOperator(address,address,uint32[])"),
            OUT_OF_ORDER
        );
        vm.mockCallRevert(
            registrar,
            abi.encodeWithSignature("registerOperator(address,address,uint32[],bytes)"),
            OUT_OF_ORDER
        );
        _end(_deed("registrarFails"));
    }

    /// @dev An AVS drops a strategy from a set, or takes it back in.
    function changeSet(uint256 set, uint256 asset, bool removes) external onTime {
        OperatorSet memory s = _anySet(set);
        IStrategy[] memory list = new IStrategy[](1);
        list[0] = strategies[1 + (asset % 3)];
        bytes memory call =
            removes
                ? abi.encodeCall(IAllocationManagerActions.removeStrategiesFromOperatorSet, (s.avs, s.id, list))
                : abi.encodeCall(IAllocationManagerActions.addStrategiesToOperatorSet, (s.avs, s.id, list));
        _as(s.avs, address(allocation), 0, call);
        _end(_deed("changeSet"));
    }

    /* INTERNALS */

    function _loseOperator(bytes32 name, uint256 op) private {
        Deed memory d = _deed(name);
        d.slashed = d.allocated = d.breaks = op;
        OperatorSet memory set = _anySet(0);
        for (uint256 i = 1; i < ASSETS; ++i) {
            uint64 free = allocation.getAllocatableMagnitude(accounts[d.slashed], strategies[i]);
            uint64 current = allocation.getAllocation(accounts[d.slashed], set, strategies[i]).currentMagnitude;
            if (free == 0) continue;
            IAllocationManagerActions.AllocateParams[] memory p = new IAllocationManagerActions.AllocateParams[](1);
            (p[0].operatorSet, p[0].strategies, p[0].newMagnitudes) = (set, new IStrategy[](1), new uint64[](1));
            (p[0].strategies[0], p[0].newMagnitudes[0]) = (strategies[i], current + free);
            bytes memory call = abi.encodeCall(IAllocationManagerActions.modifyAllocations, (accounts[d.slashed], p));
            _as(address(controller), address(allocation), 0, call);
        }
        _pass(15 minutes);
        _slash(d, set, 1e18);
        _end(d);
    }

    function _anySet(uint256 set) internal view returns (OperatorSet memory) {
        OperatorSet[] memory all = sets.sets();
        return all[set % all.length];
    }

    /// @dev Slashes every strategy of a set and notes what was lost against what was exposed.
    function _slash(Deed memory d, OperatorSet memory set, uint256 wad) internal {
        address account = accounts[d.slashed];
        IStrategy[] memory list = _sorted(allocation.getStrategiesInOperatorSet(set));
        uint256[] memory wads = new uint256[](list.length);
        uint256 before;
        for (uint256 i = 0; i < list.length; ++i) {
            wads[i] = wad;
            before += allocation.getMaxMagnitude(account, list[i]);
            d.magnitudeExposed += allocation.getAllocation(account, set, list[i]).currentMagnitude;
        }
        IAllocationManagerActions.SlashingParams memory p = IAllocationManagerActions.SlashingParams(
            account,
            set.id,
            list,
            wads,
            "campaign"
        );
        bytes memory call = abi.encodeCall(IAllocationManagerActions.slashOperator, (set.avs, p));
        _as(allocation.getSlasher(set), address(allocation), 0, call);
        for (uint256 i = 0; i < list.length; ++i) before -= allocation.getMaxMagnitude(account, list[i]);
        d.magnitudeLost += before;
    }

    function _sorted(IStrategy[] memory list) private pure returns (IStrategy[] memory) {
        for (uint256 i = 1; i < list.length; ++i) {
            for (uint256 j = i; j != 0 && address(list[j - 1]) > address(list[j]); --j) {
                (list[j - 1], list[j]) = (list[j], list[j - 1]);
            }
        }
        return list;
    }
}
