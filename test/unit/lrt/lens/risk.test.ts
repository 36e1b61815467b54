import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { BLOCK_SECONDS } from "../../../../scripts/sim/time";
import type { World } from "../../../../scripts/sim/world";
import { allocationsOf, ether, expectWithin, slash } from "../../../exit-world";
import type { SetOf } from "../../../governance";
import { exposureBy, readEngine, termsOf } from "../../../risk-engine";
import { BY, slashesAll } from "../../../risk-world";
import { staked } from "../../../world";

/** Alice and Bob, with rETH besides: two assets in the engine, a fifth of everything queued. */
async function portfolio() {
  const { world, alice, bob } = await staked();
  await world.deposit(alice, "rETH", ether("30"));
  await world.crank();
  await world.request(bob, world.asset, ether("20"));
  await world.request(alice, world.ctx.address("rETH"), ether("5"));
  await world.pass(86_400n);
  const desk = world.c.desk.connect(world.keeper);
  await desk.unbond(world.asset, 16n);
  await desk.unbond(world.ctx.address("rETH"), 16n);
  await world.allocateAll().catch(() => undefined);
  await world.c.accountant.report();
  return { world, alice, bob };
}

async function setsOf({ c }: World): Promise<SetOf[]> {
  return (await c.sets.sets()).map(({ avs, id }) => ({ avs, id }));
}

/** Targets of all sets, in basis points: every operator has the same. */
const targetsOf = ({ ctx }: World): bigint[] => ctx.config.avss.flatMap(({ sets }) => sets.map((set) => set.targetBps));
const sum = (values: bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

/** Rounding of a slash: a unit for each operator and asset, at its rate. */
const ROUNDING = 1_000n;

describe("RiskLens", () => {
  describe("exposure", () => {
    it("is what the engine says, added up by set, AVS, operator, entity, group and asset", async () => {
      const { world } = await loadFixture(portfolio);
      const [seen, terms] = [await readEngine(world), await termsOf(world)];
      for (const by of Object.values(BY)) {
        const slices = await world.c.risk.exposures(by);
        const expected = exposureBy(seen, by, terms);
        expect(slices.map(({ key }) => key).sort()).to.deep.equal([...expected.keys()].sort());
        for (const { key, etherNow, etherLater, etherAtRisk } of slices) {
          const { now, later, atRisk } = expected.get(key) ?? { now: 0n, later: 0n, atRisk: 0n };
          expectWithin(etherNow, now, ROUNDING, `now of ${key}`);
          expectWithin(etherLater, later, ROUNDING, `later of ${key}`);
          expectWithin(etherAtRisk, atRisk, ROUNDING, `at risk of ${key}`);
        }
      }
      const all = (await world.c.risk.exposures(BY.asset)).reduce((sum, { etherAtRisk }) => sum + etherAtRisk, 0n);
      expectWithin(await world.c.risk.worstCaseLoss(), all, 0n);
      const stake = await world.c.risk.slashableStake();
      expectWithin((all * 10_000n) / stake, sum(targetsOf(world)), 1n);
    });

    it("shows pending changes with their block, and both ends of them", async () => {
      const { world } = await loadFixture(portfolio);
      const [set] = await setsOf(world);
      const tight = world.c.controller.connect(await world.signer(world.ctx.config.governance.tightening));
      await tight.lowerTarget(0, set, ether("0.02"));
      await world.c.controller.connect(world.keeper).allocate(0, set);
      const pending = (await world.c.risk.pendingChanges()).filter(({ asset }) => asset === world.asset);
      expect(pending).to.have.length(1);
      const [{ operatorId, current, pendingDiff, effectBlock, etherNow, etherLater, etherAtRisk }] = pending;
      expect([operatorId, current, pendingDiff]).to.deep.equal([0n, ether("0.05"), -ether("0.03")]);
      expect(effectBlock).to.be.greaterThan(await world.ctx.provider.getBlockNumber());
      expectWithin(etherLater, (etherNow * 2n) / 5n, 10n);
      expect(etherAtRisk).to.equal(etherNow);
      await world.pass(60n * BLOCK_SECONDS);
      expect((await world.c.risk.pendingChanges()).filter(({ asset }) => asset === world.asset)).to.deep.equal([]);
    });

    it("does not count what no slash can reach any more", async () => {
      const { world } = await loadFixture(portfolio);
      const before = await world.c.risk.slashableStake();
      await world.pass(55n * BLOCK_SECONDS); // longer than the engine's delay: what is queued only waits to be completed
      const after = await world.c.risk.slashableStake();
      // 25 were asked back, and on top what a share may gain until then: ten basis points on each of six days.
      expectWithin(before - after, ether("25.15"), ether("0.001"));
    });

    it("is spread: the index of concentration is that of the shares", async () => {
      const { world } = await loadFixture(portfolio);
      expectWithin(await world.c.risk.concentration(BY.operator), 2_000n, 1n); // five alike
      const targets = targetsOf(world);
      const index = (sum(targets.map((bps) => bps * bps)) * 10_000n) / sum(targets) ** 2n;
      expectWithin(await world.c.risk.concentration(BY.set), index, 1n);
      expect(await world.c.risk.concentration(BY.group)).to.be.greaterThan(await world.c.risk.concentration(BY.avs));
    });
  });

  describe("stress", () => {
    it("equals what happens, to rounding, for any slashes of any sets, the queue included", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 1_000 })), {
            minLength: 1,
            maxLength: 4,
          }),
          async (drawn) => {
            const { world } = await loadFixture(portfolio);
            const sets = await setsOf(world);
            const slashes = drawn.map(([i, part]) => ({ set: sets[i], wad: ether("0.001") * BigInt(part) }));
            const expected = await world.c.risk.stress(slashes);
            const before = await world.c.accountant.netAssetValue();
            for (const { set, wad } of slashes) await slashesAll(world, set, wad);
            await world.c.accountant.settle();
            const nav = await world.c.accountant.netAssetValue();
            expectWithin(expected.netAssetValue, nav, ROUNDING * 30n, "net asset value");
            expectWithin(expected.loss, before - nav, ROUNDING * 30n, "loss");
            expectWithin(expected.rateWad, await world.c.pool.rate(), 10n, "rate");
            // The ledger says of each AVS what the stress test said of its slashes.
            for (const avs of new Set(slashes.map(({ set }) => set.avs))) {
              const sum = slashes.reduce((s, { set }, i) => (set.avs === avs ? s + expected.lossBySlash[i] : s), 0n);
              expectWithin(await world.c.attribution.lossOfAvs(avs), sum, ROUNDING * 100n, `loss by ${avs}`);
            }
          },
        ),
        { numRuns: 8 },
      );
    });

    it("says how many allocations would be above a cap, and of nothing that nothing is lost", async () => {
      const { world } = await loadFixture(portfolio);
      const sets = await setsOf(world);
      const none = await world.c.risk.stress([]);
      expect([none.loss, none.brokenCaps]).to.deep.equal([0n, 0n]);
      expect(none.rateWad).to.equal(await world.c.pool.rate());
      const unknown = await world.c.risk.stress([{ set: { avs: sets[0].avs, id: 77n }, wad: ether("1") }]);
      expect(unknown.loss).to.equal(0n);
    });

    it("leaves those out whom the set cannot slash", async () => {
      const { world } = await loadFixture(portfolio);
      const [set] = await setsOf(world);
      const all = await world.c.risk.stress([{ set, wad: ether("1") }]);
      const tight = world.c.controller.connect(await world.signer(world.ctx.config.governance.tightening));
      await tight.deregister(0, set.avs, [set.id]);
      await world.pass(52n * BLOCK_SECONDS);
      await world.c.accountant.report();
      const rest = await world.c.risk.stress([{ set, wad: ether("1") }]);
      expect(rest.lossByOperator[0]).to.equal(0n);
      expect(rest.lossByOperator[1]).to.be.greaterThan(0n);
      expect(rest.loss).to.be.lessThan(all.loss);
      expect(
        await (await allocationsOf(world)).isOperatorSlashable((await world.c.operators.operator(0)).account, set),
      ).to.equal(false);
    });

    it("says what those in line bear: their part of the shares", async () => {
      const { world } = await loadFixture(portfolio);
      const [set] = await setsOf(world);
      const { loss, lossInLine } = await world.c.risk.stress([{ set, wad: ether("0.5") }]);
      const inLine = await world.c.trEth.balanceOf(world.c.queue);
      expectWithin(lossInLine, (loss * inLine) / (await world.c.trEth.totalSupply()), 1n);
      await slash(world, 0, set.id, 0, ether("0.1"));
    });
  });
});
