import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { UtilisationMathHarness } from "../../../../typechain-types";
import { ether } from "../../../checks";
import { curveFee, curvePaid, up, type Curve } from "../../../models";

const BPS = 10_000n;
const RUNS = { numRuns: 150 };

async function harness() {
  return (await ethers.deployContract("UtilisationMathHarness")) as unknown as UtilisationMathHarness;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const curve = fc
  .record({
    target: fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(1n, 10n ** 26n)),
    fullness: fc.bigInt(0n, 300n),
    minFeeBps: fc.bigInt(10n, 500n),
    more: fc.bigInt(0n, 400n),
  })
  .map(({ target, fullness, minFeeBps, more }) => ({
    target,
    level: (target * fullness) / 100n,
    minFeeBps,
    maxFeeBps: least(minFeeBps + more, 500n),
  }));
const part = fc.bigInt(0n, 10n ** 6n);
const ofMost = (c: Curve, p: bigint): bigint => ((c.level + curveFee(c, c.level)) * p) / 10n ** 6n;

describe("UtilisationMath", () => {
  it("charges the lowest fee above the target, the highest on the last wei, and the mean in between", async () => {
    const math = await loadFixture(harness);
    const full = { level: ether("150"), target: ether("100"), minFeeBps: 15n, maxFeeBps: 100n };
    expect(await math.feeUp(full, ether("50"))).to.equal(ether("0.075"));
    expect(await math.feeUp({ ...full, level: 10n ** 4n }, 1n)).to.equal(1n); // rounded up
    const atTarget = { ...full, level: ether("100") };
    expect(await math.feeUp(atTarget, ether("100"))).to.equal(ether("0.575"));
    expect(await math.feeUp(full, ether("150"))).to.equal(ether("0.65"));
  });

  it("equals its rule, and pays the most that the value covers, fee included", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(curve, part, async (c, p) => {
        const value = ofMost(c, p);
        const paid = await math.paidDown(c, value);
        expect(paid).to.equal(curvePaid(c, value));
        expect(await math.feeUp(c, paid)).to.equal(curveFee(c, paid));
      }),
      RUNS,
    );
  });

  it("never pays more for two halves than for the whole, in any division", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(curve, part, part, async (c, p, q) => {
        const value = ofMost(c, p);
        const first = (value * q) / 10n ** 6n;
        const one = await math.paidDown(c, first);
        const two = await math.paidDown({ ...c, level: c.level - one }, value - first);
        expect(one + two).to.be.at.most(await math.paidDown(c, value));
      }),
      RUNS,
    );
  });

  it("keeps between the lowest and the highest fee", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(curve, part, async (c, p) => {
        const paid = (c.level * p) / 10n ** 6n;
        const fee = await math.feeUp(c, paid);
        expect(fee).to.be.at.least(up(paid * c.minFeeBps, BPS));
        expect(fee).to.be.at.most(up(paid * c.maxFeeBps, BPS));
      }),
      RUNS,
    );
  });
});
