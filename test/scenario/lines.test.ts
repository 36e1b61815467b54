import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ETHER, ether, expectWithin, nextDay, oddlyStaked, requestAll, WAD } from "../exit-world";

describe("Scenario: two lines that need the same units", () => {
  it("a steady flow of younger wstETH tickets does not keep an older ether ticket waiting", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const { queue } = world.c;
    const older = await world.request(alice, ETHER, ether("5"));
    const younger: bigint[] = [];
    for (let day = 0; day < 5; ++day) {
      younger.push(await world.request(bob, world.asset, ether("2.5")));
      await world.days(1);
    }
    const status = await queue.withdrawalStatus(older);
    expect(status.remainingShares).to.equal(0n);
    // Each hop (engine, strategy, issuer) keeps a wei or two.
    expectWithin(status.claimable, ether("5"), 20n);
    // … and those who came with it or later are paid as soon as they may be.
    for (const id of younger.slice(0, 3)) expect((await queue.withdrawalStatus(id)).remainingShares).to.equal(0n);
  });

  it("a steady flow of younger ether tickets does not keep an older wstETH ticket waiting", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const { queue } = world.c;
    const older = await world.request(bob, world.asset, ether("5"));
    for (let day = 0; day < 3; ++day) {
      await world.request(alice, ETHER, ether("4"));
      await world.days(1);
    }
    expect((await queue.withdrawalStatus(older)).remainingShares).to.equal(0n);
  });

  it("a request in today's batch does not stop the redemption for a closed ether batch", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    await world.request(alice, ETHER, ether("5"));
    await world.days(1);
    await nextDay(world.ctx.provider, 60n);
    // A whale joins the wstETH line in the minute before the units are home.
    await world.request(bob, world.asset, ether("35"));
    const sent = await world.crank();
    const redeem = sent.find(({ call }) => call.crank === "redeem");
    expect(redeem?.receipt?.status).to.equal(1);
    expectWithin(await world.c.issuer.redeemingValue(), ether("5.03"), 2_000_000n); // margins of the plan
  });

  it("pays the older line first when there is not enough for both, whoever cranks in which order", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const { queue, issuer, desk, pool } = world.c;
    const first = await world.request(alice, ETHER, ether("6"));
    await nextDay(world.ctx.provider, 60n);
    await desk.connect(world.keeper).unbond(world.asset, 16n);
    await world.request(bob, world.asset, ether("6"));
    await nextDay(world.ctx.provider, 60n);
    await nextDay(world.ctx.provider, 60n);
    // The younger batch may be filled now; what came home was asked for by the older one.
    for (let i = 0; i < 5; ++i) await desk.connect(world.keeper).complete(i, 9n);
    const fill = () => queue.connect(world.keeper).fill(world.asset, 9n);
    const before = await queue.waitingShares(world.asset);
    await fill().catch(() => undefined);
    // Nothing but what came home in addition: 120 basis points for growth, and a margin for rounding.
    expectWithin(before - (await queue.waitingShares(world.asset)), ether("0.072"), 2_000_000n);
    await issuer.connect(world.keeper).redeem();
    const rate = await pool.rate();
    await world.finaliseLido();
    await issuer.connect(world.keeper).claim(9n);
    await queue.connect(world.keeper).fill(ETHER, 9n);
    // The fill reports: a digit of the rate more than was asked for, on six ether, is what the next redemption brings.
    const missing = (await queue.withdrawalStatus(first)).remainingShares;
    expectWithin(missing, (ether("6") * ((await pool.rate()) - rate)) / WAD, 1n);
    expect(missing).to.be.at.most(7n);
    await world.days(3);
    expect((await queue.withdrawalStatus(first)).remainingShares).to.equal(0n);
    expect(await queue.waitingShares(world.asset)).to.equal(0n);
  });

  it("the growth of the rate does not use up the issuer's places crumb by crumb", async () => {
    const { world, alice } = await loadFixture(oddlyStaked);
    const { issuer, accountant, queue } = world.c;
    await world.request(alice, ETHER, ether("30"));
    await world.days(1);
    await nextDay(world.ctx.provider, 60n);
    await world.crank();
    await world.lidoEarns(50n);
    await world.deposit(await world.person(3), "stETH", ether("5"));
    for (let hour = 0; hour < 16; ++hour) {
      await world.pass(3_600n);
      await accountant.report();
      await issuer
        .connect(world.keeper)
        .redeem()
        .catch(() => undefined);
    }
    expect((await issuer.openRequests()).length).to.be.lessThanOrEqual(8);
    // A real need still finds its places.
    await world.request(alice, ETHER, ether("20"));
    await nextDay(world.ctx.provider, 60n);
    await world.crank();
    await nextDay(world.ctx.provider, 60n);
    await world.crank();
    const [redeeming, { due }] = [await issuer.redeemingValue(), await queue.waitingUnits(ETHER)];
    expect(redeeming).to.be.within(due, due + (due * 60n) / 10_000n + 2_000_000n); // margins of the plan
  });

  it("keeps for its own line what its shares gain until they are paid, so that the last ticket waits for no crumb", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const { accountant, queue, issuer, desk, pool } = world.c;
    await world.deposit(await world.person(2), "rETH", ether("20")); // whose gain is no gain of wstETH
    const { token } = world.c.rocket!;
    await token.takeCollateral(await world.keeper.getAddress(), await token.getTotalCollateral()); // and which lends nothing
    await requestAll(world, alice, ETHER);
    const id = await requestAll(world, bob, world.asset);
    await world.days(1);
    await nextDay(world.ctx.provider, 60n);
    for (let i = 0; i < 5; ++i) await desk.connect(world.keeper).complete(i, 9n);
    await issuer.connect(world.keeper).redeem(); // all that there is for the ether line, before anybody fills
    const before = await pool.rate();
    await world.publish("rETH", ((await world.rateOf("rETH")) * 11n) / 10n);
    for (let day = 0; day < 2; ++day) {
      await accountant.connect(world.keeper).report();
      await nextDay(world.ctx.provider, 60n);
    }
    await queue.connect(world.keeper).fill(world.asset, 9n);
    expect(await pool.rate()).to.be.greaterThan(before);
    expect((await queue.withdrawalStatus(id)).remainingShares).to.equal(0n);
    await world.days(8);
    // What was kept goes to the other line afterwards; what it lacks is what rETH has gained, which is not there as wstETH.
    const lacks = await queue.waitingUnits(ETHER);
    expect(lacks.all).to.be.below((ether("60") * 100n) / 10_000n);
    expect(await pool.idle(world.asset)).to.be.below(2_000_000n);
  });
});
