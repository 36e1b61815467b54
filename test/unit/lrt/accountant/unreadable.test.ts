import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import { nextDay } from "../../../../scripts/sim/time";
import { as, books, DAY, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { deployed, staked } from "../../../world";

/** Code that reverts whatever is asked of it, and code that burns all gas it gets. */
const REVERTS = "0x5f5ffd";
const BURNS = "0xfe";
const READ_GAS = 5_000_000n;
const FOR_GOOD = 2n ** 40n - 1n;

async function reported() {
  const scene = await loadFixture(staked);
  const { c } = scene.world;
  await c.accountant.report();
  const operators = await c.operators.operators();
  const [first, second] = operators.map(({ delegator }) => delegator);
  const deposit = () => c.pool.connect(scene.alice).depositEther(scene.alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
  const reader = await failingReader(scene.world);
  return { ...scene, c, accountant: c.accountant, first, second, deposit, reader };
}

describe("Accountant: values that cannot be read", () => {
  for (const what of ["Reverts", "Burns"] as const) {
    it(`keeps the last value of a delegator whose read ${what.toLowerCase()}, and closes deposits until it is read again`, async () => {
      const { world, c, accountant, alice, first, deposit, reader } = await reported();
      const before = await books(world);
      await reader.setFault(first, FAULT[what]);
      await expect(accountant.report()).to.emit(accountant, "ReadabilityChanged").withArgs(first, false);
      expect(await books(world)).to.deep.equal(before);
      expect(await accountant.isReadable(first)).to.equal(false);
      expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
      const now = BigInt(await time.latest()) + 1n;
      await time.setNextBlockTimestamp(now);
      await refuses(world, alice, deposit, c.pool, "DepositsClosed", [now, FOR_GOOD]);

      await reader.setFault(first, FAULT.None);
      await expect(accountant.sync(first)).to.emit(accountant, "ReadabilityChanged").withArgs(first, true);
      await accountant.report();
      expect(await accountant.fillsClosedUntil()).to.equal(0n);
      await deposit();
    });
  }

  it("does not try an unreadable delegator again in a report, only when somebody asks for it", async () => {
    const { world, accountant, first, reader } = await reported();
    await reader.setFault(first, FAULT.Reverts);
    await accountant.report();
    await reader.setFault(first, FAULT.None);
    for (const again of [accountant.report, accountant.settle]) {
      await expect(again()).not.to.emit(accountant, "ReadabilityChanged");
      expect(await accountant.isReadable(first)).to.equal(false);
    }
    await expect(accountant.connect(world.keeper).sync(first))
      .to.emit(accountant, "ReadabilityChanged")
      .withArgs(first, true);
  });

  it("stays marked when it still cannot be read", async () => {
    const { accountant, first, reader } = await reported();
    await reader.setFault(first, FAULT.Burns);
    await accountant.report();
    await expect(accountant.sync(first)).not.to.emit(accountant, "ReadabilityChanged");
    expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
  });

  it("still recognises everybody else's losses and gains", async () => {
    const { world, c, accountant, first, second, reader } = await reported();
    await reader.setFault(first, FAULT.Reverts);
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
    const { world, c, accountant, first, reader } = await reported();
    await reader.setFault(first, FAULT.Reverts);
    await accountant.report();
    await world.equivocate(0, 0);
    await accountant.report();
    expect(await c.pool.rate()).to.equal(WAD);
    await reader.setFault(first, FAULT.None);
    await accountant.sync(first);
    await accountant.report();
    expect(await c.pool.rate()).to.equal(ether("0.99"));
    expect(await accountant.lossOf(first)).to.equal(ether("1.0001"));
  });

  it("counts every unreadable value: the doors open with the last", async () => {
    const { accountant, first, second, reader } = await reported();
    await reader.setFault(first, FAULT.Reverts);
    await reader.setFault(second, FAULT.Reverts);
    await accountant.report();
    await accountant.sync(first); // a second failure counts nothing twice
    await reader.setFault(first, FAULT.None);
    await accountant.sync(first);
    expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
    await reader.setFault(second, FAULT.None);
    await accountant.sync(second);
    expect(await accountant.fillsClosedUntil()).to.equal(0n);
  });

  it("opens the doors again when a delegator without stake can be read", async () => {
    const world = await loadFixture(deployed);
    const { accountant, operators } = world.c;
    const { delegator } = await operators.operator(0n);
    const reader = await failingReader(world);
    await reader.setFault(delegator, FAULT.Reverts);
    await accountant.sync(delegator);
    expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD);
    await reader.setFault(delegator, FAULT.None);
    await accountant.sync(delegator);
    expect(await accountant.fillsClosedUntil()).to.equal(0n);
  });

  it("moves no stake of a delegator that cannot be read, and all stake of the others", async () => {
    const { world, c, accountant, bob, first, second, reader } = await reported();
    await reader.setFault(first, FAULT.Reverts);
    await accountant.report();
    await world.request(bob, world.asset, ether("20"));
    await nextDay(world.ctx.provider, 60n);
    await c.desk.connect(world.keeper).unbond(world.asset, 16n);
    expect((await accountant.book(first, world.asset)).unbonding).to.equal(0n);
    expect((await accountant.book(second, world.asset)).unbonding).to.be.above(0n);
  });

  it("refuses to book a move that it cannot read: nothing is in two places", async () => {
    const { c, accountant, first, reader } = await reported();
    await reader.setFault(first, FAULT.Reverts);
    await accountant.sync(first);
    await reader.setFault(first, FAULT.None);
    await expect(accountant.connect(await as(c.desk)).rebook(first))
      .to.be.revertedWithCustomError(accountant, "Unreadable")
      .withArgs(first);
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
    expect(await accountant.fillsClosedUntil()).to.equal(FOR_GOOD); // a report alone does not look
    await accountant.syncAsset(world.asset);
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
    await expect(accountant.report()).not.to.emit(accountant, "ReadabilityChanged");
    await expect(accountant.syncIssuers()).to.emit(accountant, "ReadabilityChanged").withArgs(desk, true);
  });

  it("reads only accepted assets, and not ETH", async () => {
    const { c, accountant, first } = await reported();
    await expect(accountant.syncAsset(first)).to.be.revertedWithCustomError(c.registry, "UnknownAsset").withArgs(first);
    await expect(accountant.syncAsset(ETHER)).to.be.revertedWithCustomError(accountant, "NotPriced").withArgs(ETHER);
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
      const { accountant, first, reader } = await reported();
      await reader.setFault(first, FAULT.Reverts);
      await expect(accountant.sync(first, { gasLimit: 1_000_000n }))
        .to.be.revertedWithCustomError(accountant, "NotEnoughGas")
        .withArgs(anyValue, READ_GAS + READ_GAS / 32n);
      expect(await accountant.READ_GAS()).to.equal(READ_GAS);
      await expect(accountant.sync(first, { gasLimit: READ_GAS + READ_GAS / 8n }))
        .to.emit(accountant, "ReadabilityChanged")
        .withArgs(first, false);
    });
  });
});
