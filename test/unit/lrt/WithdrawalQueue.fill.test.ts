import { loadFixture, setBalance, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers, network } from "hardhat";
import type { World } from "../../../scripts/sim/world";
import {
  ETHER,
  ether,
  expectWithin,
  nextDay,
  now,
  oddlyStaked,
  sharesOf,
  today,
  untilFilled,
  WAD,
} from "../../exit-world";
import { staked } from "../../world";

/** Day by day unbonds, but completes only some operators, so that less is home than tickets wait for. */
async function partlyHome(world: World, operatorIds: number[]): Promise<void> {
  const desk = world.c.desk.connect(world.keeper);
  await nextDay(world.ctx.provider, 60n);
  await desk.unbond(world.asset, 16n).catch(() => undefined);
  await nextDay(world.ctx.provider, 60n);
  for (const id of operatorIds) await (await desk.complete(id, 9n)).wait();
}

const fill = async (world: World, asset: string, batches = 9n) =>
  (await world.c.queue.connect(world.keeper).fill(asset, batches)).wait();

/** Bob's two tickets and Alice's one in one batch, of which two fifths are paid. */
async function partlyFilled() {
  const { world, alice, bob } = await oddlyStaked();
  const day = await today(world);
  const ids = [
    await world.request(bob, world.asset, ether("5")),
    await world.request(bob, world.asset, ether("10")),
    await world.request(alice, world.asset, ether("15")),
  ];
  await partlyHome(world, [0, 1]);
  await fill(world, world.asset);
  return { world, alice, bob, ids, day };
}

describe("WithdrawalQueue: filling and moving", () => {
  describe("fill", () => {
    it("a single small ticket is filled", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      for (const asset of [world.asset, ETHER]) {
        const id = await world.request(bob, asset, 10n ** 12n);
        await untilFilled(world, asset);
        const units = await world.c.queue.claimable(id);
        expect(units).to.be.greaterThan(0n);
        await world.claim(id);
      }
    });

    it("pays growth up to now, whether somebody reports first or not (WQ-15)", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { accountant, pool, queue } = world.c;
      const id = await world.request(bob, world.asset, ether("10"));
      await world.lidoEarns(50n);
      await world.crank(); // the gain waits
      for (let i = 0; i < 2; ++i) {
        await nextDay(world.ctx.provider, 60n);
        await partlyHome(world, [0, 1, 2, 3, 4]);
      }
      const before = await pool.terms();
      expect(before.waitingWad).to.be.greaterThan(0n);
      const moment = (await now(world.ctx.provider)) + 12n;
      const snapshot = await takeSnapshot();
      const paid: bigint[] = [];
      for (const reportsFirst of [true, false]) {
        await snapshot.restore();
        await network.provider.send("evm_setAutomine", [false]); // both in one block, as whoever fills could choose
        if (reportsFirst) await accountant.connect(world.keeper).report({ gasLimit: 5_000_000n });
        await queue.connect(world.keeper).fill(world.asset, 9n, { gasLimit: 8_000_000n });
        await network.provider.send("evm_setNextBlockTimestamp", [Number(moment)]);
        await network.provider.send("evm_mine");
        await network.provider.send("evm_setAutomine", [true]);
        expect((await pool.terms()).rateWad).to.be.greaterThan(before.rateWad);
        paid.push(await queue.claimable(id));
      }
      expect(paid[0]).to.be.greaterThan(0n);
      expect(paid[1]).to.equal(paid[0]);
    });

    it("is not stopped by a last unit that is worth no wei", async () => {
      // All of its own tokens is restaked; what is left over is less than one wei of stETH once Lido has lost something.
      const { world, alice } = await loadFixture(staked);
      const id = await world.request(alice, world.asset, ether("1"));
      expect(await world.c.pool.idle(world.asset)).to.equal(0n);
      await world.acquire(alice, "stETH", 1n);
      const crumb = await ethers.getImpersonatedSigner(await world.c.desk.getAddress());
      await setBalance(crumb.address, WAD);
      await (await world.c.stEth.connect(alice).transferShares(world.c.pool, 1n)).wait();
      await (await world.c.pool.connect(crumb).put(world.asset, 1n)).wait();
      await world.lidoLoses(1n);
      await nextDay(world.ctx.provider, 60n);
      await nextDay(world.ctx.provider, 60n);
      await fill(world, world.asset);
      const { remainingShares, claimable } = await world.c.queue.withdrawalStatus(id);
      expect([ether("1") - remainingShares, claimable]).to.deep.equal([2n, 0n]); // a unit's worth of shares, rounded up
    });

    it("pays every ticket of a batch the same part when there is not enough", async () => {
      const { world, ids, day } = await loadFixture(partlyFilled);
      const { queue } = world.c;
      const b = await queue.batch(world.asset, day);
      expect(b.remaining).to.be.greaterThan(0n);
      const shares = [5n, 10n, 15n];
      for (const [i, id] of ids.entries()) {
        expect(await queue.claimable(id)).to.equal((b.assets * shares[i]) / 30n);
        const { remainingShares, waitsFor } = await queue.withdrawalStatus(id);
        expect([remainingShares, waitsFor]).to.deep.equal([(b.remaining * shares[i]) / 30n, 2n]);
      }
    });

    it("lets a ticket collect in parts, and pays the same as at once", async () => {
      const { world, ids } = await loadFixture(partlyFilled);
      const { queue, wstEth } = world.c;
      const owner = await queue.ownerOf(ids[1]);
      const before = await wstEth.balanceOf(owner);
      await world.claim(ids[1]);
      await expect(world.claim(ids[1])).to.be.revertedWithCustomError(queue, "TicketNotFilled").withArgs(ids[1]);
      await untilFilled(world, world.asset);
      const untouched = await queue.claimable(ids[0]);
      await world.claim(ids[1]);
      // Twice the shares: twice the units, to the wei that a division rounds away.
      expectWithin((await wstEth.balanceOf(owner)) - before, untouched * 2n, 1n);
    });

    it("goes batch by batch in order, as many as asked for", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { queue } = world.c;
      const ids = [await world.request(bob, world.asset, ether("4"))];
      await nextDay(world.ctx.provider, 60n);
      ids.push(await world.request(bob, world.asset, ether("4")));
      await partlyHome(world, [0, 1, 2, 3, 4]);
      await nextDay(world.ctx.provider, 60n);
      for (let i = 0; i < 5; ++i) await world.c.desk.connect(world.keeper).complete(i, 9n);
      await fill(world, world.asset, 1n);
      expect((await queue.withdrawalStatus(ids[0])).remainingShares).to.equal(0n);
      expect((await queue.withdrawalStatus(ids[1])).remainingShares).to.equal(ether("4"));
      await fill(world, world.asset, 1n);
      expect((await queue.withdrawalStatus(ids[1])).remainingShares).to.equal(0n);
      expect(await queue.openBatches(world.asset)).to.deep.equal([]);
    });

    it("leaves the rate of those who stay as it is, or a digit higher", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      await world.request(bob, world.asset, ether("33.333333333333333333"));
      await world.c.accountant.report();
      const before = await world.c.pool.rate();
      await untilFilled(world, world.asset);
      await world.c.accountant.report();
      expectWithin(await world.c.pool.rate(), before, 3n);
    });

    it("cannot be used to take a stale rate out", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const id = await world.request(bob, world.asset, ether("10"));
      await partlyHome(world, [0, 1, 2, 3, 4]);
      await world.lidoLoses(40n); // below the alarm, and nobody reports it
      await fill(world, world.asset);
      const paid = await world.c.stEth.getPooledEthByShares(await world.c.queue.claimable(id));
      expectWithin(paid, (ether("10") * 9_960n) / 10_000n, ether("0.0001")); // the first stake of the issuer lost as well
    });
  });

  describe("N claims, all paid", () => {
    it("in any order and in parts, and never more than was set aside", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.bigInt(10n ** 12n, 3n * WAD), { minLength: 2, maxLength: 8 }),
          fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
          fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
          async (amounts, order, home) => {
            const { world, bob } = await loadFixture(oddlyStaked);
            const { queue, wstEth } = world.c;
            const day = await today(world);
            const ids: bigint[] = [];
            for (const shares of amounts) ids.push(await world.request(bob, world.asset, shares));
            await partlyHome(world, home);
            await fill(world, world.asset).catch(() => undefined);
            await world.claim(ids[order[0] % ids.length]).catch(() => undefined); // one of them early, if it can
            await untilFilled(world, world.asset);
            const held = await wstEth.balanceOf(queue);
            const shuffled = ids.map((id, i) => ({ id, key: order[i] })).sort((a, b) => a.key - b.key);
            let paid = 0n;
            for (const { id } of shuffled) {
              if ((await queue.sharesOf(id)) === 0n) continue; // the early one, paid in full already
              paid += await queue.claimable(id);
              await world.claim(id);
            }
            expect(paid <= held).to.equal(true);
            expect((await wstEth.balanceOf(queue)) + paid).to.equal(held);
            expectWithin(paid, held, BigInt(ids.length), "one wei per ticket");
            expect((await queue.batch(world.asset, day)).remaining).to.equal(0n);
          },
        ),
        { numRuns: 5 },
      );
    });

    it("splitting a request never pays more", async () => {
      const { world, alice, bob } = await loadFixture(oddlyStaked);
      const { queue } = world.c;
      const whole = await world.request(alice, world.asset, ether("7") + 7n);
      const parts: bigint[] = [];
      for (let i = 0; i < 7; ++i) parts.push(await world.request(bob, world.asset, ether("1") + 1n));
      await untilFilled(world, world.asset);
      let sum = 0n;
      for (const id of parts) sum += await queue.claimable(id);
      const one = await queue.claimable(whole);
      expect(sum <= one).to.equal(true);
      expectWithin(sum, one, 7n);
    });
  });

  describe("moveTicket", () => {
    it("is refused before the exit time, to others, and when nothing waits any more", async () => {
      const { world, alice, bob, ids } = await loadFixture(partlyFilled);
      const { queue } = world.c;
      await expect(queue.connect(bob).moveTicket(ids[0], ETHER)).to.be.revertedWithCustomError(queue, "TooEarlyToMove");
      await expect(queue.connect(alice).moveTicket(ids[0], ETHER)).to.be.revertedWithCustomError(
        queue,
        "NotTicketOwner",
      );
      await untilFilled(world, world.asset);
      await world.pass(7n * 86_400n);
      await expect(queue.connect(bob).moveTicket(ids[0], ETHER))
        .to.be.revertedWithCustomError(queue, "TicketFilled")
        .withArgs(ids[0]);
      await world.claim(ids[0]);
    });

    it("collects what is filled and requests the rest in the other line", async () => {
      const { world, bob, ids } = await loadFixture(partlyFilled);
      const { queue, wstEth, trEth } = world.c;
      await world.pass(7n * 86_400n);
      const filled = await queue.claimable(ids[1]);
      const { remainingShares } = await queue.withdrawalStatus(ids[1]);
      const [others, supply, own] = [
        await queue.claimable(ids[2]),
        await trEth.totalSupply(),
        await sharesOf(world, bob),
      ];
      const newId = await queue.connect(bob).moveTicket.staticCall(ids[1], ETHER);
      const move = queue.connect(bob).moveTicket(ids[1], ETHER);
      await expect(move).to.changeTokenBalance(wstEth, bob, filled);
      await expect(move).to.emit(queue, "TicketMoved").withArgs(ids[1], newId, remainingShares);
      expect(await queue.sharesOf(newId)).to.equal(remainingShares);
      expect(newId >> 64n).to.equal(0n);
      await expect(queue.ownerOf(ids[1])).to.be.revertedWithCustomError(queue, "ERC721NonexistentToken");
      // Nobody else's part, no supply and no free share has moved.
      expectWithin(await queue.claimable(ids[2]), others, 1n);
      expect([await trEth.totalSupply(), await sharesOf(world, bob)]).to.deep.equal([supply, own]);
      const waiting = (await queue.waitingShares(ETHER)) + (await queue.waitingShares(world.asset));
      expectWithin(await trEth.balanceOf(queue), waiting, 1n);
      await untilFilled(world, world.asset);
      await untilFilled(world, ETHER);
      for (const id of [ids[0], ids[2], newId]) await world.claim(id);
    });

    it("pays a moved ticket once, also when it was collected before", async () => {
      const { world, bob, ids } = await loadFixture(partlyFilled);
      const { queue, wstEth } = world.c;
      await world.claim(ids[1]);
      await world.pass(7n * 86_400n);
      await expect(queue.connect(bob).moveTicket(ids[1], world.asset)).to.changeTokenBalance(wstEth, bob, 0n);
      await expect(world.claim(ids[1])).to.be.revertedWithCustomError(queue, "UnknownTicket");
    });
  });
});
