import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ETHER, ether, now } from "../exit-world";
import { populated, walkExits, type Engine } from "../model/exit-walk";

/** Runs of each engine; `npm run walk -- --exits 1000` makes more. */
const SEEDS: Record<Engine, number[]> = { quick: [1, 2], real: [3] };

const quick = () => populated("quick");
const real = () => populated("real");

describe("Scenario: dates that tickets are told", () => {
  for (const [engine, fixture] of [
    ["quick", quick],
    ["real", real],
  ] as const) {
    for (const seed of SEEDS[engine]) {
      it(`hold over random requests, deposits, slashes, alarms and rewards: ${engine} engine, seed ${seed}`, async () => {
        const world = await loadFixture(fixture);
        const walked = await walkExits(world, engine, seed);
        expect(walked.failures, walked.told.join("\n")).to.deep.equal([]);
        expect(walked.tickets).to.be.above(0);
      });
    }
  }

  it("hold while the rate grows by all that it may, every day, and nobody comes in", async () => {
    const world = await loadFixture(real);
    const { c, asset } = world;
    const [alice, bob] = [await world.person(0), await world.person(1)];
    // More than the cap lets in: a share is worth a tenth of a percent more units every day.
    const { restaked } = await c.accountant.backing(asset);
    const stEth = await world.acquire(world.keeper, "stETH", restaked / 10n);
    await (await stEth.connect(world.keeper).transfer(c.strategy, restaked / 10n)).wait();
    const inKind = await world.request(bob, asset, ether("30"));
    const inEther = await world.request(alice, ETHER, ether("30"));
    const rate = await c.pool.rate();
    for (const id of [inKind, inEther]) {
      const { latest } = await c.queue.withdrawalStatus(id);
      while ((await c.queue.withdrawalStatus(id)).remainingShares !== 0n) {
        expect(await now(world.ctx.provider), `ticket ${id}`).to.be.at.most(latest);
        await world.days(1);
      }
    }
    expect(((await c.pool.rate()) * 10_000n) / rate).to.be.above(10_100n); // it did grow, by more than a hundredth
  });
});
