import hre from "hardhat";
import { BLOCK_SECONDS } from "../sim/time";

/** First moment of every story: midnight (UTC) of a day to come, so that a node's own time is before it. */
export const START = BigInt(Date.UTC(2030, 0, 1) / 1_000);

const NEW_BLOCK = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "hardhat_mine"]);
const hex = (value: bigint): string => `0x${value.toString(16)}`;

/**
 * Gives the in-process chain a time of its own while `live` runs: it begins at START, and every block comes twelve
 * seconds after the last. A machine's clock would make two runs of one seed differ.
 */
export async function withFixedClock<T>(live: () => Promise<T>): Promise<T> {
  const { provider } = hre.network;
  const send = provider.send.bind(provider);
  const latest = async (): Promise<bigint> => {
    const block = (await send("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
    return BigInt(block.timestamp);
  };
  if ((await latest()) >= START) throw new Error(`the chain is already past ${START}: a story needs a fresh one`);
  await send("evm_setNextBlockTimestamp", [hex(START)]);
  await send("evm_mine", []);
  provider.send = async (method, params) => {
    if (NEW_BLOCK.has(method)) await send("evm_setNextBlockTimestamp", [hex((await latest()) + BLOCK_SECONDS)]);
    return send(method, params) as Promise<unknown>;
  };
  try {
    return await live();
  } finally {
    provider.send = send;
  }
}
