import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { InflowLedgerHarness } from "../../../../typechain-types";
import { DAY, ether, FOREVER, WAD } from "../../../checks";

const MAX = 2n ** 88n - 1n;
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const minusOrZero = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);

async function ledger() {
  const harness = (await ethers.deployContract("InflowLedgerHarness")) as unknown as InflowLedgerHarness;
  await harness.setCap(MAX);
  return harness;
}

/** A full bucket of `limit`, settled now. */
async function full(limit: bigint) {
  const harness = await ledger();
  await harness.open(limit, 0n);
  return { harness, at: BigInt(await time.latest()) };
}

/** At a time, then. */
async function at(when: bigint, call: () => Promise<unknown>): Promise<void> {
  await time.setNextBlockTimestamp(when);
  await call();
}

/* A MODEL IN WHOLE NUMBERS */

type Step =
  | { kind: "open"; wait: bigint; limit: bigint; inside: bigint }
  | { kind: "deposit"; wait: bigint; bps: bigint }
  | { kind: "giveBack"; wait: bigint; units: bigint }
  | { kind: "cap"; wait: bigint; cap: bigint };

const MOST = 1_000_000n;
const wait = fc.oneof(fc.constant(1n), fc.bigInt(1n, 600n), fc.bigInt(1n, 2n * DAY));
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("open" as const),
      wait,
      limit: fc.bigInt(0n, MOST),
      inside: fc.bigInt(0n, 3n * MOST),
    }),
    fc.record({ kind: fc.constant("deposit" as const), wait, bps: fc.constantFrom(1n, 5_000n, 10_000n, 10_000n) }),
    fc.record({ kind: fc.constant("giveBack" as const), wait, units: fc.bigInt(0n, MOST) }),
    fc.record({ kind: fc.constant("cap" as const), wait, cap: fc.bigInt(0n, 4n * MOST) }),
  ),
  { minLength: 5, maxLength: 30 },
);

interface Moved {
  time: bigint;
  units: bigint; // in, or out when negative
}

class Model {
  left = 0n;
  opened = 0n;
  headroom = 0n;
  settledAt = 0n;
  cap = MAX;
  moved: Moved[] = [];
  limits: { time: bigint; limit: bigint }[] = [];

  open(now: bigint, limit: bigint, inside: bigint): void {
    const elapsed = min(now - this.settledAt, DAY);
    this.left = minusOrZero(min(limit, this.left + (limit * elapsed) / DAY), this.opened - this.headroom);
    this.opened = this.headroom = min(this.left, minusOrZero(this.cap, inside));
    this.settledAt = now;
    this.limits.push({ time: now, limit });
  }

  deposit(now: bigint, units: bigint): void {
    this.headroom -= units;
    this.moved.push({ time: now, units });
  }

  giveBack(now: bigint, units: bigint): void {
    this.left += units;
    this.moved.push({ time: now, units: -units });
  }

  /** Most that came in, less what went out, in 24 hours that begin with a deposit; and the bound of that time. */
  windows(): { net: bigint; bound: bigint }[] {
    return this.moved.map(({ time: start }, i) => {
      const inside = this.moved.slice(i).filter((m) => m.time < start + DAY);
      const earlier = this.limits.filter((l) => l.time <= start);
      const during = this.limits.filter((l) => l.time > start && l.time < start + DAY);
      const limits = [...earlier.slice(-1), ...during].map((l) => l.limit);
      const bound = 2n * limits.reduce((a, b) => (a > b ? a : b), 0n); // one limit, and one day's refill
      return { net: inside.reduce((sum, m) => sum + m.units, 0n), bound };
    });
  }
}

describe("InflowLedger", () => {
  it("follows its model, and lets in no more than one limit and one day's refill in any 24 hours", async () => {
    const harness = await loadFixture(ledger);
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        await start.restore();
        const model = new Model();
        let now = BigInt(await time.latest());
        for (const step of [{ kind: "open", wait: 1n, limit: MOST, inside: 0n } as const, ...all]) {
          now += step.wait;
          await time.setNextBlockTimestamp(now);
          if (step.kind === "open") {
            await harness.open(step.limit, step.inside);
            model.open(now, step.limit, step.inside);
          } else if (step.kind === "deposit") {
            const units = (model.headroom * step.bps) / 10_000n;
            await harness.deposit(units);
            model.deposit(now, units);
          } else if (step.kind === "giveBack") {
            await harness.giveBack(step.units);
            model.giveBack(now, step.units);
          } else {
            await harness.setCap(step.cap);
            model.cap = step.cap;
          }
          expect(await harness.headroom()).to.equal(model.headroom);
        }
        for (const { net, bound } of model.windows()) expect(net).to.be.at.most(bound);
      }),
      { numRuns: 60 },
    );
  });

  it("starts full", async () => {
    const { harness } = await full(ether("5"));
    expect(await harness.headroom()).to.equal(ether("5"));
  });

  it("refills an empty bucket in proportion to time, to the limit and no further", async () => {
    const { harness, at: opened } = await full(DAY);
    await at(opened + 1n, () => harness.deposit(DAY));
    await at(opened + 2n, () => harness.open(DAY, 0n)); // settled: what came in is taken now
    expect(await harness.headroom()).to.equal(0n);
    await at(opened + 3_602n, () => harness.open(DAY, 0n));
    expect(await harness.headroom()).to.equal(3_600n);
    await at(opened + 2n + DAY, () => harness.open(DAY, 0n));
    expect(await harness.headroom()).to.equal(DAY);
    await at(opened + 2n + 9n * DAY, () => harness.open(DAY, 0n));
    expect(await harness.headroom()).to.equal(DAY);
  });

  it("gives no second bucket after days in which nobody came", async () => {
    const { harness, at: opened } = await full(DAY);
    await at(opened + 5n * DAY, () => harness.deposit(DAY));
    await at(opened + 5n * DAY + 1n, () => harness.open(DAY, 0n));
    expect(await harness.headroom()).to.equal(0n);
  });

  it("opens nothing extra when it is settled every block", async () => {
    const limit = ether("5");
    const { harness, at: opened } = await full(limit);
    await at(opened + 1n, () => harness.deposit(limit));
    for (let i = 1n; i <= 100n; ++i) await at(opened + 12n * i, () => harness.open(limit, 0n));
    const once = (limit * (1_200n - 12n)) / DAY; // the first settlement only takes what came in
    expect(await harness.headroom()).to.be.at.most(once);
    expect(once - (await harness.headroom())).to.be.below(100n); // a unit for each settlement, for nobody
  });

  it("opens no inflow when the cap is raised, and no cap room when the bucket is full", async () => {
    const { harness, at: opened } = await full(DAY);
    await harness.deposit(DAY);
    await at(opened + 100n, () => harness.open(DAY, DAY));
    await harness.setCap(MAX);
    await at(opened + 200n, () => harness.open(DAY, DAY));
    expect(await harness.headroom()).to.equal(100n); // of time, not of cap
    await harness.setCap(DAY + 3n);
    await at(opened + 2n * DAY, () => harness.open(DAY, DAY));
    expect(await harness.headroom()).to.equal(3n);
  });

  it("opens nothing while more is inside than the cap", async () => {
    const { harness } = await full(DAY);
    await harness.setCap(5n);
    await harness.open(DAY, 6n);
    expect(await harness.headroom()).to.equal(0n);
  });

  it("gives back what is paid out, up to a full bucket, from the next settlement on", async () => {
    const { harness, at: opened } = await full(DAY);
    await at(opened + 1n, () => harness.deposit(DAY));
    await at(opened + 2n, () => harness.open(DAY, 0n));
    await at(opened + 3n, () => harness.giveBack(500n));
    expect(await harness.headroom()).to.equal(0n);
    await at(opened + 4n, () => harness.open(DAY, 0n));
    expect(await harness.headroom()).to.equal(502n);
    await harness.giveBack(MAX);
    await harness.giveBack(MAX); // does not run over: a pay-out never fails for it
    await harness.open(DAY, 0n);
    expect(await harness.headroom()).to.equal(DAY);
  });

  it("forgets what a lowered limit cannot hold, and refills a raised one over time", async () => {
    const { harness, at: opened } = await full(DAY);
    await at(opened + 10n, () => harness.open(50n, 0n));
    expect(await harness.headroom()).to.equal(50n);
    await at(opened + 20n, () => harness.open(2n * DAY, 0n));
    expect(await harness.headroom()).to.equal(50n + 20n);
  });

  describe("limitOf", () => {
    it("is a part of the supply in units of the asset, rounded down, and never below the floor", async () => {
      const harness = await loadFixture(ledger);
      await harness.setLimit(500, 1_000n);
      const cases: [supply: bigint, rate: bigint, assetRate: bigint, limit: bigint][] = [
        [0n, WAD, WAD, 1_000n],
        [20_000n, WAD, WAD, 1_000n],
        [20_020n, WAD, WAD, 1_001n],
        [20_039n, WAD, WAD, 1_001n],
        [100_000n, (WAD * 12n) / 10n, (WAD * 125n) / 100n, 4_800n],
        [100_000n, WAD, 0n, 1_000n], // a value that was never read
        [MAX, WAD, 1n, MAX], // a value that is next to nothing
      ];
      for (const [supply, rate, assetRate, limit] of cases) {
        expect(await harness.limitOf(supply, rate, assetRate)).to.equal(limit);
      }
    });
  });

  describe("roomFrom", () => {
    it("is now while there is room, later in proportion, and never above a full bucket", async () => {
      const { harness, at: opened } = await full(DAY);
      await at(opened + 1n, () => harness.deposit(DAY - 7n));
      await at(opened + 2n, () => harness.open(DAY, 0n)); // the first second found the bucket full
      await time.increaseTo(opened + 10n);
      expect(await harness.leftNow(DAY)).to.equal(15n);
      expect(await harness.roomFrom(DAY, 15n)).to.equal(opened + 10n);
      expect(await harness.roomFrom(DAY, 16n)).to.equal(opened + 11n);
      expect(await harness.roomFrom(DAY, DAY)).to.equal(opened + 10n + DAY - 15n);
      expect(await harness.roomFrom(DAY, DAY + 1n)).to.equal(FOREVER);
      expect(await harness.roomFrom(0n, 1n)).to.equal(FOREVER);
    });

    it("rounds up: room is there at that time and not a second before", async () => {
      const limit = 1_000_003n;
      const { harness, at: opened } = await full(limit);
      await at(opened + 1n, () => harness.deposit(limit));
      await at(opened + 2n, () => harness.open(limit, 0n));
      const from = await harness.roomFrom(limit, 999n);
      await time.increaseTo(from - 1n);
      expect(await harness.leftNow(limit)).to.be.below(999n);
      await time.increaseTo(from);
      expect(await harness.leftNow(limit)).to.be.at.least(999n);
    });
  });
});
