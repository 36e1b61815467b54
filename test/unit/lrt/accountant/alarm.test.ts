import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { DAY, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../../checks";
import { staked } from "../../../world";

async function watched() {
  const scene = await loadFixture(staked);
  const { c } = scene.world;
  await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY);
  await c.accountant.report();
  const deposit = () =>
    c.pool
      .connect(scene.alice)
      .reportAndDeposit("0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE", WAD, scene.alice, 0n, FOREVER, NO_REFERRAL, {
        value: WAD,
      });
  return { ...scene, c, accountant: c.accountant, deposit };
}

describe("Accountant: the alarm", () => {
  it("stays silent below its limit", async () => {
    const { world, accountant, deposit } = await watched();
    await world.lidoLoses(49n);
    await expect(accountant.report()).not.to.emit(accountant, "AlarmRang");
    expect(await accountant.fillsClosedUntil()).to.equal(0n);
    await deposit();
  });

  it("rings when the losses of seven days add up to the limit, and closes the doors for a day", async () => {
    const { world, c, accountant, alice, deposit } = await watched();
    await world.lidoLoses(49n);
    await accountant.report();
    await time.increase(5n * DAY);
    await world.lidoLoses(2n);
    await expect(accountant.report()).to.emit(accountant, "AlarmRang");
    const until = BigInt(await time.latest()) + DAY;
    expect(await accountant.fillsClosedUntil()).to.equal(until);
    expect((await c.pool.terms()).closedUntil).to.equal(until);
    await time.setNextBlockTimestamp(until - 1n);
    await refuses(world, alice, deposit, c.pool, "DepositsClosed", [until - 1n, until]);
    await time.setNextBlockTimestamp(until);
    await deposit();
  });

  it("forgets a loss after seven days", async () => {
    const { world, accountant } = await watched();
    await world.lidoLoses(49n);
    await accountant.report();
    await time.increase(7n * DAY);
    await world.lidoLoses(2n);
    await expect(accountant.report()).not.to.emit(accountant, "AlarmRang");
  });

  it("counts losses gross, though a gain hides them", async () => {
    const { world, c, accountant } = await watched();
    await world.lidoEarns(500n);
    await accountant.report();
    await world.equivocate(0, 0); // 1 %, all of it from the waiting gain
    await expect(accountant.report()).to.emit(accountant, "AlarmRang");
    expect(await c.pool.rate()).to.be.above(WAD);
  });

  it("rings once: losses of the next seven days neither extend it nor ring again", async () => {
    const { world, accountant, deposit } = await watched();
    await world.equivocate(0, 0);
    await accountant.report();
    const start = BigInt(await time.latest());
    for (let day = 1n; day <= 6n; ++day) {
      await time.increaseTo(start + day * DAY);
      await world.lidoLoses(100n);
      await expect(accountant.report()).not.to.emit(accountant, "AlarmRang");
      expect(await accountant.fillsClosedUntil()).to.equal(start + DAY);
      await deposit();
    }
    await time.increaseTo(start + 7n * DAY);
    await world.lidoLoses(100n);
    await expect(accountant.report()).to.emit(accountant, "AlarmRang");
  });

  it("leaves the rate true while doors are closed", async () => {
    const { world, c, accountant } = await watched();
    await world.equivocate(0, 0);
    await accountant.report();
    await world.equivocate(0, 1);
    await accountant.report();
    expect(await c.pool.rate()).to.equal(ether("0.98"));
  });

  it("does not ring for a report without a loss, though the window is full", async () => {
    const { world, accountant } = await watched();
    await world.equivocate(0, 0);
    await accountant.report();
    await expect(accountant.report()).not.to.emit(accountant, "AlarmRang");
    await expect(accountant.settle()).not.to.emit(accountant, "AlarmRang");
  });
});
