import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, type Signer } from "ethers";
import { ethers } from "hardhat";
import { ETHER, type Token } from "../../../../scripts/sim/world";
import { books, DAY, ether, FOREVER, refuses, WAD } from "../../../checks";
import { buyAt, FLOOR, HOUR, onSale, plain, priceAt, up, type Selling } from "../../../rewards-world";

const LONGEST = 12n * HOUR;

/** Acquires and approves a token to pay with; returns its address. */
async function purse({ world }: Selling, by: Signer, token: Token, amount: bigint): Promise<string> {
  if (token === "rETH" || token === "cbETH") await world.publish(token, (await world.rateOf(token)) + 1n);
  const contract = await world.acquire(by, token, amount);
  await contract.connect(by).approve(world.c.router, FOREVER);
  return contract.getAddress();
}

describe("RewardsRouter: lots", () => {
  it("starts at the configured multiple of the floor, with all that lies there", async () => {
    const { world, token, address } = await loadFixture(plain);
    const { router } = world.c;
    await token.mint(router, ether("1000"));
    const at = BigInt(await time.latest()) + 10n;
    await time.setNextBlockTimestamp(at);
    await expect(router.startLot(address))
      .to.emit(router, "LotStarted")
      .withArgs(address, ether("1000"), 10n * FLOOR, FLOOR, at + LONGEST);
    const a = await router.auction(address);
    expect([a.held, a.floorWad, a.left, a.priceWad]).to.deep.equal([ether("1000"), FLOOR, ether("1000"), 10n * FLOOR]);
    expect([a.endsAt, a.nextFrom, a.nextStartWad]).to.deep.equal([at + LONGEST, at + DAY, 5n * FLOOR]);
  });

  it("waits for the least value at the floor, to the unit", async () => {
    const { world, alice, token, address } = await loadFixture(plain);
    const { router } = world.c;
    await token.mint(router, ether("100") - 1n);
    const start = () => router.connect(alice).startLot(address);
    const short = ether("0.1") - 1n;
    await refuses(world, alice, start, router, "LotTooSmall", [address, short, ether("0.1")]);
    await token.mint(router, 1n);
    await start();
  });

  it("is refused for a token without a floor, for assets in any form, and for shares", async () => {
    const { world, alice } = await loadFixture(plain);
    const { router } = world.c;
    const start = (token: string) => () => router.connect(alice).startLot(token);
    const stranger = ethers.Wallet.createRandom().address;
    await refuses(world, alice, start(stranger), router, "NoFloor", [stranger]);
    for (const name of ["WETH", "stETH", "wstETH", "rETH", "cbETH", "TrEth"]) {
      const token = world.ctx.address(name);
      await refuses(world, alice, start(token), router, "NeedsNoAuction", [token]);
    }
    await refuses(world, alice, start(ETHER), router, "NeedsNoAuction", [ETHER]);
  });

  it("leaves the cooldown between two lots, whether sold or not", async () => {
    const scene = await onSale();
    const { router, address, startedAt, bob, token } = scene;
    await (
      await buyAt(scene, bob, ether("1000"), HOUR)
    ).sent;
    await token.mint(router, ether("1000"));
    await time.setNextBlockTimestamp(startedAt + DAY - 1n);
    await expect(router.startLot(address))
      .to.be.revertedWithCustomError(router, "LotTooSoon")
      .withArgs(address, startedAt + DAY - 1n, startedAt + DAY);
    await time.setNextBlockTimestamp(startedAt + DAY);
    await router.startLot(address);
  });

  it("starts again at half after a lot that nobody wanted, and never below the floor", async () => {
    const { router, address } = await onSale();
    const starts: bigint[] = [];
    for (let i = 0; i < 6; ++i) {
      await time.increase(DAY);
      await router.startLot(address);
      starts.push((await router.auction(address)).priceWad);
    }
    expect(starts).to.deep.equal([5n * FLOOR, (5n * FLOOR) / 2n, (5n * FLOOR) / 4n, FLOOR, FLOOR, FLOOR]);
  });

  it("starts again at twice what a sold lot brought per unit", async () => {
    const scene = await onSale();
    const { router, address, bob, token } = scene;
    const { cost } = await buyAt(scene, bob, ether("1000"), 2n * HOUR).then(async (b) => (await b.sent, b));
    expect((await router.auction(address)).nextStartWad).to.equal(up(2n * WAD * cost, ether("1000")));
    await token.mint(router, ether("1000"));
    await time.increase(DAY);
    await router.startLot(address);
    expect((await router.auction(address)).priceWad).to.equal(up(2n * WAD * cost, ether("1000")));
  });

  it("counts what was offered, not what was sold: dear crumbs move the next start nowhere", async () => {
    const scene = await onSale();
    const { router, address, bob } = scene;
    for (let i = 0n; i < 5n; ++i) await (await buyAt(scene, bob, ether("0.01"), i + 1n)).sent;
    expect((await router.auction(address)).nextStartWad).to.equal(5n * FLOOR); // half, as if nobody had come
  });

  it("is never pushed below the floor by a bidder who buys his own lots as cheaply as he can", async () => {
    const scene = await onSale();
    const { router, address, bob, token } = scene;
    const prices: bigint[] = [];
    for (let i = 0; i < 8; ++i) {
      await time.increase(LONGEST - 60n);
      const { left } = await router.auction(address);
      await router.connect(bob).bid(address, left, ETHER, ether("100"), bob, FOREVER, { value: ether("100") });
      prices.push((await router.auction(address)).nextStartWad);
      await token.connect(bob).transfer(router, await token.balanceOf(bob)); // and brings them back
      await time.increase(DAY);
      await router.startLot(address);
    }
    for (const [i, price] of prices.entries()) {
      expect(price).to.be.at.least(2n * FLOOR); // twice what he paid, which is the floor at least
      if (i > 0) expect(2n * price).to.be.at.least(prices[i - 1]);
    }
  });
});

describe("RewardsRouter: bids", () => {
  it("sells at a price that falls in a straight line to the floor, for ether that goes to the pool", async () => {
    for (const elapsed of [1n, HOUR, 7n * HOUR + 13n, LONGEST - 1n]) {
      const scene = await onSale();
      const { router, address, bob, world, token } = scene;
      const before = await books(world);
      const { sent, cost, price } = await buyAt(scene, bob, ether("10"), elapsed);
      await expect(sent).to.emit(router, "Sold").withArgs(address, bob, ETHER, bob, ether("10"), cost, cost);
      expect(price).to.be.within(FLOOR, 10n * FLOOR);
      expect(await token.balanceOf(bob)).to.equal(ether("10"));
      const after = await books(world);
      expect(after.idleEther).to.equal(before.idleEther + cost);
      expect(after.netAssetValue).to.equal(before.netAssetValue + cost);
      expect(after.rateWad).to.equal(before.rateWad); // waits, like any gain
      expect((after.waitingWad - before.waitingWad) * after.supply).to.be.within(cost * WAD, cost * WAD + after.supply);
      expect(await ethers.provider.getBalance(router)).to.equal(0n);
    }
  });

  it("gives back ether that is too much, and asks for what is too little", async () => {
    const { router, address, bob, world, startedAt } = await onSale();
    await time.setNextBlockTimestamp(startedAt + HOUR);
    const cost = up(ether("10") * priceAt(10n * FLOOR, FLOOR, HOUR), WAD);
    const bid = (value: bigint) =>
      router.connect(bob).bid(address, ether("10"), ETHER, ether("1"), bob, FOREVER, { value });
    await expect(bid(ether("1"))).to.changeEtherBalances([bob, world.c.pool], [-cost, cost]);
    await time.setNextBlockTimestamp(startedAt + 2n * HOUR);
    const next = up(ether("10") * priceAt(10n * FLOOR, FLOOR, 2n * HOUR), WAD);
    await expect(bid(next - 1n))
      .to.be.revertedWithCustomError(world.c.pool, "WrongEtherValue")
      .withArgs(next - 1n, next);
  });

  for (const token of ["wstETH", "rETH", "cbETH"] as const) {
    it(`takes ${token} at the lower rate less the haircut, as a deposit would`, async () => {
      const scene = await onSale();
      const { router, address, bob, world, token: reward } = scene;
      const asset = await purse(scene, bob, token, ether("2"));
      const { haircutBps, rateWad } = await world.c.pool.assetTerms(asset);
      const before = await world.c.accountant.backing(asset);
      const held = await world.c.lens.held(asset, world.c.pool);
      const [, quoted] = await router.quote(address, ether("100"), asset);
      await router.connect(bob).bid(address, ether("100"), asset, ether("2"), bob, FOREVER);
      expect(await reward.balanceOf(bob)).to.equal(ether("100"));
      const paid = (await world.c.accountant.backing(asset)).pool - before.pool;
      expect(await world.c.lens.held(asset, world.c.pool)).to.equal(held + paid);
      expect(paid).to.be.within(1n, quoted); // a moment later, a little cheaper
      const cost = up(ether("100") * (await soldAt(scene)), WAD);
      // What came in, at the rate and less the haircut, is what the lot cost: never less, and a unit more at most.
      const credited = (units: bigint) => (units * ((rateWad * (10_000n - haircutBps)) / 10_000n)) / WAD;
      expect(credited(paid)).to.be.at.least(cost - 1n);
      expect(credited(paid - 2n)).to.be.below(cost);
    });
  }

  it("quotes what a bid pays, by the same code", async () => {
    const { router, address, bob, world } = await onSale();
    await time.increase(HOUR);
    const [bought, payment, value] = await router.quote(address, ether("2000"), ETHER);
    expect([bought, payment]).to.deep.equal([ether("1000"), value]);
    const answered = await router
      .connect(bob)
      .bid.staticCall(address, ether("2000"), ETHER, 2n * payment, bob, FOREVER, { value: payment });
    expect([...answered]).to.deep.equal([bought, payment]);
    expect(await router.closedUntil()).to.equal(0n);
    expect(await router.REWARDS()).to.equal(world.c.rewards);
  });

  it("gives who is late what is left, at most at his price in proportion", async () => {
    const scene = await onSale();
    const { router, address, bob, carol, token } = scene;
    await (
      await buyAt(scene, bob, ether("999"), HOUR)
    ).sent; // somebody is ahead of Carol
    const price = priceAt(10n * FLOOR, FLOOR, HOUR);
    const most = up(ether("1000") * price, WAD); // for all of it
    await router.connect(carol).bid(address, ether("1000"), ETHER, most, carol, FOREVER, { value: most });
    expect(await token.balanceOf(carol)).to.equal(ether("1"));
    await expect(
      router.connect(carol).bid(address, 1n, ETHER, most, carol, FOREVER, { value: most }),
    ).to.be.revertedWithCustomError(router, "NothingForSale");
  });

  it("is refused above the bidder's limit, late, to nobody, after the end and for nothing", async () => {
    const { router, address, bob, world, startedAt } = await onSale();
    const bid = (units: bigint, most: bigint, receiver: string, deadline: bigint) => () =>
      router.connect(bob).bid(address, units, ETHER, most, receiver, deadline, { value: ether("10") });
    const at = async (elapsed: bigint) => {
      await time.setNextBlockTimestamp(startedAt + elapsed);
      return startedAt + elapsed;
    };
    const to = await bob.getAddress();
    const cost = up(ether("10") * priceAt(10n * FLOOR, FLOOR, HOUR), WAD);
    await at(HOUR);
    await refuses(world, bob, bid(ether("10"), cost - 1n, to, FOREVER), router, "TooDear", [cost, cost - 1n]);
    const now = await at(2n * HOUR);
    await refuses(world, bob, bid(ether("10"), cost, to, now - 1n), world.c.pool, "DeadlinePassed", [now, now - 1n]);
    await refuses(world, bob, bid(ether("10"), cost, ZeroAddress, FOREVER), router, "ZeroAddress", []);
    const last = await at(LONGEST - 1n);
    await refuses(world, bob, bid(0n, cost, to, FOREVER), router, "NothingForSale", [
      address,
      last,
      startedAt + LONGEST,
    ]);
    const end = await at(LONGEST);
    await refuses(world, bob, bid(1n, cost, to, FOREVER), router, "NothingForSale", [
      address,
      end,
      startedAt + LONGEST,
    ]);
  });

  it("takes no token that is no asset, is stale, out of the market, or whose entrance is closed", async () => {
    const scene = await onSale();
    const { router, address, bob, world, tightening } = scene;
    const bid = (asset: string) => router.connect(bob).bid(address, ether("1"), asset, ether("1"), bob, FOREVER);
    for (const name of ["stETH", "WETH"]) {
      await expect(bid(world.ctx.address(name))).to.be.revertedWithCustomError(world.c.pool, "AssetNotAccepted");
    }
    await expect(bid(address)).to.be.revertedWithCustomError(world.c.pool, "AssetNotAccepted").withArgs(address);
    const rEth = await purse(scene, bob, "rETH", ether("1"));
    await bid(rEth);
    const source = await ethers.getContractAt("RocketRateSource", world.ctx.address("rETHRateSource"));
    await world.c.markets.rETH!.report((await world.rateOf("rETH")) - ether("0.01"));
    await expect(bid(rEth)).to.be.revertedWithCustomError(source, "MarketOutOfBounds");
    await world.c.registry.connect(tightening).lowerCap(world.asset, 0n);
    await purse(scene, bob, "wstETH", ether("1"));
    await expect(bid(world.asset)).to.be.revertedWithCustomError(router, "PaymentTooLarge");
  });

  it("takes no ether beside a token", async () => {
    const scene = await onSale();
    const { router, address, bob, world } = scene;
    const asset = await purse(scene, bob, "wstETH", ether("1"));
    const bid = () => router.connect(bob).bid(address, ether("1"), asset, ether("1"), bob, FOREVER, { value: 1n });
    await refuses(world, bob, bid, world.c.pool, "WrongEtherValue", [1n, 0n]);
    await expect(bob.sendTransaction({ to: router, value: 1n }))
      .to.be.revertedWithCustomError(router, "UnexpectedEther")
      .withArgs(bob);
  });

  async function soldAt({ world, address }: Selling): Promise<bigint> {
    const { router } = world.c;
    const [sold] = await router.queryFilter(router.filters.LotStarted(address));
    const now = BigInt(await time.latest());
    return priceAt(10n * FLOOR, FLOOR, now - BigInt((await sold.getBlock()).timestamp));
  }
});
