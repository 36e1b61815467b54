import { loadFixture, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../scripts/sim/world";
import { isAlive, restaked } from "../../asset-world";
import { FOREVER, NO_REFERRAL } from "../../checks";
import { ether, nextDay, slash, WAD } from "../../exit-world";

const REVERTS = "0x5f5ffd";
const BURNS = "0xfe"; // an invalid instruction: all gas of the call
const EVER = 2n ** 40n - 1n;

/** Everything restaked; a ticket of Bob is filled, one of Alice for wstETH and one of Carol for rETH wait. */
async function lined() {
  const scene = await restaked();
  const { world, alice, bob, carol, assets } = scene;
  const filled = await world.request(bob, world.asset, WAD);
  await world.days(4);
  const waiting = await world.request(alice, world.asset, ether("5"));
  await world.request(carol, assets.rETH, ether("2"));
  const strategy = world.ctx.address("rETHStrategy");
  const code = await ethers.provider.getCode(strategy);
  return { ...scene, filled, waiting, strategy, code };
}

describe("One strategy of four that fails", () => {
  for (const [what, broken] of [
    ["reverts", REVERTS],
    ["burns all gas", BURNS],
  ]) {
    it(`because it ${what}: keeps its last value, and what needs no price goes on`, async () => {
      const { world, bob, alice, assets, filled, strategy, code, keeper } = await loadFixture(lined);
      const { accountant, desk, pool, queue, trEth } = world.c;
      await accountant.report();
      const nav = await accountant.netAssetValue();
      await setCode(strategy, broken);
      await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(assets.rETH, false);
      expect(await accountant.netAssetValue()).to.equal(nav);

      // Priced doors are closed, because a stale value must not be bought or paid.
      await expect(pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD }))
        .to.be.revertedWithCustomError(pool, "DepositsClosed")
        .withArgs(anyValue, EVER);
      await expect(queue.fill(world.asset, 1n)).to.be.revertedWithCustomError(queue, "FillsClosed");

      // What needs no price goes on: claims, transfers, requests, unbonding and completion of the others.
      await world.claim(filled);
      await trEth.connect(bob).transfer(alice, WAD);
      await world.request(bob, world.asset, WAD);
      await nextDay(world.ctx.provider, 60n);
      await expect(desk.connect(keeper).unbond(world.asset, 16n)).to.emit(desk, "Unbonded");
      await world.pass(60n * 12n);
      let completed = 0n;
      for (let id = 0; id < 5; ++id) {
        completed += await desk.connect(keeper).complete.staticCall(id, 32n);
        await desk.connect(keeper).complete(id, 32n);
      }
      expect(completed).to.be.above(0n);

      // The others' losses count at once.
      const before = await accountant.totalLoss();
      await slash(world, 0, 0n, 0, WAD / 10n);
      await accountant.report();
      expect(await accountant.totalLoss()).to.be.above(before);

      // When it answers again, one call opens the doors.
      await setCode(strategy, code);
      await accountant.syncAsset(assets.rETH);
      await accountant.report();
      expect((await pool.terms()).closedUntil).to.be.below(EVER);
      await world.days(9); // the slash rang the alarm: a day, and what was unbonded meanwhile
      await isAlive(world, world.asset);
    });
  }

  it("because the engine has paused it: neither takes nor gives stake, and closes nothing", async () => {
    const { world, assets, carol, waiting, strategy, keeper } = await loadFixture(lined);
    const { accountant, desk, pool, queue } = world.c;
    const pauser = await world.signer(world.ctx.config.governance.guardian);
    await (await ethers.getContractAt("StrategyBase", strategy, pauser)).pauseAll();

    await world.deposit(carol, "rETH", ether("3"));
    const idle = await pool.idle(assets.rETH);
    const restake = await desk.connect(keeper).restake(assets.rETH, 16n);
    await expect(restake).to.emit(desk, "Skipped").withArgs(anyValue, assets.rETH, anyValue);
    expect(await pool.idle(assets.rETH)).to.equal(idle);
    await world.depositEther(carol, ether("3"));

    await world.days(5);
    expect((await queue.withdrawalStatus(waiting)).remainingShares).to.equal(0n);
    expect((await pool.terms()).closedUntil).to.be.below(EVER);
    await accountant.report();
    await isAlive(world, ETHER);
  });
});
