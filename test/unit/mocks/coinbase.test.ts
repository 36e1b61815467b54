import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { CbEthMock, MarketFeedMock } from "../../../typechain-types";
import { ether } from "./lido";

async function coinbase() {
  const [oracle, alice, bob] = await ethers.getSigners();
  const cbEth = (await ethers.deployContract("CbEthMock", [oracle, ether("1.25")])) as unknown as CbEthMock;
  await cbEth.mint(alice, { value: ether("10") });
  return { cbEth, oracle, alice, bob };
}

async function feed() {
  const args = [8, "cbETH / ETH", 106_000_000n];
  return { market: (await ethers.deployContract("MarketFeedMock", args)) as unknown as MarketFeedMock };
}

describe("CbEthMock", () => {
  it("mints at its exchange rate, and redeems nothing", async () => {
    const { cbEth, alice } = await loadFixture(coinbase);
    expect(await cbEth.balanceOf(alice)).to.equal(ether("8"));
    expect(cbEth.interface.getFunction("burn" as never)).to.equal(null);
    expect(cbEth.interface.getFunction("redeem" as never)).to.equal(null);
  });

  it("has a rate that its oracle alone sets", async () => {
    const { cbEth, oracle, alice } = await loadFixture(coinbase);
    expect(await cbEth.oracle()).to.equal(oracle);
    await expect(cbEth.updateExchangeRate(ether("1.3")))
      .to.emit(cbEth, "ExchangeRateUpdated")
      .withArgs(oracle, ether("1.3"));
    expect(await cbEth.exchangeRate()).to.equal(ether("1.3"));
    await expect(cbEth.connect(alice).updateExchangeRate(1n))
      .to.be.revertedWithCustomError(cbEth, "OnlyOracle")
      .withArgs(alice, oracle);
  });

  it("moves nothing while paused; balance and rate can be read", async () => {
    const { cbEth, alice, bob } = await loadFixture(coinbase);
    await cbEth.setPaused(true);
    expect(await cbEth.paused()).to.equal(true);
    for (const move of [() => cbEth.connect(alice).transfer(bob, 1n), () => cbEth.connect(alice).approve(bob, 1n)]) {
      await expect(move()).to.be.revertedWithCustomError(cbEth, "Paused");
    }
    expect([await cbEth.balanceOf(alice), await cbEth.exchangeRate()]).to.deep.equal([ether("8"), ether("1.25")]);
    await cbEth.setPaused(false);
    await cbEth.connect(alice).transfer(bob, 1n);
  });

  it("lets a blocked account neither send nor receive nor spend", async () => {
    const { cbEth, alice, bob } = await loadFixture(coinbase);
    await cbEth.connect(alice).approve(bob, ether("1"));
    await cbEth.setBlacklisted(bob, true);
    expect(await cbEth.isBlacklisted(bob)).to.equal(true);
    const moves = [
      () => cbEth.connect(alice).transfer(bob, 1n),
      () => cbEth.connect(bob).transferFrom(alice, alice, 1n),
      () => cbEth.connect(alice).approve(bob, 1n),
    ];
    for (const move of moves) {
      await expect(move()).to.be.revertedWithCustomError(cbEth, "Blocked").withArgs(bob);
    }
    await cbEth.setBlacklisted(bob, false);
    await cbEth.connect(bob).transferFrom(alice, bob, 1n);
  });
});

describe("MarketFeedMock", () => {
  it("answers in rounds, the last one first", async () => {
    const { market } = await loadFixture(feed);
    const first = BigInt(await time.latest());
    await market.report(107_000_000n);
    const second = BigInt(await time.latest());
    expect([await market.decimals(), await market.description(), await market.version()]).to.deep.equal([
      8n,
      "cbETH / ETH",
      1n,
    ]);
    expect([...(await market.latestRoundData())]).to.deep.equal([2n, 107_000_000n, second, second, 2n]);
    expect([...(await market.getRoundData(1n))]).to.deep.equal([1n, 106_000_000n, first, first, 1n]);
    for (const round of [0n, 3n]) {
      await expect(market.getRoundData(round))
        .to.be.revertedWithCustomError(market, "UnknownRound")
        .withArgs(round, 2n);
    }
  });

  it("lies and falls silent when told to", async () => {
    const { market } = await loadFixture(feed);
    await market.reportAs(-5n, 7n, 1n);
    expect([...(await market.latestRoundData())]).to.deep.equal([2n, -5n, 7n, 7n, 1n]);
    await market.setSilent(true);
    await expect(market.latestRoundData()).to.be.revertedWithCustomError(market, "Silent");
  });
});
