import { loadFixture, setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { RateProbeMock, WalletMock } from "../../typechain-types";
import { ETHER } from "../../scripts/sim/world";
import { DAY, ether, FOREVER, NO_REFERRAL, WAD } from "../checks";
import { staked } from "../world";

const REENTERS = 3n;

/** A market that reads the rate in the middle of every move of wstETH. */
async function watched() {
  const scene = await loadFixture(staked);
  const { c } = scene.world;
  const readers = [c.rate, c.feed, c.cappedFeed];
  const probe = (await ethers.deployContract("RateProbeMock", readers)) as unknown as RateProbeMock;
  const hooked = await ethers.deployContract("WatchedWstETHMock", [c.stEth, probe]);
  await setCode(await c.wstEth.getAddress(), await ethers.provider.getCode(hooked));
  /** What the market saw, each sight once. */
  const seen = async () => [...new Set((await probe.sights()).map((sight) => sight.join(" ")))];
  /** What anybody sees now. */
  const now = async () => {
    const { answer, updatedAt } = await c.feed.latestRoundData();
    const parts = [await c.rate.getRate(), await c.rate.convertToAssets(WAD), answer, updatedAt];
    return [...parts, await c.cappedFeed.latestAnswer()].join(" ");
  };
  return { ...scene, c, probe, seen, now };
}

/** The same with a loss that nobody has reported yet. */
async function losing() {
  const scene = await watched();
  await scene.c.accountant.report();
  const before = await scene.now();
  await scene.world.lidoLoses(30n); // too little for the alarm
  return { ...scene, before };
}

describe("A rate read in the middle of a call of ours", () => {
  it("is the whole report of before a deposit, which moves none", async () => {
    const { world, c, alice, seen, before, now } = await losing();
    await world.acquire(alice, "wstETH", ether("3"));
    await c.wstEth.connect(alice).approve(c.pool, FOREVER);
    await c.pool.connect(alice).deposit(world.asset, WAD, alice, 0n, FOREVER, NO_REFERRAL);
    expect(await seen()).to.deep.equal([before]);
    expect(await now()).to.equal(before);
  });

  it("is the whole new report in a deposit that reports first", async () => {
    const { world, c, alice, seen, before, now, probe } = await losing();
    await world.acquire(alice, "wstETH", ether("3"));
    await c.wstEth.connect(alice).approve(c.pool, FOREVER);
    const earlier = (await probe.sights()).length;
    await c.pool.connect(alice).reportAndDeposit(world.asset, WAD, alice, 0n, FOREVER, NO_REFERRAL);
    expect((await probe.sights()).length).to.be.above(earlier);
    expect(await seen()).to.deep.equal([before, await now()]);
    expect(await c.rate.getRate()).to.be.below(WAD);
  });

  it("is the settled rate in a fill, while shares are not burnt and units are on their way", async () => {
    const { world, c, bob, seen, now, probe } = await watched();
    await world.request(bob, world.asset, ether("5"));
    await world.deposit(await world.person(3), "wstETH", ether("20"));
    await time.increase(3n * DAY);
    await c.accountant.report();
    await world.lidoLoses(30n);
    const earlier = await seen();
    const looks = (await probe.sights()).length;
    await c.queue.connect(world.keeper).fill(world.asset, 8n);
    expect((await probe.sights()).length).to.be.above(looks);
    expect(await seen()).to.deep.equal([...earlier, await now()]);
    expect(await c.rate.getRate()).to.be.below(WAD);
  });

  it("is the stored rate in the receiver of a claim", async () => {
    const { c, alice, probe, seen, now } = await watched();
    const wallet = (await ethers.deployContract("WalletMock")) as unknown as WalletMock;
    const shares = ether("2");
    await c.trEth.connect(alice).approve(c.queue, shares);
    const id = await c.queue.connect(alice).request.staticCall(ETHER, shares, wallet);
    await c.queue.connect(alice).request(ETHER, shares, wallet);
    await time.increase(3n * DAY);
    await c.pool.connect(alice).reportAndDeposit(ETHER, ether("5"), alice, 0n, FOREVER, NO_REFERRAL, {
      value: ether("5"),
    });
    await c.queue.fill(ETHER, 8n);
    await wallet.setMood(REENTERS, probe, probe.interface.encodeFunctionData("look"));
    const earlier = await seen();
    await c.queue.claim(id);
    expect(await wallet.reentered()).to.equal(true);
    expect(await seen()).to.deep.equal([...earlier, await now()]);
  });
});

describe("A rate read by another contract, cold", () => {
  /** Gas of the read, measured by a contract that has not touched anything of it. */
  async function costs() {
    const { c, probe } = await watched();
    const cost = (to: { getAddress(): Promise<string> }, data: string) =>
      to.getAddress().then((a) => probe.cost(a, data));
    const [rate, feed] = [c.rate.interface, c.feed.interface];
    return {
      pool: await cost(c.pool, c.pool.interface.encodeFunctionData("rate")),
      getRate: await cost(c.rate, rate.encodeFunctionData("getRate")),
      convertToAssets: await cost(c.rate, rate.encodeFunctionData("convertToAssets", [WAD])),
      latestRoundData: await cost(c.feed, feed.encodeFunctionData("latestRoundData")),
      capped: await cost(c.cappedFeed, feed.encodeFunctionData("latestRoundData")),
    };
  }

  it("costs at most 10 900 gas from the pool, and a hop more from a feed", async () => {
    const gas = await costs();
    expect(gas.pool).to.be.at.most(10_900n);
    expect(gas.getRate, "getRate").to.be.at.most(13_500n);
    expect(gas.convertToAssets, "convertToAssets").to.be.at.most(14_500n);
    expect(gas.latestRoundData, "latestRoundData").to.be.at.most(15_500n);
    expect(gas.capped, "capped").to.be.at.most(18_200n);
  });
});
