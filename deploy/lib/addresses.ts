import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { JsonRpcApiProvider } from "ethers";
import { z } from "zod";
import { hasCode } from "./code";
import { DeploymentError } from "./errors";

/** Chain id of Hardhat's and Foundry's local nodes, which begin anew at every start. */
const LOCAL_CHAIN = 31_337;

const entrySchema = z.strictObject({
  address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  /** Artifact that it is called through: for a proxy the implementation's. */
  contract: z.string().min(1),
  kind: z.enum(["plain", "proxy", "beacon", "external"]),
});
const bookSchema = z.strictObject({
  chainId: z.int().positive(),
  genesis: z.string(),
  contracts: z.record(z.string(), entrySchema),
});

export type Entry = z.infer<typeof entrySchema>;
type Identity = Pick<z.infer<typeof bookSchema>, "chainId" | "genesis">;

/** Where each contract of one network is. Without a file it lives in memory only. */
export class AddressBook {
  constructor(
    private readonly identity: Identity,
    private readonly entries: Map<string, Entry>,
    private readonly file?: string,
  ) {}

  find(name: string): Entry | undefined {
    return this.entries.get(name);
  }

  /** All entries, sorted by name. */
  list(): [string, Entry][] {
    return [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Adds or replaces an entry and writes the file at once: a crash later must not lose a contract. */
  record(name: string, entry: Entry): void {
    this.entries.set(name, entry);
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    const book = { ...this.identity, contracts: Object.fromEntries(this.list()) };
    // Written beside it and renamed, so that a run that is killed here leaves a whole book.
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(book, undefined, 2)}\n`);
    renameSync(draft, this.file);
  }
}

function parseBook(file: string): z.infer<typeof bookSchema> {
  try {
    return bookSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new DeploymentError(`${file} is not an address book: ${(error as Error).message}`);
  }
}

async function mismatch(
  provider: JsonRpcApiProvider,
  book: z.infer<typeof bookSchema>,
  node: Identity,
): Promise<string | undefined> {
  if (book.genesis !== node.genesis) return `was written for a chain that began with block ${book.genesis}`;
  for (const [name, { address }] of Object.entries(book.contracts)) {
    if (!(await hasCode(provider, address)))
      return `says that ${name} is at ${address}, where this node has no contract`;
  }
  return undefined;
}

/**
 * Opens the address book of the chain behind `provider`; `file` undefined keeps it in memory.
 * A book that was written for another chain is refused, except a local node's: that one has merely been restarted.
 */
export async function openAddressBook(
  provider: JsonRpcApiProvider,
  file: string | undefined,
  log: (line: string) => void,
): Promise<AddressBook> {
  const chainId = Number((await provider.getNetwork()).chainId);
  const node = { chainId, genesis: (await provider.getBlock(0))?.hash ?? "" };
  if (file === undefined || !existsSync(file)) return new AddressBook(node, new Map<string, Entry>(), file);

  const book = parseBook(file);
  if (book.chainId !== chainId) {
    throw new DeploymentError(
      `${file} was written for chain ${book.chainId}, but this node is on chain ${chainId}: check the RPC URL of the network`,
    );
  }
  const problem = await mismatch(provider, book, node);
  if (problem === undefined) return new AddressBook(node, new Map(Object.entries(book.contracts)), file);
  if (chainId === LOCAL_CHAIN) {
    log(`${file} ${problem}: the local node was restarted, the book begins anew`);
    return new AddressBook(node, new Map<string, Entry>(), file);
  }
  throw new DeploymentError(
    `${file} ${problem}: check the RPC URL and that the node is in sync; for a new deployment move the file away`,
  );
}
