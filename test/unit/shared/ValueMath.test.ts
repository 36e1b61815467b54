import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { ValueMathHarness } from "../../../typechain-types";
import { WAD } from "../../checks";
import { up } from "../../models";

async function harness() {
  return (await ethers.deployContract("ValueMathHarness")) as unknown as ValueMathHarness;
}

const RUNS = { numRuns: 100 };
const amount = fc.bigInt(0n, 2n ** 128n);
const rate = fc.bigInt(1n, 2n ** 80n);
const both = (value: bigint, by: bigint): bigint[] => [value / by, up(value, by)];

describe("ValueMath", () => {
  it("converts to ether value and back, down and up, like whole numbers", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(amount, rate, async (a, r) => {
        expect([...(await math.toEther(a, r))]).to.deep.equal(both(a * r, WAD));
        expect([...(await math.fromEther(a, r))]).to.deep.equal(both(a * WAD, r));
      }),
      RUNS,
    );
  });

  it("never gains by a round trip", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(amount, rate, async (a, r) => {
        const { down } = await math.fromEther(a, r);
        expect((await math.toEther(down, r)).down).to.be.at.most(a);
        const { up: more } = await math.fromEther(a, r);
        expect((await math.toEther(more, r)).up).to.be.at.least(a);
      }),
      RUNS,
    );
  });

  it("expresses an amount of one rate at another", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(amount, rate, rate, async (a, from, to) => {
        expect([...(await math.convert(a, from, to))]).to.deep.equal(both(a * from, to));
      }),
      RUNS,
    );
  });

  it("takes a part, and zero of nothing", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(amount, amount, amount, async (a, over, under) => {
        const expected = under === 0n ? [0n, 0n] : both(a * over, under);
        expect([...(await math.part(a, over, under))]).to.deep.equal(expected);
      }),
      RUNS,
    );
    expect([...(await math.part(7n, 3n, 0n))]).to.deep.equal([0n, 0n]);
  });

  it("takes basis points and leaves the rest, both rounded down", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(amount, fc.bigInt(0n, 10_000n), async (a, bps) => {
        const [taken, left] = [(a * bps) / 10_000n, (a * (10_000n - bps)) / 10_000n];
        expect([...(await math.bps(a, bps))]).to.deep.equal([taken, left]);
        expect(taken + left).to.be.at.most(a);
      }),
      RUNS,
    );
  });

  it("divides once for a deposit's shares, over the whole of its range", async () => {
    const math = await loadFixture(harness);
    const haircut = fc.bigInt(0n, 500n);
    const price = fc.bigInt(10n ** 15n, 2n ** 89n);
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(0n, 2n ** 88n - 1n),
        fc.bigInt(0n, 2n ** 80n - 1n),
        haircut,
        price,
        async (u, r, h, p) => {
          expect(await math.depositSharesDown(u, r, h, p)).to.equal((u * r * (10_000n - h)) / (p * 10_000n));
        },
      ),
      RUNS,
    );
  });

  it("counts days and subtracts down to zero", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, 2n ** 40n), amount, async (a, b) => {
        expect(await math.dayOf(a)).to.equal(a / 86_400n);
        expect(await math.minusOrZero(a, b)).to.equal(a > b ? a - b : 0n);
      }),
      RUNS,
    );
  });
});
