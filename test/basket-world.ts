import { expect } from "chai";
import type { Signer } from "ethers";
import type { World } from "../scripts/sim/world";
import { ETHER, nextDay } from "./exit-world";

// What tests of leaving by basket need. Verbs act; only the functions under CHECKS judge.

/* VERBS */

export const dayOf = (ticket: bigint): bigint => ticket >> 32n;

/** Puts shares into a basket and strikes it on the first day on which that is possible; nobody cranks meanwhile. */
export async function struck(world: World, by: Signer, shares: bigint): Promise<bigint> {
  const id = await world.leaveByBasket(by, shares);
  for (let i = 0; i < 2; ++i) await nextDay(world.ctx.provider, 60n);
  await world.c.baskets.connect(world.keeper).strike(dayOf(id));
  return id;
}

/** Brings home and divides all that is owed to baskets; cranks as a keeper would. */
export async function comesHome(world: World): Promise<void> {
  await world.days(8);
}

/** Claims everything that a ticket has been given; returns it, in the order of the registry's assets. */
export async function claimAll(world: World, id: bigint): Promise<bigint[]> {
  const { baskets, registry } = world.c;
  const assets = [...(await registry.assets())];
  const given = await Promise.all(assets.map((asset) => baskets.claimable(id, asset)));
  await (await baskets.connect(world.keeper).claim(id, assets)).wait();
  return given;
}

/** What there is of every asset for those who stay, wherever it is; for ETH with what issuers owe. */
export async function holdings({ c }: World): Promise<Record<string, bigint>> {
  const all: Record<string, bigint> = {};
  for (const asset of await c.registry.assets()) {
    const { pool, restaked, unbonding } = await c.accountant.backing(asset);
    all[asset] = pool + restaked + unbonding + (asset === ETHER ? await c.accountant.redeeming() : 0n);
  }
  return all;
}

/* CHECKS */

/** BK-backed: the pool holds what is idle and what is set aside, which covers every ticket. */
export async function expectBacked(world: World, tickets: bigint[]): Promise<void> {
  const { c } = world;
  const pool = await c.pool.getAddress();
  for (const asset of await c.registry.assets()) {
    const aside = await c.pool.aside(asset);
    const held =
      asset === ETHER
        ? await world.ctx.provider.provider.getBalance(pool)
        : asset === world.asset
          ? (await c.stEth.sharesOf(pool)) + (await c.wstEth.balanceOf(pool))
          : await world.ctx.provider.provider.call({
              to: asset,
              data: c.wstEth.interface.encodeFunctionData("balanceOf", [pool]),
            });
    expect(BigInt(held)).to.be.at.least((await c.pool.idle(asset)) + aside, asset);
    const claimable = await Promise.all(tickets.map((id) => c.baskets.claimable(id, asset)));
    expect(claimable.reduce((sum, units) => sum + units, 0n)).to.be.at.most(aside, asset);
  }
}
