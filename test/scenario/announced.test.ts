import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers, upgrades } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { as, DAY, ether, nextDay, now, slash, WAD } from "../exit-world";
import { populated } from "../model/exit-walk";

const real = () => populated("real");

/** The admin's loosenings: a call of a module, and new code for the line itself. */
const LOOSENINGS: [name: string, of: (world: World) => Promise<{ target: string; data: string }>][] = [
  [
    "a higher fee",
    async ({ c }) => ({
      target: await c.accountant.getAddress(),
      data: c.accountant.interface.encodeFunctionData("raiseFee", [2_000n]),
    }),
  ],
  [
    "an upgrade of the line",
    async ({ c }) => {
      const target = await c.queue.getAddress();
      const sameCode = await upgrades.erc1967.getImplementationAddress(target);
      return { target, data: c.queue.interface.encodeFunctionData("upgradeToAndCall", [sameCode, "0x"]) };
    },
  ],
];

describe("Scenario: exit before change, with the engine's real delay", () => {
  for (const [name, loosening] of LOOSENINGS) {
    it(`who asks for payment in kind on the day that ${name} is announced has claimed before it, alarm or not`, async () => {
      const world = await loadFixture(real);
      const { c, ctx, asset } = world;
      const { admin, adminDelaySeconds } = ctx.config.governance;
      const manager = c.manager.connect(await as(admin));
      const { target, data } = await loosening(world);

      // Announced in the first minute of a day; the holder hears of it in the last.
      await nextDay(ctx.provider, 12n);
      await manager.schedule(target, data, 0);
      const scheduled = await now(ctx.provider);
      const operation = await manager.hashOperation(admin, target, data);
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
      const ready = await c.manager.readyAt(operation);
      expect(ready).to.equal(scheduled + adminDelaySeconds + DAY);
      expect(await now(ctx.provider)).to.be.below(ready);
      expect(latest).to.be.below(ready);
      await expect(manager.execute(target, data)).to.be.reverted;
      await ethers.provider.send("evm_setNextBlockTimestamp", [Number(ready)]);
      await manager.execute(target, data);
    });
  }
});
