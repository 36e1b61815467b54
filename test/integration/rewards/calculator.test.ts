import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { apy } from "../../../scripts/rewards/apy";
import { Distribution } from "../../../scripts/rewards/distribution";
import { EngineState } from "../../../scripts/rewards/engine-state";
import { DAY, setName } from "../../../scripts/rewards/history";
import { readHistory } from "../../../scripts/rewards/read";
import { differences, distributionAt, lastEnd, published } from "../../../scripts/rewards/roots";
import { claimAll, type System } from "../../../scripts/rewards/system";
import type { World } from "../../../scripts/sim/world";
import type { ERC20Mock, IAllocationManager } from "../../../typechain-types";
import { as, ether, WAD } from "../../checks";
import { staked } from "../../world";

async function systemOf({ ctx, c, keeper }: World): Promise<System> {
  return {
    provider: ctx.provider,
    chainId: ctx.chainId,
    engine: {
      delegation: await c.delegation.getAddress(),
      allocation: await c.allocation.getAddress(),
      rewards: await c.rewards.getAddress(),
    },
    rewards: c.rewards,
    router: c.router,
    operators: c.operators,
    lens: c.lens,
    asset: (token) => token,
    signer: (account) => (account === undefined ? Promise.resolve(keeper) : as(account)),
  };
}

/**
 * An AVS gives 900 tokens over three days by all stake of a set, 300 by what is allocated to another, and 60 to one operator for
 * the day before. Meanwhile an operator is slashed, a holder leaves.
 */
async function rewarded() {
  const { world, alice } = await loadFixture(staked);
  const { c } = world;
  await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY + 60n);
  const today = (BigInt(await time.latest()) / DAY) * DAY;
  const avs = await c.avss[0].getAddress();
  const token = (await ethers.deployContract("ERC20Mock", ["Reward", "RWD"])) as unknown as ERC20Mock;
  await token.mint(avs, ether("2000"));
  const by = await as(avs);
  await token.connect(by).approve(c.rewards, ether("2000"));
  const terms = {
    strategiesAndMultipliers: [{ strategy: await c.strategy.getAddress(), multiplier: WAD }],
    token: await token.getAddress(),
    startTimestamp: today,
  };
  const rewards = c.rewards.connect(by);
  await rewards.createTotalStakeRewardsSubmission({ avs, id: 0n }, [
    { ...terms, amount: ether("900"), duration: 3n * DAY },
  ]);
  await rewards.createUniqueStakeRewardsSubmission({ avs, id: 1n }, [
    { ...terms, amount: ether("300"), duration: 3n * DAY },
  ]);
  const [, second] = await c.operators.operators();
  await rewards.createOperatorDirectedAVSRewardsSubmission(avs, [
    {
      ...terms,
      startTimestamp: today - DAY,
      duration: DAY,
      operatorRewards: [{ operator: second.account, amount: ether("60") }],
      description: "for yesterday",
    },
  ]);
  await time.increase(DAY);
  await world.equivocate(0, 2); // the third operator loses what it allocated to the first set
  await world.request(alice, world.asset, ether("10"));
  await world.days(3);
  return { world, avs, token, today, system: await systemOf(world), funded: ether("1260") };
}

describe("The calculator of rewards, against the engine", () => {
  it("knows from events alone what the engine answers: stake after slashes, allocations, members", async () => {
    const { world, avs, system } = await loadFixture(rewarded);
    const { delegation, operators, strategy, registry } = world.c;
    const abi = "IAllocationManager";
    const allocation = (await ethers.getContractAt(abi, system.engine.allocation)) as unknown as IAllocationManager;
    const end = await lastEnd(system.provider);
    const { events } = await readHistory(system.provider, system.engine, end);
    const state = new EngineState();
    for (const event of events) state.apply(event);
    const block = Number(events[events.length - 1].block);
    const at = { blockTag: block };
    const strategies = [...(await registry.strategies())].slice(1);
    let slashed = 0;
    for (const { account, delegator } of await operators.operators()) {
      const [withdrawable] = await delegation.getWithdrawableShares(delegator, strategies, at);
      for (const [i, of] of strategies.entries()) {
        const told = state.stakeOf(account, delegator, of);
        expect(told).to.be.within(withdrawable[i] - 2n, withdrawable[i] + 2n); // both round by units
        if ((await allocation.getMaxMagnitude(account, of)) < WAD) ++slashed;
      }
      const main = await strategy.getAddress();
      for (const id of [0n, 1n]) {
        const set = { avs, id };
        expect(state.isInSet(account, setName(avs, id))).to.equal(await allocation.isMemberOfOperatorSet(account, set));
        const stakes = await allocation.getAllocatedStake(set, [account], [main], at);
        const stake = stakes[0][0];
        const told = state.allocatedStakeOf(account, delegator, main, setName(avs, id), BigInt(block));
        const digits = state.stakeOf(account, delegator, main) / WAD + 4n; // the engine rounds the part to 18 digits first
        expect(told).to.be.within(stake - digits, stake + digits);
      }
    }
    expect(slashed).to.be.above(0);
  });

  it("gives the same root byte for byte in two runs, and all of what was funded, to the unit", async () => {
    const { system, funded, token } = await loadFixture(rewarded);
    const end = await lastEnd(system.provider);
    const [first, second] = [
      await distributionAt(system.provider, system.engine, end),
      await distributionAt(system.provider, system.engine, end),
    ];
    expect(published(1n, end, second)).to.equal(published(1n, end, first));
    expect(second.root).to.equal(first.root);
    expect(first.leaves.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(funded);
    expect(new Set(first.leaves.map((leaf) => leaf.token))).to.deep.equal(new Set([await token.getAddress()]));
  });

  it("is claimed for our stakers by anyone, to the router; every other leaf can be paid as well", async () => {
    const { world, system, token, funded } = await loadFixture(rewarded);
    const { rewards, operators, router } = world.c;
    const end = await lastEnd(system.provider);
    const distribution = await distributionAt(system.provider, system.engine, end);
    const updater = await as(await rewards.rewardsUpdater());
    expect(await claimAll(system)).to.deep.equal(["no root can be claimed by yet"]);
    await rewards.connect(updater).submitRoot(distribution.root, end);
    expect(await claimAll(system)).to.deep.equal(["no root can be claimed by yet"]);
    await time.increase(await rewards.activationDelay());
    const lines = await claimAll(system);
    const all = await operators.operators();
    expect(lines).to.have.length(all.length);
    const address = await token.getAddress();
    const ours = all.reduce((sum, { delegator }) => sum + distribution.amountOf(delegator, address), 0n);
    expect(await token.balanceOf(router)).to.equal(ours);
    expect(ours).to.be.within((funded * 9n) / 10n - 100n, (funded * 9n) / 10n); // 10 % are the operators', and units
    expect(await claimAll(system)).to.deep.equal([]); // nothing is due twice
    for (const { earner } of distribution.leaves) {
      if (all.some(({ delegator }) => delegator === earner)) continue;
      await rewards.connect(await as(earner)).processClaim(distribution.claim(0n, earner), earner);
    }
    expect(await token.balanceOf(rewards)).to.equal(0n); // all that was funded, nothing more
  });

  it("refuses to claim by a root that is not what was earned, and says which leaf differs", async () => {
    const { world, system } = await loadFixture(rewarded);
    const { rewards } = world.c;
    const end = await lastEnd(system.provider);
    const right = await distributionAt(system.provider, system.engine, end);
    const [{ earner, token, amount }, ...others] = right.leaves;
    const wrong = new Distribution([{ earner, token, amount: amount + 1n }, ...others]);
    await rewards.connect(await as(await rewards.rewardsUpdater())).submitRoot(wrong.root, end);
    await time.increase(await rewards.activationDelay());
    await expect(claimAll(system)).to.be.rejectedWith(`root 0 is ${wrong.root}, not ${right.root}`);
    expect(differences(right.leaves, wrong.leaves)).to.deep.equal([
      `${earner} of ${token}: ${amount + 1n} stated, ${amount} earned`,
    ]);
  });

  it("does not calculate a day that is not over", async () => {
    const { system } = await loadFixture(rewarded);
    const end = await lastEnd(system.provider);
    await expect(distributionAt(system.provider, system.engine, end + DAY)).to.be.rejectedWith("is not over");
  });

  it("does not call sustainable what cannot be traced to an AVS", async () => {
    const { world, system } = await loadFixture(rewarded);
    await world.acquire(world.keeper, "wstETH", WAD);
    await world.c.wstEth.connect(world.keeper).transfer(world.c.router, WAD);
    await world.c.router.deliver(world.asset);
    await world.c.accountant.report();
    await time.increase(DAY);
    const found = await apy(system, 2n);
    expect([found.lst, found.avs, found.sustainable]).to.deep.equal([0n, 0n, 0n]);
    // 1 wstETH, which is about 1 ETH here, of about 100 ETH, in two days of a year.
    expect(found.incentives).to.be.within((WAD * 365n) / 250n, (WAD * 365n) / 150n);
  });
});
