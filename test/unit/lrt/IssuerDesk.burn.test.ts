import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { World } from "../../../scripts/sim/world";
import { ETHER, ether, expectWithin, nextDay, requestAll, untilFilled } from "../../exit-world";
import { staked } from "../../world";

/** What is burnt on top of what is due, or brought back: 1e6 units for rounding, and growth on the way. */
const withMargin = (units: bigint, growthBps = 0n): bigint => units + (units * growthBps) / 10_000n + 10n ** 6n;
/** What a share may gain in the time that leaving takes: ten basis points a day. */
const EXIT_GROWTH_BPS = 60n;

const desk = (world: World) => world.c.issuer.connect(world.keeper);

function rocket(world: World) {
  if (world.c.rocket === undefined) throw new Error("there is no stand-in for rETH");
  return world.c.rocket.token;
}

/** Leaves Rocket Pool `amount` that burning can draw on. */
async function leaveCollateral(world: World, amount: bigint): Promise<void> {
  const token = rocket(world);
  await token.takeCollateral(await world.keeper.getAddress(), (await token.getTotalCollateral()) - amount);
}

/** Alice (60 ether) and Bob (40 stETH) are restaked; Carol has brought 20 rETH, which are idle. */
async function withRocket() {
  const { world, alice, bob } = await staked();
  const carol = await world.person(2);
  await world.deposit(carol, "rETH", ether("20"));
  const rEth = await rocket(world).getAddress();
  return { world, alice, bob, carol, rEth };
}

/** Alice's ticket of 10 shares in the ETH line, its batch closed. */
async function etherDue() {
  const fixture = await withRocket();
  await fixture.world.request(fixture.alice, ETHER, ether("10"));
  await nextDay(fixture.world.ctx.provider, 60n);
  return fixture;
}

/** Alice and Bob leave by the ETH line, all of Carol's rETH is restaked, and stETH has lost a fifth. */
async function lidoFell() {
  const { world, alice, bob, carol, rEth } = await withRocket();
  await world.crank();
  expect(await world.c.pool.idle(rEth)).to.equal(0n);
  await requestAll(world, alice, ETHER);
  await requestAll(world, bob, ETHER);
  await world.lidoLoses(2_000n);
  await nextDay(world.ctx.provider, 60n);
  await world.c.accountant.report();
  return { world, alice, bob, carol, rEth };
}

describe("IssuerDesk: burn", () => {
  it("turns idle rETH into what closed ether batches lack, in the same call", async () => {
    const { world, rEth } = await loadFixture(etherDue);
    const { pool, accountant, issuer } = world.c;
    await accountant.report();
    const nav = await accountant.netAssetValue();
    const { due } = await world.c.queue.waitingUnits(ETHER);
    const { rateWad } = await accountant.backing(rEth);
    const idle = await pool.idle(rEth);
    const burnt = withMargin((due * ether("1") + rateWad - 1n) / rateWad);
    await expect(desk(world).burn())
      .to.emit(issuer, "Burnt")
      .withArgs(burnt, (burnt * rateWad) / ether("1"));
    expect(await pool.idle(rEth)).to.equal(idle - burnt);
    expect(await pool.idle(ETHER)).to.be.at.least(due);
    expect(await world.ctx.provider.getBalance(issuer)).to.equal(0n);
    expect(await rocket(world).balanceOf(issuer)).to.equal(0n);
    // Units and ether each round down once.
    expectWithin(await accountant.netAssetValue(), nav, 2n);
    await expect(desk(world).burn()).to.be.revertedWithCustomError(issuer, "NothingToConvert");
  });

  it("burns no more than the collateral covers, and nothing without any", async () => {
    const { world } = await loadFixture(etherDue);
    await leaveCollateral(world, ether("4"));
    await desk(world).burn();
    expectWithin(await world.c.pool.idle(ETHER), ether("4"), 2n, "units and ether each round down");
    await leaveCollateral(world, 0n);
    await expect(desk(world).burn()).to.be.revertedWithCustomError(world.c.issuer, "NothingToConvert");
  });

  it("leaves alone what waits in rETH's own line, today's batch included", async () => {
    const { world, carol, rEth } = await loadFixture(etherDue);
    await world.request(carol, rEth, ether("19"));
    await desk(world).burn();
    const { all } = await world.c.queue.waitingUnits(rEth);
    const left = await world.c.pool.idle(rEth);
    expectWithin(left, withMargin(all, EXIT_GROWTH_BPS), 10n ** 6n, "margin of the last ticket");
    expect(left).to.be.at.least(withMargin(all, EXIT_GROWTH_BPS));
  });

  it("leaves rETH's own line what its shares gain until they are paid, so that its last ticket waits for no crumb", async () => {
    const { world, carol, rEth } = await loadFixture(etherDue);
    const { accountant, queue } = world.c;
    const id = await world.request(carol, rEth, ether("19"));
    await desk(world).burn();
    const rate = await accountant.report.staticCall();
    await world.lidoEarns(500n);
    for (let day = 0; day < 2; ++day) {
      await nextDay(world.ctx.provider, 60n);
      await accountant.connect(world.keeper).report(); // ten basis points a day
    }
    await queue.connect(world.keeper).fill(rEth, 9n);
    expect(await world.c.pool.rate()).to.be.greaterThan(rate);
    expect((await queue.withdrawalStatus(id)).remainingShares).to.equal(0n);
  });

  it("does nothing for an open batch", async () => {
    const { world, alice } = await loadFixture(withRocket);
    await world.request(alice, ETHER, ether("10"));
    await expect(desk(world).burn()).to.be.revertedWithCustomError(world.c.issuer, "NothingToConvert");
  });

  it("does nothing when Rocket Pool would pay less than the books say", async () => {
    const { world, rEth } = await loadFixture(etherDue);
    await world.c.accountant.report();
    // Half of the least rate that is believed: the books keep the old value, and payments are closed.
    await world.c.rocket?.balances.report(ether("0.25"), ether("1"));
    const { due } = await world.c.queue.waitingUnits(ETHER);
    const { rateWad } = await world.c.accountant.backing(rEth);
    const burnt = withMargin((due * ether("1") + rateWad - 1n) / rateWad);
    await expect(desk(world).burn())
      .to.be.revertedWithCustomError(world.c.issuer, "PaidTooLittle")
      .withArgs(burnt / 4n, (burnt * rateWad) / ether("1"));
  });

  it("is part of the keeper's round: the ticket is paid as soon as it may be, without Lido", async () => {
    const { world, alice } = await loadFixture(withRocket);
    // What the haircut left is recognised before: what grows after a burn comes the slower way.
    for (let day = 0; day < 2; ++day) {
      await nextDay(world.ctx.provider, 60n);
      await world.c.accountant.report();
    }
    const id = await world.request(alice, ETHER, ether("10"));
    await world.c.lidoQueue.pauseFor(2n ** 256n - 1n);
    for (let day = 0; day < 2; ++day) {
      await nextDay(world.ctx.provider, 60n);
      await world.crank().catch(() => undefined); // Lido's queue is paused, and says so
    }
    expect((await world.c.queue.withdrawalStatus(id)).remainingShares).to.equal(0n);
  });

  describe("promises", () => {
    it("rETH backs none of the ether line, whatever the collateral", async () => {
      const { world, alice, bob, carol } = await loadFixture(withRocket);
      const { queue, issuer, trEth } = world.c;
      expectWithin((await issuer.etherBacking()).etherValue, ether("100.01"), 100n, "units of stETH");
      await requestAll(world, alice, ETHER);
      await requestAll(world, bob, ETHER);
      await trEth.connect(carol).approve(queue, ether("20"));
      await expect(queue.connect(carol).request(ETHER, ether("20"), carol)).to.be.revertedWithCustomError(
        queue,
        "BackingExceeded",
      );
    });

    it("restaked rETH stays where it is while wstETH suffices", async () => {
      const { world, alice, bob, rEth } = await loadFixture(withRocket);
      await world.crank();
      await requestAll(world, alice, ETHER);
      await requestAll(world, bob, world.asset);
      await nextDay(world.ctx.provider, 60n);
      expect(await world.c.desk.unbondNeeded(rEth)).to.equal(0n);
    });

    it("what wstETH cannot give after a loss comes from rETH, as far as the collateral goes", async () => {
      const { world, rEth } = await loadFixture(lidoFell);
      const { queue, desk: restaking, pool, accountant } = world.c;
      const lido = await accountant.backing(world.asset);
      const value = ((lido.pool + lido.restaked + lido.unbonding) * lido.rateWad) / ether("1");
      const { due } = await queue.waitingUnits(ETHER);
      const { rateWad } = await accountant.backing(rEth);
      const missing = due - value - (await pool.idle(ETHER));
      expect(missing).to.be.above(ether("3"));
      const needed = withMargin((missing * ether("1")) / rateWad, EXIT_GROWTH_BPS);
      expectWithin(await restaking.unbondNeeded(rEth), needed, 3n, "each of the conversions rounds");
      await leaveCollateral(world, ether("1"));
      const covered = withMargin((ether("1") * ether("1")) / rateWad, EXIT_GROWTH_BPS);
      expectWithin(await restaking.unbondNeeded(rEth), covered, 3n, "as above");
      await leaveCollateral(world, 0n);
      expect(await restaking.unbondNeeded(rEth)).to.equal(0n);
    });

    it("so everybody in the ether line is paid after that loss", async () => {
      const { world } = await loadFixture(lidoFell);
      await untilFilled(world, ETHER);
      expect(await world.c.queue.waitingShares(ETHER)).to.equal(0n);
    });

    it("what was brought back and cannot be burnt any more is restaked", async () => {
      const { world, rEth } = await loadFixture(lidoFell);
      await world.c.desk.connect(world.keeper).unbond(rEth, 16n);
      await nextDay(world.ctx.provider, 60n);
      for (let i = 0; i < 5; ++i) await world.c.desk.connect(world.keeper).complete(i, 9n);
      expect(await world.c.pool.idle(rEth)).to.be.above(ether("2"));
      expect(await world.c.desk.restakeable(rEth)).to.equal(0n);
      await leaveCollateral(world, 0n);
      expect(await world.c.desk.restakeable(rEth)).to.equal(await world.c.pool.idle(rEth));
    });

    it("rETH's own line goes on when neither its collateral nor Lido's queue can be read", async () => {
      const { world, carol, rEth } = await loadFixture(withRocket);
      await world.crank();
      await world.request(carol, rEth, ether("20"));
      await rocket(world).setCollateralHidden(true);
      await world.ctx.provider.send("hardhat_setCode", [await world.c.lidoQueue.getAddress(), "0xfe"]);
      await nextDay(world.ctx.provider, 60n);
      await world.c.desk.connect(world.keeper).unbond(rEth, 16n);
      expect((await world.c.accountant.backing(rEth)).unbonding).to.be.above(ether("17"));
    });
  });
});
