import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { as, books, DAY, ether, WAD } from "../../../checks";
import { grown } from "../../../models";
import { staked } from "../../../world";

const SLASH = 0n;
const STRATEGY = 1n;
const ISSUER = 2n;
const OTHER = 3n;

/** 100.01 ETH, all of it restaked; a report was made just now. */
async function reported() {
  const scene = await loadFixture(staked);
  const { c, asset } = scene.world;
  await c.accountant.report();
  const [first] = await c.operators.operators();
  return {
    ...scene,
    c,
    asset,
    first,
    accountant: c.accountant.connect(scene.world.keeper),
    at: BigInt(await time.latest()),
  };
}

const alarmArgs = { growthCapBpsPerDay: 10n, feeBps: 1_000n };

describe("Accountant", () => {
  describe("report", () => {
    it("changes nothing when nothing is new", async () => {
      const { world, accountant } = await reported();
      const before = await books(world);
      expect(before.netAssetValue).to.equal(ether("100.01"));
      await expect(accountant.report())
        .to.emit(accountant, "Reported")
        .withArgs(ether("100.01"), ether("100.01"), WAD, 0n, 0n);
      expect(await books(world)).to.deep.equal(before);
    });

    it("recognises a gain along the growth cap, pays the fee on it, and lets the rest wait", async () => {
      const { world, c, accountant, at } = await reported();
      await world.lidoEarns(100n);
      await time.setNextBlockTimestamp(at + 43_200n);
      await accountant.report();
      const nav = await accountant.netAssetValue();
      const supply = ether("100.01");
      const expected = grown({
        ...alarmArgs,
        nav,
        supply,
        rateWad: WAD,
        highWaterMarkWad: WAD,
        elapsed: 43_200n,
        feeSharesLeft: (supply * 2n) / 10_000n,
      });
      const { rateWad, waitingWad } = await c.pool.terms();
      expect({ rateWad, waitingWad }).to.deep.equal({ rateWad: expected.rateWad, waitingWad: expected.waitingWad });
      expect(rateWad).to.be.closeTo(ether("1.00045"), 10n ** 10n); // half of 10 bps, less the fee
      expect(await c.trEth.totalSupply()).to.equal(supply + expected.feeShares);
      expect(await c.trEth.balanceOf(world.ctx.config.accounting.feeRecipient)).to.equal(expected.feeShares);
      expect((await accountant.fee()).highWaterMarkWad).to.equal(rateWad);
    });

    it("never lets the allowance add up for more than a day", async () => {
      const { world, c, accountant, at } = await reported();
      await c.accountant.connect(await as(world.ctx.config.governance.tightening)).lowerFee(0);
      await world.lidoEarns(500n);
      await time.setNextBlockTimestamp(at + 30n * DAY);
      await accountant.report();
      expect(await c.pool.rate()).to.equal(ether("1.001"));
    });

    it("recognises no more in many reports than in one", async () => {
      const { world, c, accountant, at } = await reported();
      await c.accountant.connect(await as(world.ctx.config.governance.tightening)).lowerFee(0);
      await world.lidoEarns(500n);
      let rate = WAD;
      for (let i = 1n; i <= 24n; ++i) {
        await time.setNextBlockTimestamp(at + i * 3_600n);
        await accountant.report();
        rate += (rate * 10n * 3_600n) / (10_000n * DAY);
      }
      expect(await c.pool.rate()).to.equal(rate);
      expect(rate).to.be.below(ether("1.001001"));
    });

    it("gives nothing to a second report in the same second", async () => {
      const { world, c, accountant } = await reported();
      await world.lidoEarns(500n);
      await accountant.report();
      const before = await c.pool.rate();
      await time.setNextBlockTimestamp(BigInt(await time.latest()) + 1n);
      await accountant.report();
      const allowed = (before * 10n) / (10_000n * DAY);
      expect((await c.pool.rate()) - before).to.be.at.most(allowed);
    });

    it("recognises a slash at once and books it to the delegator", async () => {
      const { world, c, asset, first, accountant } = await reported();
      await world.equivocate(0, 0);
      const loss = ether("1.0001"); // 5 % of a fifth
      const report = accountant.report();
      await expect(report).to.emit(accountant, "LossRecognised").withArgs(SLASH, first.delegator, asset, loss);
      await expect(report).to.emit(accountant, "BookSynced").withArgs(first.delegator, asset, ether("19.0019"), 0n);
      expect(await c.pool.rate()).to.equal(ether("0.99"));
      expect(await accountant.netAssetValue()).to.equal(ether("100.01") - loss);
      expect(await accountant.lossOf(first.delegator)).to.equal(loss);
      expect(await accountant.totalLoss()).to.equal(loss);
      expect([...(await accountant.book(first.delegator, asset))]).to.deep.equal([ether("19.0019"), 0n]);
    });

    it("takes a loss from the waiting gain first, and still counts it in full", async () => {
      const { world, c, accountant, first, at } = await reported();
      await world.lidoEarns(200n);
      await time.setNextBlockTimestamp(at + DAY);
      await accountant.report();
      const before = await c.pool.terms();
      await world.equivocate(0, 0);
      await accountant.report();
      const after = await c.pool.terms();
      expect(after.rateWad).to.be.at.least(before.rateWad); // 2 % were gained, 1 % was lost
      expect(after.waitingWad).to.be.below(before.waitingWad - ether("0.0099"));
      expect(await accountant.lossOf(first.delegator)).to.be.closeTo(ether("1.020102"), 10n ** 6n);
      expect(await accountant.fillsClosedUntil()).to.equal(BigInt(await time.latest()) + DAY);
    });

    it("books a fall of the issuer's rate to the asset", async () => {
      const { world, asset, accountant, c } = await reported();
      await world.lidoLoses(30n);
      const lost = ether("100.01") - (ether("100.01") * (await c.stEth.getPooledEthByShares(WAD))) / WAD;
      await accountant.report();
      // Rate and units per engine share each round down in the 18th digit: up to 101 wei of 100 ETH.
      expect(await accountant.lossOf(asset)).to.be.closeTo(lost, 202n);
      expect(await accountant.netAssetValue()).to.be.closeTo(ether("100.01") - lost, 202n);
      const events = await accountant.queryFilter(accountant.filters.LossRecognised(ISSUER, asset, asset), -1);
      expect(events.length).to.equal(1);
    });

    it("books what a strategy has lost to the asset", async () => {
      const { c, asset, accountant } = await reported();
      const strategy = await as(c.strategy);
      await c.stEth.connect(strategy).transferShares("0x000000000000000000000000000000000000dEaD", ether("0.1"));
      const report = accountant.report();
      await expect(report).to.emit(accountant, "LossRecognised");
      const events = await accountant.queryFilter(accountant.filters.LossRecognised(STRATEGY, asset, asset), -1);
      expect(events.length).to.equal(1);
      expect(await accountant.lossOf(asset)).to.be.closeTo(ether("0.1"), 10n ** 9n); // the seed bears 1e-11 of it
    });

    it("books what nothing explains to itself", async () => {
      const { world, c, asset, accountant } = await reported();
      await world.deposit(await world.person(2), "wstETH", WAD);
      await c.pool.connect(await as(c.desk)).take(asset, ether("0.2"), asset, world.keeper);
      await expect(accountant.report())
        .to.emit(accountant, "LossRecognised")
        .withArgs(OTHER, accountant, "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE", ether("0.2"));
      expect(await accountant.lossOf(accountant)).to.equal(ether("0.2"));
    });

    it("keeps rounding out of the ledger", async () => {
      const { world, c, asset, accountant } = await reported();
      await world.deposit(await world.person(2), "wstETH", WAD);
      await c.pool.connect(await as(c.desk)).take(asset, 10n ** 9n, asset, world.keeper); // exactly the dust
      await expect(accountant.report()).not.to.emit(accountant, "LossRecognised");
      expect(await accountant.totalLoss()).to.equal(0n);
      expect(await c.pool.rate()).to.be.below(WAD);
    });
  });

  describe("settle", () => {
    it("lowers the rate like a report", async () => {
      const { world, c, accountant } = await reported();
      await world.equivocate(0, 0);
      await accountant.settle();
      expect([...(await c.pool.terms())].slice(0, 2)).to.deep.equal([ether("0.99"), 0n]);
    });

    it("never raises the rate and mints no fee: a gain waits", async () => {
      const { world, c, accountant, at } = await reported();
      await world.lidoEarns(100n);
      await time.setNextBlockTimestamp(at + DAY);
      await accountant.settle();
      const { rateWad, waitingWad } = await c.pool.terms();
      const supply = ether("100.01");
      const nav = await accountant.netAssetValue();
      expect(rateWad).to.equal(WAD);
      expect(waitingWad).to.equal((nav * WAD + supply - 1n) / supply - WAD);
      expect(await c.trEth.totalSupply()).to.equal(supply);
      // Nor does it use up the allowance of the next report.
      await time.setNextBlockTimestamp(at + DAY + 1n);
      await accountant.report();
      expect(await c.pool.rate()).to.be.closeTo(ether("1.0009"), 10n ** 11n);
    });
  });

  describe("sync", () => {
    it("reverts for an address that is not one of our stakers", async () => {
      const { world, c, accountant } = await reported();
      const stranger = await world.keeper.getAddress();
      await expect(accountant.sync(stranger))
        .to.be.revertedWithCustomError(c.operators, "UnknownDelegator")
        .withArgs(stranger);
    });

    it("moves the book now and the rate with the next report, which also counts the loss", async () => {
      const { world, c, first, accountant } = await reported();
      await world.equivocate(0, 0);
      await accountant.sync(first.delegator);
      expect(await accountant.netAssetValue()).to.equal(ether("99.0099"));
      expect(await c.pool.rate()).to.equal(WAD);
      expect(await accountant.fillsClosedUntil()).to.equal(0n);
      await expect(accountant.report())
        .to.emit(accountant, "AlarmRang")
        .withArgs(ether("0.01"), (v: bigint) => v > 0n);
      expect(await c.pool.rate()).to.equal(ether("0.99"));
      expect(await accountant.totalLoss()).to.equal(ether("1.0001"));
    });

    it("finds nothing in a second call", async () => {
      const { world, first, accountant } = await reported();
      await world.equivocate(0, 0);
      await accountant.sync(first.delegator);
      await expect(accountant.sync(first.delegator)).not.to.emit(accountant, "BookSynced");
      expect(await accountant.totalLoss()).to.equal(ether("1.0001"));
    });
  });

  describe("views", () => {
    it("tell where an asset is, in units", async () => {
      const { world, asset, accountant } = await reported();
      await world.deposit(await world.person(2), "wstETH", ether("3"));
      expect([...(await accountant.backing(asset))]).to.deep.equal([ether("3"), ether("100.01"), 0n, WAD]);
      expect(await accountant.unitsOfEngineShares(asset, 7n)).to.equal(7n);
    });
  });
});
