import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { PANIC_CODES } from "@nomicfoundation/hardhat-chai-matchers/panic";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { CountersHarness } from "../../../../typechain-types";

async function harness() {
  return (await ethers.deployContract("CountersHarness")) as unknown as CountersHarness;
}

const RUNS = { numRuns: 100 };
const [UNITS, RATE] = [2n ** 88n - 1n, 2n ** 80n - 1n];
/** Edges more often than not: there a part would run into the next. */
const upTo = (most: bigint) => fc.oneof(fc.constantFrom(0n, 1n, most - 1n, most), fc.bigInt(0n, most));
const parts = fc.record({ rate: upTo(RATE), headroom: upTo(UNITS), idle: upTo(UNITS) });
type Parts = { rate: bigint; headroom: bigint; idle: bigint };
const pack = ({ rate, headroom, idle }: Parts) => (rate << 176n) | (headroom << 88n) | idle;

describe("CounterWord", () => {
  it("reads each part, whatever the others are", async () => {
    const counters = await loadFixture(harness);
    const check = async (p: Parts) => {
      expect([...(await counters.parts(pack(p)))]).to.deep.equal([p.rate, p.headroom, p.idle]);
    };
    await fc.assert(fc.asyncProperty(parts, check), RUNS);
  });

  it("changes what it is asked to change and nothing else", async () => {
    const counters = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(parts, parts, async (p, q) => {
        const idle = await counters.withIdle(pack(p), q.idle);
        expect([...idle]).to.deep.equal([p.rate, p.headroom, q.idle]);
        const terms = await counters.withTerms(pack(p), q.headroom, q.rate);
        expect([...terms]).to.deep.equal([q.rate, q.headroom, p.idle]);
      }),
      RUNS,
    );
  });

  it("moves what comes in from the headroom to what is idle", async () => {
    const counters = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(parts, upTo(UNITS), async (p, units) => {
        const fits = units <= p.headroom && p.idle + units <= UNITS;
        if (!fits) {
          await expect(counters.bringIn(pack(p), units)).to.be.reverted;
          return;
        }
        const after = await counters.bringIn(pack(p), units);
        expect([...after]).to.deep.equal([p.rate, p.headroom - units, p.idle + units]);
      }),
      RUNS,
    );
  });

  it("reverts when a part would not fit", async () => {
    const counters = await loadFixture(harness);
    const full = pack({ rate: RATE, headroom: UNITS, idle: UNITS });
    const tooMuch = (bits: bigint, value: bigint) => ["SafeCastOverflowedUintDowncast", [bits, value]] as const;
    for (const [call, [error, args]] of [
      [counters.withIdle(full, UNITS + 1n), tooMuch(88n, UNITS + 1n)],
      [counters.withTerms(full, UNITS + 1n, 0n), tooMuch(88n, UNITS + 1n)],
      [counters.withTerms(full, 0n, RATE + 1n), tooMuch(80n, RATE + 1n)],
      [counters.bringIn(full, 1n), tooMuch(88n, UNITS + 1n)],
    ] as const)
      await expect(call)
        .to.be.revertedWithCustomError(counters, error)
        .withArgs(...args);
    await expect(counters.bringIn(0n, 1n)).to.be.revertedWithPanic(PANIC_CODES.ARITHMETIC_OVERFLOW);
  });
});
