import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import { ETHER, DAY, ether, nextDay, sharesOf, ticketWaiting, today } from "../../exit-world";
import { staked } from "../../world";

const MIN_SHARES = 10n ** 12n;

describe("WithdrawalQueue: requesting", () => {
  describe("request", () => {
    it("takes the shares and gives a ticket that tells line, day and number", async () => {
      const { world, bob } = await loadFixture(staked);
      const { queue, trEth } = world.c;
      const before = await sharesOf(world, bob);
      const id = await world.request(bob, world.asset, ether("10"));
      expect(id).to.equal((1n << 64n) | ((await today(world)) << 32n));
      expect(await queue.ownerOf(id)).to.equal(await bob.getAddress());
      expect(await queue.sharesOf(id)).to.equal(ether("10"));
      expect(await sharesOf(world, bob)).to.equal(before - ether("10"));
      expect(await trEth.balanceOf(queue)).to.equal(ether("10"));
    });

    it("numbers the tickets of a day and of a line on their own", async () => {
      const { world, bob } = await loadFixture(staked);
      const day = await today(world);
      const ids = [];
      for (const asset of [world.asset, ETHER, world.asset, ETHER])
        ids.push(await world.request(bob, asset, ether("1")));
      const at = (line: bigint, number: bigint) => (line << 64n) | (day << 32n) | number;
      expect(ids).to.deep.equal([at(1n, 0n), at(0n, 0n), at(1n, 1n), at(0n, 1n)]);
    });

    it("keeps the supply and the rate as they are", async () => {
      const { world, bob } = await loadFixture(staked);
      const before = [await world.c.trEth.totalSupply(), await world.c.pool.rate()];
      await world.request(bob, world.asset, ether("10"));
      expect([await world.c.trEth.totalSupply(), await world.c.pool.rate()]).to.deep.equal(before);
    });

    it("emits Requested", async () => {
      const { world, alice, bob } = await loadFixture(staked);
      const { queue, trEth } = world.c;
      await trEth.connect(bob).approve(queue, MaxUint256);
      await expect(queue.connect(bob).request(ETHER, ether("2"), alice))
        .to.emit(queue, "Requested")
        .withArgs((await today(world)) << 32n, alice, ETHER, ether("2"));
    });

    it("takes the smallest request and refuses one share less", async () => {
      const { world, bob } = await loadFixture(staked);
      const { queue, trEth } = world.c;
      await trEth.connect(bob).approve(queue, MaxUint256);
      await expect(queue.connect(bob).request(world.asset, MIN_SHARES - 1n, bob))
        .to.be.revertedWithCustomError(queue, "RequestTooSmall")
        .withArgs(MIN_SHARES - 1n, MIN_SHARES);
      await expect(queue.connect(bob).request(world.asset, 0n, bob))
        .to.be.revertedWithCustomError(queue, "RequestTooSmall")
        .withArgs(0n, MIN_SHARES);
      await expect(queue.connect(bob).request(world.asset, MIN_SHARES, bob)).to.emit(queue, "Requested");
    });

    it("refuses what the backing in that asset does not cover, and takes all that it covers", async () => {
      const { world, alice, bob } = await loadFixture(staked);
      // Fresh ether: 50 shares more than there is wstETH.
      const carol = await world.person(2);
      await world.depositEther(carol, ether("50"));
      const { queue, trEth, accountant } = world.c;
      for (const who of [alice, bob, carol]) await trEth.connect(who).approve(queue, MaxUint256);
      await queue.connect(alice).request(world.asset, ether("60"), alice);
      const { pool, restaked, unbonding } = await accountant.backing(world.asset);
      const backing = pool + restaked + unbonding;
      await expect(queue.connect(carol).request(world.asset, ether("50"), carol))
        .to.be.revertedWithCustomError(queue, "BackingExceeded")
        .withArgs(world.asset, ether("110"), backing);
      const room = backing - ether("60"); // one share is one unit here
      await expect(queue.connect(carol).request(world.asset, room + 1n, carol)).to.be.revertedWithCustomError(
        queue,
        "BackingExceeded",
      );
      await queue.connect(carol).request(world.asset, room, carol);
      // The ether line takes everybody: every asset can be redeemed for ether.
      await queue.connect(bob).request(ETHER, ether("40"), bob);
    });

    it("looks at the backing again for the first ticket of a day, and when an eighth of what was free is used", async () => {
      const { world, alice, bob } = await loadFixture(staked);
      const { queue, trEth, issuer } = world.c;
      await trEth.connect(bob).approve(queue, MaxUint256);
      await queue.connect(bob).request(world.asset, ether("4"), bob); // 96 are free now: room for 12
      const connected = queue.connect(bob);
      await connected.request(world.asset, ether("11.9"), bob);
      // The desk cannot answer: a ticket that needs it is refused, and only such a one.
      const code = (await world.ctx.provider.send("eth_getCode", [await issuer.getAddress(), "latest"])) as string;
      const setCode = (to: string) => world.ctx.provider.send("hardhat_setCode", [issuer.target, to]);
      await setCode("0x");
      await expect(connected.request(world.asset, ether("1"), bob)).to.be.reverted;
      await setCode(code);
      await connected.request(world.asset, ether("4"), bob); // 80.1 are free: room for 10
      await setCode("0x");
      await connected.request(world.asset, ether("9.9"), bob);
      await nextDay(world.ctx.provider, 60n);
      await expect(connected.request(world.asset, ether("1"), bob)).to.be.reverted;
      expect(await trEth.balanceOf(alice)).to.equal(ether("60"));
    });

    it("refuses the zero address, unknown assets and shares that are not approved", async () => {
      const { world, bob } = await loadFixture(staked);
      const { queue, pool, trEth, stEth } = world.c;
      const connected = queue.connect(bob);
      await expect(connected.request(world.asset, ether("1"), ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "ZeroAddress",
      );
      await expect(connected.request(stEth, ether("1"), bob))
        .to.be.revertedWithCustomError(pool, "AssetNotAccepted")
        .withArgs(stEth);
      await expect(connected.request(world.asset, ether("1"), bob)).to.be.revertedWithCustomError(
        trEth,
        "ERC20InsufficientAllowance",
      );
    });
  });

  describe("a day's batch", () => {
    it("begins at midnight: requests before and after it are in different batches", async () => {
      const { world, bob } = await loadFixture(staked);
      const { queue } = world.c;
      const day = await today(world);
      await world.request(bob, world.asset, ether("1"));
      await nextDay(world.ctx.provider, 60n);
      await world.request(bob, world.asset, ether("2"));
      await world.request(bob, world.asset, ether("3"));
      expect(await queue.openBatches(world.asset)).to.deep.equal([day, day + 1n]);
      expect((await queue.batch(world.asset, day)).shares).to.equal(ether("1"));
      const second = await queue.batch(world.asset, day + 1n);
      expect([second.shares, second.remaining, second.tickets]).to.deep.equal([ether("5"), ether("5"), 2n]);
    });

    it("is due only when it is closed", async () => {
      const { world } = await loadFixture(ticketWaiting);
      expect((await world.c.queue.waitingUnits(world.asset)).due).to.equal(0n);
      await nextDay(world.ctx.provider, 60n);
      expect((await world.c.queue.waitingUnits(world.asset)).due).to.equal(ether("10"));
    });

    it("is not filled in the second before its minimum age, and is in the next", async () => {
      const { world, id } = await loadFixture(ticketWaiting);
      const { queue, desk } = world.c;
      const day = await today(world);
      await nextDay(world.ctx.provider, 60n);
      await world.crank();
      await world.pass(3_600n);
      await desk.connect(world.keeper).complete(0, 9n);
      for (let i = 1; i < 5; ++i) await desk.connect(world.keeper).complete(i, 9n);
      const from = (day + 2n) * DAY;
      const at = (time: bigint) => world.ctx.provider.send("evm_setNextBlockTimestamp", [Number(time)]);
      await at(from - 1n);
      await expect(queue.connect(world.keeper).fill(world.asset, 9n)).to.be.revertedWithCustomError(
        queue,
        "NothingToFill",
      );
      await at(from);
      await expect(queue.connect(world.keeper).fill(world.asset, 9n)).to.emit(queue, "BatchFilled");
      expect((await queue.withdrawalStatus(id)).waitsFor).to.equal(3n);
    });
  });

  describe("withdrawalStatus", () => {
    it("tells what a ticket waits for, and until when", async () => {
      const { world, bob, id } = await loadFixture(ticketWaiting);
      const { queue } = world.c;
      const day = await today(world);
      const fresh = await queue.withdrawalStatus(id);
      expect(fresh.owner).to.equal(await bob.getAddress());
      expect([fresh.asset, fresh.claimable, fresh.remainingShares]).to.deep.equal([world.asset, 0n, ether("10")]);
      expect([fresh.estimate, fresh.waitsFor]).to.deep.equal([ether("10"), 0n]);
      expect(fresh.earliest).to.equal((day + 2n) * DAY);
      expect(fresh.latest).to.equal((day + 1n) * DAY + (await queue.EXIT_TIME()));
      await nextDay(world.ctx.provider, 60n);
      expect((await queue.withdrawalStatus(id)).waitsFor).to.equal(1n);
      await nextDay(world.ctx.provider, 60n);
      expect((await queue.withdrawalStatus(id)).waitsFor).to.equal(2n);
      await world.days(2);
      const filled = await queue.withdrawalStatus(id);
      expect([filled.remainingShares, filled.estimate, filled.waitsFor]).to.deep.equal([0n, 0n, 3n]);
      expect(filled.claimable).to.equal(ether("10"));
    });

    it("gives a ticket for ether the time that its issuer takes besides", async () => {
      const { world, bob } = await loadFixture(staked);
      const { queue } = world.c;
      const day = await today(world);
      const id = await world.request(bob, ETHER, ether("10"));
      const { earliest, latest } = await queue.withdrawalStatus(id);
      const { exitTimeSeconds, issuerTimeSeconds } = world.ctx.config.withdrawals;
      expect([earliest, latest]).to.deep.equal([
        (day + 2n) * DAY,
        (day + 1n) * DAY + exitTimeSeconds + issuerTimeSeconds,
      ]);
      // Lido pays on the last day of its time: the ticket is filled by then, and later than in kind.
      const { timestamp } = (await world.ctx.provider.getBlock("latest"))!;
      for (let time = BigInt(timestamp); time < latest - DAY; time += DAY) {
        await nextDay(world.ctx.provider, 60n);
        await world.crank();
      }
      expect((await queue.withdrawalStatus(id)).waitsFor).to.equal(2n);
      await world.finaliseLido();
      await world.crank();
      expect((await queue.withdrawalStatus(id)).waitsFor).to.equal(3n);
      expect(BigInt((await world.ctx.provider.getBlock("latest"))!.timestamp)).to.be.at.most(latest);
    });

    it("reverts for a ticket that never was", async () => {
      const { world } = await loadFixture(ticketWaiting);
      for (const view of ["withdrawalStatus", "claimable", "claim"] as const) {
        await expect(world.c.queue[view](7n))
          .to.be.revertedWithCustomError(world.c.queue, "UnknownTicket")
          .withArgs(7n);
      }
    });
  });
});
