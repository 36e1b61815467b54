/** Operator sets and allocations: who may do what, in which block it is in force, and what a slash can reach. */
import { ZeroAddress, type AddressLike } from "ethers";
import {
  allocates,
  CREATE,
  engineWorld,
  mine,
  SET,
  slashes,
  WAD,
  type EngineWorld,
} from "../../integration/engine/world";
import { refusal } from "../../integration/engine/refusal";
import {
  allocationOf,
  blockNumber,
  encumberedOf,
  eventOf,
  joins,
  leaves,
  maxOf,
  setOf,
  type Account,
  type Saw,
  type Scenarios,
  type Sent,
} from "./scenario";

const CREATE_V1 = "createOperatorSets(address,(uint32,address[])[])";
const UNKNOWN = 99n;
const CONFIGURATION_DELAY = 5;
const DEALLOCATION_DELAY = 20;

const create = (w: EngineWorld, id: bigint, strategies: AddressLike[], slasher: AddressLike, as = w.avs) =>
  w.am.connect(as)[CREATE](w.avs, [{ operatorSetId: id, strategies, slasher }]);

/** Blocks until the change of an allocation is in force. */
async function effectIn(sent: Sent): Promise<bigint> {
  const changed = await eventOf(sent, "AllocationUpdated");
  return (changed.effectBlock as bigint) - BigInt(await blockNumber());
}

async function sets(w: EngineWorld, saw: Saw): Promise<void> {
  const [strategy, other] = w.strategies;
  const stranger = w.am.connect(w.stranger);
  const unregistered = { operatorSetId: SET, strategies: [], slasher: w.stranger };
  saw("! create set with no metadata", await refusal(stranger[CREATE](w.stranger, [unregistered])));
  await create(w, SET, [strategy, other], w.avs);
  saw("! duplicate set id", await refusal(create(w, SET, [strategy], w.avs)));
  saw("! create set by stranger", await refusal(create(w, 2n, [strategy], w.avs, w.stranger)));
  saw("! slasher zero", await refusal(create(w, 2n, [strategy], ZeroAddress)));
  saw("! duplicate strategy", await refusal(create(w, 2n, [strategy, strategy], w.avs)));
  await create(w, 2n, [strategy], w.avs);
  const removal = w.am.connect(w.avs).removeStrategiesFromOperatorSet(w.avs, 2n, [other]);
  saw("! remove absent strategy", await refusal(removal));
}

async function membership(w: EngineWorld, saw: Saw): Promise<void> {
  const unset = w.am
    .connect(w.bob)
    .modifyAllocations(w.bob, [{ operatorSet: setOf(w), strategies: [w.strategies[0]], newMagnitudes: [1n] }]);
  saw("! allocate without delay set", await refusal(unset));
  await w.dm.connect(w.operator).registerAsOperator(ZeroAddress, 5n, "");
  saw("! register to unknown set", await refusal(joins(w, w.operator, [UNKNOWN])));
  saw("! register non operator", await refusal(joins(w, w.bob, [SET])));
  saw("! register for another operator", await refusal(joins(w, w.operator, [SET], w.bob)));
  saw("! allocate to unknown set", await refusal(allocates(w, w.operator, UNKNOWN, [1n])));
}

async function refusedSlashes(w: EngineWorld, saw: Saw): Promise<void> {
  const slash = (as: Account, strategies: AddressLike[], wadsToSlash: bigint[]) =>
    w.am
      .connect(as)
      .slashOperator(w.avs, { operator: w.operator, operatorSetId: SET, strategies, wadsToSlash, description: "" });
  const [strategy, other] = w.strategies;
  saw("! slash by stranger", await refusal(slash(w.stranger, [strategy], [1n])));
  saw("! slash 0 wad", await refusal(slash(w.avs, [strategy], [0n])));
  saw("! slash > WAD", await refusal(slash(w.avs, [strategy], [WAD + 1n])));
  saw("! slash unknown strategy", await refusal(slash(w.avs, [w.registrar], [1n])));
  saw("! slash length mismatch", await refusal(slash(w.avs, [strategy], [])));
  saw("! slash unsorted", await refusal(slash(w.avs, [other, strategy], [1n, 1n])));
}

async function tinySlashes(w: EngineWorld, saw: Saw): Promise<void> {
  await slashes(w, w.operator, [1n]);
  saw("slash of 1 wad: max", await maxOf(w));
  saw("slash of 1 wad: pending entry for 0 shares", await w.sm.getBurnOrRedistributableCount(setOf(w), 1n));
  const params = { operator: w.operator, operatorSetId: SET, strategies: [w.strategies[1]], description: "" };
  const unallocated = w.am.connect(w.avs).slashOperator(w.avs, { ...params, wadsToSlash: [WAD] });
  const { wadSlashed } = await eventOf(unallocated, "OperatorSlashed");
  saw("slash of unallocated strategy: slash count", await w.am.getSlashCount(setOf(w)));
  saw("  OperatorSlashed.wadSlashed", wadSlashed);
  saw("  max unchanged", await maxOf(w, w.operator, 1));
  await slashes(w, w.operator, []);
  saw("empty slash still counts", await w.am.getSlashCount(setOf(w)));
}

async function leaving(w: EngineWorld, saw: Saw): Promise<void> {
  await leaves(w, w.operator, [SET]);
  saw("slashable after deregister", await w.am.isOperatorSlashable(w.operator, setOf(w)));
  saw("member after deregister", await w.am.isMemberOfOperatorSet(w.operator, setOf(w)));
  saw("! re-register inside the window", await refusal(joins(w, w.operator, [SET])));
  saw("! deregister twice", await refusal(leaves(w, w.operator, [SET])));
  await slashes(w, w.operator, [WAD / 2n]);
  saw("slashed after deregister: current", (await allocationOf(w)).currentMagnitude);
  await mine(DEALLOCATION_DELAY + 1);
  saw("slashable after window", await w.am.isOperatorSlashable(w.operator, setOf(w)));
  const instant = await effectIn(allocates(w, w.operator, SET, [0n]));
  saw("instant dealloc when not slashable: effectBlock - block", instant);
  saw("  encumbered", await encumberedOf(w));
}

async function delays(w: EngineWorld, saw: Saw): Promise<void> {
  const delay = async () => (await w.am.getAllocationDelay(w.operator)).delay;
  await w.am.connect(w.operator).setAllocationDelay(w.operator, 9n);
  saw("old delay until config delay", await delay());
  await mine(CONFIGURATION_DELAY);
  saw("delay, config delay blocks later", await delay());
  await mine(1);
  saw("delay one block more", await delay());
}

async function slashers(w: EngineWorld, saw: Saw): Promise<void> {
  const avs = w.am.connect(w.avs);
  await avs.updateSlasher(setOf(w), w.bob);
  saw("slasher unchanged", (await w.am.getSlasher(setOf(w))) === w.avs.address);
  saw("pending slasher", (await w.am.getPendingSlasher(setOf(w)))[0] === w.bob.address);
  await mine(CONFIGURATION_DELAY + 1);
  saw("slasher moved", (await w.am.getSlasher(setOf(w))) === w.bob.address);
  saw("! updateSlasher zero", await refusal(avs.updateSlasher(setOf(w), ZeroAddress)));
  saw("! updateSlasher unknown set", await refusal(avs.updateSlasher(setOf(w, UNKNOWN), w.bob)));
  await avs[CREATE_V1](w.avs, [{ operatorSetId: 3n, strategies: [] }]);
  saw("V1 set slasher is the AVS", (await w.am.getSlasher(setOf(w, 3n))) === w.avs.address);
}

export const ALLOCATION_SCENARIOS: Scenarios = {
  allocation_rules: async (saw) => {
    const w = await engineWorld({
      deallocationDelay: DEALLOCATION_DELAY,
      configurationDelay: CONFIGURATION_DELAY,
    });
    await sets(w, saw);
    await membership(w, saw);
    saw("allocation effectBlock - block", await effectIn(allocates(w, w.operator, SET, [(WAD * 4n) / 10n])));
    saw("encumbered at once", await encumberedOf(w));
    saw("current still", (await allocationOf(w)).currentMagnitude);
    await mine(5);
    saw("! slash unregistered", await refusal(slashes(w, w.operator, [1n])));
    await joins(w, w.operator, [SET]);
    saw("! register twice", await refusal(joins(w, w.operator, [SET])));
    await refusedSlashes(w, saw);
    await tinySlashes(w, saw);
    await leaving(w, saw);
    await delays(w, saw);
    await slashers(w, saw);
    await w.am.connect(w.carol).updateAVSMetadataURI(w.carol, "an AVS without code nor registrar");
    await w.am.connect(w.carol)[CREATE](w.carol, [{ operatorSetId: SET, strategies: [], slasher: w.carol }]);
    saw("! EOA avs without registrar: register", await refusal(joins(w, w.operator, [SET], w.operator, w.carol)));
  },
};
