import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { ETHER } from "../../../scripts/sim/world";
import type { SlashNoticeMock } from "../../../typechain-types";
import { as, books, DAY, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../checks";
import { failingReader, FAULT } from "../../failing";
import { curvePaid } from "../../models";
import { bufferByTheRules, buffered, bufferedWith, hastyWallet, redeem, wideOpen } from "../../instant-world";

const HOUR = 3_600n;

/** With somebody who knows of pending slashes. */
async function announced() {
  const notice = (await ethers.deployContract("SlashNoticeMock")) as unknown as SlashNoticeMock;
  return { ...(await bufferedWith({ pendingSlashes: await notice.getAddress() })), notice };
}

describe("InstantRedeemer", () => {
  describe("redeem", () => {
    it("pays the value at the rate less the fee along the curve, at once", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { instant, pool } = world.c;
      const before = await bufferByTheRules(world);
      expect(await pool.idle(ETHER)).to.equal(before.level);
      const paid = await instant.preview(ether("5"));
      await expect(redeem(world, alice, ether("5"))).to.changeEtherBalances([alice, pool], [paid, -paid]);
      const { minFeeBps, maxFeeBps } = world.ctx.config.instant;
      expect(paid).to.equal(curvePaid({ ...before, minFeeBps, maxFeeBps }, ether("5")));
      expect(before.level).to.be.within(before.target - 1n, before.target); // so the fee begins at its lowest
      expect(paid).to.be.within(ether("4.990397"), ether("4.990398")); // 19.24 bps of what is paid in the mean
    });

    it("burns the shares, pays the receiver and says what it did", async () => {
      const { world, alice, bob } = await loadFixture(buffered);
      const { instant, pool, trEth, queue } = world.c;
      const [supply, paid, rate] = [await trEth.totalSupply(), await instant.preview(WAD), await pool.rate()];
      const ofBob = await ethers.provider.getBalance(bob);
      await expect(instant.connect(alice).redeem(WAD, paid, bob, FOREVER))
        .to.emit(instant, "RedeemedInstantly")
        .withArgs(alice, bob, WAD, paid, WAD - paid, rate);
      expect(await ethers.provider.getBalance(bob)).to.equal(ofBob + paid);
      expect(await trEth.totalSupply()).to.equal(supply - WAD);
      expect(await trEth.balanceOf(queue)).to.equal(0n);
    });

    it("leaves the fee to those who stay, and a newcomer pays for it", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { pool, accountant, trEth } = world.c;
      const before = await books(world);
      await redeem(world, alice, ether("5"));
      const after = await books(world);
      const fee = ether("5") - (before.idleEther - after.idleEther);
      expect(after.rateWad).to.equal(before.rateWad);
      expect(after.waitingWad).to.equal((fee * WAD + after.supply - 1n) / after.supply);
      // Price times supply covers net asset value: nobody buys the fee.
      expect((after.rateWad + after.waitingWad) * after.supply).to.be.at.least(after.netAssetValue * WAD);
      expect(await pool.previewDeposit(ETHER, ether("10"))).to.be.below((ether("10") * WAD) / after.rateWad);
      await time.increase(DAY);
      await accountant.report();
      expect(await pool.rate()).to.be.above(before.rateWad);
      expect(await trEth.totalSupply()).to.be.at.least(after.supply);
    });

    it("refuses less than the holder asks for, late calls, crumbs and the zero address", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { instant, pool } = world.c;
      const paid = await instant.preview(WAD);
      const mine = instant.connect(alice);
      const try_ = (shares: bigint, least: bigint, deadline: bigint) => () =>
        mine.redeem(shares, least, alice, deadline);
      await refuses(world, alice, try_(WAD, paid + 1n, FOREVER), instant, "TooLittleEther", [paid, paid + 1n]);
      const now = BigInt(await time.latest()) + 1n;
      await time.setNextBlockTimestamp(now);
      await refuses(world, alice, try_(WAD, 0n, now - 1n), pool, "DeadlinePassed", [now, now - 1n]);
      const least = await instant.MIN_SHARES();
      await refuses(world, alice, try_(least - 1n, 0n, FOREVER), instant, "RedemptionTooSmall", [least - 1n, least]);
      await refuses(world, alice, () => mine.redeem(WAD, 0n, ZeroAddress, FOREVER), instant, "ZeroAddress", []);
    });

    it("takes no more than the bucket has, which fills again over a day", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { instant, trEth } = world.c;
      const all = (await trEth.totalSupply()) / 200n; // 0.5 %
      await refuses(world, alice, () => redeem(world, alice, all + 1n), instant, "BucketExceeded", [all + 1n, all]);
      await redeem(world, alice, all);
      expect((await instant.buffer()).sharesLeft).to.equal(0n);
      await time.increase(DAY / 2n);
      await world.c.accountant.report();
      const { sharesLeft } = await instant.buffer();
      expect(sharesLeft).to.be.within((all * 4_970n) / 10_000n, (all * 5_010n) / 10_000n);
      await redeem(world, alice, sharesLeft);
      await time.increase(2n * DAY);
      expect((await instant.buffer()).sharesLeft).to.equal((await trEth.totalSupply()) / 200n);
    });

    it("leaves the watermark, to the last digit of the rate", async () => {
      const { world, alice } = await loadFixture(wideOpen);
      const { instant } = world.c;
      const { level, watermark } = await bufferByTheRules(world);
      expect(level * 20n).to.be.within((await world.c.accountant.netAssetValue()) - 20n, 2n ** 255n);
      await expect(redeem(world, alice, ether("45"))).to.be.revertedWithCustomError(instant, "BufferExceeded");
      const shares = ether("40");
      await redeem(world, alice, shares);
      // The rest above the watermark, fee included, by looking for the largest that is not refused.
      let [low, high] = [10n ** 12n, ether("5")];
      while (low < high) {
        const middle = (low + high + 1n) / 2n;
        const fits = await instant.preview(middle).then(
          () => true,
          () => false,
        );
        if (fits) low = middle;
        else high = middle - 1n;
      }
      await redeem(world, alice, low);
      const left = await bufferByTheRules(world);
      // A wei of rounding up for each of two payments; and what is outside the buffer is told by the rate, rounded up: at
      // most 1e-18 of every share too much, of which the watermark is a part.
      const digit = ((await world.c.trEth.totalSupply()) * 2n) / 10n ** 18n;
      expect(left.level - left.watermark).to.be.within(0n, 2n + digit / 10n);
      expect(left.watermark).to.equal(watermark);
    });

    it("never touches what tickets wait for in the line for ether", async () => {
      const { world, alice, bob } = await loadFixture(wideOpen);
      const { instant, queue, pool } = world.c;
      await queue.connect(bob).request(ETHER, ether("30"), bob);
      const { level, target, watermark } = await bufferByTheRules(world);
      expect(level).to.equal((await pool.idle(ETHER)) - ether("30"));
      const b = await instant.buffer();
      expect([b.level, b.target, b.watermark]).to.deep.equal([level, target, watermark]);
      await expect(redeem(world, alice, level)).to.be.revertedWithCustomError(instant, "BufferExceeded");
      await redeem(world, alice, ether("5"));
      await queue.connect(bob).request(ETHER, ether("60"), bob);
      await expect(redeem(world, alice, 10n ** 12n))
        .to.be.revertedWithCustomError(instant, "BufferExceeded")
        .withArgs(10n ** 12n, 0n);
    });
  });

  describe("a deposit in the same transaction", () => {
    it("is refused before it, allowed after it", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { instant, pool, trEth } = world.c;
      const wallet = await hastyWallet(world, ether("3"), alice);
      const to = await wallet.getAddress();
      const call = (target: string, value: bigint, data: string) => ({ target, value, data });
      const approve = call(
        await trEth.getAddress(),
        0n,
        trEth.interface.encodeFunctionData("approve", [await instant.getAddress(), FOREVER]),
      );
      const deposit = call(
        await pool.getAddress(),
        WAD,
        pool.interface.encodeFunctionData("depositEther", [to, 0n, FOREVER, NO_REFERRAL]),
      );
      const out = call(
        await instant.getAddress(),
        0n,
        instant.interface.encodeFunctionData("redeem", [WAD, 0n, to, FOREVER]),
      );
      await expect(wallet.execute([approve, deposit, out], { value: WAD })).to.be.revertedWithCustomError(
        pool,
        "DepositInThisTransaction",
      );
      await wallet.execute([approve, out, deposit], { value: WAD });
      expect(await trEth.balanceOf(wallet)).to.be.within(ether("2.99"), ether("3"));
    });
  });

  describe("the door", () => {
    it("after a large slash instant redemption is closed and the rate is true", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { instant, accountant, pool } = world.c;
      const rate = await pool.rate();
      await world.lidoLoses(300n);
      // Nobody has reported: the redemption finds the loss itself.
      const at = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(at);
      const call = () => redeem(world, alice, WAD);
      await refuses(world, alice, call, instant, "InstantClosed", [at, at + DAY]);
      await accountant.report();
      const closedUntil = await accountant.fillsClosedUntil();
      expect((await instant.buffer()).closedUntil).to.equal(closedUntil);
      const { netAssetValue, supply, rateWad } = await books(world);
      expect(rateWad).to.equal((netAssetValue * WAD) / supply);
      expect(rateWad).to.be.below(rate);
      await time.setNextBlockTimestamp(closedUntil);
      await redeem(world, alice, WAD);
    });

    it("pays at the rate after a loss that rings no alarm and that nobody has reported", async () => {
      const { world, alice } = await loadFixture(buffered);
      const before = await world.c.instant.preview(WAD);
      await world.lidoLoses(40n);
      const { idleEther } = await books(world);
      await redeem(world, alice, WAD);
      const paid = idleEther - (await books(world)).idleEther;
      expect(paid).to.be.within((before * 9_961n) / 10_000n, (before * 9_963n) / 10_000n); // 95 % of it is stETH
    });

    it("is closed while a value cannot be read", async () => {
      const { world, alice } = await loadFixture(buffered);
      const reader = await failingReader(world);
      const [{ delegator }] = await world.c.operators.operators();
      await reader.setFault(delegator, FAULT.Reverts);
      await world.c.accountant.sync(delegator);
      await expect(redeem(world, alice, WAD)).to.be.revertedWithCustomError(world.c.instant, "InstantClosed");
    });

    it("is closed by the guardian for at most three days, and not again for seven", async () => {
      const { world, alice } = await loadFixture(buffered);
      const { instant } = world.c;
      const guardian = instant.connect(await as(world.ctx.config.governance.guardian));
      await expect(guardian.pauseInstant(3n * DAY + 1n))
        .to.be.revertedWithCustomError(instant, "PauseTooLong")
        .withArgs(3n * DAY + 1n, 3n * DAY);
      await guardian.pauseInstant(3n * DAY);
      const until = BigInt(await time.latest()) + 3n * DAY;
      const at = until - HOUR;
      await time.setNextBlockTimestamp(at);
      await refuses(world, alice, () => redeem(world, alice, WAD), instant, "InstantClosed", [at, until]);
      await time.setNextBlockTimestamp(until);
      await redeem(world, alice, WAD);
      await expect(guardian.pauseInstant(1n)).to.be.revertedWithCustomError(instant, "PauseTooSoon");
      await time.increaseTo(until + 7n * DAY);
      await guardian.pauseInstant(DAY);
      await guardian.resumeInstant();
      await redeem(world, alice, WAD);
    });

    it("is closed while a slash is pending", async () => {
      const { world, alice, notice } = await loadFixture(announced);
      await redeem(world, alice, WAD);
      await notice.announce(true);
      await refuses(world, alice, () => redeem(world, alice, WAD), world.c.instant, "SlashPending", [notice.target]);
      await notice.announce(false);
      await redeem(world, alice, WAD);
    });
  });
});
