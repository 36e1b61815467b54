import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers, upgrades } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { as, DAY, ether, nextDay, now, slash, WAD } from "../exit-world";
import { objectiveTerms } from "../governance";
import { populated } from "../model/exit-walk";
import { announcerIn } from "../risk-world";

const real = () => populated("real");

/** An announced decision: when it may happen, and how. */
interface Announced {
  readyAt: () => Promise<bigint>;
  happen: () => Promise<unknown>;
}

/** The first of the configured sets. */
async function firstSet({ c }: World) {
  const [{ avs, id }] = await c.sets.sets();
  return { avs, id };
}

/** The admin's loosenings: calls of modules, everything that lets more be slashed, and new code for the line itself. */
const LOOSENINGS: [name: string, of: (world: World) => Promise<{ target: string; data: string }>][] = [
  [
    "a higher fee",
    async ({ c }) => ({
      target: await c.accountant.getAddress(),
      data: c.accountant.interface.encodeFunctionData("raiseFee", [2_000n]),
    }),
  ],
  [
    "a higher cap of a set",
    async (world) => ({
      target: await world.c.sets.getAddress(),
      data: world.c.sets.interface.encodeFunctionData("raiseSetCap", [await firstSet(world), 900n]),
    }),
  ],
  [
    "another operator",
    async ({ c, ...world }) => ({
      target: await c.operators.getAddress(),
      data: c.operators.interface.encodeFunctionData("addOperator", [
        ...([await c.trEth.getAddress(), 99n, world.ctx.config.allocation.minAllocationDelayBlocks, 2_000n] as const),
        "https://example.org/another.json",
      ]),
    }),
  ],
  [
    "a higher target",
    async (world) => ({
      target: await world.c.controller.getAddress(),
      data: world.c.controller.interface.encodeFunctionData("raiseTarget", [0n, await firstSet(world), WAD / 18n]),
    }),
  ],
  [
    "a higher weight",
    async ({ c }) => ({
      target: await c.operators.getAddress(),
      data: c.operators.interface.encodeFunctionData("raiseWeight", [0n, 9_000n]),
    }),
  ],
  [
    "an upgrade of the pool",
    async ({ c }) => {
      const target = await c.pool.getAddress();
      const sameCode = await upgrades.erc1967.getImplementationAddress(target);
      return { target, data: c.pool.interface.encodeFunctionData("upgradeToAndCall", [sameCode, "0x"]) };
    },
  ],
];

/** The admin schedules a call. */
async function schedules(world: World, target: string, data: string): Promise<Announced> {
  const { admin } = world.ctx.config.governance;
  const manager = world.c.manager.connect(await as(admin));
  await manager.schedule(target, data, 0);
  const operation = await manager.hashOperation(admin, target, data);
  return { readyAt: () => manager.readyAt(operation), happen: () => manager.execute(target, data) };
}

/** The terms of another set are published. */
async function proposes(world: World): Promise<Announced> {
  const { set } = await announcerIn(world);
  const sets = world.c.sets.connect(await as(world.ctx.config.governance.admin));
  await nextDay(world.ctx.provider, 12n);
  await sets.proposeSet(set, objectiveTerms());
  const readyAt = async () => (await sets.statusOf(set)).admissibleFrom;
  return { readyAt, happen: () => sets.connect(world.keeper).admitSet(set) };
}

const ANNOUNCED: [name: string, announce: (world: World) => Promise<Announced>][] = [
  ...LOOSENINGS.map(([name, of]): (typeof ANNOUNCED)[number] => [
    name,
    async (world) => {
      const { target, data } = await of(world);
      await nextDay(world.ctx.provider, 12n);
      return schedules(world, target, data);
    },
  ]),
  ["another set of an AVS", proposes],
];

describe("Scenario: exit before change, with the engine's real delay", () => {
  for (const [name, announce] of ANNOUNCED) {
    it(`who asks for payment in kind on the day that ${name} is announced has claimed before it, alarm or not`, async () => {
      const world = await loadFixture(real);
      const { c, ctx, asset } = world;
      const { adminDelaySeconds } = ctx.config.governance;

      // Announced in the first minute of a day; the holder hears of it in the last.
      const { readyAt, happen } = await announce(world);
      const scheduled = await now(ctx.provider);
      await world.pass((scheduled / DAY + 1n) * DAY - scheduled - 240n);
      const bob = await world.person(1);
      const id = await world.request(bob, asset, ether("30"));
      const { latest } = await c.queue.withdrawalStatus(id);
      expect(latest / DAY).to.equal(scheduled / DAY + 1n + ctx.config.withdrawals.exitTimeSeconds / DAY);

      // On the day before the first units come home a slash rings the alarm.
      await world.days(14);
      await slash(world, 0, 0n, 1, WAD);
      await c.accountant.report();
      expect(await c.accountant.fillsClosedUntil()).to.be.above(await now(ctx.provider));
      while ((await c.queue.withdrawalStatus(id)).remainingShares !== 0n) {
        expect(await now(ctx.provider)).to.be.at.most(latest);
        await world.days(1);
      }
      await world.claim(id);
      expect(await c.wstEth.balanceOf(bob)).to.be.above(0n);

      // Only now, and after a day more for the closing of the alarm, may it happen.
      const ready = await readyAt();
      expect(ready).to.equal(scheduled + adminDelaySeconds + DAY);
      expect(await now(ctx.provider)).to.be.below(ready);
      expect(latest).to.be.below(ready);
      await expect(happen()).to.be.reverted;
      await ethers.provider.send("evm_setNextBlockTimestamp", [Number(ready)]);
      await happen();
    });
  }
});
