import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AbiCoder,
  keccak256,
  type JsonRpcApiProvider,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";
import { AVS } from "../../deploy/steps/names";
import { ETHER, type World } from "../sim/world";

/** Where forge finds the deployment that a campaign begins with; never committed. */
export const RECORDING = ".forge/world";

const TRANSACTION =
  "tuple(address from, uint64 nonce, address to, uint256 value, bytes data, uint64 time, uint64 number, address created, bytes32 codeHash)[]";

interface Sent {
  transaction: TransactionResponse;
  receipt: TransactionReceipt;
  time: number;
}

/** Every transaction of the in-process chain that went through, in order. */
async function transactions(provider: JsonRpcApiProvider): Promise<Sent[]> {
  const sent: Sent[] = [];
  const last = await provider.getBlockNumber();
  for (let number = 0; number <= last; ++number) {
    const block = await provider.getBlock(number, true);
    for (const transaction of block?.prefetchedTransactions ?? []) {
      const receipt = await provider.getTransactionReceipt(transaction.hash);
      if (receipt?.status === 1) sent.push({ transaction, receipt, time: block?.timestamp ?? 0 });
    }
  }
  return sent;
}

/** A name of the address book as a key that forge reads. */
const keyOf = (name: string): string => name.replace(/[^A-Za-z0-9]/g, "_");

/** Addresses by name, and what the books say at the end: forge must come to the same. */
async function facts(world: World): Promise<Record<string, string | string[]>> {
  const { c, ctx } = world;
  const [terms, nav, supply, operators, block] = await Promise.all([
    c.pool.terms(),
    c.accountant.netAssetValue(),
    c.trEth.totalSupply(),
    c.operators.operators(),
    ctx.provider.getBlock("latest"),
  ]);
  const { admin, tightening, guardian } = ctx.config.governance;
  return {
    ...Object.fromEntries(ctx.book.list().map(([name, { address }]) => [keyOf(name), address])),
    ether: ETHER,
    deployer: ctx.deployer,
    admin,
    tightening,
    guardian,
    feeRecipient: ctx.config.accounting.feeRecipient,
    people: await Promise.all([0, 1].map(async (n) => (await world.person(n)).getAddress())),
    accounts: operators.map(({ account }) => account),
    delegators: operators.map(({ delegator }) => delegator),
    nodeOperators: operators.map(({ nodeOperator }) => nodeOperator),
    avss: ctx.config.avss.map(({ name }) => ctx.address(AVS(name))),
    rate: `${terms.rateWad}`,
    waiting: `${terms.waitingWad}`,
    nav: `${nav}`,
    supply: `${supply}`,
    time: `${block?.timestamp ?? 0}`,
    number: `${block?.number ?? 0}`,
  };
}

/** Writes what forge needs to stand where this world stands: its transactions, to be sent again, and where things are. */
export async function record(world: World, root: string): Promise<number> {
  const { provider } = world.ctx;
  const sent = await transactions(provider);
  const rows = await Promise.all(
    sent.map(async ({ transaction, receipt, time }) => {
      const created = receipt.contractAddress;
      const code = created === null ? "0x" : await provider.getCode(created);
      return [
        transaction.from,
        transaction.nonce,
        transaction.to ?? `0x${"00".repeat(20)}`,
        transaction.value,
        transaction.data,
        time,
        receipt.blockNumber,
        created ?? `0x${"00".repeat(20)}`,
        keccak256(code),
      ];
    }),
  );
  const folder = join(root, RECORDING);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "transactions.bin"),
    Buffer.from(AbiCoder.defaultAbiCoder().encode([TRANSACTION], [rows]).slice(2), "hex"),
  );
  writeFileSync(join(folder, "facts.json"), `${JSON.stringify(await facts(world), undefined, 2)}\n`);
  return sent.length;
}
