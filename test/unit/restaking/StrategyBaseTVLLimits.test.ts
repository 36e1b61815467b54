import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { StrategyBaseTVLLimits } from "../../../typechain-types";
import { engine } from "./strategies";

const PER_DEPOSIT = 100n;
const TOTAL = 250n;

async function limited() {
  const world = await engine();
  const { addresses, deposits, token, staker } = world;
  const strategy = (await ethers.deployContract("StrategyBaseTVLLimits", [
    addresses.strategyManager,
    addresses.pauserRegistry,
    await token.getAddress(),
    PER_DEPOSIT,
    TOTAL,
  ])) as unknown as StrategyBaseTVLLimits;
  await deposits.addStrategiesToDepositWhitelist([strategy]);
  const deposit = (amount: bigint) => deposits.connect(staker).depositIntoStrategy(strategy, token, amount);
  return { ...world, strategy, deposit };
}

describe("StrategyBaseTVLLimits", () => {
  it("takes the largest deposit, and no more at once", async () => {
    const { strategy, deposit } = await loadFixture(limited);
    await deposit(PER_DEPOSIT);
    expect(await strategy.totalShares()).to.equal(PER_DEPOSIT);
    await expect(deposit(PER_DEPOSIT + 1n)).to.be.revertedWithCustomError(strategy, "MaxPerDepositExceedsMax");
  });

  it("takes deposits until the balance is at its limit", async () => {
    const { token, strategy, deposit } = await loadFixture(limited);
    await deposit(100n);
    await deposit(100n);
    await expect(deposit(51n)).to.be.revertedWithCustomError(strategy, "BalanceExceedsMaxTotalDeposits");
    await deposit(50n);
    expect(await token.balanceOf(strategy)).to.equal(TOTAL);
  });

  it("counts a donation towards the limit", async () => {
    const { token, strategy, deposit } = await loadFixture(limited);
    await deposit(100n);
    await deposit(100n);
    await token.mint(strategy, 1n);
    await expect(deposit(50n)).to.be.revertedWithCustomError(strategy, "BalanceExceedsMaxTotalDeposits");
  });

  it("previews what it would not take", async () => {
    const { strategy } = await loadFixture(limited);
    expect(await strategy.underlyingToSharesView(PER_DEPOSIT * 10n)).to.equal(PER_DEPOSIT * 10n);
  });

  it("has its limits set by the unpauser alone", async () => {
    const { strategy, deposit, owner, stranger } = await loadFixture(limited);
    await expect(strategy.connect(stranger).setTVLLimits(1n, 2n)).to.be.revertedWithCustomError(
      strategy,
      "OnlyUnpauser",
    );
    await expect(strategy.connect(owner).setTVLLimits(200n, 300n))
      .to.emit(strategy, "MaxPerDepositUpdated")
      .withArgs(PER_DEPOSIT, 200n)
      .and.to.emit(strategy, "MaxTotalDepositsUpdated")
      .withArgs(TOTAL, 300n);
    expect(await strategy.getTVLLimits()).to.deep.equal([200n, 300n]);
    expect(await strategy.maxPerDeposit()).to.equal(200n);
    expect(await strategy.maxTotalDeposits()).to.equal(300n);
    await deposit(200n);
  });

  it("refuses a limit per deposit above the limit of all", async () => {
    const { strategy } = await loadFixture(limited);
    await expect(strategy.setTVLLimits(301n, 300n)).to.be.revertedWithCustomError(strategy, "MaxPerDepositExceedsMax");
  });
});
