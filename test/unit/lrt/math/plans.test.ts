import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { LiquidityPlanHarness, WeightMathHarness } from "../../../../typechain-types";
import { ether, WAD } from "../../../checks";
import { up } from "../../../models";

async function weightMath() {
  return (await ethers.deployContract("WeightMathHarness")) as unknown as WeightMathHarness;
}

async function liquidityPlan() {
  return (await ethers.deployContract("LiquidityPlanHarness")) as unknown as LiquidityPlanHarness;
}

const RUNS = { numRuns: 100 };
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const minus = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);
const sum = (list: readonly bigint[]): bigint => list.reduce((a, b) => a + b, 0n);

const operators = fc.array(
  fc.record({ units: fc.bigInt(0n, 10n ** 24n), weight: fc.oneof(fc.constant(0n), fc.bigInt(1n, 10_000n)) }),
  { maxLength: 16 },
);

describe("WeightMath", () => {
  it("spreads new units by weight, to nobody above its target or cap, never more than there are", async () => {
    const math = await loadFixture(weightMath);
    await fc.assert(
      fc.asyncProperty(operators, fc.bigInt(0n, 10n ** 24n), fc.bigInt(0n, 10n ** 24n), async (list, added, cap) => {
        const [units, weights] = [list.map((o) => o.units), list.map((o) => o.weight)];
        const lacks = await math.lacking(units, weights, added, cap);
        const weighted = list.filter(({ weight }) => weight > 0n);
        const [total, weightSum] = [sum(weighted.map((o) => o.units)) + added, sum(weights)];
        let left = added;
        for (const [i, { units: has, weight }] of list.entries()) {
          const target = weight === 0n ? 0n : least((total * weight) / weightSum, cap);
          expect(lacks[i]).to.equal(least(minus(target, has), left));
          left -= lacks[i];
        }
        expect(sum(lacks)).to.be.at.most(added);
      }),
      RUNS,
    );
  });

  it("takes at least what is asked for, as long as there is that much, and nothing of weight zero", async () => {
    const math = await loadFixture(weightMath);
    await fc.assert(
      fc.asyncProperty(operators, fc.bigInt(0n, 10n ** 24n), async (list, removed) => {
        const [units, weights] = [list.map((o) => o.units), list.map((o) => o.weight)];
        const excess = await math.excess(units, weights, removed);
        const weighted = sum(list.map((o) => (o.weight === 0n ? 0n : o.units)));
        const left = minus(weighted, removed);
        for (const [i, { units: has, weight }] of list.entries()) {
          expect(excess[i]).to.equal(weight === 0n ? 0n : minus(has, (left * weight) / sum(weights)));
          expect(excess[i]).to.be.at.most(has);
        }
        expect(sum(excess)).to.be.at.least(least(removed, weighted));
      }),
      RUNS,
    );
  });
});

const value = fc.oneof(fc.constant(0n), fc.bigInt(1n, 10n ** 25n));
const books = fc
  .record({
    etherIdle: value,
    etherRedeeming: value,
    etherWaiting: value,
    duePart: fc.bigInt(0n, 100n),
    unitsIdle: value,
    unitsUnbonding: value,
    unitsWaiting: value,
    rateWad: fc.bigInt(ether("0.5"), ether("3")),
    growthBps: fc.bigInt(0n, 500n),
    etherGrowthBps: fc.bigInt(0n, 500n),
  })
  .map(({ duePart, ...b }) => ({
    ...b,
    etherDue: (b.etherWaiting * duePart) / 100n,
    unitsDue: (b.unitsWaiting * duePart) / 100n,
  }));

describe("LiquidityPlan", () => {
  const MARGIN = 10n ** 6n;
  // Growth while it is under way, and a margin for rounding.
  const withMargin = (units: bigint, growthBps: bigint): bigint =>
    units === 0n ? 0n : units + (units * growthBps) / 10_000n + MARGIN;

  it("equals its rules for any books", async () => {
    const plan = await loadFixture(liquidityPlan);
    await fc.assert(
      fc.asyncProperty(books, value, async (b, buffer) => {
        const forEther = (wanted: bigint) =>
          withMargin(up(minus(wanted, b.etherIdle + b.etherRedeeming) * WAD, b.rateWad), b.etherGrowthBps);
        expect([...(await plan.moves(b, buffer))]).to.deep.equal([
          minus(b.etherIdle, b.etherWaiting + buffer),
          minus(b.unitsIdle, withMargin(b.unitsWaiting, b.growthBps) + forEther(b.etherWaiting)),
          minus(withMargin(b.unitsDue, b.growthBps) + forEther(b.etherDue), b.unitsIdle + b.unitsUnbonding),
        ]);
      }),
      RUNS,
    );
  });

  it("never spends what a ticket waits for", async () => {
    const plan = await loadFixture(liquidityPlan);
    await fc.assert(
      fc.asyncProperty(books, value, async (b, buffer) => {
        const { stakeable, restakeable, unbond } = await plan.moves(b, buffer);
        // ETH that is staked leaves what the ETH line waits for, and the buffer; units restaked leave what both lines wait for.
        if (stakeable > 0n) expect(b.etherIdle - stakeable).to.equal(b.etherWaiting + buffer);
        if (restakeable > 0n) {
          const leftValue = ((b.unitsIdle - restakeable - b.unitsWaiting) * b.rateWad) / WAD;
          expect(leftValue + b.etherIdle + b.etherRedeeming).to.be.at.least(b.etherWaiting);
        }
        // Nothing is restaked while something must come back: what was brought back does not go round and round.
        if (unbond > 0n) expect(restakeable).to.equal(0n);
      }),
      RUNS,
    );
  });

  it("redeems what is given to the ETH line, with a margin from what nobody needs", async () => {
    const plan = await loadFixture(liquidityPlan);
    await fc.assert(
      fc.asyncProperty(value, value, fc.bigInt(0n, 500n), async (given, left, growthBps) => {
        expect(await plan.redeemableUnits(given, left, growthBps)).to.equal(
          given + least(minus(left, MARGIN), withMargin(given, growthBps) - given),
        );
      }),
      RUNS,
    );
  });
});
