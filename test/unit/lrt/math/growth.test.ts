import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { GrowthMathHarness, LossWindowHarness } from "../../../../typechain-types";
import { DAY, ether, WAD } from "../../../checks";
import { grown, type Growth } from "../../../models";

async function growth() {
  return (await ethers.deployContract("GrowthMathHarness")) as unknown as GrowthMathHarness;
}

async function lossWindow() {
  return (await ethers.deployContract("LossWindowHarness")) as unknown as LossWindowHarness;
}

const arbitrary: fc.Arbitrary<Growth> = fc
  .record({
    supply: fc.bigInt(10n ** 16n, 10n ** 26n),
    rateWad: fc.bigInt(10n ** 14n, 10n ** 20n),
    perMille: fc.bigInt(0n, 3_000n),
    dust: fc.bigInt(0n, 10n ** 9n),
    markBps: fc.bigInt(9_000n, 11_000n),
    elapsed: fc.bigInt(0n, 3n * DAY),
    growthCapBpsPerDay: fc.bigInt(0n, 100n),
    feeBps: fc.bigInt(0n, 2_000n),
    feeCapBps: fc.bigInt(0n, 5n),
  })
  .map(({ perMille, dust, markBps, feeCapBps, ...g }) => ({
    ...g,
    nav: (g.supply * g.rateWad * perMille) / (1_000n * WAD) + dust,
    highWaterMarkWad: (g.rateWad * markBps) / 10_000n,
    feeSharesLeft: (g.supply * feeCapBps) / 10_000n,
  }));

describe("GrowthMath", () => {
  it("equals the rules written with whole numbers", async () => {
    const math = await loadFixture(growth);
    await fc.assert(
      fc.asyncProperty(arbitrary, async (g) => {
        const { rateWad, waitingWad, feeShares } = await math.next(g);
        expect({ rateWad, waitingWad, feeShares }).to.deep.equal(grown(g));
      }),
      { numRuns: 100 },
    );
  });

  it("keeps its promises for any numbers", async () => {
    const math = await loadFixture(growth);
    await fc.assert(
      fc.asyncProperty(arbitrary, async (g) => {
        const { rateWad, waitingWad, feeShares } = await math.next(g);
        const supply = g.supply + feeShares;
        // Never above net asset value per share; what a deposit pays is never below it.
        expect(rateWad * supply).to.be.at.most(g.nav * WAD);
        expect((rateWad + waitingWad) * supply).to.be.at.least(g.nav * WAD);
        // A loss counts at once, a gain along the cap.
        const full = (g.nav * WAD) / g.supply;
        if (full <= g.rateWad) expect(rateWad).to.equal(full);
        else expect(rateWad - g.rateWad).to.be.at.most((g.rateWad * g.growthCapBpsPerDay) / 10_000n);
        // The fee: within the day's shares, and worth at most its part of what is above the mark.
        expect(feeShares).to.be.at.most(g.feeSharesLeft);
        const gain = rateWad > g.highWaterMarkWad ? rateWad - g.highWaterMarkWad : 0n;
        const before = (g.rateWad * g.growthCapBpsPerDay) / 10_000n + g.rateWad - g.highWaterMarkWad;
        const most = before > 0n ? (before * g.feeBps * g.supply) / (10_000n * WAD) : 0n;
        expect((feeShares * rateWad) / WAD).to.be.at.most(most);
        if (feeShares > 0n) expect(gain).to.be.above(-1n);
      }),
      { numRuns: 100 },
    );
  });

  it("bounds rate and fee when net asset value is wrong by 1e18", async () => {
    const math = await loadFixture(growth);
    const supply = ether("1000");
    const { rateWad, feeShares } = await math.next({
      nav: supply * WAD,
      supply,
      rateWad: WAD,
      highWaterMarkWad: WAD,
      elapsed: 30n * DAY,
      growthCapBpsPerDay: 10n,
      feeBps: 2_000n,
      feeSharesLeft: supply / 5_000n,
    });
    expect(rateWad).to.be.at.most(ether("1.001"));
    expect(feeShares).to.be.at.most(supply / 5_000n);
  });

  it("makes the rate zero when everything is lost, without reverting", async () => {
    const math = await loadFixture(growth);
    const g = { supply: WAD, rateWad: WAD, highWaterMarkWad: WAD, elapsed: 1n, growthCapBpsPerDay: 10n };
    expect([...(await math.next({ ...g, nav: 0n, feeBps: 1_000n, feeSharesLeft: 1n }))]).to.deep.equal([0n, 0n, 0n]);
  });
});

describe("LossWindow", () => {
  it("adds up seven days and rings once per rest, like a list of losses", async () => {
    const harness = await loadFixture(lossWindow);
    const [limit, closing, rest] = [ether("0.005"), DAY, 7n * DAY];
    const event = fc.record({ wait: fc.bigInt(1n, 3n * DAY), loss: fc.bigInt(0n, (limit * 4n) / 5n) });
    const clean = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
        await clean.restore();
        const losses: { day: bigint; loss: bigint }[] = [];
        let [closedUntil, nextFrom] = [0n, 0n];
        for (const { wait, loss } of events) {
          const now = BigInt(await time.latest()) + wait;
          const today = now / DAY;
          losses.push({ day: today, loss });
          // Newest day first; within a day in order; each rounded up.
          const together = (a: bigint, b: bigint) => WAD - ((WAD - a) * (WAD - b)) / WAD;
          const days = Array.from({ length: 7 }, (_, back) => today - BigInt(back));
          const sum = days
            .map((day) => losses.filter((l) => l.day === day).reduce((total, l) => together(total, l.loss), 0n))
            .reduce(together, 0n);
          const rings = sum >= limit && now >= nextFrom;
          if (rings) [closedUntil, nextFrom] = [now + closing, now + rest];
          await time.setNextBlockTimestamp(now);
          await expect(harness.add(loss, limit, closing, rest))
            .to.emit(harness, "Added")
            .withArgs(rings, sum, closedUntil, nextFrom);
        }
      }),
      { numRuns: 25 },
    );
    await clean.restore();
  });
});
