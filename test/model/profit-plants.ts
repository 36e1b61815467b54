/** Profits that a search must find: the protocol's storage, as it would be if a rule were missing. */
import { setBalance, setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { down, least, WAD } from "./protocol-state";

/**
 * The attacker comes in at the rate alone; or what an outsider leaves by his haircut is in nobody's price before the next
 * report, as it once was; or a basket is credited twice with what is idle; or who is paid in a line leaves the waiting
 * gain twice, being paid so much less; or the attacker is given his part of what others leave in a line once more, in
 * shares. And a harm: struck baskets lose half of what they have been credited with.
 */
export type Planted =
  | "waiting is sold"
  | "haircut is sold"
  | "idle is credited twice"
  | "leavers leave twice"
  | "his part is paid twice"
  | "a struck basket loses";

/** Where the pool keeps rate, waiting gain, time of the report and door: its ERC-7201 slot. */
const TERMS_SLOT = "0x16cba09a0727a437af3f64a6b8235fc2f74ee9876d39c7ea0b4eb3ac795d0f00";
const WAITING_BITS = 88n;
/** Where the basket book keeps what baskets are credited with: the fourth word of its ERC-7201 slot. */
const CREDITED_SLOT = "0x502bd93fb43c04d9a6343bba13d7a997fb03f9b8e88d959930ffc6daff4b0c03";

/** Does it, and what is planted about baskets and about leaving in line; `part` is the attacker's of everything (WAD). */
export async function planting<T>(
  world: World,
  planted: Planted | undefined,
  wallet: string,
  part: () => Promise<bigint>,
  act: () => Promise<T>,
): Promise<T> {
  const { basketBook, pool, queue } = world.c;
  const block = await ethers.provider.getBlockNumber();
  const before = await basketBook.lastStrike();
  const { waitingWad } = await pool.terms();
  if (planted === "leavers leave twice") await lowerRate(world, waitingWad);
  const result = await act();
  if (planted === "leavers leave twice") await lowerRate(world, -least(waitingWad, (await pool.terms()).waitingWad));
  if (planted === "his part is paid twice") {
    const fills = await queue.queryFilter(queue.filters.BatchFilled(), block + 1);
    const shares = fills.reduce((sum, { args }) => sum + args.shares, 0n);
    if (shares > 0n) await give(world, wallet, down(down(shares, waitingWad, WAD), await part(), WAD));
  }
  if (planted === "idle is credited twice") await recredit(world, before, await basketBook.lastStrike(), 4n);
  if (planted === "a struck basket loses") await recredit(world, 0n, await basketBook.lastStrike(), 1n);
  return result;
}

/** The gain that waits, as newcomers are told of it. */
export async function setWaiting(world: World, wanted: bigint): Promise<void> {
  await changeTerms(world, 0n, wanted - (await world.c.pool.terms()).waitingWad);
}

/** The rate falls, and as much more waits. */
async function lowerRate(world: World, by: bigint): Promise<void> {
  await changeTerms(world, -by, by);
}

async function changeTerms({ c, ctx }: World, rate: bigint, waiting: bigint): Promise<void> {
  const at = await c.pool.getAddress();
  const slot = BigInt((await ctx.provider.send("eth_getStorageAt", [at, TERMS_SLOT, "latest"])) as string);
  await setStorageAt(at, TERMS_SLOT, toBeHex(slot + rate + (waiting << WAITING_BITS), 32));
}

/** Shares for an ether value, out of nothing. */
async function give({ c, ctx }: World, to: string, value: bigint): Promise<void> {
  const pool = await ethers.getImpersonatedSigner(await c.pool.getAddress());
  await setBalance(pool.address, (await ctx.provider.getBalance(pool.address)) + WAD); // for gas; nothing counts it
  const { rateWad, waitingWad } = await c.pool.terms();
  await (await c.trEth.connect(pool).mint(to, down(value, WAD, rateWad + waitingWad))).wait();
}

/** What baskets struck after `from` and up to `to` were credited with becomes `times` / 2 of it. */
async function recredit({ c }: World, from: bigint, to: bigint, times: bigint): Promise<void> {
  const at = await c.basketBook.getAddress();
  const word = (key: string, slot: string) => keccak256(concat([zeroPadValue(key, 32), slot]));
  for (let strike = from + 1n; strike <= to; ++strike) {
    for (const asset of await c.registry.assets()) {
      const slot = word(asset, word(toBeHex(strike), CREDITED_SLOT));
      await setStorageAt(at, slot, toBeHex(((await c.basketBook.credited(strike, asset)) * times) / 2n, 32));
    }
  }
}
