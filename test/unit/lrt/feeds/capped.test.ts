import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { as, DAY, ether, WAD } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { deployed } from "../../../world";

const YEAR = 365n * DAY;
const BPS = 10_000n;
const INTERVAL = 7n * DAY;
const ACCRUAL = 90n * DAY;
/** Of the local configuration. */
const GROWTH = 1_000n;

const least = (...all: bigint[]): bigint => all.reduce((a, b) => (a < b ? a : b));
const most = (...all: bigint[]): bigint => all.reduce((a, b) => (a > b ? a : b));
const line = (from: bigint, elapsed: bigint): bigint => from + (from * GROWTH * least(elapsed, ACCRUAL)) / (BPS * YEAR);

/** A feed, and a hand that writes what the accountant would. */
async function capped() {
  const world = await loadFixture(deployed);
  const { c } = world;
  const pool = c.pool.connect(await as(c.accountant));
  const feed = c.cappedFeed.connect(world.keeper);
  const { takenAt } = await feed.snapshot();
  /** Reports a rate at a time. */
  const report = async (at: bigint, rateWad: bigint) => {
    await time.setNextBlockTimestamp(at);
    await pool.setTerms(rateWad, 0n, 0n);
  };
  /** Reports and takes a snapshot in the second after it. */
  const advance = async (at: bigint, rateWad: bigint) => {
    await report(at, rateWad);
    await time.setNextBlockTimestamp(at + 1n);
    await (await feed.advance()).wait();
  };
  return { world, c, pool, feed, start: takenAt, report, advance };
}

describe("CappedRateFeed", () => {
  it("begins at the rate of its deployment", async () => {
    const { feed, start } = await capped();
    expect([...(await feed.snapshot())]).to.deep.equal([WAD, WAD, start]);
    expect(await feed.GROWTH_BPS_PER_YEAR()).to.equal(GROWTH);
  });

  it("cannot be built without growth, with too much of it, or on a rate of nothing", async () => {
    const { pool, feed } = await capped();
    const factory = await ethers.getContractFactory("CappedRateFeed");
    for (const growth of [0n, 2_501n]) {
      await expect(factory.deploy(pool, growth))
        .to.be.revertedWithCustomError(feed, "GrowthOutOfBounds")
        .withArgs(growth, 2_500n);
    }
    await (await factory.deploy(pool, 2_500n)).waitForDeployment();
    await pool.setTerms(0n, 0n, 0n);
    await expect(factory.deploy(pool, GROWTH)).to.be.revertedWithCustomError(feed, "RateUnset").withArgs(0n, 1n);
  });

  it("answers the rate below the line and the line below the rate", async () => {
    const { feed, start, report } = await capped();
    const at = start + 73n * DAY; // a fifth of a year: 2 %
    await report(at, ether("1.02"));
    expect(await feed.limit()).to.equal(ether("1.02"));
    expect(await feed.isCapped()).to.equal(false);
    expect(await feed.latestAnswer()).to.equal(ether("1.02"));
    await report(at + 1n, ether("1.5"));
    expect(await feed.isCapped()).to.equal(true);
    expect(await feed.latestAnswer()).to.equal(line(WAD, 73n * DAY + 1n));
    expect((await feed.latestRoundData()).updatedAt).to.equal(at + 1n);
  });

  it("follows a fall at once, and the way up again only to the line", async () => {
    const { feed, start, report } = await capped();
    await report(start + DAY, ether("0.7"));
    expect(await feed.latestAnswer()).to.equal(ether("0.7"));
    await report(start + 2n * DAY, ether("2"));
    expect(await feed.latestAnswer()).to.equal(line(WAD, 2n * DAY));
  });

  it("takes a snapshot for anyone after a week, which moves no answer, and emits SnapshotTaken", async () => {
    const { world, feed, start, report } = await capped();
    await report(start + INTERVAL - 1n, ether("1.001"));
    await time.setNextBlockTimestamp(start + INTERVAL);
    await expect(feed.advance())
      .to.emit(feed, "SnapshotTaken")
      .withArgs(await world.keeper.getAddress(), WAD, ether("1.001"), ether("1.001"));
    expect([...(await feed.snapshot())]).to.deep.equal([ether("1.001"), ether("1.001"), start + INTERVAL]);
    expect(await feed.latestAnswer()).to.equal(ether("1.001"));
  });

  it("refuses a snapshot before the week is over", async () => {
    const { feed, start, report } = await capped();
    await report(start + INTERVAL - 2n, WAD);
    await time.setNextBlockTimestamp(start + INTERVAL - 1n);
    await expect(feed.advance())
      .to.be.revertedWithCustomError(feed, "SnapshotTooYoung")
      .withArgs(start + INTERVAL - 1n, start + INTERVAL);
  });

  it("refuses a snapshot of a rate that is stale or that cannot be read", async () => {
    const { world, c, feed, start, report } = await capped();
    const maxAge = world.ctx.config.deposits.maxReportAgeSeconds;
    const at = start + INTERVAL;
    await report(at, WAD);
    await time.setNextBlockTimestamp(at + maxAge + 1n);
    await expect(feed.advance())
      .to.be.revertedWithCustomError(feed, "RateNotFresh")
      .withArgs(at, at + 1n);
    await c.accountant.report();
    const reportedAt = BigInt(await time.latest());
    const [{ delegator }] = await c.operators.operators();
    await (await failingReader(world)).setFault(delegator, FAULT.Reverts);
    await c.accountant.sync(delegator);
    await c.accountant.report();
    const now = BigInt(await time.latest()) + 1n;
    await time.setNextBlockTimestamp(now);
    await expect(feed.advance())
      .to.be.revertedWithCustomError(feed, "RateNotFresh")
      .withArgs(reportedAt, now - maxAge);
  });

  describe("under attack", () => {
    it("a pump, whenever a snapshot is taken, never raises the line", async () => {
      const { feed, start, report, advance } = await capped();
      const at = start + INTERVAL;
      await advance(at, ether("3"));
      const first = line(WAD, INTERVAL + 1n);
      expect([...(await feed.snapshot())]).to.deep.equal([first, first, at + 1n]);
      await report(at + 2n, ether("1.0001"));
      expect(await feed.latestAnswer()).to.equal(ether("1.0001"));
      await advance(at + 8n * DAY, ether("3"));
      expect((await feed.snapshot()).rateWad).to.equal(line(first, 8n * DAY));
      // Two honest ones later nothing is left of it.
      await advance(at + 16n * DAY, ether("1.001"));
      await advance(at + 24n * DAY, ether("1.002"));
      expect((await feed.snapshot()).rateWad).to.equal(ether("1.002"));
    });

    it("a donation into the engine's strategy shows along the line at most", async () => {
      const { world, c, feed, start } = await capped();
      const [alice, bob] = [await world.person(0), await world.person(1)];
      await world.deposit(alice, "stETH", ether("10"));
      await world.crank();
      await world.acquire(bob, "stETH", ether("20"));
      await c.stEth.connect(bob).transfer(c.strategy, ether("20"));
      for (let day = 0; day < 10; ++day) {
        await time.increase(DAY);
        await c.accountant.report();
      }
      const now = BigInt(await time.latest());
      expect(await c.pool.rate()).to.be.above(ether("1.008")); // 10 bps a day, less the fee
      expect(await feed.isCapped()).to.equal(true);
      expect(await feed.latestAnswer()).to.equal(line(WAD, now - start));
    });

    it("a snapshot in a dip does not hold the recovery down", async () => {
      const { feed, start, report, advance } = await capped();
      await advance(start + INTERVAL, ether("0.99"));
      expect([...(await feed.snapshot()).slice(0, 2)]).to.deep.equal([WAD, ether("0.99")]);
      await report(start + INTERVAL + DAY, WAD);
      expect(await feed.latestAnswer()).to.equal(WAD);
      await advance(start + 2n * INTERVAL + 1n, WAD);
      expect((await feed.snapshot()).rateWad).to.equal(WAD);
    });

    it("after a slash two snapshots bring the line down to what is left", async () => {
      const { feed, start, report, advance } = await capped();
      await advance(start + INTERVAL, ether("0.7"));
      await advance(start + 3n * INTERVAL, ether("0.7"));
      const { takenAt } = await feed.snapshot();
      expect([...(await feed.snapshot())]).to.deep.equal([ether("0.7"), ether("0.7"), takenAt]);
      await report(takenAt + DAY, WAD); // a wrong report: back at once
      expect(await feed.latestAnswer()).to.equal(line(ether("0.7"), DAY));
    });

    it("after a long silence no more than 90 days of growth are allowed at once", async () => {
      const { feed, start, report, advance } = await capped();
      await report(start + 3n * YEAR, ether("2"));
      expect(await feed.latestAnswer()).to.equal(line(WAD, ACCRUAL));
      await advance(start + 3n * YEAR + DAY, ether("2"));
      expect((await feed.snapshot()).rateWad).to.equal(line(WAD, ACCRUAL));
      await report(start + 3n * YEAR + DAY + 2n, ether("2"));
      expect(await feed.latestAnswer()).to.equal(line(line(WAD, ACCRUAL), 1n));
    });
  });

  it("follows its model, and never passes the rate or the steepest growth from its beginning", async () => {
    const { feed, start, pool } = await capped();
    const step = fc.record({
      after: fc.bigInt(1n, 40n * DAY),
      rate: fc.bigInt(ether("0.5"), ether("2")),
      advances: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const chain = await takeSnapshot();
        let [from, seen, taken, now] = [WAD, WAD, start, BigInt(await time.latest())];
        let ceiling = line(WAD, now - start); // grown at the full pace in every second of the walk
        for (const { after, rate, advances } of steps) {
          now += after;
          ceiling += (ceiling * GROWTH * after) / (BPS * YEAR) + 1n;
          await time.setNextBlockTimestamp(now);
          await pool.setTerms(rate, 0n, 0n);
          const allowed = line(from, now - taken);
          expect(await feed.latestAnswer()).to.equal(least(rate, allowed));
          expect(allowed).to.be.at.most(ceiling);
          if (!advances || now + 1n < taken + INTERVAL) continue;
          now += 1n;
          ceiling += (ceiling * GROWTH) / (BPS * YEAR) + 1n;
          const before = line(from, now - taken);
          await time.setNextBlockTimestamp(now);
          await feed.advance();
          [from, seen, taken] = [least(before, most(rate, seen)), least(before, rate), now];
          expect([...(await feed.snapshot())]).to.deep.equal([from, seen, taken]);
          expect(await feed.latestAnswer()).to.equal(least(rate, before));
        }
        await chain.restore();
      }),
      { numRuns: 40 },
    );
  });
});
