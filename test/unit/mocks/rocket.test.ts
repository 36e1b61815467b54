import { loadFixture, mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type {
  RETHMock,
  RocketDepositPoolMock,
  RocketNetworkBalancesMock,
  RocketStorageMock,
} from "../../../typechain-types";
import { ether } from "./lido";

async function deploy<T>(name: string, args: unknown[] = []): Promise<T> {
  return (await ethers.deployContract(name, args)) as unknown as T;
}

/** Rocket Pool at 1.25 ether for one rETH; Alice has deposited 10 ether of 100 that may come in. */
async function rocket() {
  const [alice, bob] = await ethers.getSigners();
  const directory = await deploy<RocketStorageMock>("RocketStorageMock");
  const balances = await deploy<RocketNetworkBalancesMock>("RocketNetworkBalancesMock");
  const rEth = await deploy<RETHMock>("RETHMock", [directory]);
  const depositPool = await deploy<RocketDepositPoolMock>("RocketDepositPoolMock", [rEth, ether("100")]);
  await directory.setContract("rocketNetworkBalances", balances);
  await directory.setContract("rocketDepositPool", depositPool);
  await balances.report(ether("125"), ether("100"));
  await depositPool.deposit({ value: ether("10") });
  return { directory, balances, rEth, depositPool, alice, bob };
}

describe("Rocket Pool's stand-ins", () => {
  it("mint at the stored rate, which a deposit does not move", async () => {
    const { rEth, alice } = await loadFixture(rocket);
    expect(await rEth.balanceOf(alice)).to.equal(ether("8"));
    expect(await rEth.getExchangeRate()).to.equal(ether("1.25"));
    expect(await rEth.getEthValue(4n)).to.equal(5n);
    expect(await rEth.getRethValue(4n)).to.equal(3n); // 3.2
  });

  it("tell when and at which block the rate was reported", async () => {
    const { balances, rEth } = await loadFixture(rocket);
    await balances.report(ether("130"), ether("100"));
    expect(await balances.getBalancesTimestamp()).to.equal(await time.latest());
    expect(await balances.getBalancesBlock()).to.equal(await time.latestBlock());
    expect([await balances.getTotalETHBalance(), await balances.getTotalRETHSupply()]).to.deep.equal([
      ether("130"),
      ether("100"),
    ]);
    expect(await rEth.getExchangeRate()).to.equal(ether("1.3"));
  });

  it("take deposits up to their maximum", async () => {
    const { depositPool } = await loadFixture(rocket);
    expect(await depositPool.getMaximumDepositAmount()).to.equal(ether("90"));
    await expect(depositPool.deposit({ value: ether("90") + 1n }))
      .to.be.revertedWithCustomError(depositPool, "DepositAboveMaximum")
      .withArgs(ether("90") + 1n, ether("90"));
    await depositPool.deposit({ value: ether("90") });
    await depositPool.setCapacity(1n);
    expect(await depositPool.getMaximumDepositAmount()).to.equal(1n);
  });

  it("burn for ether at the rate while there is collateral", async () => {
    const { rEth, alice, bob } = await loadFixture(rocket);
    expect(await rEth.getTotalCollateral()).to.equal(ether("10"));
    expect(await rEth.getCollateralRate()).to.equal(ether("1"));
    await expect(rEth.burn(ether("4"))).to.changeEtherBalance(alice, ether("5"));
    await rEth.takeCollateral(bob, ether("3"));
    expect(await rEth.getCollateralRate()).to.equal(ether("0.4"));
    await expect(rEth.burn(ether("2")))
      .to.be.revertedWithCustomError(rEth, "TooLittleCollateral")
      .withArgs(ether("2.5"), ether("2"));
    expect(await rEth.balanceOf(alice)).to.equal(ether("4"));
  });

  it("hold a depositor's tokens for some blocks after his own deposit, and nobody else's", async () => {
    const { rEth, depositPool, alice, bob } = await loadFixture(rocket);
    await rEth.setDepositDelay(10n);
    await depositPool.connect(bob).deposit({ value: ether("1") });
    const movableFrom = BigInt(await time.latestBlock()) + 10n;
    await rEth.connect(alice).setDepositDelay(10n);
    await mine(7);
    await expect(rEth.connect(bob).transfer(alice, 1n))
      .to.be.revertedWithCustomError(rEth, "DepositTooRecent")
      .withArgs(movableFrom - 1n, movableFrom);
    await rEth.connect(bob).transfer(alice, 1n);
    await rEth.connect(alice).transfer(bob, 1n);
  });

  it("mint for the deposit pool that the directory names, and nobody else", async () => {
    const { rEth, depositPool, alice } = await loadFixture(rocket);
    await expect(rEth.mint(alice, { value: 1n }))
      .to.be.revertedWithCustomError(rEth, "OnlyDepositPool")
      .withArgs(alice, depositPool);
  });

  it("find each other by name, so a contract can be replaced", async () => {
    const { rEth, directory } = await loadFixture(rocket);
    const next = await deploy<RocketNetworkBalancesMock>("RocketNetworkBalancesMock");
    await next.report(ether("2"), ether("1"));
    await directory.setContract("rocketNetworkBalances", next);
    const key = ethers.solidityPackedKeccak256(["string", "string"], ["contract.address", "rocketNetworkBalances"]);
    expect(await directory.getFunction("getAddress(bytes32)")(key)).to.equal(await next.getAddress());
    expect(await rEth.getExchangeRate()).to.equal(ether("2"));
  });
});
