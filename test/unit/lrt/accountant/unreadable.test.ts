import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import { books, DAY, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../../checks";
import { deployed, staked } from "../../../world";

/** Code that reverts whatever is asked of it, and code that burns all gas it gets. */
const REVERTS = "0x5f5ffd";
const BURNS = "0xfe";
const READ_GAS = 4_000_000n;
const FOR_GOOD = 2n ** 40n - 1n;

async function reported() {
  const scene = await loadFixture(staked);
  const { c } = scene.world;
  await c.accountant.report();
  const operators = await c.operators.operators();
  const [first, second] = operators.map(({ delegator }) => delegator);
  const deposit = () => c.pool.connect(scene.alice).depositEther(scene.alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
  const code = await ethers.provider.getCode(first);
  return { ...scene, c, accountant: c.accountant, first, second, deposit, code };
}

describe("Accountant: values that cannot be read", () => {
  for (const [what, broken] of [
    ["reverts", REVERTS],
    ["burns all gas", BURNS],
  ]) {
    it(`keeps the last value of a delegator that ${what}, and closes deposits until it can be read`, async () => {
      const { world, c, accountant, alice, first, deposit, code } = await reported();
      const before = await books(world);
      await setCode(first, broken);
      await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(first, false);
      expect(await books(world)).to.deep.equal(before);
      expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
      const now = BigInt(await time.latest()) + 1n;
      await time.setNextBlockTimestamp(now);
      await refuses(world, alice, deposit, c.pool, "DepositsClosed", [now, FOR_GOOD]);

      await setCode(first, code);
      await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(first, true);
      expect(await accountant.fillsClosedUntil()).to.equal(0n);
      await deposit();
    });
  }

  it("still recognises everybody else's losses and gains", async () => {
    const { world, c, accountant, first, second } = await reported();
    await setCode(first, REVERTS);
    await accountant.report();
    await world.equivocate(0, 1);
    await expect(accountant.report())
      .to.emit(accountant, "LossRecognised")
      .withArgs(0n, second, world.asset, ether("1.0001"));
    expect(await c.pool.rate()).to.equal(ether("0.99"));
    await world.lidoEarns(100n);
    await time.increase(DAY);
    await accountant.report();
    expect(await c.pool.rate()).to.be.above(ether("0.9909"));
  });

  it("recognises what happened meanwhile once the value can be read again", async () => {
    const { world, c, accountant, first, code } = await reported();
    await setCode(first, REVERTS);
    await accountant.report();
    await world.equivocate(0, 0);
    await accountant.report();
    expect(await c.pool.rate()).to.equal(WAD);
    await setCode(first, code);
    await accountant.report();
    expect(await c.pool.rate()).to.equal(ether("0.99"));
    expect(await accountant.lossOf(first)).to.equal(ether("1.0001"));
  });

  it("counts every unreadable value: the doors open with the last", async () => {
    const { accountant, first, second, code } = await reported();
    await setCode(first, REVERTS);
    await setCode(second, REVERTS);
    await accountant.report();
    await accountant.report(); // a second report counts nothing twice
    await setCode(first, code);
    await accountant.report();
    expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
    await setCode(second, code);
    await accountant.report();
    expect(await accountant.fillsClosedUntil()).to.equal(0n);
  });

  it("opens the doors again by a report when the delegator had nothing staked", async () => {
    const { c } = await loadFixture(deployed);
    const { delegator } = await c.operators.operator(0n);
    const code = await ethers.provider.getCode(delegator);
    await setCode(delegator, REVERTS);
    await c.accountant.sync(delegator);
    expect(await c.accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
    await setCode(delegator, code);
    await c.accountant.report();
    expect(await c.accountant.fillsClosedUntil()).to.equal(0n);
  });

  it("keeps the last rate of a token whose issuer's rate is out of bounds", async () => {
    const { world, c, accountant } = await reported();
    const before = await books(world);
    await world.lidoLoses(6_000n); // to 0.4, and 0.5 is the least the source accepts
    await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(world.asset, false);
    expect(await books(world)).to.deep.equal(before);
    expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
    await world.lidoEarns(5_000n); // 0.6
    await accountant.report();
    expect(await accountant.fillsClosedUntil()).to.be.below(FOR_GOOD);
    expect(await c.pool.rate()).to.be.closeTo(ether("0.6"), 10n ** 3n);
  });

  it("keeps the last rate of a token whose issuer burns all gas", async () => {
    const { world, c, accountant } = await reported();
    const before = await books(world);
    await setCode(world.ctx.address("wstETHRateSource"), BURNS);
    await accountant.report();
    await accountant.settle();
    expect(await books(world)).to.deep.equal(before);
    expect((await c.pool.terms()).closedUntil).to.equal(FOR_GOOD);
  });

  it("keeps the last value of redemptions when the issuer's queue cannot be read", async () => {
    const { world, c, accountant, alice } = await reported();
    await world.request(alice, ETHER, ether("10"));
    for (let day = 0; day < 4; ++day) {
      await world.pass(DAY);
      await world.crank();
    }
    expect((await c.issuer.openRequests()).length).to.be.above(0);
    const before = await books(world);
    expect(await c.issuer.redeemingValue()).to.be.above(ether("9"));
    const [queue, desk] = [await c.lidoQueue.getAddress(), await c.issuer.getAddress()];
    const code = await ethers.provider.getCode(queue);
    await setCode(queue, REVERTS);
    await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(desk, false);
    expect((await books(world)).netAssetValue).to.equal(before.netAssetValue);
    await setCode(queue, code);
    await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(desk, true);
  });

  describe("a caller who gives little gas", () => {
    it("cannot mark a delegator unreadable, with any amount of gas", async () => {
      const { accountant, first } = await reported();
      for (let gasLimit = 40_000n; gasLimit < 700_000n; gasLimit += 12_345n) {
        const sent = await accountant.sync(first, { gasLimit }).then(
          (tx) => tx.wait(),
          () => null,
        );
        for (const log of sent?.logs ?? []) {
          expect(accountant.interface.parseLog(log)?.name).not.to.equal("ReadabilityChanged");
        }
        expect(await accountant.fillsClosedUntil()).to.equal(0n);
      }
    });

    it("cannot mark anything unreadable in a report", async () => {
      const { world, accountant } = await reported();
      await world.equivocate(0, 0); // so that there is something to read
      for (let gasLimit = 60_000n; gasLimit < 1_500_000n; gasLimit += 34_567n) {
        const snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
        await accountant.report({ gasLimit }).then(
          (tx) => tx.wait(),
          () => null,
        );
        expect(await accountant.fillsClosedUntil()).to.be.below(FOR_GOOD);
        await ethers.provider.send("evm_revert", [snapshot]);
      }
    });

    it("is told so, even when the value really cannot be read", async () => {
      const { accountant, first } = await reported();
      await setCode(first, REVERTS);
      await expect(accountant.sync(first, { gasLimit: 1_000_000n }))
        .to.be.revertedWithCustomError(accountant, "NotEnoughGas")
        .withArgs(anyValue, READ_GAS + READ_GAS / 32n);
      expect(await accountant.READ_GAS()).to.equal(READ_GAS);
      await expect(accountant.sync(first, { gasLimit: 4_500_000n }))
        .to.emit(accountant, "ReadabilityChanged")
        .withArgs(first, false);
    });
  });
});
