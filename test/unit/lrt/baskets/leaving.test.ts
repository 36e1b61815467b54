import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { claimAll, comesHome, dayOf, expectBacked, struck } from "../../../basket-world";
import { ETHER, ether, nextDay } from "../../../exit-world";
import { staked } from "../../../world";

const SHARES = ether("25");
/** Each of five operators' stakes is divided by itself: one unit each stays with those who stay. */
const OPERATORS = 5n;

/** Alice has left with 25 of her 60 shares; the basket is struck, nothing of it has come home. */
async function left() {
  const { world, alice, bob } = await staked();
  const { c } = world;
  const before = {
    supply: await c.trEth.totalSupply(),
    restaked: (await c.accountant.backing(world.asset)).restaked,
    nav: await c.accountant.netAssetValue(),
    terms: await c.pool.terms(),
  };
  const id = await struck(world, alice, SHARES);
  return { world, alice, bob, id, before };
}

describe("BasketExit: leaving", () => {
  it("takes the same part of every book, and moves neither the rate nor the waiting gain", async () => {
    const { world, before } = await loadFixture(left);
    const { c } = world;
    const stays = before.supply - SHARES;
    const { restaked } = await c.accountant.backing(world.asset);
    const exact = (before.restaked * stays) / before.supply;
    expect(restaked).to.be.within(exact, exact + OPERATORS);
    expect(await c.trEth.totalSupply()).to.equal(stays);
    const { rateWad, waitingWad } = await c.pool.terms();
    expect([rateWad, waitingWad]).to.deep.equal([before.terms.rateWad, before.terms.waitingWad]);
    await c.accountant.report();
    expect((await c.pool.terms()).rateWad).to.equal(before.terms.rateWad);
    expect(await c.accountant.totalLoss()).to.equal(0n);
  });

  it("pays what is idle at once and what is restaked when it has come home", async () => {
    const { world, alice, id, before } = await loadFixture(left);
    const { c } = world;
    const exact = (before.restaked * SHARES) / before.supply;
    expect(await c.baskets.claimable(id, world.asset)).to.equal(0n);
    await comesHome(world);
    const [, units] = await claimAll(world, id);
    expect(units).to.be.within(exact - OPERATORS, exact);
    expect(await c.wstEth.balanceOf(alice)).to.equal(units);
    await expectBacked(world, [id]);
    await expect(c.baskets.claim(id, [world.asset]))
      .to.be.revertedWithCustomError(c.baskets, "NothingToClaim")
      .withArgs(id);
  });

  it("sets a part of idle ether aside that no line, no redemption and no desk touches", async () => {
    const { world, alice, bob } = await staked();
    const { c } = world;
    await world.depositEther(bob, ether("8"));
    const [supply, idle] = [await c.trEth.totalSupply(), await c.pool.idle(ETHER)];
    expect(idle).to.be.at.least(ether("8"));
    const id = await struck(world, alice, SHARES);
    const part = (idle * SHARES) / supply;
    expect(await c.pool.aside(ETHER)).to.equal(part);
    expect(await c.pool.idle(ETHER)).to.equal(idle - part);
    await world.crank(); // stakes all that is idle
    expect(await c.pool.aside(ETHER)).to.equal(part);
    await expect(c.baskets.connect(bob).claim(id, [ETHER])).to.changeEtherBalance(alice, part);
    expect(await c.pool.aside(ETHER)).to.equal(0n);
  });

  it("gives every ticket of a day its part, whoever claims, and a transferred one to its new owner", async () => {
    const { world, alice, bob } = await staked();
    const { c } = world;
    const first = await world.leaveByBasket(alice, ether("20"));
    const second = await struck(world, bob, ether("10"));
    expect(dayOf(first)).to.equal(dayOf(second));
    await comesHome(world);
    await c.baskets.connect(alice).transferFrom(alice, bob, first);
    const [, double] = await claimAll(world, first);
    const [, single] = await claimAll(world, second);
    expect(double).to.be.within(single * 2n, single * 2n + 1n);
    expect(await c.wstEth.balanceOf(alice)).to.equal(0n);
    expect(await c.wstEth.balanceOf(bob)).to.equal(double + single);
  });

  it("lets the owner send his part to somebody else, and nobody besides him", async () => {
    const { world, alice, bob, id } = await loadFixture(left);
    const { baskets, wstEth } = world.c;
    await comesHome(world);
    await expect(baskets.connect(bob).claimTo(id, [world.asset], bob))
      .to.be.revertedWithCustomError(baskets, "NotBasketOwner")
      .withArgs(id, bob, alice);
    const units = await baskets.claimable(id, world.asset);
    await baskets.connect(alice).claimTo(id, [world.asset], bob);
    expect(await wstEth.balanceOf(bob)).to.equal(units);
  });

  it("tells a wallet where a ticket stands", async () => {
    const { world, alice } = await staked();
    const { baskets } = world.c;
    const id = await world.leaveByBasket(alice, SHARES);
    const waitsFor = async () => (await baskets.basketStatus(id)).waitsFor;
    const { owner, shares, strike, strikeFrom } = await baskets.basketStatus(id);
    expect([owner, shares, strike]).to.deep.equal([await alice.getAddress(), SHARES, 0n]);
    expect(strikeFrom).to.equal((dayOf(id) + 2n) * 86_400n);
    expect(await waitsFor()).to.equal(0n);
    await nextDay(world.ctx.provider, 60n);
    expect(await waitsFor()).to.equal(1n);
    await expect(baskets.strike(dayOf(id))).to.be.revertedWithCustomError(baskets, "TooEarlyToStrike");
    expect(await baskets.unstruckDays()).to.deep.equal([dayOf(id)]);
    await nextDay(world.ctx.provider, 60n);
    expect(await waitsFor()).to.equal(2n);
    await baskets.strike(dayOf(id));
    expect(await waitsFor()).to.equal(3n);
    expect(await baskets.unstruckDays()).to.deep.equal([]);
    expect((await baskets.basketStatus(id)).strike).to.equal(1n);
    await expect(baskets.strike(dayOf(id)))
      .to.be.revertedWithCustomError(baskets, "NothingToStrike")
      .withArgs(dayOf(id));
    const unknown = id + 1n;
    await expect(baskets.basketStatus(unknown))
      .to.be.revertedWithCustomError(baskets, "UnknownBasketTicket")
      .withArgs(unknown);
  });

  it("refuses crumbs and nobody's tickets", async () => {
    const { world, alice } = await staked();
    const { baskets, trEth } = world.c;
    await trEth.connect(alice).approve(baskets, SHARES);
    await expect(baskets.connect(alice).request(10n ** 12n - 1n, alice))
      .to.be.revertedWithCustomError(baskets, "BasketTooSmall")
      .withArgs(10n ** 12n - 1n, 10n ** 12n);
    await expect(
      baskets.connect(alice).request(SHARES, "0x0000000000000000000000000000000000000000"),
    ).to.be.revertedWithCustomError(baskets, "ZeroAddress");
  });
});
