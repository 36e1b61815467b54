import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { LidoRateSource, MarketFeedMock, StETHMock } from "../../../../typechain-types";
import { ether, WAD } from "../../../checks";

const HEARTBEAT = 3_600n;
const BOUND_BPS = 20n;
const MAX = ether("3");

async function deploy<T>(name: string, args: unknown[] = []): Promise<T> {
  return (await ethers.deployContract(name, args)) as unknown as T;
}

/** wstETH at 1.25 ether by its issuer, with a market of 8 digits that says the same. */
async function withMarket() {
  const stEth = (await ethers.deployContract("StETHMock", { value: ether("4") })) as unknown as StETHMock;
  await stEth.reward({ value: ether("1") });
  const feed = await deploy<MarketFeedMock>("MarketFeedMock", [8, "wstETH / ETH", 125_000_000n]);
  const wstEth = await (await ethers.deployContract("WstETHMock", [stEth])).getAddress();
  const market = [await feed.getAddress(), HEARTBEAT, BOUND_BPS];
  const bounds = [ether("0.5"), MAX];
  const source = await deploy<LidoRateSource>("LidoRateSource", [stEth, wstEth, bounds, market]);
  return { stEth, wstEth, feed, source, bounds, rate: ether("1.25") };
}

type Scene = Awaited<ReturnType<typeof withMarket>>;

/** The entrance is closed with this error, and the value is as readable as before. */
async function closes({ source, rate }: Scene, error: string, args: unknown[]): Promise<void> {
  await expect(source.entryRate())
    .to.be.revertedWithCustomError(source, error)
    .withArgs(...args);
  expect(await source.rate()).to.equal(rate);
}

describe("BoundedRateSource: the market", () => {
  it("lets newcomers in at the issuer's rate, whatever the market pays above it", async () => {
    const { source, feed, rate } = await loadFixture(withMarket);
    expect(await source.entryRate()).to.equal(rate);
    await feed.report(150_000_000n);
    expect(await source.entryRate()).to.equal(rate);
    expect(await source.marketBoundBps()).to.equal(BOUND_BPS);
  });

  it("lets them in at exactly its bound, and not a digit below", async () => {
    const scene = await loadFixture(withMarket);
    const lowest = (scene.rate * (10_000n - BOUND_BPS)) / 10_000n; // 1.2475
    await scene.feed.report(124_750_000n);
    expect(await scene.source.entryRate()).to.equal(scene.rate);
    await scene.feed.report(124_749_999n);
    await closes(scene, "MarketOutOfBounds", [ether("1.24749999"), lowest, MAX]);
  });

  it("is no market of this asset above the highest rate that the asset can have", async () => {
    const scene = await loadFixture(withMarket);
    await scene.feed.report(300_000_000n);
    expect(await scene.source.entryRate()).to.equal(scene.rate);
    await scene.feed.report(3_000_00000000n); // a price in dollars
    await closes(scene, "MarketOutOfBounds", [ether("3000"), ether("1.2475"), MAX]);
  });

  it("counts for its heartbeat and not a second longer", async () => {
    const scene = await loadFixture(withMarket);
    const { feed, source } = scene;
    const now = BigInt(await time.latest());
    await feed.reportAs(125_000_000n, now - HEARTBEAT + 1n, 2n); // mined a second later
    expect(await source.entryRate()).to.equal(scene.rate);
    await time.increase(1n);
    await closes(scene, "AnswerTooOld", [feed, now - HEARTBEAT + 1n, now - HEARTBEAT + 2n]);
  });

  it("does not speak of later than now", async () => {
    const scene = await loadFixture(withMarket);
    const now = BigInt(await time.latest());
    await scene.feed.reportAs(125_000_000n, now + 100n, 2n);
    await closes(scene, "AnswerFromFuture", [scene.feed, now + 100n, now + 1n]);
  });

  it("has an answer of its own round, above zero", async () => {
    const scene = await loadFixture(withMarket);
    const now = BigInt(await time.latest());
    await scene.feed.reportAs(125_000_000n, now, 1n); // round 2 carries round 1 over
    await closes(scene, "AnswerUnusable", [scene.feed, 125_000_000n, 1n, 2n]);
    await scene.feed.report(0n);
    await closes(scene, "AnswerUnusable", [scene.feed, 0n, 3n, 3n]);
    await scene.feed.report(-1n);
    await closes(scene, "AnswerUnusable", [scene.feed, -1n, 4n, 4n]);
    await scene.feed.report(125_000_000n);
    expect(await scene.source.entryRate()).to.equal(scene.rate);
  });

  it("closes the entrance when it does not answer, or is not there", async () => {
    const scene = await loadFixture(withMarket);
    await scene.feed.setSilent(true);
    await closes(scene, "NoAnswer", [scene.feed]);
    await setCode(await scene.feed.getAddress(), "0x");
    await closes(scene, "NoAnswer", [scene.feed]);
  });

  it("does not rescue a rate that is out of bounds", async () => {
    const { stEth, source } = await loadFixture(withMarket);
    await stEth.penalize(ether("3.5"));
    const args = [ether("0.375"), ether("0.5"), MAX];
    for (const read of [() => source.rate(), () => source.entryRate()]) {
      await expect(read())
        .to.be.revertedWithCustomError(source, "RateOutOfBounds")
        .withArgs(...args);
    }
  });

  it("needs a heartbeat, a bound, and at most 18 digits", async () => {
    const { stEth, wstEth, bounds, feed, source } = await loadFixture(withMarket);
    const build = (market: unknown[]) => ethers.deployContract("LidoRateSource", [stEth, wstEth, bounds, market]);
    const long = await (await ethers.deployContract("MarketFeedMock", [19, "long", WAD])).getAddress();
    const address = await feed.getAddress();
    for (const [market, args] of [
      [
        [address, 0n, BOUND_BPS],
        [0n, BOUND_BPS, 8n],
      ],
      [
        [address, HEARTBEAT, 0n],
        [HEARTBEAT, 0n, 8n],
      ],
      [
        [address, HEARTBEAT, 10_000n],
        [HEARTBEAT, 10_000n, 8n],
      ],
      [
        [long, HEARTBEAT, BOUND_BPS],
        [HEARTBEAT, BOUND_BPS, 19n],
      ],
    ] as const) {
      await expect(build([...market]))
        .to.be.revertedWithCustomError(source, "WrongMarket")
        .withArgs(...args);
    }
  });

  it("is not asked when there is none", async () => {
    const { stEth, wstEth, bounds, rate } = await loadFixture(withMarket);
    const none = [ethers.ZeroAddress, 0n, 0n];
    const source = await deploy<LidoRateSource>("LidoRateSource", [stEth, wstEth, bounds, none]);
    expect(await source.entryRate()).to.equal(rate);
    expect(await source.marketBoundBps()).to.equal(0n);
  });
});
