import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import type {
  CbEthMock,
  CbEthRateSource,
  RETHMock,
  RocketNetworkBalancesMock,
  RocketRateSource,
  RocketStorageMock,
} from "../../../../typechain-types";
import { DAY, ether, WAD } from "../../../checks";

const MAX_AGE = 2n * DAY;
const BOUNDS = [ether("1"), ether("2")];
const NO_MARKET = [ethers.ZeroAddress, 0n, 0n];

async function deploy<T>(name: string, args: unknown[] = []): Promise<T> {
  return (await ethers.deployContract(name, args)) as unknown as T;
}

async function rocket() {
  const directory = await deploy<RocketStorageMock>("RocketStorageMock");
  const balances = await deploy<RocketNetworkBalancesMock>("RocketNetworkBalancesMock");
  await directory.setContract("rocketNetworkBalances", balances);
  const rEth = await deploy<RETHMock>("RETHMock", [directory]);
  await balances.report(ether("11"), ether("10"));
  const args = [rEth, directory, MAX_AGE, BOUNDS, NO_MARKET];
  return { directory, balances, rEth, source: await deploy<RocketRateSource>("RocketRateSource", args) };
}

async function coinbase() {
  const [oracle, anyone] = await ethers.getSigners();
  const cbEth = await deploy<CbEthMock>("CbEthMock", [oracle, ether("1.05")]);
  const source = await deploy<CbEthRateSource>("CbEthRateSource", [cbEth, MAX_AGE, BOUNDS, NO_MARKET]);
  const since = BigInt(await time.latest());
  const seen = async () => [...(await source.seen())];
  /** Looks at exactly this time. */
  const look = async (at: bigint) => {
    await time.setNextBlockTimestamp(at);
    await source.connect(anyone).poke();
  };
  return { cbEth, source, since, seen, look };
}

describe("RocketRateSource", () => {
  it("speaks of rETH in ETH, and answers the stored exchange rate", async () => {
    const { source, rEth } = await loadFixture(rocket);
    expect([await source.asset(), await source.unit()]).to.deep.equal([await rEth.getAddress(), ETHER]);
    expect(await source.rate()).to.equal(ether("1.1"));
    expect(await source.entryRate()).to.equal(ether("1.1"));
    expect(await source.unitsOf(rEth, 7n)).to.equal(7n);
    await expect(source.unitsOf(ETHER, 7n)).to.be.revertedWithCustomError(source, "UnknownToken").withArgs(ETHER);
  });

  it("reverts out of its bounds, for those inside and for newcomers", async () => {
    const { source, balances } = await loadFixture(rocket);
    for (const rate of [ether("1") - 1n, ether("2") + 1n]) {
      await balances.report(rate, WAD);
      for (const read of [() => source.rate(), () => source.entryRate()]) {
        await expect(read())
          .to.be.revertedWithCustomError(source, "RateOutOfBounds")
          .withArgs(rate, ...BOUNDS);
      }
    }
    for (const rate of BOUNDS) {
      await balances.report(rate, WAD);
      expect(await source.rate()).to.equal(rate);
    }
  });

  it("closes to newcomers a second after its report has become too old, and keeps its value", async () => {
    const { source, balances } = await loadFixture(rocket);
    const at = await balances.getBalancesTimestamp();
    await time.increaseTo(at + MAX_AGE);
    expect(await source.entryRate()).to.equal(ether("1.1"));
    await time.increaseTo(at + MAX_AGE + 1n);
    await expect(source.entryRate())
      .to.be.revertedWithCustomError(source, "AnswerTooOld")
      .withArgs(balances, at, at + 1n);
    expect(await source.rate()).to.equal(ether("1.1"));
    await balances.report(ether("11"), ether("10")); // the same rate, reported anew
    expect(await source.entryRate()).to.equal(ether("1.1"));
  });

  it("finds the report where the directory says, each time", async () => {
    const { source, directory, balances } = await loadFixture(rocket);
    await time.increase(MAX_AGE + 1n);
    const next = await deploy<RocketNetworkBalancesMock>("RocketNetworkBalancesMock");
    await next.report(ether("12"), ether("10"));
    await directory.setContract("rocketNetworkBalances", next);
    expect(await source.entryRate()).to.equal(ether("1.2"));
    await setCode(await balances.getAddress(), "0x");
    expect(await source.entryRate()).to.equal(ether("1.2"));
  });

  it("answers nothing while the directory names nobody, and neither does rETH", async () => {
    const { source, directory, rEth } = await loadFixture(rocket);
    await directory.setContract("rocketNetworkBalances", ethers.ZeroAddress);
    for (const read of [() => source.rate(), () => source.entryRate()]) {
      await expect(read()).to.be.revertedWithCustomError(source, "NoAnswer").withArgs(ethers.ZeroAddress);
    }
    await expect(rEth.getExchangeRate()).to.be.revertedWithoutReason();
  });

  it("is the rate of rETH itself, to the last wei", async () => {
    const { source, balances, rEth } = await loadFixture(rocket);
    for (const [totalEth, supply, rate] of [
      [10n, 7n, 1_428_571_428_571_428_571n],
      [ether("1234567.890123456789012345"), ether("1081234.567890123456789012"), 1_141_813_189_095_999_449n],
      [ether("1.999999999999999999"), WAD, ether("1.999999999999999999")],
    ] as const) {
      await balances.report(totalEth, supply);
      expect([await source.rate(), await source.entryRate()]).to.deep.equal([rate, rate]);
      expect(await rEth.getExchangeRate()).to.equal(rate);
    }
  });

  it("is out of bounds while there is no rETH", async () => {
    const { source, balances } = await loadFixture(rocket);
    await balances.report(WAD, 0n);
    await expect(source.rate())
      .to.be.revertedWithCustomError(source, "RateOutOfBounds")
      .withArgs(0n, ...BOUNDS);
  });

  it("is not built on a directory where rETH does not look", async () => {
    const { source, rEth } = await loadFixture(rocket);
    const directory = await deploy<RocketStorageMock>("RocketStorageMock");
    const balances = await deploy<RocketNetworkBalancesMock>("RocketNetworkBalancesMock");
    await directory.setContract("rocketNetworkBalances", balances);
    await balances.report(ether("11") + 10n, ether("10"));
    await expect(ethers.deployContract("RocketRateSource", [rEth, directory, MAX_AGE, BOUNDS, NO_MARKET]))
      .to.be.revertedWithCustomError(source, "WrongIssuerRate")
      .withArgs(ether("1.1") + 1n, ether("1.1"));
  });
});

describe("CbEthRateSource", () => {
  it("speaks of cbETH in ETH, and answers the exchange rate", async () => {
    const { source, cbEth, since, seen } = await loadFixture(coinbase);
    expect([await source.asset(), await source.unit()]).to.deep.equal([await cbEth.getAddress(), ETHER]);
    expect([await source.rate(), await source.entryRate()]).to.deep.equal([ether("1.05"), ether("1.05")]);
    expect(await seen()).to.deep.equal([ether("1.05"), since, since]);
    await cbEth.updateExchangeRate(ether("2") + 1n);
    await expect(source.rate())
      .to.be.revertedWithCustomError(source, "RateOutOfBounds")
      .withArgs(ether("2") + 1n, ...BOUNDS);
  });

  it("closes to newcomers a second after the rate has been the same for too long, and keeps its value", async () => {
    const { source, cbEth, since } = await loadFixture(coinbase);
    await time.increaseTo(since + MAX_AGE);
    expect(await source.entryRate()).to.equal(ether("1.05"));
    await time.increaseTo(since + MAX_AGE + 1n);
    await expect(source.entryRate())
      .to.be.revertedWithCustomError(source, "AnswerTooOld")
      .withArgs(cbEth, since, since + 1n);
    expect(await source.rate()).to.equal(ether("1.05"));
  });

  it("gets no younger by looks without a change, however many", async () => {
    const { source, since, seen, look } = await loadFixture(coinbase);
    for (const hours of [1n, 20n, 47n]) {
      await look(since + hours * 3_600n);
      expect(await seen()).to.deep.equal([ether("1.05"), since, since + hours * 3_600n]);
    }
    await look(since + MAX_AGE + 1n);
    await expect(source.entryRate()).to.be.revertedWithCustomError(source, "AnswerTooOld");
  });

  it("is as young as the last look before a change, and open before anybody has seen the new rate", async () => {
    const { source, cbEth, since, seen, look } = await loadFixture(coinbase);
    await look(since + DAY);
    await time.increaseTo(since + MAX_AGE + DAY - 1n);
    await cbEth.updateExchangeRate(ether("1.06"));
    // Measured from the look that still saw the old rate: two days ago.
    expect(await source.entryRate()).to.equal(ether("1.06"));
    await look(since + MAX_AGE + DAY + 1n);
    expect(await seen()).to.deep.equal([ether("1.06"), since + DAY, since + MAX_AGE + DAY + 1n]);
    await expect(source.entryRate())
      .to.be.revertedWithCustomError(source, "AnswerTooOld")
      .withArgs(cbEth, since + DAY, since + DAY + 1n);
  });

  it("does not take a change that may be old for a young one", async () => {
    const { source, cbEth, since, look } = await loadFixture(coinbase);
    await cbEth.updateExchangeRate(ether("1.06")); // and then its oracle stops
    await look(since + 10n * DAY); // nobody has looked for ten days
    await expect(source.entryRate())
      .to.be.revertedWithCustomError(source, "AnswerTooOld")
      .withArgs(cbEth, since, since + 8n * DAY);
    await cbEth.updateExchangeRate(ether("1.07"));
    expect(await source.entryRate()).to.equal(ether("1.07"));
  });

  it("tells what was seen", async () => {
    const { source, cbEth, since } = await loadFixture(coinbase);
    await cbEth.updateExchangeRate(ether("1.06"));
    await expect(source.poke()).to.emit(source, "Looked").withArgs(ether("1.06"), since);
  });
});
