import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Signer } from "ethers";
import type { World } from "../../scripts/sim/world";
import { as, burnAllKeys, ETHER, ether, exposeFully, nextDay, now, sharesOf, slash, WAD } from "../exit-world";
import { populated } from "../model/exit-walk";

/** Shares that nobody owns. */
const DEAD = ether("0.01");
/**
 * What may be left besides what those shares are worth [wei]: what leavers did not get because it was not recognised yet is
 * none here; each of five operators, three strategies and three tries rounds a few wei away, and the last digit of a rate
 * is worth a wei of every whole share: 220.
 */
const DUST = 2_000n;

/** Nobody has a key any more, and all gains are recognised. */
async function keyless() {
  const world = await populated("quick");
  const { c } = world;
  await world.days(3); // the haircuts of those who came in are recognised
  expect((await c.pool.terms()).waitingWad).to.be.below(10n);
  await burnAllKeys(world);
  return { world };
}

/** One operator is undelegated by force, one is at fault and one is slashed; anyone reports what can be reported. */
async function misfortunes(world: World): Promise<void> {
  const { c } = world;
  const { delegator } = await c.operators.operator(1);
  await c.delegation.connect(await as(await c.controller.getAddress())).undelegate(delegator);
  await exposeFully(world, 3);
  await slash(world, 0, 0n, 3, ether("0.6"));
  await slash(world, 1, 0n, 2, WAD);
  for (const id of [1, 3]) await c.operators.connect(world.keeper).reportFault(id);
}

interface Leaver {
  who: Signer;
  asset: string;
  id: bigint;
}

/** Puts all shares of somebody in line for an asset, and what that does not back in the next one. */
async function leave(world: World, who: Signer, assets: string[]): Promise<Leaver[]> {
  const leavers: Leaver[] = [];
  for (const asset of assets) {
    const [has, room] = [await sharesOf(world, who), await world.c.issuer.room(asset)];
    const shares = has < room ? has : room;
    if (shares >= (await world.c.queue.MIN_SHARES())) {
      leavers.push({ who, asset, id: await world.request(who, asset, shares) });
    }
  }
  return leavers;
}

/** Everybody puts all shares in line, each for what he brought; nobody keeps any. */
async function everybodyAsks(world: World): Promise<Leaver[]> {
  const { c, ctx, asset } = world;
  const [rEth, cbEth] = [ctx.address("rETH"), ctx.address("cbETH")];
  const brought = [ETHER, asset, rEth, cbEth, ETHER];
  const leavers: Leaver[] = [];
  for (const [i, line] of brought.entries()) {
    leavers.push(...(await leave(world, await world.person(i), [line, rEth, cbEth])));
  }
  leavers.push(...(await leave(world, await as(ctx.config.accounting.feeRecipient), [rEth, cbEth, asset])));
  expect(await c.trEth.balanceOf(c.queue)).to.equal((await c.trEth.totalSupply()) - DEAD);
  return leavers;
}

/** Cranks once a day until the date has passed. */
async function until(world: World, date: bigint): Promise<void> {
  while ((await now(world.ctx.provider)) <= date) await world.days(1);
}

async function waiting(world: World, leavers: Leaver[]): Promise<Leaver[]> {
  const left = await Promise.all(leavers.map(({ id }) => world.c.queue.withdrawalStatus(id)));
  return leavers.filter((_, i) => left[i].remainingShares !== 0n);
}

describe("Scenario: everybody leaves", () => {
  it("all tickets are paid in time and by nobody's leave, and nothing is left but shares that nobody owns", async () => {
    const { world } = await loadFixture(keyless);
    const { c, ctx, asset } = world;
    const plain = [ctx.address("rETH"), ctx.address("cbETH")];
    const leavers = await everybodyAsks(world);
    await misfortunes(world);
    const { latest } = await c.queue.withdrawalStatus(leavers[0].id); // the ETH line's, the longest
    await until(world, latest);
    // stETH lost more than the others. Its own line comes first, rETH has given what it can: what the ETH line still
    // lacks is there as cbETH.
    const short = await waiting(world, leavers);
    expect(short.map((l) => l.asset)).to.deep.equal(short.map(() => ETHER));
    const shortShares = await c.queue.waitingShares(ETHER);
    expect(shortShares).to.be.within(1n, await c.issuer.room(plain[1]));

    // They take it, and are paid within the exit time.
    const moved: Leaver[] = [];
    for (const { who, id } of short) {
      const queue = c.queue.connect(who);
      const newId = await queue.moveTicket.staticCall(id, plain[1]);
      await queue.moveTicket(id, plain[1]);
      moved.push({ who, asset: plain[1], id: newId });
    }
    const second = moved.length === 0 ? 0n : (await c.queue.withdrawalStatus(moved[0].id)).latest;
    await until(world, second);
    expect(await waiting(world, moved)).to.deep.equal([]);

    const last = [...leavers.filter((l) => !short.includes(l)), ...moved];
    for (const { id } of last) await world.claim(id);
    for (const { who } of last) expect(await c.queue.balanceOf(who)).to.equal(0n);
    expect(await c.trEth.totalSupply()).to.equal(DEAD);
    for (const line of [ETHER, asset, ...plain]) expect(await c.queue.waitingShares(line), line).to.equal(0n);
    const left = (await c.accountant.netAssetValue()) - (DEAD * (await c.pool.rate())) / WAD;
    expect(left, `${left} wei are left`).to.be.within(0n, DUST);
  });

  it("BK-drain: everybody leaves by basket too, without a key, a price or a line, and nothing is left but the part of the dead", async () => {
    const { world } = await loadFixture(keyless);
    const { c, ctx } = world;
    const assets = [...(await c.registry.assets())];
    const ids: bigint[] = [];
    for (let i = 0; i < 5; ++i) {
      const who = await world.person(i);
      ids.push(await world.leaveByBasket(who, await sharesOf(world, who)));
      if (i === 2) await nextDay(world.ctx.provider, 60n); // two baskets, one after the other
    }
    const treasury = await as(ctx.config.accounting.feeRecipient);
    ids.push(await world.leaveByBasket(treasury, await sharesOf(world, treasury)));
    await misfortunes(world);
    await until(world, (await now(world.ctx.provider)) + 12n * 86_400n);
    expect(await c.trEth.totalSupply()).to.equal(DEAD);
    expect(await c.accountant.totalLoss()).to.be.above(0n);
    for (const id of ids) await c.baskets.connect(world.keeper).claim(id, await given(world, id, assets));
    expect((await c.basketBook.undivided()).count).to.equal(0n);
    for (const asset of assets) expect(await c.pool.aside(asset), asset).to.be.below(100n); // claims round down, units each
    const left = (await c.accountant.netAssetValue()) - (DEAD * (await c.pool.rate())) / WAD;
    const { waitingWad } = await c.pool.terms();
    expect(left, `${left} wei are left`).to.be.within(0n, DUST + (DEAD * waitingWad) / WAD + 1n);
  });
});

/** The assets of which a basket ticket has something to claim. */
async function given(world: World, id: bigint, assets: string[]): Promise<string[]> {
  const claimable = await Promise.all(assets.map((asset) => world.c.baskets.claimable(id, asset)));
  return assets.filter((_, i) => claimable[i] > 0n);
}
