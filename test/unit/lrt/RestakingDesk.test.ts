import { loadFixture, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { World } from "../../../scripts/sim/world";
import { as, ETHER, ether, expectWithin, exposeFully, MIN_MOVE, nextDay, oddlyStaked, slash } from "../../exit-world";
import { staked } from "../../world";

/** Code that reverts whatever is asked of it. */
const REVERTS = "0x5f5ffd";
const PAUSE_DEPOSITS = 1n;
const PAUSE_ENTER_QUEUE = 2n;
const PAUSE_EXIT_QUEUE = 4n;

function cranks(world: World) {
  return { desk: world.c.desk.connect(world.keeper), queue: world.c.queue.connect(world.keeper) };
}

async function books(world: World) {
  const { operators, accountant } = world.c;
  return Promise.all((await operators.delegators()).map((d) => accountant.book(d, world.asset)));
}

async function restaked(world: World): Promise<bigint[]> {
  return (await books(world)).map((b) => b.restaked);
}

/** The engine's pauser stops parts of a manager. */
async function pause(world: World, manager: "delegation" | "strategies", bits: bigint): Promise<void> {
  const guardian = await world.signer(world.ctx.config.governance.guardian);
  await world.c[manager].connect(guardian).pause(bits);
}

async function unpause(world: World, manager: "delegation" | "strategies"): Promise<void> {
  const admin = await world.signer(world.ctx.config.governance.admin);
  await world.c[manager].connect(admin).unpause(0n);
}

async function tightening(world: World) {
  return world.c.operators.connect(await world.signer(world.ctx.config.governance.tightening));
}

/** As only the operator's admin could: the controller undelegates the operator's staker. */
async function forceUndelegate(world: World, operatorId: number): Promise<void> {
  const { delegator } = await world.c.operators.operator(operatorId);
  const controller = await as(await world.c.controller.getAddress());
  await (await world.c.delegation.connect(controller).undelegate(delegator)).wait();
}

describe("RestakingDesk", () => {
  describe("restake", () => {
    it("waits while its asset cannot be read: a share bought today must not be booked at an older value", async () => {
      const { world, bob } = await loadFixture(staked);
      const { accountant, registry, stEth, strategy } = world.c;
      const { desk } = cranks(world);
      await world.deposit(bob, "stETH", ether("10"));
      const { rateSource } = await registry.configOf(world.asset);
      const works = await ethers.provider.getCode(rateSource);
      await setCode(rateSource, REVERTS);
      await accountant.report();
      await world.acquire(bob, "stETH", ether("1"));
      await stEth.connect(bob).transfer(strategy, ether("1")); // a share of the strategy is worth more, unseen
      await expect(desk.restake(world.asset, 16n))
        .to.be.revertedWithCustomError(accountant, "Unreadable")
        .withArgs(world.asset);

      await setCode(rateSource, works);
      await accountant.syncAsset(world.asset);
      const before = await accountant.netAssetValue();
      await desk.restake(world.asset, 16n);
      expectWithin(await accountant.netAssetValue(), before, 1_000n); // the value of a share has 18 digits
    });

    it("spreads by weight, by an account that has no right at all", async () => {
      const { world } = await loadFixture(staked);
      await world.depositEther(await world.person(4), ether("50"));
      await world.c.issuer.connect(world.keeper).stake();
      await cranks(world).desk.restake(world.asset, 16n);
      const stakes = await restaked(world);
      for (const one of stakes) expectWithin(one, stakes[0], 10n, "equal weights"); // a wei per deposit of stETH
      expectWithin(
        stakes.reduce((a, b) => a + b, 0n),
        ether("150.01"),
        100n,
      );
    });

    it("leaves what tickets of either line wait for", async () => {
      const { world, alice, bob } = await loadFixture(staked);
      await world.deposit(await world.person(4), "wstETH", ether("30"));
      await world.request(alice, ETHER, ether("10"));
      await world.request(bob, world.asset, ether("12"));
      const idle = await world.c.pool.idle(world.asset);
      await cranks(world).desk.restake(world.asset, 16n);
      // 12 for the own line, with 60 basis points for growth, 10 for the ether line, with 120; a margin for rounding.
      expectWithin(await world.c.pool.idle(world.asset), ether("22.192"), 3_000_000n);
      expect(idle).to.be.greaterThan(ether("22.2"));
      await expect(cranks(world).desk.restake(world.asset, 16n))
        .to.be.revertedWithCustomError(world.c.desk, "NothingToMove")
        .withArgs(world.asset);
    });

    it("refuses ether and unknown assets", async () => {
      const { world } = await loadFixture(staked);
      const { desk } = cranks(world);
      await expect(desk.restake(ETHER, 1n)).to.be.revertedWithCustomError(desk, "NotRestakable").withArgs(ETHER);
      await expect(desk.unbond(ETHER, 1n)).to.be.revertedWithCustomError(desk, "NotRestakable").withArgs(ETHER);
      await expect(desk.restake(world.c.weth, 1n)).to.be.reverted;
    });

    it("keeps its halves to itself", async () => {
      const { world } = await loadFixture(staked);
      const { delegator } = await world.c.operators.operator(0);
      await expect(world.c.desk.stakeWith(delegator, world.asset, await world.c.strategy.getAddress(), 1n))
        .to.be.revertedWithCustomError(world.c.desk, "OnlySelf")
        .withArgs(world.ctx.deployer);
    });

    it("gives nothing to operators that are quarantined, drained, faulty or undelegated", async () => {
      const { world } = await loadFixture(staked);
      const { operators } = world.c;
      await world.deposit(await world.person(4), "wstETH", ether("10"));
      const tight = await tightening(world);
      await tight.quarantine(0);
      await tight.lowerWeight(1, 0);
      await exposeFully(world, 2);
      await slash(world, 0, 0n, 2, ether("0.9")); // nobody reports it
      await forceUndelegate(world, 3);
      const before = await restaked(world);
      const { desk } = cranks(world);
      await desk.restake(world.asset, 16n);
      const after = await restaked(world);
      for (const i of [0, 1]) expect(after[i]).to.equal(before[i]);
      expect(after[2]).to.be.lessThan(before[2]);
      expect(after[3]).to.equal(0n);
      expect(after[4]).to.be.greaterThan(before[4]);
      expect(await operators.isFaulty(3)).to.equal(true);
    });

    it("passes over everybody while the engine takes no deposits, and goes on afterwards", async () => {
      const { world } = await loadFixture(staked);
      await world.deposit(await world.person(4), "wstETH", ether("10"));
      const { desk } = cranks(world);
      const before = await world.c.pool.idle(world.asset);
      await pause(world, "strategies", PAUSE_DEPOSITS);
      await expect(desk.restake(world.asset, 16n)).to.emit(desk, "Skipped");
      expect(await world.c.pool.idle(world.asset)).to.equal(before);
      await unpause(world, "strategies");
      await expect(desk.restake(world.asset, 16n)).to.emit(desk, "Restaked");
    });
  });

  describe("unbond", () => {
    it("brings back what closed batches need, and no more when called again and again", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { desk } = cranks(world);
      await world.request(bob, world.asset, ether("10"));
      await expect(desk.unbond(world.asset, 16n)).to.be.revertedWithCustomError(desk, "NothingToMove");
      await nextDay(world.ctx.provider, 60n);
      const need = await desk.unbondNeeded(world.asset);
      for (let i = 0; i < 5; ++i) await desk.unbond(world.asset, 1n).catch(() => undefined);
      const { unbonding } = await world.c.accountant.backing(world.asset);
      expect(unbonding + 100n >= need).to.equal(true);
      expectWithin(unbonding, need, MIN_MOVE, "rounded up to the smallest withdrawal");
      await expect(desk.unbond(world.asset, 16n)).to.be.revertedWithCustomError(desk, "NothingToMove");
    });

    it("queues at most one withdrawal per operator a day", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { desk } = cranks(world);
      const tight = await tightening(world);
      await tight.quarantine(0);
      await desk.unbond(world.asset, 16n);
      const { delegator } = await world.c.operators.operator(0);
      const queued = () => world.c.delegation.cumulativeWithdrawalsQueued(delegator);
      expect(await queued()).to.equal(1n);
      await world.request(bob, world.asset, ether("20"));
      for (let day = 0; day < 3; ++day) {
        await nextDay(world.ctx.provider, 60n);
        for (let i = 0; i < 3; ++i) await desk.unbond(world.asset, 16n).catch(() => undefined);
      }
      for (const d of await world.c.operators.delegators()) {
        expect(await world.c.delegation.cumulativeWithdrawalsQueued(d)).to.be.lessThanOrEqual(3n);
      }
    });

    it("drains quarantined operators and those of weight zero, and nobody waits for what they still owe", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const tight = await tightening(world);
      await tight.quarantine(0);
      await tight.lowerWeight(1, 0);
      const { desk } = cranks(world);
      await desk.unbond(world.asset, 16n);
      expect((await restaked(world)).slice(0, 2)).to.deep.equal([0n, 0n]);
      await world.request(bob, world.asset, ether("20"));
      await nextDay(world.ctx.provider, 60n);
      // What drains counts only when it is home: the three others give all that is needed.
      expect(await desk.unbondNeeded(world.asset)).to.be.greaterThan(ether("18"));
      await desk.unbond(world.asset, 16n);
      await world.days(3);
      expect(await world.c.queue.waitingShares(world.asset)).to.equal(0n);
      // It is restaked with the others once nobody needs it.
      expect((await restaked(world)).slice(0, 2)).to.deep.equal([0n, 0n]);
    });

    it("passes over everybody while the engine's line is closed; the day is not lost", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { desk } = cranks(world);
      await world.request(bob, world.asset, ether("10"));
      await nextDay(world.ctx.provider, 60n);
      await pause(world, "delegation", PAUSE_ENTER_QUEUE);
      await expect(desk.unbond(world.asset, 16n)).to.be.revertedWithCustomError(desk, "NothingToMove");
      await unpause(world, "delegation");
      await expect(desk.unbond(world.asset, 16n)).to.emit(desk, "Unbonded");
    });

    it("brings back the last wei of an operator that holds less than the smallest withdrawal", async () => {
      const { world } = await loadFixture(oddlyStaked);
      await exposeFully(world, 0);
      await slash(world, 0, 0n, 0, ether("0.9999999"));
      await (await tightening(world)).quarantine(0);
      await cranks(world).desk.unbond(world.asset, 16n);
      expect((await restaked(world))[0]).to.equal(0n);
    });
  });

  describe("complete", () => {
    it("counts what arrives, in every order, once", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { desk } = cranks(world);
      await world.request(bob, world.asset, ether("20"));
      await nextDay(world.ctx.provider, 60n);
      await desk.unbond(world.asset, 16n);
      const { unbonding } = await world.c.accountant.backing(world.asset);
      await desk.complete(0, 9n); // too early: nothing happens
      expect((await world.c.accountant.backing(world.asset)).unbonding).to.equal(unbonding);
      await nextDay(world.ctx.provider, 60n);
      const idle = await world.c.pool.idle(world.asset);
      for (const id of [4, 2, 0, 0, 1, 3, 4]) await desk.complete(id, 9n);
      expectWithin((await world.c.pool.idle(world.asset)) - idle, unbonding, 20n, "a stETH transfer rounds a wei away");
      expect((await world.c.accountant.backing(world.asset)).unbonding).to.equal(0n);
    });

    it("passes over what fails and completes it later", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const { desk } = cranks(world);
      await world.request(bob, world.asset, ether("20"));
      await nextDay(world.ctx.provider, 60n);
      await desk.unbond(world.asset, 16n);
      await nextDay(world.ctx.provider, 60n);
      await pause(world, "delegation", PAUSE_EXIT_QUEUE);
      await expect(desk.complete(0, 9n)).to.emit(desk, "Skipped");
      await unpause(world, "delegation");
      await expect(desk.complete(0, 9n)).to.emit(desk, "Completed");
    });
  });

  describe("a force-undelegation", () => {
    it("self-undelegation does not move the rate", async () => {
      const { world } = await loadFixture(oddlyStaked);
      await world.c.accountant.report();
      const before = await world.c.pool.rate();
      await forceUndelegate(world, 1);
      await world.c.accountant.report();
      expectWithin(await world.c.pool.rate(), before, 2n, "the engine's conversion into its queue rounds down");
    });

    it("a force-undelegation does not stop deposits, claims or the rate", async () => {
      const { world, bob } = await loadFixture(oddlyStaked);
      const id = await world.request(bob, world.asset, ether("5"));
      await world.days(3);
      for (let i = 0; i < 5; ++i) await forceUndelegate(world, i);
      await world.c.accountant.report();
      expect(await world.depositEther(await world.person(4), ether("1"))).to.be.greaterThan(0n);
      await world.claim(id);
      expect(await world.c.accountant.fillsClosedUntil()).to.be.lessThan(10n ** 10n);
    });

    it("brings the stake home, whoever queued it, and leavers are paid from it", async () => {
      const { world, alice } = await loadFixture(oddlyStaked);
      await forceUndelegate(world, 1);
      await world.c.operators.connect(world.keeper).reportFault(1);
      await world.request(alice, world.asset, ether("55"));
      await world.days(4);
      expect(await world.c.queue.waitingShares(world.asset)).to.equal(0n);
      const { delegator } = await world.c.operators.operator(1);
      expect((await world.c.delegation.getQueuedWithdrawals(delegator))[0].length).to.equal(0);
    });
  });
});
