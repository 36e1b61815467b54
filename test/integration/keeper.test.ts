import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { plan } from "../../scripts/keeper/plan";
import { readState } from "../../scripts/keeper/state";
import { distributionAt, lastEnd } from "../../scripts/rewards/roots";
import { BLOCK_SECONDS, nextDay, now } from "../../scripts/sim/time";
import type { World } from "../../scripts/sim/world";
import type { ERC20Mock, IAllocationManager } from "../../typechain-types";
import { as, DAY, ether, WAD } from "../checks";
import { proposes } from "../governance";
import { allocatesTo, announcerIn, makesRoom, STAGE, vetoedTerms, WINDOW } from "../risk-world";
import { staked } from "../world";

const cranksOf = async (world: World) =>
  (await world.keep()).filter(({ skipped }) => skipped === undefined).map(({ call }) => call.crank);
const allocationsOf = async ({ c }: World) =>
  (await ethers.getContractAt("IAllocationManager", await c.allocation.getAddress())) as unknown as IAllocationManager;

/** A vetoed set of an AVS that changes as it is told, with something of every operator allocated to it. */
async function announced() {
  const { world } = await loadFixture(staked);
  await makesRoom(world);
  const { announcer, set } = await announcerIn(world);
  await allocatesTo(world, set);
  await world.keep();
  return { world, announcer, set };
}

describe("The keeper", () => {
  it("finds nothing to do once it has done everything", async () => {
    const { world } = await loadFixture(staked);
    await world.keep();
    expect(plan(await readState(world.c))).to.deep.equal([]);
  });

  it("sets an operator aside that has left its staker", async () => {
    const { world } = await loadFixture(staked);
    const { c } = world;
    const { delegator } = await c.operators.operator(1);
    await c.delegation.connect(await as(c.controller)).undelegate(delegator);
    expect(await cranksOf(world)).to.include("reportFault");
    expect((await c.operators.operator(1)).quarantined).to.equal(true);
  });

  it("drops a set that has changed, takes allocations down, and forgets it when the engine is done", async () => {
    const { world, announcer, set } = await loadFixture(announced);
    const { c } = world;
    const engine = await allocationsOf(world);
    const other = await c.registry.strategies().then((list) => list[2]);
    const change = engine.interface.encodeFunctionData("addStrategiesToOperatorSet", [set.avs, set.id, [other]]);
    await announcer.act(change);
    expect(await cranksOf(world)).to.include.members(["quarantineSet", "rebalance"]);
    expect((await c.sets.statusOf(set)).stage).to.equal(STAGE.dropped);
    for (const { account } of await c.operators.operators()) {
      const { currentMagnitude, pendingDiff } = await engine.getAllocation(account, set, c.strategy);
      expect(currentMagnitude + pendingDiff).to.equal(0n);
    }
    expect(await cranksOf(world)).to.not.include("forgetSet"); // what is on its way down can still be slashed
    await world.pass(60n * BLOCK_SECONDS);
    expect(await cranksOf(world)).to.include.members(["clear", "forgetSet"]);
    expect((await c.sets.sets()).map(({ avs }) => avs)).to.not.include(set.avs);
  });

  it("admits a proposed set on the day its public wait is over", async () => {
    const { world } = await loadFixture(staked);
    const { set } = await announcerIn(world);
    await proposes(world, set, vetoedTerms());
    const { admissibleFrom } = await world.c.sets.statusOf(set);
    expect(await cranksOf(world)).to.not.include("admitSet");
    await world.pass(admissibleFrom - (await now(world.ctx.provider)) + BLOCK_SECONDS);
    expect(await cranksOf(world)).to.include("admitSet");
    expect((await world.c.sets.statusOf(set)).stage).to.equal(STAGE.admitted);
  });

  it("writes down what a slasher announces, once", async () => {
    const { world, announcer, set } = await loadFixture(announced);
    await announcer.announce((await now(world.ctx.provider)) + WINDOW - 3_600n);
    expect(await cranksOf(world)).to.include("takeNotice");
    expect((await world.c.notices.noteOf(set)).until).to.equal(await announcer.pendingUntil(set.avs, set.id));
    expect(await cranksOf(world)).to.not.include("takeNotice");
  });

  it("claims what our stakers earned by a true root, gives wstETH to the pool and puts the rest on sale", async () => {
    const { world } = await loadFixture(staked);
    const { c, ctx } = world;
    const [reward] = c.rewardTokens;
    const token = (await ethers.getContractAt("ERC20Mock", reward)) as unknown as ERC20Mock;
    const payer = await world.person(4);
    await nextDay(ctx.provider, 60n);
    const startTimestamp = ((await now(ctx.provider)) / DAY) * DAY;
    const wstEth = await world.acquire(payer, "wstETH", ether("2"));
    await token.mint(payer, ether("900"));
    const avs = c.avss[0].connect(payer);
    for (const [paid, amount] of [
      [reward, ether("900")],
      [world.asset, ether("2")],
    ] as const) {
      await (paid === reward ? token.connect(payer).approve(avs, amount) : wstEth.connect(payer).approve(avs, amount));
      const strategiesAndMultipliers = [{ strategy: await c.strategy.getAddress(), multiplier: WAD }];
      await avs.pay(0n, { strategiesAndMultipliers, token: paid, amount, startTimestamp, duration: DAY });
    }
    await nextDay(ctx.provider, 60n);
    const end = await lastEnd(ctx.provider);
    const engine = { delegation: ctx.address("DelegationManager"), allocation: ctx.address("AllocationManager") };
    const { root } = await distributionAt(ctx.provider, { ...engine, rewards: ctx.address("RewardsCoordinator") }, end);
    const updater = c.rewards.connect(await as(await c.rewards.rewardsUpdater()));
    await updater.submitRoot(root, end);
    expect(await cranksOf(world)).to.not.include("claimRewards"); // it can still be disabled
    await time.increase(await c.rewards.activationDelay());
    expect(await cranksOf(world)).to.include.members(["claimRewards", "deliver", "startLot"]);
    const { left } = await c.router.auction(reward);
    expect(left).to.be.within(ether("809"), ether("810")); // operators keep a tenth
    expect(await world.c.wstEth.balanceOf(c.router)).to.equal(0n);
    expect((await readState(c)).rewards.claims).to.deep.equal([]);
    await updater.submitRoot(ethers.id("made up"), end + DAY);
    await time.increase(await c.rewards.activationDelay());
    const { claims, wrongRoot } = (await readState(c)).rewards;
    expect({ claims, wrongRoot }).to.deep.equal({ claims: [], wrongRoot: 1n });
  });
});
