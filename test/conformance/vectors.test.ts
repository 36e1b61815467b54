import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ethers } from "hardhat";
import { Interface, ZeroHash, type ContractTransactionResponse } from "ethers";
import { z } from "zod";
import {
  allocates,
  completes,
  CREATE_REDISTRIBUTING,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  NO_APPROVAL,
  operates,
  queuedOf,
  queues,
  SET,
  slashes,
  WAD,
  withdrawableOf,
  type EngineWorld,
} from "../integration/engine/world";

const value = z.union([z.string(), z.number(), z.boolean()]);
const read = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, file), "utf8"));
/** Measured on the real contracts: scenario → what was looked at → what it was. */
const VECTORS = z.record(z.string(), z.record(z.string(), value)).parse(read("vectors.json"));
/** Scenario or single value → why it is not measured here. */
const NOT_COVERED = z.record(z.string(), z.string()).parse(read("vectors-not-covered.json"));

type Saw = (name: string, found: unknown) => void;

/** Name of the custom error that a call is refused with. */
async function refusal(w: EngineWorld, call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "not refused";
  } catch (error) {
    const { data } = error as { data?: string | { data?: string } };
    const bytes = typeof data === "string" ? data : (data?.data ?? "0x");
    if (bytes.startsWith("0x4e487b71")) return `Panic(0x${BigInt("0x" + bytes.slice(10)).toString(16)})`;
    const known: Interface[] = [w.dm.interface, w.sm.interface, w.am.interface, w.strategies[0].interface];
    return known.map((abi) => abi.parseError(bytes)?.name).find((name) => name !== undefined) ?? bytes;
  }
}

const sharesOf = (w: EngineWorld, operator = w.operator) => w.dm.operatorShares(operator, w.strategies[0]);
const scalingOf = (w: EngineWorld, who: EngineWorld["alice"]) => w.dm.depositScalingFactor(who, w.strategies[0]);
const maxOf = (w: EngineWorld) => w.am.getMaxMagnitude(w.operator, w.strategies[0]);
const setOf = (w: EngineWorld, id = SET) => ({ avs: w.avs.address, id });
const allocationOf = (w: EngineWorld) => w.am.getAllocation(w.operator, setOf(w), w.strategies[0]);
const burnOf = (w: EngineWorld, slashId: bigint, id = SET) =>
  w.sm["getBurnOrRedistributableShares((address,uint32),uint256,address)"](setOf(w, id), slashId, w.strategies[0]);

async function eventOf(w: EngineWorld, sent: Promise<ContractTransactionResponse>, name: string) {
  const receipt = await (await sent).wait();
  for (const log of receipt?.logs ?? []) {
    for (const abi of [w.dm.interface, w.sm.interface, w.am.interface] as Interface[]) {
      const parsed = abi.parseLog(log);
      if (parsed?.name === name) return parsed.args;
    }
  }
  throw new Error(`no ${name}`);
}

/** Stakers with deposits in the first strategy, delegated to an operator with this magnitude in a set. */
async function staked(magnitude: bigint, ...amounts: bigint[]): Promise<EngineWorld> {
  const w = await engineWorld();
  await operates(w, w.operator, SET, [magnitude]);
  for (const [i, amount] of amounts.entries()) {
    await deposits(w, [w.alice, w.bob][i], amount);
    await delegates(w, [w.alice, w.bob][i], w.operator);
  }
  return w;
}

const SCENARIOS: Record<string, (saw: Saw) => Promise<void>> = {
  strategy_share_math: async (saw) => {
    const w = await engineWorld();
    const [strategy] = w.strategies;
    await deposits(w, w.alice, ether("100"));
    saw("first deposit shares", await w.sm.stakerDepositShares(w.alice, strategy));
    await w.tokens[0].mint(strategy, ether("50"));
    saw("rate: sharesToUnderlying(1e18) after +50%", await strategy.sharesToUnderlyingView(WAD));
    const receipt = await (await deposits(w, w.bob, ether("30"))).wait();
    const rate = receipt?.logs
      .map((log) => strategy.interface.parseLog(log))
      .find((l) => l?.name.startsWith("Exchange"));
    saw("second depositor shares for 30e18", await w.sm.stakerDepositShares(w.bob, strategy));
    saw("ExchangeRateEmitted", rate?.args[0]);
    saw("totalShares", await strategy.totalShares());
    saw("userUnderlyingView(1)", await strategy.userUnderlyingView(w.alice));
    saw("userUnderlyingView(2)", await strategy.userUnderlyingView(w.bob));
    saw("underlyingToShares(1)", await strategy.underlyingToSharesView(1n));
    saw("! deposit of 1 wei at rate > 1", await refusal(w, deposits(w, w.alice, 1n)));
    const other = w.sm.connect(w.alice);
    saw("! wrong token", await refusal(w, other.depositIntoStrategy(strategy, w.tokens[1], WAD)));
    saw("! unknown strategy", await refusal(w, other.depositIntoStrategy(w.registrar, w.tokens[0], WAD)));
    saw("! strategy.deposit by stranger", await refusal(w, strategy.connect(w.stranger).deposit(w.tokens[0], 1n)));
    const before = await w.tokens[0].balanceOf(w.bob);
    await queues(w, w.bob, [await w.sm.stakerDepositShares(w.bob, strategy)]);
    await mine(20);
    await completes(w, w.bob);
    saw("tokens back to 2", (await w.tokens[0].balanceOf(w.bob)) - before);
  },

  deposit_around_slash: async (saw) => {
    const w = await staked(WAD / 2n, ether("100"));
    const [strategy] = w.strategies;
    const slashed = await eventOf(w, slashes(w, w.operator, [WAD / 2n]), "OperatorSlashed");
    saw("wadSlashed in event", (slashed.wadSlashed as bigint[])[0]);
    saw("maxMagnitude", await maxOf(w));
    saw("encumbered", await w.am.getEncumberedMagnitude(w.operator, strategy));
    saw("allocatable", await w.am.getAllocatableMagnitude(w.operator, strategy));
    saw("operatorShares", await sharesOf(w));
    saw("withdrawable(1)", await withdrawableOf(w, w.alice));
    saw("dsf(1)", await scalingOf(w, w.alice));
    await deposits(w, w.alice, ether("50"));
    saw("after +50: depositShares", await w.sm.stakerDepositShares(w.alice, strategy));
    saw("after +50: dsf", await scalingOf(w, w.alice));
    saw("after +50: withdrawable", await withdrawableOf(w, w.alice));
    saw("after +50: operatorShares", await sharesOf(w));
    await deposits(w, w.bob, ether("80"));
    await delegates(w, w.bob, w.operator);
    saw("newcomer dsf", await scalingOf(w, w.bob));
    saw("newcomer withdrawable", await withdrawableOf(w, w.bob));
    saw("operatorShares with newcomer", await sharesOf(w));
    await slashes(w, w.operator, [WAD / 3n]);
    saw("2nd slash maxMagnitude", await maxOf(w));
    saw("2nd slash operatorShares", await sharesOf(w));
    saw("2nd slash withdrawable(1)", await withdrawableOf(w, w.alice));
    saw("2nd slash withdrawable(2)", await withdrawableOf(w, w.bob));
    const all = await withdrawableOf(w, w.alice);
    const [converted] = await w.dm.convertToDepositShares(w.alice, [strategy], [all]);
    saw("convertToDepositShares(1, withdrawable)", converted);
    await queues(w, w.alice, [ether("60")]);
    const { withdrawal, worth } = await queuedOf(w, w.alice);
    saw("queue 60 deposit shares: scaledShares", withdrawal.scaledShares[0]);
    saw("queue 60: would receive", worth[0]);
    saw("queue 60: withdrawable left", await withdrawableOf(w, w.alice));
    saw("queue 60: operatorShares", await sharesOf(w));
    saw("dsf kept", await scalingOf(w, w.alice));
    await queues(w, w.alice, [ether("90")]);
    saw("queue rest: dsf reset", await scalingOf(w, w.alice));
    saw("queue rest: operatorShares", await sharesOf(w));
    saw("! queue more than owned", await refusal(w, queues(w, w.alice, [1n])));
  },

  slash_while_queued: async (saw) => {
    const w = await staked(WAD, ether("100"), ether("100"));
    const [strategy] = w.strategies;
    await queues(w, w.alice, [ether("40")]);
    const start = await ethers.provider.getBlockNumber();
    saw("slashable in queue", await w.dm.getSlashableSharesInQueue(w.operator, strategy));
    saw("operatorShares", await sharesOf(w));
    const total = async (wad: bigint) =>
      (await eventOf(w, slashes(w, w.operator, [wad]), "OperatorSharesSlashed")).totalSlashedShares as unknown;
    saw("OperatorSharesSlashed total", await total(WAD / 4n));
    saw("operatorShares after", await sharesOf(w));
    saw("pending burn", await burnOf(w, 1n));
    saw("queue slashable after", await w.dm.getSlashableSharesInQueue(w.operator, strategy));
    const worth = async () => (await queuedOf(w, w.alice)).worth[0];
    saw("queued withdrawal now worth", await worth());
    saw("! complete too early", await refusal(w, completes(w, w.alice)));
    await mine(start + 19 - (await ethers.provider.getBlockNumber()));
    saw("2nd slash total", await total(WAD / 5n));
    saw("2nd slash lands in block startBlock+", (await ethers.provider.getBlockNumber()) - start);
    saw("queued worth after 2nd", await worth());
    saw("3rd slash total (queue untouched)", await total(WAD / 2n));
    saw("3rd slash lands in block startBlock+", (await ethers.provider.getBlockNumber()) - start);
    saw("queued worth after 3rd", await worth());
    const { withdrawal, tokens } = await queuedOf(w, w.alice);
    const complete = (who = w.alice, altered = withdrawal, paid = tokens) =>
      w.dm.connect(who).completeQueuedWithdrawal(altered, paid, true);
    saw("! complete by another", await refusal(w, complete(w.bob)));
    saw("! complete with altered struct", await refusal(w, complete(w.alice, { ...withdrawal, nonce: 9n })));
    saw("! token array length", await refusal(w, complete(w.alice, withdrawal, [])));
    const before = await w.tokens[0].balanceOf(w.alice);
    await complete();
    saw("tokens received", (await w.tokens[0].balanceOf(w.alice)) - before);
    saw("! complete twice", await refusal(w, complete()));
    saw("withdrawable(1)", await withdrawableOf(w, w.alice));
    saw("withdrawable(2)", await withdrawableOf(w, w.bob));
    saw("operatorShares end", await sharesOf(w));
    for (const id of [1n, 2n, 3n]) await w.sm.clearBurnOrRedistributableShares(setOf(w), id);
    saw("burnt", await w.tokens[0].balanceOf("0x00000000000000000000000000000000000E16E4"));
    saw("strategy totalShares", await strategy.totalShares());
    saw("strategy balance", await w.tokens[0].balanceOf(strategy));
  },

  dealloc_pending_slashed: async (saw) => {
    const w = await staked((WAD * 6n) / 10n, ether("100"));
    const [strategy] = w.strategies;
    const encumbered = () => w.am.getEncumberedMagnitude(w.operator, strategy);
    const changed = await eventOf(w, allocates(w, w.operator, SET, [WAD / 10n]), "AllocationUpdated");
    const block = await ethers.provider.getBlockNumber();
    saw("effectBlock - block", (changed.effectBlock as bigint) - BigInt(block));
    saw("event magnitude", changed.magnitude);
    saw("current", (await allocationOf(w)).currentMagnitude);
    saw("pendingDiff", (await allocationOf(w)).pendingDiff);
    saw("encumbered", await encumbered());
    const least = async (at: number) =>
      (await w.am.getMinimumSlashableStake(setOf(w), [w.operator], [strategy], block + at))[0][0];
    saw("min slashable before effect", await least(20));
    saw("min slashable at effect", await least(21));
    saw("! second change while pending", await refusal(w, allocates(w, w.operator, SET, [WAD / 5n])));
    await slashes(w, w.operator, [WAD / 2n]);
    saw("slashed 50%: current", (await allocationOf(w)).currentMagnitude);
    saw("slashed 50%: pendingDiff", (await allocationOf(w)).pendingDiff);
    saw("slashed 50%: max", await maxOf(w));
    saw("slashed 50%: encumbered", await encumbered());
    await mine(block + 20 - (await ethers.provider.getBlockNumber()));
    saw("block before effect: encumbered", await encumbered());
    await mine(1);
    saw("at effect: current", (await allocationOf(w)).currentMagnitude);
    saw("at effect: pending", (await allocationOf(w)).pendingDiff);
    saw("at effect: encumbered (simulated)", await encumbered());
    saw("at effect: allocatable", await w.am.getAllocatableMagnitude(w.operator, strategy));
    await w.am.clearDeallocationQueue(w.operator, [strategy], [1]);
    saw("after clear: encumbered", await encumbered());
    const most = await maxOf(w);
    saw("! allocate more than free", await refusal(w, allocates(w, w.operator, SET, [most + 1n])));
    await allocates(w, w.operator, SET, [most]);
    saw("fully encumbered", await encumbered());
    saw("! same magnitude", await refusal(w, allocates(w, w.operator, SET, [most])));
  },

  rounding: async (saw) => {
    const w = await staked(WAD / 3n, 1_000_003n);
    for (let i = 1; i <= 4; ++i) {
      await slashes(w, w.operator, [WAD / 10n + 7n]);
      saw(`slash ${i}: max`, await maxOf(w));
      saw(`slash ${i}: operatorShares`, await sharesOf(w));
      saw(`slash ${i}: withdrawable`, await withdrawableOf(w, w.alice));
      saw(`slash ${i}: burn`, await burnOf(w, BigInt(i)));
      await deposits(w, w.alice, 999n);
      saw(`slash ${i}: +999 dsf`, await scalingOf(w, w.alice));
      saw(`slash ${i}: +999 withdrawable`, await withdrawableOf(w, w.alice));
      saw(`slash ${i}: +999 operatorShares`, await sharesOf(w));
    }
    saw("residue left with operator", (await sharesOf(w)) - (await withdrawableOf(w, w.alice)));
  },

  redistribution: async (saw) => {
    const w = await staked(WAD / 10n, ether("100"));
    const sets = [{ operatorSetId: 2n, strategies: [w.strategies[0]], slasher: w.avs }];
    await w.am.connect(w.avs)[CREATE_REDISTRIBUTING](w.avs, sets, [w.recipient]);
    await w.am
      .connect(w.operator)
      .registerForOperatorSets(w.operator, { avs: w.avs, operatorSetIds: [2n], data: "0x" });
    await allocates(w, w.operator, 2n, [(WAD * 8n) / 10n]);
    saw("isRedistributing", await w.views.isRedistributingOperatorSet(setOf(w, 2n)));
    for (const half of [WAD / 2n, WAD / 2n]) await slashes(w, w.operator, [half], 2n);
    saw("slash 1 shares", await burnOf(w, 1n, 2n));
    saw("slash 2 shares", await burnOf(w, 2n, 2n));
    saw("count", await w.sm.getBurnOrRedistributableCount(setOf(w, 2n), 1n));
    saw("pending ids", (await w.sm.getPendingSlashIds(setOf(w, 2n))).length);
    saw("pending sets", (await w.sm.getPendingOperatorSets()).length);
    await w.sm.clearBurnOrRedistributableShares(setOf(w, 2n), 2n);
    saw("recipient got", await w.tokens[0].balanceOf(w.recipient));
    await w.sm.clearBurnOrRedistributableShares(setOf(w, 2n), 1n);
    saw("recipient total", await w.tokens[0].balanceOf(w.recipient));
    saw("pending ids after", (await w.sm.getPendingSlashIds(setOf(w, 2n))).length);
    saw("pending sets after", (await w.sm.getPendingOperatorSets()).length);
    saw("withdrawable", await withdrawableOf(w, w.alice));
    saw("maxMagnitude", await maxOf(w));
  },

  full_slash: async (saw) => {
    const w = await staked(WAD, ether("80"), ether("20"));
    const [strategy] = w.strategies;
    await slashes(w, w.operator, [WAD]);
    saw("maxMagnitude", await maxOf(w));
    saw("operatorShares", await sharesOf(w));
    saw("withdrawable", await withdrawableOf(w, w.alice));
    saw("deposit shares stay", await w.sm.stakerDepositShares(w.alice, strategy));
    saw("allocated sets", (await w.am.getAllocatedSets(w.operator)).length);
    saw("pending burn", await burnOf(w, 1n));
    saw("! deposit under a fully slashed operator", await refusal(w, deposits(w, w.alice, WAD)));
    await deposits(w, w.carol, WAD);
    saw("! delegate to a fully slashed operator (holding shares)", await refusal(w, delegates(w, w.carol, w.operator)));
    await w.dm.connect(w.stranger).delegateTo(w.operator, NO_APPROVAL, ZeroHash);
    saw("delegate with no shares works", await w.dm.isDelegated(w.stranger));
    saw("! allocate after full slash", await refusal(w, allocates(w, w.operator, SET, [1n])));
    saw("! convertToDepositShares", await refusal(w, w.dm.convertToDepositShares(w.alice, [strategy], [1n])));
    await w.dm.connect(w.alice).undelegate(w.alice);
    saw("dsf reset", await scalingOf(w, w.alice));
  },
};

describe("values measured on the real contracts", () => {
  for (const [scenario, run] of Object.entries(SCENARIOS)) {
    it(`are the engine's too: ${scenario}`, async () => {
      const found: Record<string, string> = {};
      await run((name, value) => (found[name] = String(value)));
      const left = Object.keys(VECTORS[scenario]).filter((name) => !(`${scenario}: ${name}` in NOT_COVERED));
      const wanted = Object.fromEntries(left.map((name) => [name, String(VECTORS[scenario][name])]));
      expect(found).to.deep.equal(wanted);
    });
  }

  it("are all either measured here or listed with a reason", () => {
    const missing = Object.keys(VECTORS).filter((name) => !(name in SCENARIOS) && !(name in NOT_COVERED));
    expect(missing).to.deep.equal([]);
    const superfluous = Object.keys(NOT_COVERED).filter((key) => {
      const [scenario, name] = key.split(/: (.*)/s);
      return name === undefined ? scenario in SCENARIOS || !(scenario in VECTORS) : !(name in VECTORS[scenario]);
    });
    expect(superfluous).to.deep.equal([]);
  });
});
