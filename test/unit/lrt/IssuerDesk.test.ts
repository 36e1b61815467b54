import { loadFixture, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { World } from "../../../scripts/sim/world";
import { as, ETHER, ether, expectWithin, nextDay, oddlyStaked, untilFilled, WAD } from "../../exit-world";
import { staked } from "../../world";

/** Code that reverts whatever is asked of it. */
const REVERTS = "0x5f5ffd";
/** Units that the plan brings back on top, against rounding on the way. */
const MARGIN = 2_000_000n;

const desk = (world: World) => world.c.issuer.connect(world.keeper);

/** Alice waits for ether; what the line needs is home from the engine, and nobody has redeemed yet. */
async function unitsHome() {
  const { world, alice, bob } = await oddlyStaked();
  const id = await world.request(alice, ETHER, ether("30"));
  await world.days(1);
  await nextDay(world.ctx.provider, 60n);
  for (let i = 0; i < 5; ++i) await world.c.desk.connect(world.keeper).complete(i, 9n);
  return { world, alice, bob, id };
}

/** The same, with the issuer asked. */
async function redeeming() {
  const fixture = await unitsHome();
  await desk(fixture.world).redeem();
  return fixture;
}

describe("IssuerDesk", () => {
  describe("stake", () => {
    it("stakes what no ticket waits for, by an account that has no right at all", async () => {
      const { world, alice } = await loadFixture(staked);
      await world.request(alice, ETHER, ether("4"));
      await world.depositEther(await world.person(4), ether("10"));
      await desk(world).stake();
      expectWithin(await world.c.pool.idle(ETHER), ether("4"), 1n);
      await expect(desk(world).stake()).to.be.revertedWithCustomError(world.c.issuer, "NothingToConvert");
    });

    it("leaves net asset value as it is, but for the wei the issuer keeps", async () => {
      const { world } = await loadFixture(oddlyStaked);
      await world.depositEther(await world.person(4), ether("10"));
      const before = await world.c.accountant.netAssetValue();
      await desk(world).stake();
      const after = await world.c.accountant.netAssetValue();
      expect(after).to.be.lessThanOrEqual(before);
      expectWithin(after, before, 3n);
    });

    it("waits while its asset cannot be read: what it buys today must not be booked at an older price", async () => {
      const { world } = await loadFixture(staked);
      const { accountant, strategy } = world.c;
      await world.depositEther(await world.person(4), ether("10"));
      const works = await ethers.provider.getCode(strategy);
      await setCode(await strategy.getAddress(), REVERTS);
      await accountant.report();
      await world.lidoLoses(100n); // not in the books, which keep the last value
      await expect(desk(world).stake()).to.be.revertedWithCustomError(accountant, "Unreadable").withArgs(world.asset);

      await setCode(await strategy.getAddress(), works);
      await accountant.syncAsset(world.asset);
      const before = await accountant.netAssetValue();
      await desk(world).stake();
      expectWithin(await accountant.netAssetValue(), before, 3n);
    });

    it("waits while the issuer takes no stake, and stakes as much as its limit allows", async () => {
      const { world } = await loadFixture(staked);
      const { issuer, stEth, pool } = world.c;
      await world.depositEther(await world.person(4), ether("10"));
      await stEth.pauseStaking();
      await expect(desk(world).stake()).to.be.revertedWithCustomError(issuer, "IssuerClosed").withArgs(ether("10"), 0n);
      await stEth.resumeStaking();
      await stEth.setStakeLimit(ether("3"));
      await desk(world).stake();
      expect(await pool.idle(ETHER)).to.equal(ether("7"));
    });

    it("refuses ether from anybody but the pool and the issuer", async () => {
      const { world, alice } = await loadFixture(staked);
      await expect(alice.sendTransaction({ to: world.c.issuer, value: 1n }))
        .to.be.revertedWithCustomError(world.c.issuer, "UnexpectedEther")
        .withArgs(alice);
    });
  });

  describe("redeem", () => {
    it("asks for what closed ether batches need, and not twice", async () => {
      const { world } = await loadFixture(unitsHome);
      await desk(world).redeem();
      const { due } = await world.c.queue.waitingUnits(ETHER);
      // Sixty basis points more: shares in line grow while the issuer takes its time.
      expectWithin(await world.c.issuer.redeemingValue(), due + (due * 60n) / 10_000n, MARGIN);
      await expect(desk(world).redeem()).to.be.revertedWithCustomError(world.c.issuer, "NothingToConvert");
    });

    it("does nothing for an open batch", async () => {
      const { world, alice } = await loadFixture(staked);
      await world.request(alice, ETHER, ether("1"));
      await expect(desk(world).redeem()).to.be.revertedWithCustomError(world.c.issuer, "NothingToConvert");
    });

    it("goes in chunks of a thousand stETH, and all of them are paid", async () => {
      const { world } = await loadFixture(oddlyStaked);
      const whale = await world.person(5);
      await world.deposit(whale, "stETH", ether("2500"));
      await world.crank();
      const id = await world.request(whale, ETHER, ether("2400"));
      await world.days(1);
      await nextDay(world.ctx.provider, 60n);
      await world.crank();
      const open = [...(await world.c.issuer.openRequests())];
      expect(open.length).to.equal(3);
      const status = await world.c.lidoQueue.getWithdrawalStatus(open);
      for (const { amountOfStETH } of status) expect(amountOfStETH).to.be.lessThanOrEqual(ether("1000"));
      await untilFilled(world, ETHER);
      const rate = await world.c.pool.rate();
      // Rounding of the rate alone is 1e-18 of 2 400 ether.
      expectWithin(await world.c.queue.claimable(id), (ether("2400") * rate) / WAD, 10_000n);
    });

    it("waits while the issuer's queue is paused, which stops neither the rate nor the other line", async () => {
      const { world, bob } = await loadFixture(unitsHome);
      await world.c.lidoQueue.pauseFor(2n ** 256n - 1n);
      await expect(desk(world).redeem()).to.be.reverted;
      await world.c.accountant.report();
      const id = await world.request(bob, world.asset, ether("5"));
      for (let day = 0; day < 3; ++day) {
        await nextDay(world.ctx.provider, 60n);
        await world.c.desk
          .connect(world.keeper)
          .unbond(world.asset, 16n)
          .catch(() => undefined);
        for (let i = 0; i < 5; ++i) await world.c.desk.connect(world.keeper).complete(i, 9n);
      }
      await world.c.queue.connect(world.keeper).fill(world.asset, 9n);
      expect((await world.c.queue.withdrawalStatus(id)).remainingShares).to.equal(0n);
      await world.c.lidoQueue.resume();
      await untilFilled(world, ETHER);
    });

    it("does not value what is redeemed differently from what was idle", async () => {
      const { world } = await loadFixture(unitsHome);
      await world.c.accountant.report();
      const before = await world.c.accountant.netAssetValue();
      await desk(world).redeem();
      await world.c.accountant.report();
      // 28 units leave a rate of 18 digits for the issuer's own arithmetic; a change of form costs a unit.
      expectWithin(await world.c.accountant.netAssetValue(), before, 31n);
    });
  });

  describe("claim", () => {
    it("brings home what the issuer has paid, and nothing before", async () => {
      const { world } = await loadFixture(redeeming);
      expect(await desk(world).claim.staticCall(9n)).to.equal(0n);
      await desk(world).claim(9n);
      const value = await world.c.issuer.redeemingValue();
      await world.finaliseLido();
      await world.c.accountant.report();
      const nav = await world.c.accountant.netAssetValue();
      await desk(world).claim(9n);
      expectWithin(await world.c.pool.idle(ETHER), value, 2n);
      await world.c.accountant.report();
      expectWithin(await world.c.accountant.netAssetValue(), nav, 3n);
      expect((await world.c.issuer.openRequests()).length).to.equal(0);
      expect(await world.ctx.provider.getBalance(world.c.issuer)).to.equal(0n);
    });

    it("a gain of the issuer while redeeming is not ours; the pool stays with what it asked for", async () => {
      const { world } = await loadFixture(redeeming);
      const before = await world.c.issuer.redeemingValue();
      await world.lidoEarns(100n);
      expectWithin(await world.c.issuer.redeemingValue(), before, 1n, "shares of the amount asked for round down");
    });

    it("a loss while redeeming is in the rate at once and hits leaver and stayer alike", async () => {
      const { world, id } = await loadFixture(redeeming);
      await world.c.accountant.report();
      const before = await world.c.pool.rate();
      await world.lidoLoses(300n);
      await world.c.accountant.report();
      const after = await world.c.pool.rate();
      // Everything the pool has is Lido's, whether idle, restaked or redeeming.
      expectWithin((after * 10_000n) / before, 9_700n, 1n);
      await untilFilled(world, ETHER);
      expectWithin(await world.c.queue.claimable(id), (ether("30") * (await world.c.pool.rate())) / WAD, 300n);
    });

    it("waits out bunker mode without losing track of value", async () => {
      const { world } = await loadFixture(redeeming);
      const value = await world.c.issuer.redeemingValue();
      const stEth = world.c.stEth;
      const oracle = world.c.lidoQueue.connect(await as(await stEth.getAddress()));
      const time = BigInt((await world.ctx.provider.getBlock("latest"))?.timestamp ?? 0);
      await oracle.onOracleReport(true, time - 86_400n, time);
      await world.finaliseLido();
      expect((await world.c.issuer.openRequests()).length).to.equal(1);
      await world.c.accountant.report();
      expectWithin(await world.c.issuer.redeemingValue(), value, 1n);
      await oracle.onOracleReport(false, 0n, time);
      await untilFilled(world, ETHER);
    });
  });
});
