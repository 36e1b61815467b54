import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { as, DAY, ether, refuses, WAD } from "../../../checks";
import { grown } from "../../../models";
import { staked } from "../../../world";

/** A report was made just after midnight, so that a day of fees begins. */
async function midnight() {
  const scene = await loadFixture(staked);
  const { c, ctx } = scene.world;
  const next = (BigInt(await time.latest()) / DAY + 1n) * DAY;
  await time.setNextBlockTimestamp(next);
  await c.accountant.report();
  const { governance, accounting } = ctx.config;
  const [loosening, tightening] = [await as(governance.admin), await as(governance.tightening)];
  const feeShares = () => c.trEth.balanceOf(accounting.feeRecipient);
  return { ...scene, c, accountant: c.accountant, at: next, loosening, tightening, feeShares, ctx };
}

/** What stands in the way of calling a loosening at once is tested with governance; here its right is without delay. */
async function atOnce(scene: Awaited<ReturnType<typeof midnight>>) {
  const { manager } = scene.c;
  const grant = manager.interface.encodeFunctionData("grantRole", [1n, await scene.loosening.getAddress(), 0]);
  const admin = manager.connect(scene.loosening);
  await admin.schedule(manager, grant, 0);
  await time.increase(scene.ctx.config.governance.adminDelaySeconds);
  await admin.execute(manager, grant);
  // A shorter delay comes into force after the difference to the old one.
  await time.increase(scene.ctx.config.governance.adminDelaySeconds);
  return scene.accountant.connect(scene.loosening);
}

describe("Accountant: the fee", () => {
  it("is a tenth of recognised growth, in shares, and emits FeeMinted", async () => {
    const { world, c, accountant, at, feeShares } = await midnight();
    await world.lidoEarns(100n);
    await time.setNextBlockTimestamp(at + DAY);
    const before = await c.trEth.totalSupply();
    await expect(accountant.report()).to.emit(c.pool, "FeeMinted");
    const rate = await c.pool.rate();
    // Growth is 10 bps; the fee's shares are worth a bp of the whole.
    const value = ((await feeShares()) * rate) / WAD;
    expect(value).to.be.closeTo((before * 1n) / 10_000n, 100n);
    expect(rate).to.be.closeTo(ether("1.0009"), 100n);
  });

  it("is not taken again on growth that makes up for a loss", async () => {
    const { world, c, accountant, at, feeShares } = await midnight();
    await world.lidoLoses(45n); // too little for the alarm
    await accountant.report();
    await world.lidoEarns(40n);
    for (let day = 1n; day <= 6n; ++day) {
      await time.setNextBlockTimestamp(at + day * DAY);
      await accountant.report();
    }
    expect(await c.pool.rate()).to.be.above(ether("0.998"));
    expect(await c.pool.rate()).to.be.below(WAD);
    expect(await feeShares()).to.equal(0n);
    expect((await accountant.fee()).highWaterMarkWad).to.equal(WAD);
  });

  it("is taken only on what is above the mark when growth passes it", async () => {
    const { world, c, accountant, at, feeShares } = await midnight();
    await world.lidoLoses(5n);
    await accountant.report();
    const start = await c.pool.rate();
    await world.lidoEarns(50n);
    await time.setNextBlockTimestamp(at + DAY);
    const supply = await c.trEth.totalSupply();
    const grownAt = (await c.pool.terms()).reportedAt;
    await accountant.report();
    const nav = await accountant.netAssetValue();
    const expected = grown({
      nav,
      supply,
      rateWad: start,
      highWaterMarkWad: WAD,
      elapsed: at + DAY - grownAt,
      growthCapBpsPerDay: 10n,
      feeBps: 1_000n,
      feeSharesLeft: (supply * 2n) / 10_000n,
    });
    expect(await feeShares()).to.equal(expected.feeShares);
    expect(await c.pool.rate()).to.equal(expected.rateWad);
    expect(expected.rateWad).to.be.above(WAD);
    expect((await accountant.fee()).highWaterMarkWad).to.equal(expected.rateWad);
  });

  it("does not change a day's sum with the number of reports", async () => {
    const { world, accountant, at, feeShares, c } = await midnight();
    await world.lidoEarns(100n);
    for (let hour = 1n; hour <= 23n; ++hour) {
      await time.setNextBlockTimestamp(at + hour * 3_600n);
      await accountant.report();
    }
    const supply = await c.trEth.totalSupply();
    const value = ((await feeShares()) * (await c.pool.rate())) / WAD;
    const growth = ((await c.pool.rate()) * supply) / WAD - ether("100.01");
    expect(value).to.be.closeTo(growth / 10n, growth / 1_000n);
  });

  it("is capped at 2 bps of supply on a day, and the next day begins anew", async () => {
    const scene = await midnight();
    const { world, c, feeShares } = scene;
    const accountant = await atOnce(scene);
    await accountant.raiseFee(2_000);
    await world.lidoEarns(2_000n);
    const start = (BigInt(await time.latest()) / DAY + 1n) * DAY;
    // A fifth of 10 bps is the cap itself: on the second day, when supply is larger, it is just not reached.
    await time.setNextBlockTimestamp(start);
    const supply = await c.trEth.totalSupply();
    await accountant.report();
    const first = await feeShares();
    expect(first).to.be.at.most((supply * 2n) / 10_000n);
    expect(first).to.be.above(0n);
    await time.setNextBlockTimestamp(start + DAY - 1n);
    await accountant.report(); // another day's growth on the same day
    const cap = ((supply + first) * 2n) / 10_000n;
    expect(await feeShares()).to.equal(cap);
    await time.setNextBlockTimestamp(start + DAY);
    await accountant.report();
    expect(await feeShares()).to.be.above(cap);
  });

  it("is raised only upwards and to a fifth at most", async () => {
    const scene = await midnight();
    const accountant = await atOnce(scene);
    const { world, loosening } = scene;
    const raise = (bps: bigint) => () => accountant.raiseFee(bps);
    await refuses(world, loosening, raise(1_000n), accountant, "WrongDirection", [1_000n, 1_000n]);
    await refuses(world, loosening, raise(999n), accountant, "WrongDirection", [1_000n, 999n]);
    await refuses(world, loosening, raise(2_001n), accountant, "FeeTooHigh", [2_001n, 2_000n]);
    await expect(accountant.raiseFee(2_000n)).to.emit(accountant, "FeeChanged").withArgs(1_000n, 2_000n);
    expect((await accountant.fee()).feeBps).to.equal(2_000n);
  });

  it("is lowered at once, only downwards", async () => {
    const { world, accountant, tightening } = await midnight();
    const lower = (bps: bigint) => () => accountant.connect(tightening).lowerFee(bps);
    await refuses(world, tightening, lower(1_000n), accountant, "WrongDirection", [1_000n, 1_000n]);
    await expect(lower(0n)()).to.emit(accountant, "FeeChanged").withArgs(1_000n, 0n);
    await refuses(world, tightening, lower(0n), accountant, "WrongDirection", [0n, 0n]);
  });

  it("goes to somebody else when told, never to nobody", async () => {
    const scene = await midnight();
    const accountant = await atOnce(scene);
    const { world, loosening, ctx } = scene;
    const nobody = () => accountant.setFeeRecipient(ethers.ZeroAddress);
    await refuses(world, loosening, nobody, accountant, "ZeroAddress", []);
    const next = ethers.Wallet.createRandom().address;
    await expect(accountant.setFeeRecipient(next))
      .to.emit(accountant, "FeeRecipientChanged")
      .withArgs(ctx.config.accounting.feeRecipient, next);
    expect((await accountant.fee()).recipient).to.equal(next);
  });
});
