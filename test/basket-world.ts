import { expect } from "chai";
import { toBeHex, type BaseContract, type Signer } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../scripts/sim/world";
import type { BasketLens, FailingFrontMock } from "../typechain-types";
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

/** A ticket's part of one asset: what can be claimed, what was, and what is still to come by place. */
export type Part = Record<"claimable" | "claimed" | "inPool" | "restaked" | "unbonding" | "redeeming", bigint>;

/** What the lens tells of a ticket, by asset. */
export async function comingTo({ c }: World, id: bigint): Promise<Record<string, Part>> {
  const { status, coming, unreadable } = await c.basketLens.ticket(id);
  expect([...unreadable]).to.deep.equal([]);
  return Object.fromEntries(
    coming.map(({ asset, inPool, restaked, unbonding, redeeming }, i) => [
      asset,
      { claimable: status.claimable[i], claimed: status.claimed[i], inPool, restaked, unbonding, redeeming },
    ]),
  );
}

const OUTCOMES = { answers: 0n, reverts: 1n, burns: 2n };

/** Stands before a contract and lets single views fail, by their first argument. */
async function frontOf(behind: BaseContract) {
  const front = (await ethers.deployContract("FailingFrontMock", [behind])) as unknown as FailingFrontMock;
  const fails = async (view: string, argument: string | bigint, outcome: keyof typeof OUTCOMES) => {
    const { selector } = behind.interface.getFunction(view)!;
    await front.setFault(selector, toBeHex(argument, 32), OUTCOMES[outcome]);
  };
  return { front, fails };
}

/** A lens that sees the engine and the book of baskets through fronts that can fail. */
export async function failingLens({ c }: World) {
  const [engine, book] = [await frontOf(c.delegation), await frontOf(c.basketBook)];
  const { trEth, pool, registry, operators, issuer, baskets } = c;
  const modules = [trEth, pool, registry, operators, issuer, baskets, book.front, engine.front];
  const lens = (await ethers.deployContract("BasketLens", [modules])) as unknown as BasketLens;
  return { lens, engine, book };
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
