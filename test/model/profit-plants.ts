/** Profits that a search must find: the protocol's storage, as it would be if a rule were missing. */
import { setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import type { World } from "../../scripts/sim/world";

/** Where the pool keeps rate, waiting gain, time of the report and door: its ERC-7201 slot. */
const TERMS_SLOT = "0x16cba09a0727a437af3f64a6b8235fc2f74ee9876d39c7ea0b4eb3ac795d0f00";
const WAITING_BITS = 88n;
/** Where the basket book keeps what baskets are credited with: the fourth word of its ERC-7201 slot. */
const CREDITED_SLOT = "0x502bd93fb43c04d9a6343bba13d7a997fb03f9b8e88d959930ffc6daff4b0c03";

/** The gain that waits, as newcomers are told of it. */
export async function setWaiting({ c, ctx }: World, wanted: bigint): Promise<void> {
  const { waitingWad } = await c.pool.terms();
  const at = await c.pool.getAddress();
  const slot = BigInt((await ctx.provider.send("eth_getStorageAt", [at, TERMS_SLOT, "latest"])) as string);
  await setStorageAt(at, TERMS_SLOT, toBeHex(slot + ((wanted - waitingWad) << WAITING_BITS), 32));
}

/** What baskets struck after `from` and up to `to` were credited with becomes `times` / 2 of it. */
export async function recredit({ c }: World, from: bigint, to: bigint, times: bigint): Promise<void> {
  const at = await c.basketBook.getAddress();
  const word = (key: string, slot: string) => keccak256(concat([zeroPadValue(key, 32), slot]));
  for (let strike = from + 1n; strike <= to; ++strike) {
    for (const asset of await c.registry.assets()) {
      const slot = word(asset, word(toBeHex(strike), CREDITED_SLOT));
      await setStorageAt(at, slot, toBeHex(((await c.basketBook.credited(strike, asset)) * times) / 2n, 32));
    }
  }
}
