import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { World } from "../../../scripts/sim/world";
import type { ERC20Mock, FeeOnTransferMock } from "../../../typechain-types";
import { FOREVER, NO_REFERRAL } from "../../checks";
import { as, ETHER, ether, nextDay, WAD } from "../../exit-world";
import { accept, RATE } from "../../plain-asset";
import { staked } from "../../world";

/** Alice (60 ether) and Bob (40 stETH) are in; Carol has brought 40 tokens worth 50 ether. */
async function threeKinds() {
  const { world, alice, bob } = await staked();
  const token = (await ethers.deployContract("ERC20Mock", ["Plain", "PLN"])) as unknown as ERC20Mock;
  const asset = await accept(world, token);
  const carol = await world.person(2);
  await token.mint(carol, ether("40"));
  await token.connect(carol).approve(world.c.pool, FOREVER);
  await world.c.pool.connect(carol).reportAndDeposit(asset, ether("40"), carol, 0n, FOREVER, NO_REFERRAL);
  return { world, alice, bob, carol, token, asset };
}

const keeperOf = (world: World) => ({
  desk: world.c.desk.connect(world.keeper),
  queue: world.c.queue.connect(world.keeper),
});

describe("Plain assets", () => {
  it("are credited with what arrived, at their rate, and a donation is not counted", async () => {
    const { world, carol, token, asset } = await loadFixture(threeKinds);
    const { pool, trEth, accountant } = world.c;
    expect(await trEth.balanceOf(carol)).to.equal(ether("50"));
    expect(await pool.idle(asset)).to.equal(ether("40"));
    const before = await accountant.netAssetValue();
    await token.mint(pool, ether("7"));
    await accountant.report();
    expect(await accountant.netAssetValue()).to.equal(before);
    expect(await pool.idle(asset)).to.equal(ether("40"));
  });

  it("that keep a fee are credited with what arrived, and the least a depositor asks for protects him", async () => {
    const { world } = await loadFixture(staked);
    const { pool, trEth, accountant } = world.c;
    const carol = await world.person(2);
    const token = (await ethers.deployContract("FeeOnTransferMock")) as unknown as FeeOnTransferMock;
    const asset = await accept(world, token);
    await token.mint(carol, ether("40"));
    await token.connect(carol).approve(pool, FOREVER);
    await token.setFee(300n);
    await accountant.report();
    const wanted = await pool.previewDeposit(asset, ether("40"));
    expect(wanted).to.equal(ether("50"));
    const enter = (least: bigint) =>
      pool.connect(carol).reportAndDeposit(asset, ether("40"), carol, least, FOREVER, NO_REFERRAL);
    await expect(enter(wanted)).to.be.revertedWithCustomError(pool, "TooFewShares").withArgs(ether("48.5"), wanted);
    const before = await accountant.netAssetValue();
    await enter(ether("48.5"));
    expect(await trEth.balanceOf(carol)).to.equal(ether("48.5"));
    expect(await pool.idle(asset)).to.equal(ether("38.8"));
    expect(await token.balanceOf(pool)).to.equal(ether("38.8"));
    expect((await accountant.netAssetValue()) - before).to.equal(ether("48.5"));
  });

  it("leave the pool in no other form than their own", async () => {
    const { world, carol, asset } = await loadFixture(threeKinds);
    const { pool, desk } = world.c;
    const source = await ethers.getContractAt("IRateSource", asset);
    await expect(pool.connect(await as(await desk.getAddress())).take(asset, 1n, world.asset, carol))
      .to.be.revertedWithCustomError(source, "UnknownToken")
      .withArgs(world.asset);
  });

  it("are restaked, brought back and paid out in kind", async () => {
    const { world, carol, token, asset } = await loadFixture(threeKinds);
    const { desk, queue } = keeperOf(world);
    await desk.restake(asset, 16n);
    expect(await world.c.pool.idle(asset)).to.equal(0n);
    expect((await world.c.accountant.backing(asset)).restaked).to.equal(ether("40"));
    const id = await world.request(carol, asset, ether("25"));
    await nextDay(world.ctx.provider, 60n);
    await desk.unbond(asset, 16n);
    expect((await world.c.accountant.backing(asset)).unbonding).to.be.at.least(ether("20"));
    await nextDay(world.ctx.provider, 60n);
    for (let i = 0; i < 5; ++i) await desk.complete(i, 9n);
    await queue.fill(asset, 9n);
    await expect(queue.claim(id)).to.changeTokenBalance(token, carol, ether("20"));
  });

  it("plan for their own line alone", async () => {
    const { world, alice, asset } = await loadFixture(threeKinds);
    await world.request(alice, ETHER, ether("60"));
    const books = await world.c.issuer.books(asset, 0n);
    expect([books.etherIdle, books.etherRedeeming, books.etherWaiting, books.etherDue]).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(await world.c.desk.restakeable(asset)).to.equal(ether("40"));
    await nextDay(world.ctx.provider, 60n);
    expect(await world.c.desk.unbondNeeded(asset)).to.equal(0n);
    expect(await world.c.desk.unbondNeeded(world.asset)).to.be.above(0n);
  });

  it("are not held back for older tickets of the ether line", async () => {
    const { world, alice, carol, token, asset } = await loadFixture(threeKinds);
    const { queue } = keeperOf(world);
    await world.request(alice, ETHER, ether("60"));
    await nextDay(world.ctx.provider, 60n);
    const id = await world.request(carol, asset, ether("50"));
    await nextDay(world.ctx.provider, 60n);
    await nextDay(world.ctx.provider, 60n);
    await queue.fill(asset, 9n);
    await expect(queue.claim(id)).to.changeTokenBalance(token, carol, ether("40"));
  });

  describe("backing", () => {
    it("the ether line is backed by ether and what is redeemed, not by plain tokens", async () => {
      const { world, alice, bob, carol } = await loadFixture(threeKinds);
      const { queue, trEth } = world.c;
      await world.request(alice, ETHER, ether("60"));
      await world.request(bob, ETHER, ether("40"));
      await trEth.connect(carol).approve(queue, FOREVER);
      // Only the first 0.01 ether, whose shares nobody owns, are left.
      await expect(queue.connect(carol).request(ETHER, ether("1"), carol))
        .to.be.revertedWithCustomError(queue, "BackingExceeded")
        .withArgs(ETHER, ether("101"), ether("100.01"));
      await world.request(carol, ETHER, ether("0.01"));
    });

    it("what is redeemed is not promised to two lines", async () => {
      const { world, alice, carol } = await loadFixture(threeKinds);
      const { queue, trEth } = world.c;
      await world.request(alice, ETHER, ether("60"));
      await trEth.connect(carol).approve(queue, FOREVER);
      await expect(queue.connect(carol).request(world.asset, ether("50"), carol))
        .to.be.revertedWithCustomError(queue, "BackingExceeded")
        .withArgs(ETHER, ether("110"), ether("100.01"));
      await world.request(carol, world.asset, ether("40"));
    });

    it("a plain line is backed by its own token, wherever it is", async () => {
      const { world, alice, asset } = await loadFixture(threeKinds);
      const { queue, trEth } = world.c;
      await keeperOf(world).desk.restake(asset, 16n);
      await trEth.connect(alice).approve(queue, FOREVER);
      await expect(queue.connect(alice).request(asset, ether("50") + 2n, alice))
        .to.be.revertedWithCustomError(queue, "BackingExceeded")
        .withArgs(asset, ether("40") + 1n, ether("40"));
      await world.request(alice, asset, ether("50"));
    });
  });

  it("value a share by all of them together", async () => {
    const { world, asset } = await loadFixture(threeKinds);
    const { rateWad } = await world.c.accountant.backing(asset);
    expect(rateWad).to.equal(RATE);
    expect(await world.c.pool.rate()).to.equal(WAD);
    expect(await world.c.accountant.netAssetValue()).to.equal(ether("150.01"));
  });
});
