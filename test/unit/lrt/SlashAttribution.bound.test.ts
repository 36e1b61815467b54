import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { BLOCK_SECONDS } from "../../../scripts/sim/time";
import type { World } from "../../../scripts/sim/world";
import type { AnnouncerMock } from "../../../typechain-types";
import { allocationsOf, ether, expectWithin, WAD } from "../../exit-world";
import type { SetOf } from "../../governance";
import { allocatesTo, announcerIn, makesRoom, slashing } from "../../risk-world";
import { staked } from "../../world";

const OPERATOR = 2;
/** Roundings of the engine, a unit each, and of magnitudes. */
const ROUNDING = 1_000n;

/** Two sets of one AVS with 2 % of every operator each, and a withdrawal of a third of the stake that can be slashed still. */
async function leaving() {
  const { world, alice } = await staked();
  await makesRoom(world);
  const { announcer, set } = await announcerIn(world);
  await announcer.createSet(1n, [world.c.strategy]);
  const other = { ...set, id: 1n };
  await allocatesTo(world, set, ether("0.02"));
  await allocatesTo(world, other, ether("0.02"));
  await world.request(alice, world.asset, ether("33"));
  await world.pass(86_400n);
  await world.c.desk.connect(world.keeper).unbond(world.asset, 16n);
  await world.c.accountant.report();
  return { world, announcer, set, other };
}

/** Ether value of what a slash of the operator would reach now, and of all its magnitude; from the engine. */
async function reach({ c, asset }: World): Promise<{ value: bigint; maximum: bigint }> {
  const { account, delegator } = await c.operators.operator(OPERATOR);
  const strategies = [await c.strategy.getAddress()];
  const [[staked_]] = await c.delegation.getWithdrawableShares(delegator, strategies);
  const [queue, shares] = await c.delegation.getQueuedWithdrawals(delegator);
  const block = BigInt(await ethers.provider.getBlockNumber());
  const delay = await c.delegation.minWithdrawalDelayBlocks();
  const reachable = [...queue].reduce(
    (sum, { startBlock }, i) => (block + 1n <= startBlock + delay ? sum + shares[i][0] : sum),
    staked_,
  );
  const { rateWad } = await c.accountant.backing(asset);
  const value = ((await c.accountant.unitsOfEngineShares(asset, reachable)) * rateWad) / WAD;
  return { value, maximum: await (await allocationsOf({ c } as World)).getMaxMagnitude(account, strategies[0]) };
}

/** Slashes, and returns the magnitude and the ether value that this one slash took. */
async function takes(world: World, announcer: AnnouncerMock, set: SetOf, wad: bigint) {
  const before = await reach(world);
  await announcer.slash([await slashing(world, OPERATOR, set.id, wad)]);
  const { maximum } = await reach(world);
  const magnitude = before.maximum - maximum;
  return { magnitude, value: (before.value * magnitude) / before.maximum };
}

/** What each set took in truth and in the ledger, and how far they may be apart. */
async function compare(
  world: World,
  took: { set: SetOf; magnitude: bigint; value: bigint }[],
  matured: bigint,
  maximum: bigint,
) {
  const all = took.reduce((sum, { magnitude }) => sum + magnitude, 0n);
  const ids = [...new Set(took.map(({ set }) => set.id))];
  return Promise.all(
    ids.map(async (id) => {
      const own = took.filter(({ set }) => set.id === id);
      const its = own.reduce((sum, { magnitude }) => sum + magnitude, 0n);
      const truth = own.reduce((sum, { value }) => sum + value, 0n);
      const ledger = await world.c.attribution.lossOfSet(own[0].set);
      return { truth, ledger, bound: (matured * its * (all - its)) / (all * maximum) + ROUNDING };
    }),
  );
}

const apart = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

describe("SlashAttribution: withdrawals that leave a slasher's reach between two looks", () => {
  it("is exact when somebody looks between, which anybody may", async () => {
    const { world, announcer, set, other } = await loadFixture(leaving);
    const first = await takes(world, announcer, set, ether("0.9"));
    await world.pass(55n * BLOCK_SECONDS);
    const { delegator } = await world.c.operators.operator(OPERATOR);
    await world.c.accountant.connect(world.keeper).sync(delegator);
    const second = await takes(world, announcer, other, ether("0.9"));
    await world.c.accountant.settle();
    expectWithin(await world.c.attribution.lossOfSet(set), first.value, ROUNDING);
    expectWithin(await world.c.attribution.lossOfSet(other), second.value, ROUNDING);
    expect(first.value).to.be.greaterThan((second.value * 13n) / 10n); // a third had left
  });

  it("is exact when all slashes came before, or all after", async () => {
    for (const order of ["before", "after"]) {
      const { world, announcer, set, other } = await loadFixture(leaving);
      if (order === "after") await world.pass(55n * BLOCK_SECONDS);
      const first = await takes(world, announcer, set, ether("0.9"));
      const second = await takes(world, announcer, other, ether("0.4"));
      if (order === "before") await world.pass(55n * BLOCK_SECONDS);
      await world.c.accountant.settle();
      expectWithin(await world.c.attribution.lossOfSet(set), first.value, ROUNDING);
      expectWithin(await world.c.attribution.lossOfSet(other), second.value, ROUNDING);
    }
  });

  it("cannot be exact otherwise: two histories of which the engine tells the same, and in which sets took different parts", async () => {
    const told: string[] = [];
    const truths: bigint[] = [];
    const ledgers: bigint[] = [];
    for (const turn of [0, 1]) {
      const { world, announcer, set, other } = await loadFixture(leaving);
      const { account, delegator } = await world.c.operators.operator(OPERATOR);
      const sets = turn === 0 ? [set, other] : [other, set];
      const first = await takes(world, announcer, sets[0], ether("0.9"));
      await world.pass(55n * BLOCK_SECONDS);
      const second = await takes(world, announcer, sets[1], ether("0.9"));
      const engine = await allocationsOf(world);
      const strategy = await world.c.strategy.getAddress();
      const [, shares] = await world.c.delegation.getQueuedWithdrawals(delegator);
      told.push(
        String([
          ...[await engine.getAllocation(account, set, strategy), await engine.getAllocation(account, other, strategy)],
          ...[await engine.getMaxMagnitude(account, strategy), await engine.getSlashCount(set)],
          ...[
            await engine.getSlashCount(other),
            shares,
            await world.c.delegation.getWithdrawableShares(delegator, [strategy]),
          ],
        ]),
      );
      await world.c.accountant.settle();
      truths.push(turn === 0 ? first.value : second.value); // what `set` took
      ledgers.push(await world.c.attribution.lossOfSet(set));
    }
    expect(told[0]).to.equal(told[1]);
    expect(ledgers[0]).to.equal(ledgers[1]);
    expect(apart(truths[0], truths[1])).to.be.greaterThan(ether("0.05"));
  });

  it("RK-8 is at most a quarter of what the slashes took of all that left in between off, the sum never", async () => {
    const slash = fc.record({
      which: fc.nat({ max: 1 }),
      part: fc.integer({ min: 1, max: 700 }),
      blocks: fc.nat({ max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(slash, { minLength: 2, maxLength: 5 }), async (slashes) => {
        const { world, announcer, set, other } = await loadFixture(leaving);
        const nav = await world.c.accountant.netAssetValue();
        const start = await reach(world);
        const took = [];
        for (const { which, part, blocks } of slashes) {
          const one = [set, other][which];
          took.push({ set: one, ...(await takes(world, announcer, one, ether("0.001") * BigInt(part))) });
          if (blocks > 0) await world.pass(BigInt(blocks) * BLOCK_SECONDS);
        }
        await world.pass(55n * BLOCK_SECONDS);
        const { delegator } = await world.c.operators.operator(OPERATOR);
        const { unbonding } = await world.c.accountant.book(delegator, world.asset);
        const { rateWad } = await world.c.accountant.backing(world.asset);
        const left = ((await world.c.accountant.unitsOfEngineShares(world.asset, unbonding)) * rateWad) / WAD;
        await world.c.accountant.settle();
        const lost = nav - (await world.c.accountant.netAssetValue());
        for (const { truth, ledger, bound } of await compare(world, took, left, start.maximum)) {
          expect(apart(truth, ledger), `${truth} in truth, ${ledger} in the ledger`).to.be.at.most(bound);
        }
        const moved = took.reduce((sum, { magnitude }) => sum + magnitude, 0n);
        for (const { bound } of await compare(world, took, left, start.maximum)) {
          expect(bound).to.be.at.most((left * moved) / (4n * start.maximum) + ROUNDING);
        }
        const { attributedLoss, lossOfAvs } = world.c.attribution;
        expectWithin(await attributedLoss(), lost, ROUNDING);
        expectWithin(await lossOfAvs(set.avs), lost, ROUNDING);
      }),
      { numRuns: 10 },
    );
  });
});
