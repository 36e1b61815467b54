/** How one call of the table is made, measured, and looked into. */
import { ethers } from "hardhat";
import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import { BLOCK_SECONDS } from "../../sim/time";
import type { World } from "../../sim/world";
import { breakdown, CLASSES, type Breakdown, type Opcode } from "../breakdown";
import { OPERATIONS } from "./operations";

export type Send = () => Promise<ContractTransactionResponse>;
export type Gas = [first: number, steady: number];

export const BASE = 21_000;

async function mined(send: Send): Promise<ContractTransactionReceipt> {
  const latest = await ethers.provider.getBlock("latest");
  const next = BigInt(latest?.timestamp ?? 0) + BLOCK_SECONDS; // the same second in every run
  await ethers.provider.send("evm_setNextBlockTimestamp", [ethers.toQuantity(next)]);
  const receipt = await (await send()).wait();
  if (receipt === null) throw new Error("not mined");
  return receipt;
}

export async function gasOf(send: Send): Promise<number> {
  return Number((await mined(send)).gasUsed);
}

/** Measures without leaving a trace. */
export async function aside<T>(measure: () => Promise<T>): Promise<T> {
  const before = (await ethers.provider.send("evm_snapshot", [])) as string;
  const result = await measure();
  await ethers.provider.send("evm_revert", [before]);
  return result;
}

/** A newcomer's first call, then the same once more. */
export const twice = (send: Send): Promise<Gas> => aside(async () => [await gasOf(send), await gasOf(send)]);

/* WHERE IT GOES */

/** Where the gas of operations goes, by what it pays for; those for which OPERATIONS has a reason. */
export class Purse {
  private constructor(
    private readonly outside: ReadonlySet<string>,
    private readonly spent: Record<string, Breakdown>,
  ) {}

  /** Tokens, their issuers and markets are others' contracts. What is in `spent` already is not looked into again. */
  static async of({ c }: World, spent: Record<string, Breakdown>): Promise<Purse> {
    const { rocket, coinbase, markets } = c;
    const contracts = [c.stEth, c.wstEth, c.weth, c.lidoQueue, rocket?.token, rocket?.balances, rocket?.depositPool];
    const outside = [...contracts, coinbase?.token, ...Object.values(markets)].filter((one) => one !== undefined);
    return new Purse(
      new Set(await Promise.all(outside.map(async (one) => (await one.getAddress()).toLowerCase()))),
      spent,
    );
  }

  /**
   * Looks into one more such call.
   * @param besides What is subtracted, as it is from the row.
   * @param base Of that, what stays.
   */
  async look(operation: string, send: Send, besides?: Send, base = 0): Promise<void> {
    if (OPERATIONS[operation].reason === undefined || operation in this.spent) return;
    const spent = await aside(() => this.opened(send));
    if (besides !== undefined) {
      const other = await aside(() => this.opened(besides));
      for (const name of CLASSES) spent[name] -= other[name];
      spent.base += base;
    }
    this.spent[operation] = spent;
  }

  private async opened(send: Send): Promise<Breakdown> {
    const { hash, to, gasUsed } = await mined(send);
    const { data } = (await ethers.provider.getTransaction(hash)) ?? { data: "0x" };
    const trace = (await ethers.provider.send("debug_traceTransaction", [hash, { disableMemory: true }])) as {
      structLogs: Opcode[];
    };
    const traced = { to: to ?? "", data, gasUsed: Number(gasUsed), opcodes: trace.structLogs };
    return breakdown(traced, (address) => !this.outside.has(address));
  }
}
