import { loadFixture, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { fourAssets } from "../asset-world";
import { claimAll, comesHome, dayOf, expectBacked, holdings, struck } from "../basket-world";
import { as, burnAllKeys, ETHER, ether, exposeFully, nextDay, slash } from "../exit-world";
import { failingReader, FAULT } from "../failing";
import { staked } from "../world";

/** Each operator's stake, withdrawal and strike rounds by itself. */
const DUST = 100n;

const strikeAfterTwoDays = async (world: World, id: bigint) => {
  for (let i = 0; i < 2; ++i) await nextDay(world.ctx.provider, 60n);
  await world.c.baskets.connect(world.keeper).strike(dayOf(id));
};

describe("Scenario: leaving by basket", () => {
  it("BK-order: baskets one after the other each get their part of what stayed, whatever came home in between", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c, asset } = world;
    let stays = (await holdings(world))[asset];
    const wanted: bigint[] = [];
    const tickets: bigint[] = [];
    for (const [by, shares] of [
      [alice, ether("12")],
      [bob, ether("0.000001")],
      [bob, ether("31")],
      [alice, ether("40")],
    ] as const) {
      const supply = await c.trEth.totalSupply();
      tickets.push(await struck(world, by, shares));
      wanted.push((stays * shares) / supply);
      stays -= (stays * shares) / supply;
      await world.crank(); // asks for what is owed; some of it comes home before the next strike
    }
    await world.days(10);
    for (const [i, id] of tickets.entries()) {
      const units = await c.baskets.claimable(id, asset);
      expect(units, `ticket ${i}`).to.be.within(wanted[i] > DUST ? wanted[i] - DUST : 0n, wanted[i] + DUST);
    }
    expect((await holdings(world))[asset]).to.be.within(stays - DUST, stays + DUST);
    await expectBacked(world, tickets);
  });

  it("BK-slashes: a slash on the way costs the leaver and those who stay the same part", async () => {
    const { world, alice } = await loadFixture(staked);
    const { c, asset } = world;
    const supply = await c.trEth.totalSupply();
    const id = await struck(world, alice, ether("25"));
    await world.crank(); // all that is owed is on its way
    await exposeFully(world, 0);
    await slash(world, 0, 0n, 0, ether("0.5"));
    await exposeFully(world, 1);
    await slash(world, 0, 0n, 1, ether("0.2"));
    await comesHome(world);
    const units = await c.baskets.claimable(id, asset);
    expect(units).to.be.below(ether("24"));
    const stays = (await holdings(world))[asset];
    const fair = (stays * ether("25")) / (supply - ether("25"));
    expect(units).to.be.within(fair - DUST, fair + DUST);
  });

  it("BK-forced: an operator undelegated by force brings the basket's part home like any other", async () => {
    const { world, alice } = await loadFixture(staked);
    const { c, asset } = world;
    const all = (await holdings(world))[asset];
    const supply = await c.trEth.totalSupply();
    const first = await struck(world, alice, ether("25"));
    const { delegator } = await c.operators.operator(1);
    await c.delegation.connect(await as(await c.controller.getAddress())).undelegate(delegator);
    const second = await struck(world, alice, ether("25"));
    await world.days(10);
    const wanted = (all * ether("25")) / supply;
    const rest = ((all - wanted) * ether("25")) / (supply - ether("25"));
    expect(await c.baskets.claimable(first, asset)).to.be.within(wanted - DUST, wanted);
    expect(await c.baskets.claimable(second, asset)).to.be.within(rest - DUST, rest + DUST);
  });

  it("BK-unreadable: who cannot be read keeps his part of the basket, the others bring theirs home", async () => {
    const { world, alice } = await loadFixture(staked);
    const { c, asset } = world;
    const all = (await holdings(world))[asset];
    const supply = await c.trEth.totalSupply();
    const reader = await failingReader(world);
    const { delegator } = await c.operators.operator(0);
    const { restaked } = await c.accountant.book(delegator, asset);
    await reader.setFault(delegator, FAULT.Reverts);
    await c.accountant.sync(delegator);
    const id = await struck(world, alice, ether("25"));
    await comesHome(world);
    const part = (units: bigint) => (units * ether("25")) / supply;
    expect(await c.baskets.claimable(id, asset)).to.be.within(part(all - restaked) - DUST, part(all - restaked));
    await claimAll(world, id);
    // It was slashed meanwhile: that is seen when it can be read again, and the claim on it is worth as much less.
    await exposeFully(world, 0);
    await slash(world, 0, 0n, 0, ether("0.5"));
    await reader.setFault(delegator, FAULT.None);
    await c.accountant.sync(delegator);
    await comesHome(world);
    const left = await c.allocation.getMaxMagnitude(await accountOf(world, 0), await c.strategy.getAddress());
    const worth = part((restaked * left) / ether("1"));
    expect(await c.baskets.claimable(id, asset)).to.be.within(worth - DUST, worth + DUST);
  });

  it("BK-doors: works without any key, while the alarm rings and everything else is closed", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c, asset } = world;
    const { guardian } = world.ctx.config.governance;
    await c.pool.connect(await world.signer(guardian)).pauseDeposits(86_400n);
    await burnAllKeys(world);
    const id = await world.leaveByBasket(alice, ether("25"));
    for (let i = 0; i < 2; ++i) await nextDay(world.ctx.provider, 60n);
    await exposeFully(world, 0);
    await slash(world, 0, 0n, 0, ether("0.5"));
    await c.accountant.settle();
    const closedUntil = await c.accountant.fillsClosedUntil();
    expect(closedUntil).to.be.above(BigInt((await world.ctx.provider.provider.getBlock("latest"))?.timestamp ?? 0));
    await c.baskets.connect(bob).strike(dayOf(id));
    await c.desk.connect(bob).unbond(asset, 16n);
    await world.pass(86_400n);
    for (let i = 0n; i < 5n; ++i) await c.desk.connect(bob).complete(i, 9n);
    await c.basketBook.connect(bob).divide(99n);
    const units = await c.baskets.claimable(id, asset);
    expect(units).to.be.above(ether("20"));
    await c.baskets.connect(bob).claim(id, [asset]);
    expect(await c.wstEth.balanceOf(alice)).to.equal(units);
    // Another one may begin while the doors are still closed.
    await world.leaveByBasket(bob, ether("1"));
  });

  it("BK-tokens: a token that does not move keeps back itself and nothing else", async () => {
    const { world, alice, assets } = await loadFixture(fourAssets);
    const { c, asset } = world;
    const code = await ethers.provider.getCode(assets.cbETH);
    const id = await world.leaveByBasket(alice, ether("25"));
    await setCode(assets.cbETH, "0x60006000fd"); // whatever is asked, it reverts
    await setCode(await c.lidoQueue.getAddress(), "0x60006000fd"); // and so does the issuer
    await strikeAfterTwoDays(world, id);
    const rEth = await c.baskets.claimable(id, assets.rETH);
    expect(rEth).to.be.above(0n);
    await expect(c.baskets.claim(id, [assets.rETH, assets.cbETH])).to.be.reverted;
    await c.baskets.connect(world.keeper).claim(id, [ETHER, assets.rETH, asset]);
    expect(await c.baskets.claimable(id, assets.rETH)).to.equal(0n);
    await setCode(assets.cbETH, code);
    const cbEth = await c.baskets.claimable(id, assets.cbETH);
    expect(cbEth).to.be.above(0n);
    await c.baskets.claim(id, [assets.cbETH]);
    expect(await c.pool.aside(assets.cbETH)).to.be.below(2n);
  });

  it("BK-crumbs: crumbs struck every day keep no stake from being added, and are paid from what is idle", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c, asset } = world;
    for (let i = 0; i < 3; ++i) await struck(world, alice, 10n ** 12n);
    const id = await struck(world, alice, 10n ** 12n);
    await world.deposit(bob, "stETH", ether("20"));
    const before = (await c.accountant.backing(asset)).restaked;
    await c.desk.connect(world.keeper).restake(asset, 16n);
    expect((await c.accountant.backing(asset)).restaked).to.be.above(before + ether("19"));
    for (let i = 0n; i < 5n; ++i) {
      const { delegator } = await c.operators.operator(i);
      expect(await c.basketBook.markOf(delegator, await c.strategy.getAddress())).to.equal(4n);
    }
    expect(await c.desk.basketsDue(asset)).to.equal(0n);
    await c.basketBook.divide(99n);
    expect(await c.baskets.claimable(id, asset)).to.be.within(10n ** 12n - 10n, 10n ** 12n);
  });

  it("BK-move: a line that waits for ever is left by basket", async () => {
    const { world, bob } = await loadFixture(staked);
    const { c, asset } = world;
    const id = await world.request(bob, asset, ether("10"));
    await world.pass(((await c.queue.EXIT_TIME()) / 86_400n + 2n) * 86_400n);
    const ticket = await c.queue.connect(bob).moveTicket.staticCall(id, await c.baskets.getAddress());
    await c.queue.connect(bob).moveTicket(id, await c.baskets.getAddress());
    expect(await c.queue.waitingShares(asset)).to.equal(0n);
    expect(await c.baskets.waitingShares()).to.equal(ether("10"));
    await strikeAfterTwoDays(world, ticket);
    await comesHome(world);
    expect(await c.baskets.claimable(ticket, asset)).to.be.within(ether("10") - DUST, ether("10") + DUST);
  });

  it("BK-profit: who comes in and leaves by basket gets no more than he brought, and nobody gains by a split", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c } = world;
    const navPerShare = async () => ((await c.accountant.netAssetValue()) * 10n ** 27n) / (await c.trEth.totalSupply());
    const shares = await world.depositEther(alice, ether("10"));
    const whole = await world.leaveByBasket(bob, shares);
    const halves = [
      await world.leaveByBasket(alice, shares / 2n),
      await world.leaveByBasket(alice, shares - shares / 2n),
    ];
    const before = await navPerShare();
    await strikeAfterTwoDays(world, whole);
    expect(await navPerShare()).to.be.at.least(before);
    await comesHome(world);
    const value = async (id: bigint) =>
      (await c.baskets.claimable(id, ETHER)) +
      (await c.stEth.getPooledEthByShares(await c.baskets.claimable(id, world.asset)));
    expect((await value(halves[0])) + (await value(halves[1]))).to.be.at.most(ether("10"));
    expect((await value(halves[0])) + (await value(halves[1]))).to.be.at.most(await value(whole));
  });

  it("BK-donation: what is given to any of its contracts changes no claim", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c, asset } = world;
    const id = await world.leaveByBasket(alice, ether("25"));
    await world.acquire(bob, "wstETH", ether("3"));
    await c.wstEth.connect(bob).transfer(c.pool, ether("1"));
    await c.wstEth.connect(bob).transfer(c.basketBook, ether("1"));
    await c.trEth.connect(bob).transfer(c.queue, ether("1"));
    const all = (await holdings(world))[asset];
    const supply = await c.trEth.totalSupply();
    await strikeAfterTwoDays(world, id);
    await comesHome(world);
    const wanted = (all * ether("25")) / supply;
    expect(await c.baskets.claimable(id, asset)).to.be.within(wanted - DUST, wanted);
  });
});

async function accountOf(world: World, operatorId: number): Promise<string> {
  return (await world.c.operators.operator(operatorId)).account;
}
