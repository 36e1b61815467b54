/** Events in their order, registrars, lists at their limits, and other single facts. */
import { ethers } from "hardhat";
import { AbiCoder, concat, ZeroAddress, ZeroHash } from "ethers";
import {
  allocates,
  completes,
  CREATE,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  NO_APPROVAL,
  queues,
  SET,
  slashes,
  WAD,
  withdrawableOf,
  type EngineWorld,
} from "../../integration/engine/world";
import { refusal } from "../../integration/engine/refusal";
import {
  blockNumber,
  countOf,
  encumberedOf,
  eventNames,
  eventOf,
  joins,
  leaves,
  setOf,
  type Saw,
  type Scenarios,
} from "./scenario";

const MOST_STRATEGIES = 32;

/* Registrars, as opcodes. */
const ANSWERS_NO = "0x5f5f5260205ff3";
/** Says yes to `supportsAVS`, and answers every other call with a log. */
const LOGS = "0x5f3560e01c63b526578714601357" + "5f5f5fa100" + "5b60015f5260205ff3";

/** Refuses every call with a text. */
function refuses(text: string): string {
  const data = concat(["0x08c379a0", AbiCoder.defaultAbiCoder().encode(["string"], [text])]);
  const length = ethers.toBeHex(ethers.dataLength(data));
  return concat(["0x60", length, "0x8060095f395ffd", data]);
}

const setCode = async (at: { getAddress(): Promise<string> }, code: string): Promise<unknown> =>
  ethers.provider.send("hardhat_setCode", [await at.getAddress(), code]);

/** All but the withdrawals: an operator slashed to 0.75 while it takes stake away from the set. */
async function events(w: EngineWorld, saw: Saw): Promise<void> {
  const registering = w.dm.connect(w.operator).registerAsOperator(ZeroAddress, 0, "uri");
  saw("events of registerAsOperator", await eventNames(registering));
  saw("events of deposit (undelegated)", await eventNames(deposits(w, w.alice, ether("100"))));
  saw("events of delegateTo", await eventNames(delegates(w, w.alice, w.operator)));
  saw("events of deposit (delegated)", await eventNames(deposits(w, w.alice, ether("1"))));
  const set = { operatorSetId: SET, strategies: w.strategies, slasher: w.avs };
  await w.am.connect(w.avs)[CREATE](w.avs, [set]);
  await setCode(w.registrar, LOGS);
  saw("events of registerForOperatorSets", await eventNames(joins(w, w.operator, [SET])));
  saw("events of modifyAllocations", await eventNames(allocates(w, w.operator, SET, [WAD / 2n])));
  saw("events of a deallocation", await eventNames(allocates(w, w.operator, SET, [WAD / 4n])));
  const slashed = await eventNames(slashes(w, w.operator, [WAD / 2n]));
  saw("events of slashOperator with a pending deallocation", slashed);
  saw("events of clear", await eventNames(w.sm.clearBurnOrRedistributableShares(setOf(w), 1n)));
  await deposits(w, w.operator, ether("8"));
  saw("operator own withdrawable", await withdrawableOf(w, w.operator));
  saw("operator delegatedTo itself", (await w.dm.delegatedTo(w.operator)) === w.operator.address);
}

async function withdrawals(w: EngineWorld, saw: Saw): Promise<void> {
  saw("events of queueWithdrawals", await eventNames(queues(w, w.alice, [ether("2")])));
  await queues(w, w.alice, [ether("2")]);
  await mine(20);
  saw("events of completion as shares", await eventNames(completes(w, w.alice, false)));
  saw("events of completion as tokens", await eventNames(completes(w, w.alice)));
  saw("undelegate with no shares queues", await undelegatedWithout(w));
  const [unknown] = await w.dm.getQueuedWithdrawal(ZeroHash);
  saw("unknown withdrawal root: strategies", unknown.strategies.length);
  await deposits(w, w.bob, ether("3"));
  const [strategy] = w.strategies;
  const twice = { strategies: [strategy, strategy], depositShares: [ether("1"), ether("2")] };
  await w.dm.connect(w.bob).queueWithdrawals([{ ...twice, __deprecated_withdrawer: ZeroAddress }]);
  const [, worth] = await w.dm.getQueuedWithdrawals(w.bob);
  const left = await w.sm.stakerDepositShares(w.bob, strategy);
  saw("same strategy twice in one request removes both", worth.flat().reduce((sum, one) => sum + one, 0n) - left);
}

async function undelegatedWithout(w: EngineWorld): Promise<number> {
  await delegates(w, w.stranger, w.operator);
  return countOf(w.dm.connect(w.stranger).undelegate(w.stranger), "SlashingWithdrawalQueued");
}

/** A strategy that the set has no more, or never had. */
async function outside(w: EngineWorld, saw: Saw): Promise<void> {
  const [strategy, other] = w.strategies;
  const avs = w.am.connect(w.avs);
  await avs[CREATE](w.avs, [{ operatorSetId: 2n, strategies: [strategy], slasher: w.avs }]);
  await joins(w, w.operator, [2n]);
  const allocate = (magnitude: bigint) =>
    w.am
      .connect(w.operator)
      .modifyAllocations(w.operator, [{ operatorSet: setOf(w, 2n), strategies: [other], newMagnitudes: [magnitude] }]);
  const [before, part] = [await encumberedOf(w, 1), (WAD * 3n) / 10n];
  await allocate(part);
  saw("allocation of a strategy outside the set: encumbered", (await encumberedOf(w, 1)) - before);
  await allocate(0n);
  saw("freed at once", await encumberedOf(w, 1));
  await avs.addStrategiesToOperatorSet(w.avs, 2n, [other]);
  await deposits(w, w.alice, 1_000n, 1);
  await allocate(part);
  await avs.removeStrategiesFromOperatorSet(w.avs, 2n, [other]);
  const params = { operator: w.operator, operatorSetId: 2n, strategies: [other], wadsToSlash: [WAD], description: "" };
  saw("! slash of a removed strategy", await refusal(avs.slashOperator(w.avs, params)));
  const soon = (await blockNumber()) + 1;
  const [[stake]] = await w.am.getMinimumSlashableStake(setOf(w, 2n), [w.operator], [other], soon);
  saw("min slashable of a removed strategy is still reported", stake);
  const { effectBlock } = await eventOf(allocate(0n), "AllocationUpdated");
  saw("dealloc after removal is instant", (effectBlock as bigint) - BigInt(await blockNumber()));
}

async function registrars(w: EngineWorld, saw: Saw): Promise<void> {
  await setCode(w.registrar, refuses("refused"));
  saw("! registrar refuses deregistration", await refusal(leaves(w, w.operator, [SET])));
  await setCode(w.registrar, ANSWERS_NO);
  const naming = w.am.connect(w.avs).setAVSRegistrar(w.avs, w.registrar);
  saw("! registrar of another AVS", await refusal(naming));
}

async function manyStrategies(saw: Saw): Promise<void> {
  const w = await engineWorld({ strategies: MOST_STRATEGIES + 1 });
  await w.dm.connect(w.operator).registerAsOperator(ZeroAddress, 0, "");
  for (let i = 0; i < MOST_STRATEGIES; ++i) await deposits(w, w.alice, 1_000n, i);
  saw("! 33rd strategy", await refusal(deposits(w, w.alice, 1_000n, MOST_STRATEGIES)));
  saw("strategy list length", await w.sm.stakerStrategyListLength(w.alice));
  await w.dm.connect(w.alice).delegateTo(w.operator, NO_APPROVAL, ZeroHash);
}

export const MISC_SCENARIOS: Scenarios = {
  misc: async (saw) => {
    const w = await engineWorld();
    await events(w, saw);
    await withdrawals(w, saw);
    await outside(w, saw);
    await registrars(w, saw);
    await manyStrategies(saw);
  },
};
