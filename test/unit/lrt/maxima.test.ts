import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { encodeBytes32String, MaxUint256, type ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import { local } from "../../../deploy/config/local";
import { parseConfig } from "../../../deploy/config/schema";
import { ROLE } from "../../../deploy/steps/roles";
import { acceptPlain } from "../../../scripts/sim/assets";
import { BLOCK_SECONDS, now } from "../../../scripts/sim/time";
import { World } from "../../../scripts/sim/world";
import type { AnnouncerMock } from "../../../typechain-types";
import { allocationsOf, as, ether, expectWithin } from "../../exit-world";
import { objectiveTerms, type SetOf } from "../../governance";
import { BY, grants } from "../../risk-world";

// Everything at its declared maximum: 16 operators, 7 assets in the engine, 32 operator sets with every strategy.

const [OPERATORS, AVSS, SETS_OF_EACH, PLAIN] = [16, 4, 8, 4];
/** Most gas of a transaction or of one page of a view: a third of a block of 36 million. */
const LIMIT = 12_000_000n;
const TARGET = ether("0.006"); // 32 of them stay within the budget of the unverified

async function full() {
  const config = structuredClone(local);
  config.avss = [];
  const [model] = config.operators;
  config.operators = Array.from({ length: OPERATORS }, (_, i) => ({
    ...model,
    ...{ name: `operator-${i}`, entity: i + 1, weightBps: 625 },
    nodeOperator: ethers.getAddress(ethers.dataSlice(ethers.id(`company ${i}`), 12)),
  }));
  const world = await World.create(parseConfig(config));
  const alice = await world.person(0);
  const tokens = await Promise.all(
    Array.from({ length: PLAIN }, async (_, i) =>
      (await ethers.deployContract("ERC20Mock", [`Token ${i}`, `T${i}`])).getAddress(),
    ),
  );
  await acceptPlain(world, tokens, ether("10000"), ether("10000"));
  await world.depositEther(alice, ether("40"));
  for (const token of ["stETH", "rETH", "cbETH"] as const) await world.deposit(alice, token, ether("32"));
  for (const token of tokens) {
    const contract = await ethers.getContractAt("ERC20Mock", token, alice);
    await contract.mint(alice, ether("32"));
    await contract.approve(world.c.pool, MaxUint256);
    await world.c.pool.connect(alice).deposit(token, ether("32"), alice, 0n, MaxUint256, ethers.ZeroHash);
  }
  await world.days(1);
  const holder = await grants(world, [ROLE.LOOSENING, ROLE.TIGHTENING, ROLE.PROPOSING]);
  const [sets, announcers] = await admitted(world, holder);
  const { controller } = world.c;
  for (const set of sets) await controller.connect(holder).raiseTarget(0n, set, TARGET);
  const company = controller.connect(await as((await world.c.operators.operator(0)).nodeOperator));
  for (const announcer of announcers) await company.register(0n, announcer, [0, 1, 2, 3, 4, 5, 6, 7], "0x");
  return { world, alice, holder, sets, announcers };
}

/** Proposes all sets but one with every strategy, waits once, and admits them; the last is proposed. */
async function admitted(world: World, holder: Awaited<ReturnType<typeof grants>>): Promise<[SetOf[], AnnouncerMock[]]> {
  const strategies = [...(await world.c.registry.strategies())].slice(1);
  const sets: SetOf[] = [];
  const announcers: AnnouncerMock[] = [];
  for (let i = 0; i < AVSS; ++i) {
    const announcer = (await ethers.deployContract("AnnouncerMock", [world.c.allocation])) as unknown as AnnouncerMock;
    announcers.push(announcer);
    for (let id = 0n; id < SETS_OF_EACH; ++id) {
      await announcer.createSet(id, strategies);
      const set = { avs: await announcer.getAddress(), id };
      sets.push(set);
      await world.c.sets
        .connect(holder)
        .proposeSet(set, objectiveTerms({ capBps: 100n, group: encodeBytes32String(`g${i}`) }));
    }
    await world.c.sets.connect(holder).raiseAvsCap(announcer, 1_000n);
  }
  const { admissibleFrom } = await world.c.sets.statusOf(sets[31]);
  await world.pass(admissibleFrom - (await now(world.ctx.provider)) + 60n);
  for (const set of sets.slice(0, 31)) await world.c.sets.admitSet(set);
  await world.c.sets.admitSet(sets[31]);
  return [sets, announcers];
}

async function gasOf(call: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await call).wait())?.gasUsed ?? 0n;
}

/** Takes everything that is allocated to a set's first operator, in every strategy. */
async function slashes(world: World, announcer: AnnouncerMock): Promise<void> {
  const { account } = await world.c.operators.operator(0);
  const strategies = [...(await world.c.registry.strategies())]
    .slice(1)
    .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const wadsToSlash = strategies.map(() => ether("1"));
  await announcer.slash([{ operator: account, operatorSetId: 0n, strategies, wadsToSlash, description: "" }]);
}

/** Brings all allocations of the first operator into force, one page at a time; returns the dearest page. */
async function allocatesAll(world: World): Promise<bigint> {
  let dearest = 0n;
  const controller = world.c.controller.connect(world.keeper);
  for (const asset of [...(await world.c.registry.assets())].slice(1)) {
    for (let page = 0; page < 2; ++page) {
      const gas = await gasOf(controller.rebalanceAsset(0n, asset, 16n));
      if (gas > dearest) dearest = gas;
    }
  }
  await world.pass(11n * BLOCK_SECONDS);
  return dearest;
}

describe("16 operators, 7 assets and 32 sets", () => {
  it("fit every transaction into twelve million gas, each alone or in pages", async () => {
    const { world, holder, sets, announcers } = await loadFixture(full);
    const { controller, accountant } = world.c;
    const by = controller.connect(world.keeper);
    const gas: Record<string, bigint> = { "allocate, all assets": await gasOf(by.allocate(0n, sets[0])) };
    gas["rebalance, a step"] = await gasOf(by.rebalance(0n, 1n));
    gas["rebalance, one asset, 16 steps"] = await allocatesAll(world);
    await slashes(world, announcers[0]);
    gas["report that divides a loss among 32 sets"] = await gasOf(accountant.report());
    gas.report = await gasOf(accountant.report());
    await slashes(world, announcers[1]);
    const { sets: registry } = world.c;
    await registry.connect(holder).dropSet(sets[5]);
    // So many sets are too much for the ledger inside a report: whoever moves an allocation has it written first.
    const { attribution } = world.c;
    const { account: first, delegator } = await world.c.operators.operator(0);
    expect(await attribution.isBehind(first)).to.equal(true);
    gas["rebalance, one asset, after two slashes in no ledger"] = await gasOf(by.rebalanceAsset(0n, world.asset, 1n));
    expect(await attribution.isBehind(first)).to.equal(false);
    let entered = 0n;
    for (const asset of [...(await world.c.registry.assets())].slice(1)) {
      entered += await accountant.slashedOf(delegator, asset);
    }
    const [one, two] = [await attribution.lossOfSet(sets[0]), await attribution.lossOfSet(sets[8])];
    expect(await attribution.attributedLoss()).to.equal(entered);
    expect(one + two).to.equal(entered);
    expectWithin(one, two, entered / 100n); // both took all of six per mille, one after the other
    gas["allocate, all assets down"] = await gasOf(by.allocate(0n, sets[5]));
    await announcers[2].act(
      (await allocationsOf(world)).interface.encodeFunctionData("removeStrategiesFromOperatorSet", [
        sets[16].avs,
        sets[16].id,
        [await world.c.strategy.getAddress()],
      ]),
    );
    gas["quarantine a set"] = await gasOf(registry.quarantineSet(sets[16]));
    await world.pass(60n * BLOCK_SECONDS);
    const strategies = [...(await world.c.registry.strategies())].slice(1);
    const { account } = await world.c.operators.operator(0);
    await world.c.allocation.clearDeallocationQueue(
      account,
      strategies,
      strategies.map(() => 99n),
    );
    gas["forget a set"] = await gasOf(registry.forgetSet(sets[5]));
    gas["propose a set"] = await gasOf(registry.connect(holder).proposeSet(sets[5], objectiveTerms({ capBps: 100n })));
    await world.pass((await registry.ADMISSION_WAIT()) + 60n);
    gas["admit a set"] = await gasOf(registry.admitSet(sets[5]));
    for (const [what, used] of Object.entries(gas)) {
      expect(used, what).to.be.greaterThan(20_000n);
      expect(used, what).to.be.at.most(LIMIT);
    }
  });

  it("fit every page of the views too, and the pages add up to the whole", async () => {
    const { world, sets } = await loadFixture(full);
    const { risk } = world.c;
    await allocatesAll(world);
    const all = sets.map((set) => ({ set, wad: ether("0.5") }));
    const gas: Record<string, bigint> = {
      cells: await risk.cells.estimateGas(0n),
      exposuresOf: await risk.exposuresOf.estimateGas(0n, BY.avs),
      slashableStakeOf: await risk.slashableStakeOf.estimateGas(0n),
      "stressOf, 16 slashes": await risk.stressOf.estimateGas(0n, all.slice(0, 16)),
      plan: await world.c.controller.plan.estimateGas(0n, world.asset),
      limits: await world.c.sets.limits.estimateGas(),
      exposureOfAvs: await world.c.reader.exposureOfAvs.estimateGas(sets[0].avs, world.asset),
      "lens.exposures, three sets": await world.c.lens.exposures.estimateGas(0n, 3n),
    };
    for (const [what, used] of Object.entries(gas)) expect(used, what).to.be.at.most(LIMIT);
    // All 32 sets at once are a little more; no node refuses a call for it.
    expect(await risk.stressOf.estimateGas(0n, all), "stressOf, 32 slashes").to.be.at.most(15_000_000n);
    const { loss, lossBySlash } = await risk.stressOf(0n, all);
    expectWithin(
      lossBySlash.reduce((sum, one) => sum + one, 0n),
      loss,
      10_000n,
    );
    const slices = await risk.exposuresOf(0n, BY.set);
    expect(slices.length).to.equal(32);
    const cells = await risk.cells(0n);
    expect(cells.length).to.equal(32 * 7);
    expect(slices.reduce((sum, { etherAtRisk }) => sum + etherAtRisk, 0n)).to.equal(
      cells.reduce((sum, { etherAtRisk }) => sum + etherAtRisk, 0n),
    );
  });
});
