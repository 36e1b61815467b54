import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { BLOCK_SECONDS, nextDay } from "../../scripts/sim/time";
import { allocationsOf, as, ether, expectWithin, untilFilled } from "../exit-world";
import { governs, proposes } from "../governance";
import { populated, walkRisk } from "../model/risk-walk";
import { announcerIn, makesRoom, slashing, vetoedTerms } from "../risk-world";
import { staked } from "../world";

/** Seeds of the walk; `npm run walk -- --risk 100` makes more. */
const SEEDS = [1, 2, 3];

describe("AVS risk", () => {
  for (const seed of SEEDS) {
    it(`AL-8 RK-3 caps hold and every view says what the engine says, whatever anybody does: seed ${seed}`, async () => {
      const walked = await walkRisk(await loadFixture(populated), seed, 30);
      expect(walked.failures, walked.told.join("\n")).to.deep.equal([]);
      expect([...walked.done.values()].filter(([done]) => done > 0).length).to.be.greaterThan(6);
    });
  }

  it("AL-9 a strategy that an AVS adds later finds nothing to slash", async () => {
    const { world, announcer, set } = await loadFixture(populated);
    await governs(world, "raiseTarget", [0n, set, ether("0.04")]);
    const { nodeOperator, account, delegator } = await world.c.operators.operator(0);
    const company = world.c.controller.connect(await world.signer(nodeOperator));
    await company.register(0, set.avs, [set.id], "0x");
    await world.c.controller.connect(world.keeper).rebalance(0, 9n);
    await world.pass(11n * BLOCK_SECONDS);
    const added = world.ctx.address("rETHStrategy");
    const engine = await allocationsOf(world);
    expect((await engine.getAllocation(account, set, added)).currentMagnitude).to.equal(0n);
    await announcer.act(engine.interface.encodeFunctionData("addStrategiesToOperatorSet", [set.avs, set.id, [added]]));
    const [[stake]] = await world.c.delegation.getWithdrawableShares(delegator, [added]);
    const params = { ...(await slashing(world, 0, 0n, ether("1"))), strategies: [added] };
    await announcer.slash([params]);
    expect((await world.c.delegation.getWithdrawableShares(delegator, [added]))[0]).to.deep.equal([stake]);
    await expect(world.c.controller.connect(world.keeper).allocate(0, set)).to.be.revertedWithCustomError(
      world.c.controller,
      "NothingToChange",
    );
  });

  it("RK-7 who asks on the day a set is proposed is paid in kind before it can slash anything", async () => {
    const { world, alice } = await loadFixture(staked);
    await makesRoom(world);
    const { announcer, set } = await announcerIn(world);
    const { manager, controller, sets } = world.c;
    const admin = await world.signer(world.ctx.config.governance.admin);
    await nextDay(world.ctx.provider, 60n);
    // Everything that governance can do at once: terms, cap and targets all wait beside each other.
    await proposes(world, set, vetoedTerms());
    const calls = [
      { to: await sets.getAddress(), data: sets.interface.encodeFunctionData("raiseAvsCap", [set.avs, 1_000n]) },
      {
        to: await controller.getAddress(),
        data: controller.interface.encodeFunctionData("raiseTarget", [0n, set, ether("0.05")]),
      },
    ];
    for (const { to, data } of calls) await manager.connect(admin).schedule(to, data, 0n);
    const id = await world.request(alice, world.asset, ether("30"));
    const company = await world.signer((await world.c.operators.operator(0)).nodeOperator);
    const hurry = async () => {
      await sets.connect(world.keeper).admitSet(set);
      for (const { to, data } of calls) await manager.connect(admin).execute(to, data);
      await controller.connect(company).register(0, set.avs, [set.id], "0x");
      await controller.connect(world.keeper).allocate(0, set);
    };
    let isPaid = false;
    for (let day = 0; day < 9; ++day) {
      const allocated = await hurry().then(
        () => true,
        () => false,
      );
      isPaid = (await world.c.queue.claimable(id)) !== 0n && (await world.c.queue.waitingShares(world.asset)) === 0n;
      if (allocated) break;
      await world.days(1);
    }
    expect(isPaid).to.equal(true);
    const before = await world.c.queue.claimable(id);
    await world.pass(11n * BLOCK_SECONDS);
    await announcer.slash([await slashing(world, 0, 0n, ether("1"))]);
    await world.c.accountant.report();
    expect(await world.c.attribution.lossOfSet(set)).to.be.greaterThan(0n);
    expect(await world.c.queue.claimable(id)).to.equal(before);
  });

  it("RK-7 who asks on the day an AVS adds a strategy loses nothing to it, and it waits like a new set", async () => {
    const { world, alice, announcer, set } = await loadFixture(populated);
    const { sets, controller, queue } = world.c;
    await governs(world, "raiseTarget", [0n, set, ether("0.04")]);
    const company = controller.connect(await world.signer((await world.c.operators.operator(0)).nodeOperator));
    await company.register(0, set.avs, [set.id], "0x");
    await controller.connect(world.keeper).rebalance(0, 9n);
    await world.pass(11n * BLOCK_SECONDS);
    const rEth = world.ctx.address("rETH");
    const added = world.ctx.address("rETHStrategy");
    const engine = await allocationsOf(world);
    await announcer.act(engine.interface.encodeFunctionData("addStrategiesToOperatorSet", [set.avs, set.id, [added]]));
    const id = await world.request(alice, rEth, ether("5"));
    const before = await world.c.accountant.netAssetValue();
    await announcer.slash([{ ...(await slashing(world, 0, set.id, ether("1"))), strategies: [added] }]);
    await world.c.accountant.report();
    expect(await world.c.accountant.netAssetValue()).to.equal(before);
    // Anybody drops the set. To allocate in the new strategy its terms must be public for the wait once more.
    await sets.connect(world.keeper).quarantineSet(set);
    await controller.connect(world.keeper).allocate(0, set);
    await world.pass(60n * BLOCK_SECONDS);
    await engine.clearDeallocationQueue((await world.c.operators.operator(0)).account, [world.c.strategy], [9n]);
    await sets.connect(world.keeper).forgetSet(set);
    await proposes(world, set);
    const { admissibleFrom } = await sets.statusOf(set);
    const { latest } = await queue.withdrawalStatus(id);
    expect(admissibleFrom).to.be.greaterThan(latest);
    await expect(sets.connect(world.keeper).admitSet(set)).to.be.revertedWithCustomError(sets, "TooEarlyToAdmit");
    await untilFilled(world, rEth);
    expect(await queue.claimable(id)).to.be.greaterThan(ether("4"));
    await expect(sets.connect(world.keeper).admitSet(set)).to.be.revertedWithCustomError(sets, "TooEarlyToAdmit");
  });

  it("sets that report more come first where the caps leave too little for all targets", async () => {
    const { world, holder } = await loadFixture(populated);
    const { sets, controller } = world.c;
    const [first, second] = (await sets.sets()).map(({ avs, id }) => ({ avs, id }));
    await sets.connect(holder).lowerAvsCap(first.avs, 500n); // targets of 5 and 3 %
    const plan = async () => (await controller.plan(0, world.asset)).slice(0, 2);
    expect(await plan()).to.deep.equal([ether("0.05"), 0n]);
    const admin = sets.connect(await world.signer(world.ctx.config.governance.admin));
    await admin.reportRewardRate(second, ether("0.03"));
    expect(await plan()).to.deep.equal([ether("0.02"), ether("0.03")]);
    // An increase waits for the room that the decrease leaves when it is over; the plan itself does not move.
    const crank = controller.connect(world.keeper);
    await crank.rebalance(0, 32n);
    // Two sets of five operators in three assets: a decrease under way can be slashed still.
    expect((await world.c.risk.stress([])).brokenCaps).to.equal(2n * 5n * 3n);
    await world.pass(60n * BLOCK_SECONDS);
    expect((await world.c.risk.stress([])).brokenCaps).to.equal(2n * 4n * 3n);
    await expect(crank.rebalance(0, 32n)).to.be.revertedWithCustomError(controller, "NothingToRebalance");
    expect(await plan()).to.deep.equal([ether("0.02"), ether("0.03")]);
  });

  it("AL-10 one entity with two operators under two keys has no more stake than one operator may have", async () => {
    const { world, alice, bob, holder } = await loadFixture(populated);
    const { operators, accountant, desk } = world.c;
    const { entity } = await operators.operator(0);
    await operators.connect(holder).addOperator(bob, entity, 10n, 2_000n, "https://example.org/second.json");
    for (let i = 0; i < 5; ++i) {
      await world.deposit(alice, "stETH", ether("40"));
      await desk
        .connect(world.keeper)
        .restake(world.asset, 16n)
        .catch(() => undefined);
    }
    const [units, total] = await world.c.reader.stakeOfEntity(entity, world.asset);
    expect(units).to.be.at.most((total * 2_500n) / 10_000n);
    expect(units).to.be.greaterThan((total * 2_400n) / 10_000n);
    expect(await accountant.netAssetValue()).to.be.greaterThan(ether("300"));
  });

  it("an operator that leaves is drained and its allocations come down while everything else goes on", async () => {
    const { world, alice, holder } = await loadFixture(populated);
    const { operators, controller, accountant } = world.c;
    const { account, delegator } = await operators.operator(1);
    await operators.connect(holder).lowerWeight(1, 0);
    await controller.connect(world.keeper).rebalance(1, 99n);
    await world.depositEther(alice, ether("5"));
    await world.days(3);
    const { restaked, unbonding } = await accountant.book(delegator, world.asset);
    expect([restaked, unbonding]).to.deep.equal([0n, 0n]);
    const engine = await allocationsOf(world);
    for (const { avs, id } of await world.c.sets.sets()) {
      expect((await engine.getAllocation(account, { avs, id }, world.c.strategy)).currentMagnitude).to.equal(0n);
    }
    const id = await world.request(alice, world.asset, ether("5"));
    await untilFilled(world, world.asset);
    expect(await world.c.queue.claimable(id)).to.be.greaterThan(0n);
  });

  it("an operator that is taken from its staker by force comes home in full, and is given nothing more", async () => {
    const { world, bob } = await loadFixture(staked);
    const { operators, delegation, accountant, desk } = world.c;
    const { delegator } = await operators.operator(3);
    const before = await accountant.netAssetValue();
    // Only the controller could, and it has no such function: its seat is used.
    await delegation.connect(await as(world.c.controller)).undelegate(delegator);
    await operators.connect(world.keeper).reportFault(3);
    await accountant.report();
    expectWithin(await accountant.netAssetValue(), before, ether("0.000001"));
    await world.pass(55n * BLOCK_SECONDS);
    await desk.connect(world.keeper).complete(3, 9n);
    await world.crank();
    expect((await accountant.book(delegator, world.asset)).restaked).to.equal(0n);
    expectWithin(await accountant.netAssetValue(), before, ether("0.000001"));
    await world.c.controller.connect(world.keeper).rebalance(3, 9n); // down
    await world.request(bob, world.asset, ether("5"));
    await untilFilled(world, world.asset);
    expect((await accountant.book(delegator, world.asset)).restaked).to.equal(0n);
  });
});
