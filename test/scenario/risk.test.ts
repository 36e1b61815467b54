import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ROLE } from "../../deploy/steps/roles";
import { BLOCK_SECONDS, nextDay } from "../../scripts/sim/time";
import { allocationsOf, as, ether, expectWithin, slash, untilFilled } from "../exit-world";
import { admits, governs, objectiveTerms, proposes } from "../governance";
import { announcerIn, BY, exposureByEngine, makesRoom, slashing, vetoedTerms } from "../risk-world";
import { capsOf, grants } from "../risk-walk";
import { staked } from "../world";

/** `staked`, with rETH, an AVS that does what it is told, and somebody who holds every role without waiting. */
async function walkers() {
  const { world, alice, bob } = await staked();
  await world.deposit(alice, "rETH", ether("30"));
  await world.crank();
  await makesRoom(world);
  const { announcer, set } = await announcerIn(world);
  await admits(world, set, objectiveTerms({ capBps: 400n }));
  const holder = await grants(world, [ROLE.LOOSENING, ROLE.TIGHTENING]);
  await world.c.sets.connect(holder).raiseAvsCap(set.avs, 1_000n);
  return { world, alice, bob, announcer, set, holder };
}

type Walk = Awaited<ReturnType<typeof walkers>>;
interface Roll {
  what: number;
  operator: number;
  set: number;
  part: number;
}

/** What anybody might do, honest or not; each by its number. Some are refused, and must change nothing then. */
async function act({ world, alice, bob, announcer, set, holder }: Walk, roll: Roll): Promise<void> {
  const { controller, sets, operators, desk } = world.c;
  const all = (await sets.sets()).map(({ avs, id }) => ({ avs, id }));
  const chosen = all[roll.set % all.length];
  const index = await Promise.all(world.c.avss.map((avs) => avs.getAddress()));
  const magnitude = ether("0.001") * BigInt(roll.part);
  const bps = BigInt(roll.part);
  const acts: (() => Promise<unknown>)[] = [
    () => controller.connect(world.keeper).rebalance(roll.operator, BigInt(roll.part % 7)),
    () => controller.connect(world.keeper).allocate(roll.operator, chosen),
    () => controller.connect(holder).raiseTarget(roll.operator, chosen, magnitude),
    () => controller.connect(holder).lowerTarget(roll.operator, chosen, magnitude / 4n),
    () => sets.connect(holder).raiseSetCap(chosen, bps),
    () => sets.connect(holder).lowerSetCap(chosen, bps),
    () => sets.connect(holder).lowerAvsCap(chosen.avs, bps),
    () => sets.connect(holder).raiseAvsCap(chosen.avs, bps),
    async () => sets.connect(await as(world.ctx.config.governance.admin)).reportRewardRate(chosen, magnitude),
    () => world.deposit(alice, "stETH", ether("0.01") * BigInt(roll.part)),
    () => world.request(bob, world.asset, ether("0.001") * BigInt(roll.part)),
    () => world.days(1),
    () => world.pass(BLOCK_SECONDS * BigInt((roll.part % 60) + 1)),
    async () => {
      const i = index.indexOf(chosen.avs);
      if (i < 0) await announcer.slash([await slashing(world, roll.operator, 0n, magnitude)]);
      else await slash(world, i, chosen.id, roll.operator, magnitude);
    },
    () => operators.connect(holder).lowerWeight(roll.operator, BigInt(roll.part)),
    () => operators.connect(holder).raiseWeight(roll.operator, BigInt(roll.part) * 3n),
    () => operators.connect(world.keeper).reportFault(roll.operator),
    () => desk.connect(world.keeper).restake(world.asset, 1n),
    () => sets.connect(world.keeper).quarantineSet(set),
    () => world.c.accountant.report(),
  ];
  await acts[roll.what % acts.length]().catch(() => undefined);
}

/** Acts after which a cap may be broken that was not: a lower cap, and a slash. */
const BREAKS = [5, 6, 13];

describe("AVS risk", () => {
  it("AL-8 nothing anybody does breaks a cap but a slash or a lower cap, and then it only heals", async () => {
    const roll = fc.record({
      what: fc.nat({ max: 19 }),
      operator: fc.nat({ max: 4 }),
      set: fc.nat({ max: 3 }),
      part: fc.integer({ min: 1, max: 1_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(roll, { minLength: 15, maxLength: 30 }), async (rolls) => {
        const walk = await loadFixture(walkers);
        let before = await capsOf(walk.world);
        for (const one of rolls) {
          await act(walk, one);
          const after = await capsOf(walk.world);
          if (!BREAKS.includes(one.what)) {
            for (const [cap, over] of after) {
              const was = before.get(cap) ?? 0n;
              expect(over <= (was > 1n ? was : 1n), `${cap} is ${over} over, was ${was}`).to.equal(true);
            }
          }
          before = after;
        }
        await walk.world.c.accountant.report();
        const expected = await exposureByEngine(walk.world, BY.avs);
        for (const { key, etherNow, etherLater } of await walk.world.c.risk.exposures(BY.avs)) {
          const [now_, later] = expected.get(key) ?? [0n, 0n];
          expectWithin(etherNow, now_, 1_000n);
          expectWithin(etherLater, later, 1_000n);
        }
      }),
      { numRuns: 6 },
    );
  });

  it("AL-9 a strategy that an AVS adds later finds nothing to slash", async () => {
    const { world, announcer, set } = await loadFixture(walkers);
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

  it("sets that report more come first where the caps leave too little for all targets", async () => {
    const { world, holder } = await loadFixture(walkers);
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
    const { world, alice, bob, holder } = await loadFixture(walkers);
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
    const { world, alice, holder } = await loadFixture(walkers);
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
