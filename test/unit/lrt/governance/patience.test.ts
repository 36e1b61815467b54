import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ROLE } from "../../../../deploy/steps/roles";
import { as, DAY } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { staked } from "../../../world";

const PATIENCE = 30n * DAY;
const WEEK = 7n * DAY;

/** The admin wants to raise the fee; `delay` is what that waits. */
async function governed() {
  const scene = await loadFixture(staked);
  const { world } = scene;
  const { c, ctx } = world;
  const { admin, tightening, adminDelaySeconds: delay } = ctx.config.governance;
  await c.accountant.report();
  const signer = await as(admin);
  const manager = c.manager.connect(signer);
  const reader = await failingReader(world);
  const { delegator } = await c.operators.operator(0n);
  const setReadable = async (readable: boolean) => {
    await reader.setFault(delegator, readable ? FAULT.None : FAULT.Reverts);
    await c.accountant.sync(delegator);
  };
  const now = async () => BigInt(await time.latest());
  const schedule = async (data: string, target: { getAddress(): Promise<string> } = c.accountant) => {
    await manager.schedule(target, data, 0);
    const id = await manager.hashOperation(admin, target, data);
    return { id, at: await now(), due: (await now()) + delay };
  };
  const raise = c.accountant.interface.encodeFunctionData("raiseFee", [1_500]);
  const execute = (data = raise) => manager.execute(c.accountant, data);
  const at = (when: bigint) => time.setNextBlockTimestamp(when);
  const alarm = async () => {
    await world.equivocate(0, 0);
    await c.accountant.report();
    return now();
  };
  const lower = await as(tightening);
  return { ...scene, c, manager, admin, signer, lower, delay, setReadable, now, schedule, raise, execute, at, alarm };
}

describe("PatientAccessManager", () => {
  it("executes a loosening after its delay when pay-outs stayed open", async () => {
    const { c, manager, schedule, execute, raise, at } = await governed();
    const { id, due } = await schedule(raise);
    expect(await manager.readyAt(id)).to.equal(due);
    await at(due - 1n);
    await expect(execute()).to.be.revertedWithCustomError(manager, "AccessManagerNotReady").withArgs(id);
    await at(due);
    await execute();
    expect((await c.accountant.fee()).feeBps).to.equal(1_500n);
    expect(await manager.readyAt(id)).to.equal(0n);
  });

  it("waits longer by exactly the closing time of an alarm", async () => {
    const { manager, schedule, execute, raise, at, alarm, delay } = await governed();
    const { id, due } = await schedule(raise);
    await time.increase(DAY);
    await alarm();
    expect(await manager.readyAt(id)).to.equal(due + DAY);
    for (const [when, open] of [
      [due, delay - DAY],
      [due + DAY - 1n, delay - 1n],
    ]) {
      await at(when);
      await expect(execute()).to.be.revertedWithCustomError(manager, "TooFewOpenSeconds").withArgs(id, open, delay);
    }
    await at(due + DAY);
    await execute();
  });

  it("waits the same when the target is called directly", async () => {
    const { c, signer, manager, schedule, raise, at, alarm, delay } = await governed();
    const { id, due } = await schedule(raise);
    await alarm();
    const direct = () => c.accountant.connect(signer).raiseFee(1_500);
    await at(due);
    await expect(direct())
      .to.be.revertedWithCustomError(manager, "TooFewOpenSeconds")
      .withArgs(id, delay - DAY, delay);
    await at(due + DAY);
    await expect(direct()).to.emit(c.accountant, "FeeChanged").withArgs(1_000n, 1_500n);
  });

  it("waits while a value cannot be read", async () => {
    const { manager, schedule, execute, raise, at, setReadable, now } = await governed();
    const { id, at: scheduled, due } = await schedule(raise);
    await setReadable(false);
    const failed = await now();
    await time.increase(20n * DAY);
    await setReadable(true);
    const ready = due + (await now()) - failed;
    expect(failed).to.be.above(scheduled);
    expect(await manager.readyAt(id)).to.equal(ready);
    await at(ready - 1n);
    await expect(execute()).to.be.revertedWithCustomError(manager, "TooFewOpenSeconds");
    await at(ready);
    await execute();
  });

  it("begins to count for an operation scheduled behind closed doors when they open", async () => {
    const { manager, schedule, execute, raise, at, alarm, delay } = await governed();
    const rang = await alarm();
    const { id } = await schedule(raise);
    const ready = rang + DAY + delay;
    expect(await manager.readyAt(id)).to.equal(ready);
    await at(ready - 1n);
    await expect(execute())
      .to.be.revertedWithCustomError(manager, "TooFewOpenSeconds")
      .withArgs(id, delay - 1n, delay);
    await at(ready);
    await execute();
  });

  it("begins anew when an operation is cancelled and scheduled again", async () => {
    const { c, admin, manager, schedule, execute, raise, at, delay } = await governed();
    await schedule(raise);
    await time.increase(delay - 10n);
    await manager.cancel(admin, c.accountant, raise);
    const { id, due } = await schedule(raise);
    await at(due - 1n);
    await expect(execute()).to.be.revertedWithCustomError(manager, "AccessManagerNotReady").withArgs(id);
  });

  it("is not helped by scheduling twice", async () => {
    const { c, manager, schedule, raise } = await governed();
    const { id } = await schedule(raise);
    await expect(manager.schedule(c.accountant, raise, 0))
      .to.be.revertedWithCustomError(manager, "AccessManagerAlreadyScheduled")
      .withArgs(id);
  });

  it("makes an operation scheduled for later wait with open doors until then", async () => {
    const { c, manager, execute, raise, at, alarm, now, delay, admin } = await governed();
    const start = (await now()) + 1n;
    await at(start);
    await manager.schedule(c.accountant, raise, start + delay + DAY);
    await alarm();
    const id = await manager.hashOperation(admin, c.accountant, raise);
    await at(start + delay + DAY);
    await expect(execute())
      .to.be.revertedWithCustomError(manager, "TooFewOpenSeconds")
      .withArgs(id, delay, delay + DAY);
  });

  it("makes nobody wait who lowers risk", async () => {
    const { c, lower, setReadable } = await governed();
    await setReadable(false);
    await c.accountant.connect(lower).lowerFee(0);
    await c.operators.connect(lower).quarantine(2n);
    expect((await c.accountant.fee()).feeBps).to.equal(0n);
  });

  it("knows nothing of what is not scheduled", async () => {
    const { manager, execute } = await governed();
    expect(await manager.readyAt(ethers.ZeroHash)).to.equal(0n);
    await expect(execute()).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
  });

  describe("who would stop governance", () => {
    it("holds a decision up by thirty days at most, with a value that is never read again", async () => {
      const { manager, schedule, execute, raise, at, setReadable, delay, now } = await governed();
      const { id, at: scheduled, due } = await schedule(raise);
      await setReadable(false);
      const open = (await now()) - scheduled;
      expect(await manager.readyAt(id)).to.equal(due + PATIENCE);
      await at(due + PATIENCE - 1n);
      await expect(execute()).to.be.revertedWithCustomError(manager, "TooFewOpenSeconds").withArgs(id, open, delay);
      await at(due + PATIENCE);
      await execute();
    });

    it("holds it up no longer by opening and closing again and again", async () => {
      const { manager, schedule, execute, raise, at, setReadable, now } = await governed();
      const { id, due } = await schedule(raise);
      while ((await now()) + 2n * DAY < due + PATIENCE) {
        await setReadable(false);
        await time.increase(DAY);
        await setReadable(true);
      }
      await setReadable(false);
      expect(await manager.readyAt(id)).to.be.at.most(due + PATIENCE);
      await at(due + PATIENCE);
      await execute();
    });

    it("holds it up by a day with losses on every day: an alarm rests for seven", async () => {
      const { world, c, schedule, execute, raise, at, alarm } = await governed();
      const { due } = await schedule(raise);
      const rang = await alarm();
      for (let day = 1n; day <= 5n; ++day) {
        await time.increaseTo(rang + day * DAY);
        await world.lidoLoses(60n);
        await c.accountant.report();
      }
      await at(due + DAY);
      await execute();
    });

    it("lets an operation live a week longer than it can be held up, and no more", async () => {
      const { manager, schedule, execute, raise, at, setReadable } = await governed();
      const { id, due } = await schedule(raise);
      await setReadable(false);
      expect(await manager.expiration()).to.equal(PATIENCE + WEEK);
      const snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
      await at(due + PATIENCE + WEEK - 1n);
      await execute();
      await ethers.provider.send("evm_revert", [snapshot]);
      await at(due + PATIENCE + WEEK);
      await expect(execute()).to.be.revertedWithCustomError(manager, "AccessManagerExpired").withArgs(id);
      expect(await manager.readyAt(id)).to.equal(0n);
    });
  });

  describe("governance that would cheat", () => {
    /** Every change of rights there is, as calls of the manager to itself. */
    async function changesOfRights({ c, admin }: Awaited<ReturnType<typeof governed>>): Promise<[string, string][]> {
      const { interface: abi } = c.manager;
      const pool = await c.pool.getAddress();
      const selector = c.accountant.interface.getFunction("raiseFee").selector;
      const calls: [string, unknown[]][] = [
        ["grantRole", [ROLE.LOOSENING, admin, 0]],
        ["grantRole", [ROLE.ADMIN, ethers.Wallet.createRandom().address, 0]],
        ["revokeRole", [ROLE.GUARDIAN, admin]],
        ["setRoleAdmin", [ROLE.LOOSENING, ROLE.TIGHTENING]],
        ["setRoleGuardian", [ROLE.LOOSENING, ROLE.TIGHTENING]],
        ["setGrantDelay", [ROLE.LOOSENING, 0]],
        ["setTargetAdminDelay", [pool, 0]],
        ["setTargetFunctionRole", [pool, [selector], ROLE.TIGHTENING]],
        ["setTargetClosed", [pool, true]],
        ["updateAuthority", [pool, admin]],
        ["labelRole", [ROLE.LOOSENING, "loosening"]],
      ];
      return calls.map(([fn, args]) => [fn, abi.encodeFunctionData(fn as "grantRole", args as never)]);
    }

    it("waits for every change of rights, with the same clock", async () => {
      const scene = await governed();
      const { manager, signer, schedule, at, alarm, delay, c } = scene;
      const calls = await changesOfRights(scene);
      const scheduled = [];
      for (const [fn, data] of calls) {
        const direct = () => signer.sendTransaction({ to: manager, data });
        await expect(direct(), fn).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
        scheduled.push({ fn, data, direct, ...(await schedule(data, c.manager)) });
      }
      await alarm();
      const last = scheduled[scheduled.length - 1].due;
      await at(last);
      for (const { fn, data, direct, id } of scheduled) {
        await expect(direct(), fn).to.be.revertedWithCustomError(manager, "TooFewOpenSeconds");
        await expect(manager.execute(manager, data), fn).to.be.revertedWithCustomError(manager, "TooFewOpenSeconds");
        expect(await manager.readyAt(id), fn).to.be.above(last);
      }
      await time.increaseTo(last + DAY);
      const [, grantAdmin] = scheduled;
      await grantAdmin.direct();
      expect(delay).to.equal(6n * DAY);
    });

    it("gets nothing through a call of the manager to itself: rights do not pass on", async () => {
      const { c, manager, schedule, raise, at } = await governed();
      const nested = c.manager.interface.encodeFunctionData("execute", [await c.accountant.getAddress(), raise]);
      const { due } = await schedule(nested, c.manager);
      await at(due);
      await expect(manager.execute(c.manager, nested))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
        .withArgs(c.manager, c.accountant, raise.slice(0, 10));
    });

    it("gets nothing through several calls in one", async () => {
      const { c, manager, raise } = await governed();
      const target = await c.accountant.getAddress();
      const calls = [
        c.manager.interface.encodeFunctionData("schedule", [target, raise, 0]),
        c.manager.interface.encodeFunctionData("execute", [target, raise]),
      ];
      await expect(manager.multicall(calls)).to.be.revertedWithCustomError(manager, "AccessManagerNotReady");
    });

    it("lowers a holder's delay only after the whole of the old one, twice over", async () => {
      const { c, admin, manager, schedule, at, delay, now } = await governed();
      const data = c.manager.interface.encodeFunctionData("grantRole", [ROLE.LOOSENING, admin, 0]);
      const { due } = await schedule(data, c.manager);
      await at(due);
      await manager.execute(c.manager, data);
      const executed = await now();
      expect(await manager.hasRole(ROLE.LOOSENING, admin)).to.deep.equal([true, delay]);
      await time.increaseTo(executed + delay - 1n);
      expect(await manager.hasRole(ROLE.LOOSENING, admin)).to.deep.equal([true, delay]);
      await time.increaseTo(executed + delay);
      expect(await manager.hasRole(ROLE.LOOSENING, admin)).to.deep.equal([true, 0n]);
    });

    it("announces a right without delay for a whole delay before anybody has it", async () => {
      const { c, manager, schedule, at, alarm } = await governed();
      const somebody = ethers.Wallet.createRandom().address;
      const data = c.manager.interface.encodeFunctionData("grantRole", [ROLE.LOOSENING, somebody, 0]);
      const { due } = await schedule(data, c.manager);
      await alarm();
      await at(due);
      await expect(manager.execute(c.manager, data)).to.be.revertedWithCustomError(manager, "TooFewOpenSeconds");
      await at(due + DAY);
      await manager.execute(c.manager, data);
      expect(await manager.hasRole(ROLE.LOOSENING, somebody)).to.deep.equal([true, 0n]);
    });

    it("makes an operation wait to its end although its delay was lowered meanwhile", async () => {
      const { c, admin, manager, schedule, execute, raise, at, alarm, delay, now } = await governed();
      const data = c.manager.interface.encodeFunctionData("grantRole", [ROLE.LOOSENING, admin, 0]);
      const { due } = await schedule(data, c.manager);
      await at(due);
      await manager.execute(c.manager, data);
      const lowered = (await now()) + delay;
      await at(lowered - 100n);
      const { due: dueRaise, id } = await schedule(raise);
      await alarm();
      expect((await manager.hasRole(ROLE.LOOSENING, admin)).executionDelay).to.be.below(delay + 1n);
      await at(dueRaise);
      await expect(execute())
        .to.be.revertedWithCustomError(manager, "TooFewOpenSeconds")
        .withArgs(id, delay - DAY, delay);
    });
  });
});
