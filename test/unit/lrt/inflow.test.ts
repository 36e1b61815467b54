import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Signer } from "ethers";
import { ETHER, type World } from "../../../scripts/sim/world";
import { as, DAY, ether, FOREVER, NO_REFERRAL, refuses, settingsOf, WAD } from "../../checks";
import { deployed } from "../../world";

const CAP = ether("1000000");

/** 100 ETH are in; from here on 5 % of the supply may come in a day, and the buckets are full. */
async function limited() {
  const world = await loadFixture(deployed);
  const alice = await world.person(0);
  await world.depositEther(alice, ether("100"));
  const { tightening } = world.ctx.config.governance;
  const registry = world.c.registry.connect(await as(tightening));
  for (const asset of [ETHER, world.asset]) await registry.lowerInflowLimit(asset, 500, ether("1"));
  await time.increase(2n * DAY);
  await world.c.accountant.report(); // takes what came in while the limit was higher
  await time.increase(DAY);
  await world.c.accountant.report();
  return {
    world,
    alice,
    pool: world.c.pool.connect(alice),
    registry,
    modules: { registry: await as(world.c.registry), queue: await as(world.c.queue) },
    limit: ether("5.0005"), // of 100.01
  };
}

function entering(world: World, who: Signer) {
  const pool = world.c.pool.connect(who);
  return (value: bigint) => () => pool.depositEther(who, 0n, FOREVER, NO_REFERRAL, { value });
}

function reporting(world: World, who: Signer) {
  const pool = world.c.pool.connect(who);
  return (value: bigint) => () => pool.reportAndDeposit(ETHER, value, who, 0n, FOREVER, NO_REFERRAL, { value });
}

/** The bucket holds exactly so much after a report now. */
async function room(world: World, asset = ETHER): Promise<bigint> {
  await world.c.accountant.report();
  return (await world.c.pool.assetTerms(asset)).headroom;
}

describe("DepositPool: net inflow", () => {
  it("shows the limit, what is left of it and the cap", async () => {
    const { world, pool, limit } = await limited();
    expect([...(await pool.inflow(ETHER))]).to.deep.equal([limit, limit, CAP]);
    await world.lidoEarns(2_500n);
    await world.c.accountant.report();
    const { rateWad } = await pool.assetTerms(world.asset);
    const units = (limit * WAD) / rateWad; // about 4
    expect([...(await pool.inflow(world.asset))]).to.deep.equal([units, units, CAP]);
  });

  it("takes the last unit of the limit and reverts above it, in the preview as in the deposit", async () => {
    const { world, alice, pool, limit } = await limited();
    const deposit = entering(world, alice);
    await deposit(ether("3"))();
    const left = limit - ether("3");
    const now = BigInt(await time.latest());
    await time.setNextBlockTimestamp(now + 60n);
    const more = left + 1_000n;
    const supply = ether("103.01");
    const full = supply / 20n;
    const refilled = full < limit + (full * 60n) / DAY ? full : limit + (full * 60n) / DAY;
    const missing = more > refilled - ether("3") ? more - (refilled - ether("3")) : 0n;
    const from = now + 60n + (missing * DAY + full - 1n) / full;
    await refuses(world, alice, deposit(more), pool, "InflowExceeded", [ETHER, more, left, from]);
    await expect(pool.previewDeposit(ETHER, more)).to.be.revertedWithCustomError(pool, "InflowExceeded");
    expect(await pool.previewDeposit(ETHER, left)).to.equal(left);
    await deposit(left)();
  });

  it("says a deposit above the whole limit will never do", async () => {
    const { world, alice, pool, limit } = await limited();
    const args = [ETHER, limit + 1n, limit, FOREVER];
    await refuses(world, alice, entering(world, alice)(limit + 1n), pool, "InflowExceeded", args);
  });

  it("has room from the time that the error names, with a report, and not a second before", async () => {
    const { world, alice, pool, limit } = await limited();
    const deposit = reporting(world, alice);
    await entering(world, alice)(limit)();
    expect(await room(world)).to.be.below(ether("0.01")); // a second of a limit that grew with the supply
    const wanted = ether("2");
    const { left, limit: full } = await pool.inflow(ETHER);
    const from = BigInt(await time.latest()) + ((wanted - left) * DAY + full - 1n) / full;
    await time.increaseTo(from - 10n);
    await expect(pool.previewDeposit(ETHER, wanted))
      .to.be.revertedWithCustomError(pool, "InflowExceeded")
      .withArgs(ETHER, wanted, (await pool.assetTerms(ETHER)).headroom, from);
    await time.setNextBlockTimestamp(from - 1n);
    await expect(deposit(wanted)()).to.be.revertedWithCustomError(pool, "InflowExceeded");
    await time.setNextBlockTimestamp(from);
    await deposit(wanted)();
  });

  it("stays closed to a plain deposit until a report has been made", async () => {
    const { world, alice, pool, limit } = await limited();
    await entering(world, alice)(limit)();
    await world.c.accountant.report();
    await time.increase(DAY / 2n);
    const { headroom } = await pool.assetTerms(ETHER);
    await time.setNextBlockTimestamp(BigInt(await time.latest()) + 1n);
    const now = BigInt(await time.latest()) + 1n; // already possible, with a report
    const args = [ETHER, WAD, headroom, now];
    await refuses(world, alice, entering(world, alice)(WAD), pool, "InflowExceeded", args);
    await world.c.accountant.report();
    await entering(world, alice)(WAD)();
  });

  it("names the cap when that is what stops a deposit, whatever the bucket holds", async () => {
    const { world, alice, pool, registry, limit } = await limited();
    await registry.lowerCap(ETHER, ether("102.01"));
    const deposit = entering(world, alice);
    await refuses(world, alice, deposit(ether("2") + 1n), pool, "CapExceeded", [ETHER, ether("2") + 1n, ether("2")]);
    await registry.lowerCap(ETHER, ether("50"));
    await refuses(world, alice, deposit(limit + 1n), pool, "CapExceeded", [ETHER, limit + 1n, 0n]);
  });

  it("does not open when the cap is raised", async () => {
    const { world, alice, pool, modules, limit } = await limited();
    await entering(world, alice)(limit)();
    await world.c.accountant.report();
    const { headroom } = await pool.assetTerms(ETHER);
    const second = ether("105.0105") / 20n / DAY + 1n;
    const settings = await settingsOf(world, ETHER);
    await pool.connect(modules.registry).setAsset(ETHER, { ...settings, cap: 2n * CAP });
    expect((await pool.assetTerms(ETHER)).headroom - headroom).to.be.at.most(2n * second); // one or two blocks
  });

  it("does not open at once when its limit is raised, and closes at once when it is lowered", async () => {
    const { world, alice, pool, registry, modules, limit } = await limited();
    await entering(world, alice)(limit)();
    await world.c.accountant.report();
    const settings = await settingsOf(world, ETHER);
    await pool.connect(modules.registry).setAsset(ETHER, { ...settings, inflowBps: 2_000n });
    const { headroom } = await pool.assetTerms(ETHER);
    expect(headroom).to.be.below(ether("0.01"));
    await time.increase(DAY);
    expect(await room(world)).to.equal(ether("105.0105") / 5n);
    await registry.lowerInflowLimit(world.asset, 0, 0n);
    expect((await pool.assetTerms(world.asset)).headroom).to.equal(0n);
    await time.increase(DAY);
    expect(await room(world, world.asset)).to.equal(0n);
  });

  it("limits each asset by itself", async () => {
    const { world, alice, pool, limit } = await limited();
    await entering(world, alice)(limit)();
    await world.deposit(alice, "wstETH", ether("5"));
    const { headroom } = await pool.assetTerms(world.asset);
    expect(headroom).to.be.below(ether("0.5"));
    const wanted = () => world.deposit(alice, "stETH", ether("1"));
    await expect(wanted()).to.be.revertedWithCustomError(pool, "InflowExceeded");
  });

  it("is net: what the line is paid may come in again, in that asset only", async () => {
    const { world, alice, pool, modules, limit } = await limited();
    await entering(world, alice)(limit)();
    await world.deposit(alice, "wstETH", ether("4"));
    await world.c.trEth.connect(alice).transfer(modules.queue, ether("3"));
    const before = { ether: await room(world), units: await room(world, world.asset) };
    await pool.connect(modules.queue).payLine(ETHER, ether("3"), ether("3"));
    expect((await pool.assetTerms(ETHER)).headroom).to.be.at.most(before.ether + ether("0.01"));
    const after = { ether: await room(world), units: await room(world, world.asset) };
    const seconds = ether("0.001"); // 5.2 a day is 0.00006 a second
    expect(after.ether - before.ether).to.be.within(ether("3"), ether("3") + seconds);
    expect(after.units - before.units).to.be.at.most(seconds);
  });

  it("counts only what is deposited: assets that change places, gains and the first shares are none", async () => {
    const { world, limit } = await limited();
    await world.crank(); // ETH becomes stETH and is restaked
    await world.lidoEarns(100n);
    const { left, limit: full } = await world.c.pool.inflow(ETHER);
    expect(left).to.equal(full);
    expect(full).to.be.at.least(limit);
  });
});
