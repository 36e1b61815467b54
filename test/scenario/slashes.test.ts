import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import type { World } from "../../scripts/sim/world";
import {
  DAY,
  ETHER,
  ether,
  expectWithin,
  exposeFully,
  inEther,
  nextDay,
  oddlyStaked,
  requestAll,
  sharesOf,
  slash,
  slashEverybody,
  untilFilled,
  WAD,
} from "../exit-world";

/** The rate's last digit costs up to 1e-18 of 100 ether; engine and issuer round a few wei per operator and hop. */
const DUST = 300n;

/** What the pool would be worth per share by the engine's and the issuer's own numbers, read past our books. */
async function trueRate(world: World): Promise<bigint> {
  const { c } = world;
  const strategy = await c.strategy.getAddress();
  let units = await c.pool.idle(world.asset);
  for (const { delegator } of await c.operators.operators()) {
    const [[withdrawable]] = await c.delegation.getWithdrawableShares(delegator, [strategy]);
    const [, queued] = await c.delegation.getQueuedWithdrawals(delegator);
    const shares = withdrawable + [...queued].flatMap((list) => [...list]).reduce((a, b) => a + b, 0n);
    units += await c.stEth.getSharesByPooledEth(await c.strategy.sharesToUnderlyingView(shares));
  }
  const redeeming = await c.issuer.redeemingValue();
  const nav = (await c.pool.idle(ETHER)) + redeeming + (await inEther(world, world.asset, units));
  return (nav * WAD) / (await c.trEth.totalSupply());
}

describe("Scenario: slashes and leaving", () => {
  it("a slash after the request hits the ticket equally, for any amounts and slashes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_999 }),
        fc.integer({ min: 1, max: 8_500 }),
        fc.boolean(),
        fc.boolean(),
        async (hundredths, lossBps, inKind, unbondFirst) => {
          const { world, alice, bob } = await loadFixture(oddlyStaked);
          const shares = ether("0.01") * BigInt(hundredths);
          const asset = inKind ? world.asset : ETHER;
          const id = await world.request(bob, asset, shares);
          if (unbondFirst) {
            // Slashed on its way: what is queued in the engine stays slashable for its delay.
            await nextDay(world.ctx.provider, 60n);
            await world.c.desk.connect(world.keeper).unbond(world.asset, 16n);
          }
          const before = await world.c.pool.rate();
          await slashEverybody(world, BigInt(lossBps) * 10n ** 14n);
          await world.c.accountant.report();
          const after = await world.c.pool.rate();
          expectWithin(after, await trueRate(world), 10n, "rate");
          expect(after).to.be.lessThan(before);
          await untilFilled(world, asset);
          const paid = await inEther(world, asset, await world.c.queue.claimable(id));
          // The leaver lost what a stayer with as many shares lost.
          expectWithin(paid, (shares * after) / WAD, DUST, "leaver");
          const stays = await sharesOf(world, alice);
          expectWithin((stays * (await world.c.pool.rate())) / WAD, (stays * after) / WAD, DUST, "stayer");
        },
      ),
      { numRuns: 8 },
    );
  });

  it("the first cohort pays only its share", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const first = await world.request(alice, world.asset, ether("20"));
    await nextDay(world.ctx.provider, 60n);
    const second = await world.request(bob, world.asset, ether("20"));
    await slashEverybody(world, ether("0.1"));
    await untilFilled(world, world.asset);
    const { queue, pool, stEth } = world.c;
    const [a, b] = [await queue.claimable(first), await queue.claimable(second)];
    const rate = await pool.rate();
    expectWithin(await stEth.getPooledEthByShares(a), (ether("20") * rate) / WAD, DUST);
    expectWithin(a, b, DUST);
  });

  it("a slash after the fill does not touch what is set aside", async () => {
    const { world, bob } = await loadFixture(oddlyStaked);
    const id = await world.request(bob, world.asset, ether("10"));
    await untilFilled(world, world.asset);
    const before = await world.c.queue.claimable(id);
    await slashEverybody(world, ether("0.5"));
    await world.c.accountant.report();
    expect(await world.c.queue.claimable(id)).to.equal(before);
    await world.claim(id);
  });

  it("a reward within the growth cap reported before the fill reaches both", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const { queue, pool, accountant } = world.c;
    const rate0 = await pool.rate();
    const id = await world.request(bob, ETHER, ether("10"));
    await world.lidoEarns(5n); // 5 bps of a cap of 10 a day
    await world.pass(DAY); // whatever hour it is: the whole day's allowance
    await accountant.report();
    const rate1 = await pool.rate();
    expect(rate1).to.be.greaterThan(rate0);
    await untilFilled(world, ETHER);
    // 90 % of 5 bps; the fee takes its tenth from both alike.
    expectWithin((rate1 * WAD) / rate0, WAD + (5n * WAD * 9n) / 100_000n, 10n ** 12n);
    expectWithin(await queue.claimable(id), (ether("10") * (await pool.rate())) / WAD, DUST);
    expect(await sharesOf(world, alice)).to.equal(await world.c.trEth.balanceOf(alice));
  });

  it("after a large slash the rate is true, and pay-outs close for a day at most", async () => {
    const { world, bob } = await loadFixture(oddlyStaked);
    const id = await world.request(bob, world.asset, ether("10"));
    await slashEverybody(world, ether("0.3"));
    const { accountant, pool, queue } = world.c;
    await accountant.report();
    expectWithin(await pool.rate(), await trueRate(world), 10n);
    expectWithin(await pool.rate(), (WAD * 7n) / 10n, 10n ** 15n); // the seed in ether lost nothing
    const closedUntil = await accountant.fillsClosedUntil();
    await slashEverybody(world, ether("0.3"));
    await accountant.report();
    expect(await accountant.fillsClosedUntil()).to.equal(closedUntil); // later losses extend nothing
    await untilFilled(world, world.asset);
    const paid = await inEther(world, world.asset, await queue.claimable(id));
    expectWithin(paid, (ether("10") * (await pool.rate())) / WAD, DUST);
  });

  it("refuses to fill while the alarm has closed pay-outs, and goes on turning every other crank", async () => {
    const { world, bob } = await loadFixture(oddlyStaked);
    await world.request(bob, world.asset, ether("10"));
    await world.days(1);
    await slashEverybody(world, ether("0.1"));
    await nextDay(world.ctx.provider, 60n);
    const { queue, desk, accountant } = world.c;
    await accountant.report();
    await expect(queue.connect(world.keeper).fill(world.asset, 9n)).to.be.revertedWithCustomError(queue, "FillsClosed");
    await desk.connect(world.keeper).complete(0, 9n);
    await world.request(bob, world.asset, ether("1"));
    await untilFilled(world, world.asset);
  });

  it("no residue after a slash: when all have left, books and lines are empty to rounding", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const ids = [await requestAll(world, alice, world.asset)];
    await world.days(1);
    await slashEverybody(world, ether("0.2"));
    ids.push(await requestAll(world, bob, world.asset));
    await untilFilled(world, world.asset);
    for (const id of ids) await world.claim(id);
    const { queue, trEth, pool, accountant, wstEth } = world.c;
    expect(await queue.waitingShares(world.asset)).to.equal(0n);
    expect(await trEth.balanceOf(queue)).to.equal(0n);
    expectWithin(await wstEth.balanceOf(queue), 0n, 10n, "claims round down once per ticket");
    expect(await trEth.totalSupply()).to.equal(ether("0.01"));
    // Only the dead shares' value is left, and the rounding of everything is theirs.
    const nav = await accountant.netAssetValue();
    const dead = (ether("0.01") * (await pool.rate())) / WAD;
    expect(nav >= dead).to.equal(true);
    expectWithin(nav, dead, 10_000n);
  });

  it("a total slash of one operator costs its part, once, and the rest leave in full", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const id = await world.request(alice, world.asset, ether("30"));
    const magnitude = await exposeFully(world, 2);
    await slash(world, 0, 0n, 2, ether("1"));
    await world.c.accountant.report();
    const rate = await world.c.pool.rate();
    expectWithin(rate, await trueRate(world), 10n);
    // A fifth of what is staked, less what other sets hold of it.
    expectWithin(rate, WAD - (magnitude * 2n) / 10n, 10n ** 15n);
    await untilFilled(world, world.asset);
    const paid = await inEther(world, world.asset, await world.c.queue.claimable(id));
    expectWithin(paid, (ether("30") * rate) / WAD, DUST);
    const last = await requestAll(world, bob, world.asset);
    await untilFilled(world, world.asset);
    await world.claim(last);
  });

  it("a loss of the LST while in line costs leaver and stayer the same", async () => {
    const { world, bob } = await loadFixture(oddlyStaked);
    const { queue, pool } = world.c;
    const ids = [await world.request(bob, world.asset, ether("5")), await world.request(bob, ETHER, ether("5"))];
    await world.days(1);
    await world.lidoLoses(400n);
    await world.c.accountant.report();
    const rate = await pool.rate();
    expectWithin(rate, await trueRate(world), 10n);
    await untilFilled(world, world.asset);
    await untilFilled(world, ETHER);
    for (const [i, asset] of [world.asset, ETHER].entries()) {
      const paid = await inEther(world, asset, await queue.claimable(ids[i]));
      expectWithin(paid, (ether("5") * rate) / WAD, DUST);
    }
  });
});
