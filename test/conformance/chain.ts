/** The in-process chain on which recordings are replayed. The only file of the replayer that knows Hardhat. */
import hre from "hardhat";
import type { InterfaceAbi, Signer } from "ethers";
import type { LoadArtifact } from "../../deploy/lib/engine";
import type { Opcode } from "../../scripts/bench/breakdown";

export interface TransactionRequest {
  from: string;
  to?: string;
  data?: string;
  value?: string;
  gas?: string;
}

export interface Log {
  address: string;
  topics: string[];
  data: string;
}

export interface Outcome {
  hash: string;
  /** Revert data when the transaction failed. */
  failed?: string;
  logs: Log[];
  gasUsed: bigint;
  contractAddress?: string;
}

interface Receipt {
  status: string;
  logs: Log[];
  gasUsed: string;
  contractAddress: string | null;
}

export interface Chain {
  artifact: LoadArtifact;
  deployer(): Promise<Signer>;
  chainId(): Promise<bigint>;
  latest(): Promise<{ number: bigint; time: bigint }>;
  /** Sets the time of the next block; the transaction or `mine` that follows makes it. */
  setNextTime(time: bigint): Promise<void>;
  mine(): Promise<void>;
  /** Mines `count` blocks, the first at the time set, the others `interval` seconds apart. */
  mineMany(count: bigint, interval: bigint): Promise<void>;
  /** Sends in the name of any account that `command` was told of, and mines one block. */
  send(transaction: TransactionRequest): Promise<Outcome>;
  call(transaction: TransactionRequest, block: "latest" | "pending"): Promise<string>;
  /** Every opcode of a mined transaction. */
  trace(hash: string): Promise<Opcode[]>;
  /** Lets the node send for this account, and gives it ether. */
  command(account: string, balance: bigint): Promise<void>;
  snapshot(): Promise<string>;
  revert(snapshot: string): Promise<void>;
}

const quantity = (value: bigint): string => "0x" + value.toString(16);

/** Revert data in an error of the node; "0x" when it reverted without any, undefined when it did not revert. */
function revertData(error: unknown): string | undefined {
  for (let at = error; typeof at === "object" && at !== null;) {
    const { data, cause } = at as { data?: unknown; cause?: unknown };
    if (typeof data === "string") return data;
    if (typeof data === "object" && data !== null) {
      const inner = (data as { data?: unknown }).data;
      if (typeof inner === "string") return inner;
    }
    at = cause;
  }
  return undefined;
}

function transactionHash(error: unknown): string | undefined {
  const e = error as { transactionHash?: string; data?: { txHash?: string } } | null;
  return e?.transactionHash ?? e?.data?.txHash;
}

export function hardhatChain(): Chain {
  const provider = hre.network.provider;
  const request = async <T>(method: string, params: unknown[] = []): Promise<T> =>
    (await provider.request({ method, params })) as T;
  return {
    artifact: async (name) => {
      const { abi, bytecode } = await hre.artifacts.readArtifact(name);
      return { abi: abi as InterfaceAbi, bytecode };
    },
    deployer: () => hre.ethers.provider.getSigner(0),
    chainId: async () => BigInt(await request<string>("eth_chainId")),
    latest: async () => {
      const block = await request<{ number: string; timestamp: string }>("eth_getBlockByNumber", ["latest", false]);
      return { number: BigInt(block.number), time: BigInt(block.timestamp) };
    },
    setNextTime: async (time) => {
      await request("evm_setNextBlockTimestamp", [quantity(time)]);
    },
    mine: async () => {
      await request("evm_mine");
    },
    mineMany: async (count, interval) => {
      await request("hardhat_mine", [quantity(count), quantity(interval)]);
    },
    send: async (transaction) => {
      let hash: string;
      let failed: string | undefined;
      try {
        hash = await request<string>("eth_sendTransaction", [transaction]);
      } catch (error) {
        const mined = transactionHash(error);
        if (mined === undefined) throw error;
        hash = mined;
        failed = revertData(error) ?? "0x";
      }
      const receipt = await request<Receipt>("eth_getTransactionReceipt", [hash]);
      const outcome = { hash, logs: receipt.logs, gasUsed: BigInt(receipt.gasUsed) };
      if (BigInt(receipt.status) === 0n) return { ...outcome, failed: failed ?? "0x" };
      return { ...outcome, contractAddress: receipt.contractAddress ?? undefined };
    },
    call: async (transaction, block) => {
      try {
        return await request<string>("eth_call", [transaction, block]);
      } catch (error) {
        const data = revertData(error);
        if (data === undefined) throw error;
        return "!" + data;
      }
    },
    trace: async (hash) => {
      const options = { disableMemory: true, disableStorage: true };
      return (await request<{ structLogs: Opcode[] }>("debug_traceTransaction", [hash, options])).structLogs;
    },
    command: async (account, balance) => {
      await request("hardhat_impersonateAccount", [account]);
      await request("hardhat_setBalance", [account, quantity(balance)]);
    },
    snapshot: () => request<string>("evm_snapshot"),
    revert: async (snapshot) => {
      if (!(await request<boolean>("evm_revert", [snapshot]))) throw new Error(`snapshot ${snapshot} is gone`);
    },
  };
}
