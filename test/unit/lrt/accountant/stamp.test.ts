import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { World } from "../../../../scripts/sim/world";
import { as, ether, WAD } from "../../../checks";
import { allocationsOf, slash } from "../../../exit-world";
import { StakeReader__factory } from "../../../../typechain-types";
import { FAULT, failingReader } from "../../../failing";
import { staked } from "../../../world";

/** What the engine says of every delegator, and its stamp. */
async function answers({ c }: World) {
  const reader = StakeReader__factory.connect(await c.accountant.STAKES(), ethers.provider);
  const operators = await c.operators.operators();
  return Promise.all(
    operators.map(async ({ account, delegator }) => {
      const { stakes, stamp } = await reader.read(account, delegator, [c.strategy], ethers.ZeroHash);
      return { stakes: stakes.map(({ restaked, unbonding }) => [restaked, unbonding].join(" ")), stamp };
    }),
  );
}

/** Which delegators have moved since these stamps, by the one answer for all of them. */
async function moved({ c }: World, known: string[]): Promise<number[]> {
  const reader = StakeReader__factory.connect(await c.accountant.STAKES(), ethers.provider);
  const { accounts, delegators_ } = await c.operators.stakers();
  const bits = await reader.moved([...accounts], [...delegators_], [c.strategy], known);
  return known.map((_, i) => i).filter((i) => ((bits >> BigInt(i)) & 1n) === 1n);
}

async function undelegate({ c }: World, operatorId: number): Promise<void> {
  const { delegator } = await c.operators.operator(operatorId);
  const controller = await as(c.controller);
  await c.delegation.connect(controller).undelegate(delegator);
}

/** Slashes unless nothing is allocated any more. */
async function strike(world: World, operatorId: number, wad: bigint): Promise<void> {
  const allocation = await allocationsOf(world);
  const { account } = await world.c.operators.operator(operatorId);
  const set = { avs: await world.c.avss[0].getAddress(), id: 0n };
  const { currentMagnitude } = await allocation.getAllocation(account, set, world.c.strategy);
  if (currentMagnitude !== 0n) await slash(world, 0, 0n, operatorId, wad);
}

describe("StakeReader: the stamp", () => {
  it("is answered without stakes when it is known", async () => {
    const { world } = await loadFixture(staked);
    const { c } = world;
    const reader = StakeReader__factory.connect(await c.accountant.STAKES(), ethers.provider);
    const { account, delegator } = await c.operators.operator(0n);
    const { stakes, stamp } = await reader.read(account, delegator, [c.strategy], ethers.ZeroHash);
    expect(stakes.map((stake) => [...stake])).to.deep.equal([[ether("20.002"), 0n]]);
    const known = await reader.read(account, delegator, [c.strategy], stamp);
    expect([[...known.stakes], known.stamp]).to.deep.equal([[], stamp]);
  });

  it("moves with the smallest slash there is", async () => {
    const { world } = await loadFixture(staked);
    const [before] = await answers(world);
    await strike(world, 0, 1n);
    const [after, other] = await answers(world);
    expect(after.stamp).not.to.equal(before.stamp);
    expect(after.stakes).not.to.deep.equal(before.stakes);
    expect(other.stamp).to.equal((await answers(world))[1].stamp);
  });

  it("still moves with a slash of what an undelegated staker has in the queue", async () => {
    const { world } = await loadFixture(staked);
    const [staying] = await answers(world);
    await undelegate(world, 0);
    const [queued] = await answers(world);
    expect(queued.stamp).not.to.equal(staying.stamp);
    await strike(world, 0, WAD);
    const [slashed] = await answers(world);
    expect(slashed.stamp).not.to.equal(queued.stamp);
    expect(slashed.stakes).not.to.deep.equal(queued.stakes);
    await world.c.accountant.report();
    expect(await world.c.accountant.lossOf((await world.c.operators.operator(0n)).delegator)).to.be.above(0n);
  });

  it("is compared for all delegators in one answer, but for those of whom none is known", async () => {
    const { world } = await loadFixture(staked);
    const known = (await answers(world)).map(({ stamp }) => stamp);
    expect(await moved(world, known)).to.deep.equal([]);
    await strike(world, 1, 1n);
    await undelegate(world, 4);
    expect(await moved(world, known)).to.deep.equal([1, 4]);
    const without = (some: number[]) => known.map((stamp, i) => (some.includes(i) ? ethers.ZeroHash : stamp));
    expect(await moved(world, without([0, 1]))).to.deep.equal([4]);
    const reader = await failingReader(world);
    const { delegator } = await world.c.operators.operator(4n);
    await reader.setFault(delegator, FAULT.Reverts);
    await expect(moved(world, known)).to.be.revertedWithCustomError(reader, "CannotBeRead").withArgs(delegator);
    expect(await moved(world, without([4]))).to.deep.equal([1]);
  });

  it("of one delegator that cannot be told does not keep the others' slashes out of a report", async () => {
    const { world } = await loadFixture(staked);
    const { accountant, operators } = world.c;
    const [silent, slashed] = await Promise.all([operators.operator(0n), operators.operator(1n)]);
    await strike(world, 1, WAD / 10n);
    const reader = await failingReader(world);
    await reader.setFault(silent.delegator, FAULT.Burns);
    await accountant.report({ gasLimit: 2n ** 24n });
    expect(await accountant.isReadable(silent.delegator)).to.equal(false);
    expect(await accountant.lossOf(slashed.delegator)).to.be.above(0n);
    expect(await accountant.isReadable(slashed.delegator)).to.equal(true);
  });

  it("stays what it is when a slash comes after the window of a withdrawal", async () => {
    const { world } = await loadFixture(staked);
    await undelegate(world, 0);
    await ethers.provider.send("hardhat_mine", ["0x34"]); // 52: the engine's delay of 50 is over
    const [before] = await answers(world);
    await strike(world, 0, WAD);
    const [after] = await answers(world);
    expect(after.stakes).to.deep.equal(before.stakes);
  });

  it("covers every change of a stake that is not our own move, and never comes back", async () => {
    const action = fc.record({
      what: fc.constantFrom("slash", "undelegate", "unbond", "complete", "restake", "pass"),
      operator: fc.integer({ min: 0, max: 4 }),
      wad: fc.oneof(fc.constantFrom(1n, 2n, WAD), fc.bigInt(1n, WAD)),
      blocks: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 12 }), async (actions) => {
        const { world, bob } = await loadFixture(staked);
        const desk = world.c.desk.connect(world.keeper);
        const nothing = () => undefined; // nothing to move
        await world.request(bob, world.asset, ether("30"));
        let before = await answers(world);
        const seen = before.map(({ stamp }) => new Set([stamp]));
        for (const { what, operator, wad, blocks } of actions) {
          if (what === "slash") await strike(world, operator, wad);
          if (what === "undelegate") await undelegate(world, operator).catch(nothing);
          if (what === "unbond") await desk.unbond(world.asset, 16n).catch(nothing);
          if (what === "complete") await desk.complete(operator, 16n).catch(nothing);
          if (what === "restake") await desk.restake(world.asset, 16n).catch(nothing);
          if (what === "pass") await ethers.provider.send("hardhat_mine", [ethers.toQuantity(blocks), "0x1000"]);
          const after = await answers(world);
          const other = after.flatMap(({ stamp }, i) => (stamp === before[i].stamp ? [] : [i]));
          const known = before.map(({ stamp }) => stamp);
          expect(await moved(world, known), `${what} of ${operator}`).to.deep.equal(other);
          const byUs = ["unbond", "complete", "restake"].includes(what); // the books are brought up to date with it
          for (const [i, { stakes, stamp }] of after.entries()) {
            if (stamp === before[i].stamp) {
              if (!byUs) expect(stakes, `${what} of ${operator}, delegator ${i}`).to.deep.equal(before[i].stakes);
            } else {
              expect(seen[i].has(stamp), `${what}: an old stamp came back`).to.equal(false);
              seen[i].add(stamp);
            }
          }
          before = after;
        }
      }),
      { numRuns: 15 },
    );
  });
});
