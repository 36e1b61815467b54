import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { as, books, DAY, ether, FOREVER, NO_REFERRAL, WAD } from "../../../checks";
import { exposeFully, slash } from "../../../exit-world";
import { FAULT, failingReader } from "../../../failing";
import { staked } from "../../../world";
import { nextDay } from "../../../../scripts/sim/time";

/** Bob waits for 10 shares of a batch that is old enough; what it needs has come back from the engine. */
async function waiting() {
  const scene = await loadFixture(staked);
  const { world, bob } = scene;
  const { c, asset, ctx } = world;
  const id = await world.request(bob, asset, ether("10"));
  await nextDay(ctx.provider, 60n);
  await world.crank(); // unbonds
  await nextDay(ctx.provider, 60n);
  for (let i = 0n; i < 5n; ++i) await c.desk.complete(i, 16n);
  await c.accountant.report();
  const reader = await failingReader(world);
  const { delegator } = await c.operators.operator(0n);
  return { ...scene, c, asset, id, reader, delegator, accountant: c.accountant };
}

describe("quarantine", () => {
  describe("of a value that cannot be read", () => {
    it("marks no loss, and pays nothing at the stale value", async () => {
      const { world, c, asset, id, reader, delegator, accountant } = await waiting();
      const before = await books(world);
      await exposeFully(world, 0);
      await slash(world, 0, 0n, 0, WAD / 2n);
      await reader.setFault(delegator, FAULT.Reverts);
      await expect(accountant.report()).not.to.emit(accountant, "LossRecognised");
      expect(await books(world)).to.deep.equal(before);
      expect(await accountant.totalLoss()).to.equal(0n);
      await expect(c.queue.fill(asset, 16n)).to.be.revertedWithCustomError(c.queue, "FillsClosed");
      await expect(
        c.pool.depositEther(world.keeper, 0n, FOREVER, NO_REFERRAL, { value: WAD }),
      ).to.be.revertedWithCustomError(c.pool, "DepositsClosed");

      // Once it is read, the loss counts, and the ticket bears its part of it.
      await reader.setFault(delegator, FAULT.None);
      await accountant.sync(delegator);
      await accountant.settle();
      const rate = await c.pool.rate();
      expect(rate).to.be.below(ether("0.92"));
      await time.increase(DAY); // the alarm
      await c.queue.fill(asset, 16n);
      expect(await c.queue.claimable(id)).to.equal((ether("10") * rate) / WAD);
    });

    it("closes nothing that needs no price: requests, transfers, claims, unbonding and completion of the others", async () => {
      const { world, c, asset, bob, alice, id, reader, delegator, accountant } = await waiting();
      await c.queue.fill(asset, 16n);
      await reader.setFault(delegator, FAULT.Burns);
      await accountant.report();
      await world.claim(id);
      await world.request(alice, asset, ether("20"));
      await c.trEth.connect(bob).transfer(alice, WAD);
      await nextDay(world.ctx.provider, 60n);
      await c.desk.unbond(asset, 16n);
      await nextDay(world.ctx.provider, 60n);
      expect(await c.desk.complete.staticCall(1n, 16n)).to.equal(1n);
      await c.desk.complete(1n, 16n);
      await accountant.report();
    });

    it("lets nobody take a gain from the doubt: the rate does not move for it in either direction", async () => {
      const { c, reader, delegator, accountant } = await waiting();
      const rate = await c.pool.rate();
      await reader.setFault(delegator, FAULT.Reverts);
      for (let day = 0; day < 3; ++day) {
        await accountant.report();
        await time.increase(DAY);
      }
      expect(await c.pool.rate()).to.equal(rate);
      await reader.setFault(delegator, FAULT.None);
      await accountant.sync(delegator);
      await accountant.report();
      expect(await c.pool.rate()).to.equal(rate);
      expect(await accountant.totalLoss()).to.equal(0n);
    });
  });

  describe("of an operator's flow", () => {
    it("changes no value: not when it begins, nor while the stake comes home, nor when it ends", async () => {
      const { world, c, accountant } = await waiting();
      const { operators, desk } = c;
      const { tightening } = world.ctx.config.governance;
      await c.queue.fill(world.asset, 16n);
      const before = await books(world);
      await operators.connect(await as(tightening)).quarantine(0n);
      await accountant.report();
      expect(await books(world)).to.deep.equal(before);
      expect(await accountant.fillsClosedUntil()).to.equal(0n);

      await desk.unbond(world.asset, 16n);
      await nextDay(world.ctx.provider, 60n);
      await desk.complete(0n, 16n);
      await accountant.report();
      const after = await books(world);
      expect((await accountant.book((await operators.operator(0n)).delegator, world.asset)).restaked).to.equal(0n);
      // Two hops through stETH's rounding lose a wei each; the rate has 18 digits.
      expect(before.netAssetValue - after.netAssetValue).to.be.within(0n, 4n);
      expect(before.rateWad - after.rateWad).to.be.within(0n, 1n);
      expect(await accountant.totalLoss()).to.equal(0n);
    });

    it("leaves a quarantined operator valued by the engine's own numbers", async () => {
      const { world, c, delegator, accountant } = await waiting();
      await c.operators.connect(await as(world.ctx.config.governance.tightening)).quarantine(0n);
      await world.equivocate(0, 0);
      const restaked = (await accountant.book(delegator, world.asset)).restaked;
      await expect(accountant.report())
        .to.emit(accountant, "LossRecognised")
        .withArgs(0n, delegator, world.asset, restaked / 20n);
    });
  });
});
