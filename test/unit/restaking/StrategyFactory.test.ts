import { loadFixture, mine } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { deployStrategyFactory } from "../../../deploy/lib/engine";
import { StrategyFactory__factory, type StrategyProxied } from "../../../typechain-types";
import { DELAY, engine } from "./strategies";

async function factories() {
  const world = await engine();
  const { addresses, artifact, deposits, owner } = world;
  const at = await deployStrategyFactory({ deployer: owner, artifact }, addresses, owner.address);
  const factory = StrategyFactory__factory.connect(at, owner);
  const beacon = await ethers.getContractAt("UpgradeableBeacon", await factory.strategyBeacon());
  const code = (await beacon.getFunction("implementation")()) as string;
  await deposits.setStrategyWhitelister(factory);
  return { ...world, code, factory };
}

async function deployed() {
  const world = await factories();
  const { factory, token, stranger } = world;
  await factory.connect(stranger).deployNewStrategy(token);
  const address = await factory.deployedStrategies(token);
  const strategy = (await ethers.getContractAt("StrategyProxied", address)) as unknown as StrategyProxied;
  return { ...world, strategy };
}

describe("StrategyFactory", () => {
  it("makes the strategy of a token for anybody, ready for deposits", async () => {
    const { factory, deposits, token, staker, stranger } = await loadFixture(factories);
    const expected = await factory.connect(stranger).deployNewStrategy.staticCall(token);
    await expect(factory.connect(stranger).deployNewStrategy(token))
      .to.emit(factory, "StrategySetForToken")
      .withArgs(token, expected);
    expect(await factory.deployedStrategies(token)).to.equal(expected);
    expect(await deposits.strategyIsWhitelistedForDeposit(expected)).to.equal(true);
    await deposits.connect(staker).depositIntoStrategy(expected, token, 12345n);
    expect(await deposits.stakerDepositShares(staker, expected)).to.equal(12345n);
  });

  it("makes a second strategy for nobody", async () => {
    const { factory, token } = await loadFixture(deployed);
    await expect(factory.deployNewStrategy(token)).to.be.revertedWithCustomError(factory, "StrategyAlreadyExists");
  });

  it("leaves its strategies open, with their token, and set up for ever", async () => {
    const { strategy, token, code } = await loadFixture(deployed);
    expect(await strategy["paused()"]()).to.equal(0n);
    expect(await strategy.underlyingToken()).to.equal(await token.getAddress());
    for (const contract of [strategy, strategy.attach(code) as StrategyProxied]) {
      await expect(contract.initialize(token)).to.be.revertedWithCustomError(strategy, "InvalidInitialization");
    }
  });

  it("refuses to make strategies while it is paused", async () => {
    const { factory, token } = await loadFixture(factories);
    await factory.pause(1n);
    await expect(factory.deployNewStrategy(token)).to.be.revertedWithCustomError(factory, "CurrentlyPaused");
  });

  it("refuses a strategy for a token on the blacklist", async () => {
    const { factory, token } = await loadFixture(factories);
    await expect(factory.blacklistTokens([token]))
      .to.emit(factory, "TokenBlacklisted")
      .withArgs(token);
    expect(await factory.isBlacklisted(token)).to.equal(true);
    await expect(factory.deployNewStrategy(token)).to.be.revertedWithCustomError(factory, "BlacklistedToken");
    await expect(factory.blacklistTokens([token])).to.be.revertedWithCustomError(factory, "AlreadyBlacklisted");
  });

  it("ends deposits of a token put on the blacklist, and lets withdrawals go on", async () => {
    const { factory, strategy, deposits, delegation, token, staker } = await loadFixture(deployed);
    await deposits.connect(staker).depositIntoStrategy(strategy, token, 12345n);
    const before = await token.balanceOf(staker);
    await factory.blacklistTokens([token]);
    expect(await deposits.strategyIsWhitelistedForDeposit(strategy)).to.equal(false);
    await expect(deposits.connect(staker).depositIntoStrategy(strategy, token, 1n)).to.be.revertedWithCustomError(
      deposits,
      "StrategyNotWhitelisted",
    );

    const withdrawal = { strategies: [strategy], depositShares: [12345n], __deprecated_withdrawer: ethers.ZeroAddress };
    await delegation.connect(staker).queueWithdrawals([withdrawal]);
    const [[queued]] = await delegation.getQueuedWithdrawals(staker);
    await mine(DELAY + 1);
    const [staker_, delegatedTo, withdrawer, nonce, startBlock, strategies, scaledShares] = queued;
    const copy = {
      staker: staker_,
      delegatedTo,
      withdrawer,
      nonce,
      startBlock,
      strategies: [...strategies],
      scaledShares: [...scaledShares],
    };
    await delegation.connect(staker).completeQueuedWithdrawal(copy, [token], true);
    expect((await token.balanceOf(staker)) - before).to.equal(12345n);
  });

  it("lets its owner, and nobody else, choose strategies", async () => {
    const { factory, strategy, deposits, owner, stranger } = await loadFixture(deployed);
    await factory.removeStrategiesFromWhitelist([strategy]);
    expect(await deposits.strategyIsWhitelistedForDeposit(strategy)).to.equal(false);
    await factory.whitelistStrategies([strategy]);
    expect(await deposits.strategyIsWhitelistedForDeposit(strategy)).to.equal(true);
    const asStranger = factory.connect(stranger);
    for (const call of [
      () => asStranger.whitelistStrategies([strategy]),
      () => asStranger.removeStrategiesFromWhitelist([strategy]),
      () => asStranger.blacklistTokens([]),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(factory, "OwnableUnauthorizedAccount");
    }
    await expect(deposits.connect(owner).addStrategiesToDepositWhitelist([strategy])).to.be.revertedWithCustomError(
      deposits,
      "OnlyStrategyWhitelister",
    );
  });
});
