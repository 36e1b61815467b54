import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { DAY, nextDay, now } from "../../../scripts/sim/time";
import type { World } from "../../../scripts/sim/world";
import { ether } from "../../exit-world";
import { admits } from "../../governance";
import { bufferedWith, redeem } from "../../instant-world";
import { announcerIn, MANNER, vetoedTerms, WINDOW } from "../../risk-world";

/** A full buffer, and a vetoed set that is admitted. */
async function watched() {
  const { world, alice, bob } = await bufferedWith({ bucketBps: 500 });
  const { announcer, set } = await announcerIn(world);
  await admits(world, set, vetoedTerms());
  await world.days(1);
  const notices = world.c.notices.connect(world.keeper);
  const time = () => now(world.ctx.provider);
  const announce = async () => (await announcer.announce((await time()) + 1n + WINDOW)).wait();
  return { world, alice, bob, announcer, set, notices, time, announce };
}

const day = (time: bigint): bigint => time / DAY;

/** What the crank of a morning says of the line for wstETH. */
async function waiting({ c, asset }: World): Promise<bigint> {
  return c.queue.waitingShares(asset);
}

describe("SlashNotices", () => {
  describe("an announced slash", () => {
    it("shuts what leaves at once, until it can no longer be executed", async () => {
      const { world, alice, announce, notices } = await loadFixture(watched);
      await redeem(world, alice, ether("1"));
      await announce();
      expect(await notices.isSlashPending()).to.equal(true);
      await expect(redeem(world, alice, ether("1"))).to.be.revertedWithCustomError(world.c.instant, "SlashPending");
      await world.pass(WINDOW + 60n);
      expect(await notices.isSlashPending()).to.equal(false);
      await redeem(world, alice, ether("1"));
    });

    it("makes who asked on its day or later wait, and nobody who asked before", async () => {
      const { world, alice, bob, announce, notices, time } = await loadFixture(watched);
      await nextDay(world.ctx.provider, 60n);
      const before = await world.request(alice, world.asset, ether("10"));
      await nextDay(world.ctx.provider, 60n);
      await announce();
      const noticeDay = day(await time());
      expect(await notices.heldFrom()).to.equal(noticeDay);
      const after = await world.request(bob, world.asset, ether("10"));
      await world.days(2);
      expect(await world.c.queue.claimable(before)).to.be.greaterThan(0n);
      await expect(world.c.queue.connect(world.keeper).fill(world.asset, 9n)).to.be.revertedWithCustomError(
        world.c.queue,
        "NothingToFill",
      );
      expect(await world.c.queue.claimable(after)).to.equal(0n);
      await world.days(2);
      expect(await world.c.queue.claimable(after)).to.be.greaterThan(0n);
    });

    it("holds no batch for longer than a window from its day, however often somebody files", async () => {
      const { world, alice, announce, notices, set, time } = await loadFixture(watched);
      await announce();
      const id = await world.request(alice, world.asset, ether("10"));
      const asked = day(await time());
      let days = 0n;
      while ((await waiting(world)) !== 0n) {
        await announce();
        await notices.takeNotice(set);
        await world.days(1);
        expect(++days).to.be.at.most(10n);
      }
      const paid = await time();
      expect(paid).to.be.at.most((asked + 1n) * DAY + WINDOW + DAY);
      const promised = (asked + 1n) * DAY + (await world.c.queue.EXIT_TIME());
      expect(paid).to.be.at.most(promised);
      expect(await world.c.queue.claimable(id)).to.be.greaterThan(0n);
    });

    it("is remembered when a later one covers it, once somebody took notice", async () => {
      const { announce, notices, set, world, time } = await loadFixture(watched);
      await announce();
      const first = day(await time());
      await notices.takeNotice(set);
      await world.pass(2n * DAY);
      await announce();
      expect(await notices.heldFrom()).to.equal(first);
      await world.pass(WINDOW - 2n * DAY + 60n);
      expect(await notices.heldFrom()).to.be.within(first + 1n, first + 3n); // the later one alone
    });
  });

  describe("a slasher that does not answer", () => {
    for (const [what, manner] of [
      ["reverts", MANNER.reverts],
      ["burns its gas", MANNER.burns],
    ] as const) {
      it(`that ${what} counts as one that has announced, for one window, and not again before a rest`, async () => {
        const { world, alice, announcer, notices, set } = await loadFixture(watched);
        await announcer.behave(manner);
        expect(await notices.isSlashPending()).to.equal(true);
        expect(await notices.heldFrom()).to.equal(ethers.MaxUint256); // silence that nobody noted holds no batch
        await notices.takeNotice(set);
        expect(await notices.heldFrom()).to.equal(day((await notices.noteOf(set)).failedAt));
        await world.pass(WINDOW + 60n);
        expect(await notices.isSlashPending()).to.equal(false);
        await announcer.behave(MANNER.answers);
        await notices.takeNotice(set);
        await announcer.behave(manner);
        await notices.takeNotice(set);
        expect(await notices.isSlashPending()).to.equal(false);
        await redeem(world, alice, ether("1"));
        await world.pass(7n * DAY + 60n);
        await notices.takeNotice(set);
        expect(await notices.isSlashPending()).to.equal(true);
      });
    }

    it("lies when it names a time beyond its window, and counts as silent", async () => {
      const { announcer, notices, world, set } = await loadFixture(watched);
      await announcer.announce(ethers.MaxUint256);
      expect(await notices.isSlashPending()).to.equal(true);
      await notices.takeNotice(set);
      await world.pass(WINDOW + 60n);
      expect(await notices.isSlashPending()).to.equal(false);
    });

    it("is not made of one that answers by a stingy caller", async () => {
      const { announcer, notices } = await loadFixture(watched);
      await announcer.behave(MANNER.burns);
      await expect(notices.heldFrom({ gasLimit: 80_000n })).to.be.revertedWithCustomError(
        await ethers.getContractAt("Accountant", ethers.ZeroAddress),
        "NotEnoughGas",
      );
    });
  });

  it("asks no set that cannot be vetoed, and one that was dropped until nothing is allocated to it", async () => {
    const { world, announce, notices, set } = await loadFixture(watched);
    const [objective] = await world.c.sets.sets();
    await expect(notices.takeNotice({ avs: objective.avs, id: objective.id })).to.be.revertedWithCustomError(
      notices,
      "NotWatched",
    );
    await announce();
    const tight = world.c.sets.connect(await world.signer(world.ctx.config.governance.tightening));
    await tight.dropSet(set);
    expect(await notices.isSlashPending()).to.equal(true);
    await world.c.sets.connect(world.keeper).forgetSet(set);
    expect(await notices.isSlashPending()).to.equal(false);
  });

  it("goes on asking all others when one of several sets is forgotten", async () => {
    const { world, announcer, set, notices, time } = await loadFixture(watched);
    const others = [await announcerIn(world), await announcerIn(world)];
    for (const other of others) await admits(world, other.set, vetoedTerms());
    const asked = async () => (await notices.watched()).map((one) => [one.set.avs, one.slasher, one.window]);
    const row = async (one: typeof announcer) => [await one.getAddress(), await one.getAddress(), WINDOW];
    const [second, third] = await Promise.all(others.map((other) => row(other.announcer)));
    expect(await asked()).to.deep.equal([await row(announcer), second, third]);
    await world.c.sets.connect(await world.signer(world.ctx.config.governance.tightening)).dropSet(set);
    await world.c.sets.connect(world.keeper).forgetSet(set);
    expect(await asked()).to.deep.equal([third, second]); // the last one takes its place
    for (const other of others) {
      expect(await notices.isSlashPending()).to.equal(false);
      await (await other.announcer.announce((await time()) + 1n + WINDOW)).wait();
      expect(await notices.isSlashPending()).to.equal(true);
      await notices.takeNotice(other.set);
      await world.pass(WINDOW + 60n);
    }
    await expect(notices.takeNotice(set)).to.be.revertedWithCustomError(notices, "NotWatched");
  });
});
