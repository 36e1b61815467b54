import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { WeightedMedianMathHarness } from "../../../typechain-types";

async function harness() {
  return (await ethers.deployContract("WeightedMedianMathHarness")) as unknown as WeightedMedianMathHarness;
}

/** The smallest value whose weight, with all smaller ones, is half of everything or more. */
function medianOf(entries: { value: bigint; weight: bigint }[]): bigint {
  const total = entries.reduce((sum, { weight }) => sum + weight, 0n);
  const upTo = (limit: bigint) => entries.reduce((sum, e) => (e.value <= limit ? sum + e.weight : sum), 0n);
  const good = entries.map(({ value }) => value).filter((value) => upTo(value) * 2n >= total);
  return good.reduce((least, value) => (value < least ? value : least));
}

const entry = fc.record({ value: fc.bigInt(0n, 50n), weight: fc.bigInt(1n, 10n ** 30n) });

describe("WeightedMedianMath", () => {
  it("takes the only value", async () => {
    const math = await loadFixture(harness);
    expect(await math.medianDown([7n], [1n], 1n)).to.equal(7n);
  });

  it("takes the lower of two middle values", async () => {
    const math = await loadFixture(harness);
    expect(await math.medianDown([9n, 3n], [5n, 5n], 2n)).to.equal(3n);
  });

  it("follows the weight, not the number of voices", async () => {
    const math = await loadFixture(harness);
    expect(await math.medianDown([1n, 2n, 100n], [1n, 1n, 3n], 3n)).to.equal(100n);
  });

  it("looks at the first entries only", async () => {
    const math = await loadFixture(harness);
    expect(await math.medianDown([4n, 1n, 0n], [1n, 1n, 99n], 2n)).to.equal(1n);
  });

  it("equals the definition for any values and weights", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 32 }), async (entries) => {
        const values = entries.map(({ value }) => value);
        const weights = entries.map(({ weight }) => weight);
        expect(await math.medianDown(values, weights, entries.length)).to.equal(medianOf(entries));
      }),
      { numRuns: 100 },
    );
  });

  it("stays within the honest values when less than half of the stake lies", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 16 }),
        fc.array(fc.bigInt(0n, ethers.MaxUint256), { maxLength: 16 }),
        async (honest, lies) => {
          const honestWeight = honest.reduce((sum, { weight }) => sum + weight, 0n);
          const lieWeight = lies.length === 0 ? 0n : (honestWeight - 1n) / BigInt(lies.length);
          const values = [...lies, ...honest.map(({ value }) => value)];
          const weights = [...lies.map(() => lieWeight), ...honest.map(({ weight }) => weight)];
          const median = await math.medianDown(values, weights, values.length);
          const sorted = honest.map(({ value }) => value).sort((a, b) => (a < b ? -1 : 1));
          expect(median).to.be.within(sorted[0], sorted[sorted.length - 1]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
