import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { as, DAY, ether, WAD } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { staked } from "../../../world";

const HOUR = 3_600n;
const FOR_GOOD = 2n ** 40n - 1n;

async function published() {
  const scene = await loadFixture(staked);
  const { c, ctx } = scene.world;
  const pool = c.pool.connect(await as(c.accountant));
  const [{ delegator }] = await c.operators.operators();
  const maxAge = ctx.config.deposits.maxReportAgeSeconds;
  return { ...scene, c, pool, delegator, maxAge, rate: c.rate, feed: c.feed, capped: c.cappedFeed };
}

describe("TrEthRate", () => {
  it("answers the stored rate and converts by it, rounding down", async () => {
    const { pool, rate } = await published();
    await pool.setTerms(ether("1.1") + 1n, 5n, 0n);
    expect(await rate.getRate()).to.equal(ether("1.1") + 1n);
    expect(await rate.convertToAssets(10n)).to.equal(11n);
    expect(await rate.convertToAssets(9n)).to.equal(9n); // 9.9
    expect(await rate.convertToShares(11n)).to.equal(9n); // 10 less a little
    expect(await rate.convertToShares(ether("1.1") + 1n)).to.equal(WAD);
  });

  it("answers when trETH is worth nothing", async () => {
    const { pool, rate } = await published();
    await pool.setTerms(0n, 0n, 0n);
    expect(await rate.getRate()).to.equal(0n);
    expect(await rate.convertToAssets(WAD)).to.equal(0n);
    expect(await rate.convertToShares(WAD)).to.equal(0n);
  });

  it("does not move with a donation", async () => {
    const { world, bob, rate, c } = await published();
    await c.accountant.report();
    const before = await rate.getRate();
    await world.acquire(bob, "wstETH", ether("10"));
    await c.wstEth.connect(bob).transfer(c.pool, ether("10"));
    await c.accountant.report();
    expect(await rate.getRate()).to.equal(before);
  });

  it("is fresh up to the age from which deposits refuse it, and says so", async () => {
    const { c, rate, feed, capped, maxAge } = await published();
    await c.accountant.report();
    const reportedAt = BigInt(await time.latest());
    await time.increaseTo(reportedAt + maxAge);
    for (const reader of [rate, feed, capped]) {
      expect(await reader.isFresh()).to.equal(true);
      expect([...(await reader.freshness())]).to.deep.equal([true, true, reportedAt, maxAge, maxAge]);
    }
    await time.increaseTo(reportedAt + maxAge + 1n);
    for (const reader of [rate, feed, capped]) {
      expect(await reader.isFresh()).to.equal(false);
      expect([...(await reader.freshness())]).to.deep.equal([false, true, reportedAt, maxAge + 1n, maxAge]);
    }
  });

  it("is not fresh while a value cannot be read, however often somebody reports", async () => {
    const { world, c, rate, feed, delegator } = await published();
    await c.accountant.report();
    const reportedAt = BigInt(await time.latest());
    await (await failingReader(world)).setFault(delegator, FAULT.Reverts);
    await time.increase(HOUR);
    await c.accountant.report();
    await c.accountant.settle();
    const { isFresh, isReadable, reportedAt: shown } = await rate.freshness();
    expect([isFresh, isReadable, shown]).to.deep.equal([false, false, reportedAt]);
    expect((await feed.latestRoundData()).updatedAt).to.equal(reportedAt);
    expect((await c.pool.terms()).closedUntil).to.equal(FOR_GOOD);
  });

  it("is fresh again with the first report that can read everything", async () => {
    const { world, c, rate, feed, delegator } = await published();
    const reader = await failingReader(world);
    await reader.setFault(delegator, FAULT.Reverts);
    await c.accountant.report();
    await reader.setFault(delegator, FAULT.None);
    await c.accountant.sync(delegator);
    await c.accountant.report();
    const now = BigInt(await time.latest());
    expect(await rate.isFresh()).to.equal(true);
    expect((await feed.latestRoundData()).updatedAt).to.equal(now);
  });

  it("stays fresh behind a door that ends: a guardian's pause, or an alarm", async () => {
    const { c, pool, rate, world } = await published();
    const guardian = await as(world.ctx.config.governance.guardian);
    await c.pool.connect(guardian).pauseDeposits(HOUR);
    expect(await rate.isFresh()).to.equal(true);
    await pool.setTerms(WAD, 0n, BigInt(await time.latest()) + DAY);
    expect(await rate.isFresh()).to.equal(true);
  });
});

describe("RateFeed", () => {
  it("answers in the shape of a Chainlink feed, at the time of the report", async () => {
    const { c, feed, capped } = await published();
    await c.accountant.report();
    const at = BigInt(await time.latest());
    await time.increase(5n * HOUR);
    for (const one of [feed, capped]) {
      expect([...(await one.latestRoundData())]).to.deep.equal([at, WAD, at, at, at]);
      expect([...(await one.getRoundData(at))]).to.deep.equal([at, WAD, at, at, at]);
      expect(await one.latestAnswer()).to.equal(WAD);
      expect(await one.decimals()).to.equal(18n);
      expect(await one.version()).to.equal(1n);
    }
    expect(await feed.description()).to.equal("trETH / ETH");
    expect(await capped.description()).to.equal("trETH / ETH, growth capped");
  });

  it("counts rounds up with every report", async () => {
    const { c, feed } = await published();
    const rounds: bigint[] = [];
    for (let i = 0; i < 3; ++i) {
      await c.accountant.report();
      rounds.push((await feed.latestRoundData()).roundId);
    }
    expect(rounds[1]).to.be.above(rounds[0]);
    expect(rounds[2]).to.be.above(rounds[1]);
  });

  it("reverts for every round but the latest", async () => {
    const { c, feed } = await published();
    await c.accountant.report();
    const at = BigInt(await time.latest());
    await c.accountant.report();
    const now = BigInt(await time.latest());
    for (const round of [0n, at, now + 1n, 2n ** 80n - 1n]) {
      await expect(feed.getRoundData(round)).to.be.revertedWithCustomError(feed, "NoDataPresent").withArgs(round, now);
    }
  });

  it("reverts instead of answering zero", async () => {
    const { pool, feed, capped } = await published();
    await pool.setTerms(0n, 0n, 0n);
    const round = (await pool.terms()).reportedAt;
    for (const one of [feed, capped]) {
      for (const call of [() => one.latestRoundData(), () => one.latestAnswer(), () => one.getRoundData(round)]) {
        await expect(call()).to.be.revertedWithCustomError(one, "RateUnset").withArgs(0n, 1n);
      }
    }
  });

  it("shows a slash with the report that finds it, also while another value cannot be read", async () => {
    const { world, c, feed, delegator } = await published();
    await c.accountant.report();
    const reportedAt = BigInt(await time.latest());
    await (await failingReader(world)).setFault(delegator, FAULT.Reverts);
    await c.accountant.report();
    await world.equivocate(0, 1);
    await c.accountant.report();
    const { answer, updatedAt, roundId } = await feed.latestRoundData();
    expect(answer).to.equal(ether("0.99"));
    expect([updatedAt, roundId]).to.deep.equal([reportedAt, reportedAt]);
  });
});
