import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { World } from "../../../../scripts/sim/world";
import { as, ether, WAD } from "../../../checks";
import { allocationsOf, slash } from "../../../exit-world";
import { StakeReader__factory } from "../../../../typechain-types";
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
