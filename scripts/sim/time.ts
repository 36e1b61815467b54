import type { JsonRpcApiProvider } from "ethers";

/** Seconds between blocks, as on Ethereum. */
export const BLOCK_SECONDS = 12n;
export const DAY = 86_400n;

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** Time of a local node's latest block. */
export async function now(provider: JsonRpcApiProvider): Promise<bigint> {
  const block = await provider.getBlock("latest");
  return BigInt(block?.timestamp ?? 0);
}

/** Mines blocks at their usual distance. */
export async function mine(provider: JsonRpcApiProvider, blocks: bigint): Promise<void> {
  await provider.send("hardhat_mine", [hex(blocks), hex(BLOCK_SECONDS)]);
}

/** Lets time pass, with a block every twelve seconds. */
export async function pass(provider: JsonRpcApiProvider, seconds: bigint): Promise<void> {
  await mine(provider, seconds / BLOCK_SECONDS);
}

/** Goes to `offset` seconds after the next midnight (UTC), where days and batches begin. */
export async function nextDay(provider: JsonRpcApiProvider, offset = 0n): Promise<void> {
  const time = await now(provider);
  const midnight = (time / DAY + 1n) * DAY;
  await pass(provider, midnight + offset - time + BLOCK_SECONDS);
}
