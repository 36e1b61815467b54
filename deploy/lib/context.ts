import {
  BaseContract,
  Contract,
  getAddress,
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
} from "ethers";
import type { Config } from "../config/schema";
import type { AddressBook, Entry } from "./addresses";
import { hasCode, implementationOf, isBuiltFrom } from "./code";
import { DeploymentError, NotReady } from "./errors";
import type { Call, Chain, Implementation, Libraries, UnsafeKind } from "./hardhat";

const PLACEHOLDER = "Placeholder";
const BEACON_ABI = [
  "function implementation() view returns (address)",
  "function owner() view returns (address)",
  "function transferOwnership(address newOwner)",
];

/** How a contract is built besides its constructor arguments. */
export interface BuildOptions {
  libraries?: Libraries;
  /** Exceptions to the upgrade plugin's rules; prefer a `@custom:oz-upgrades-unsafe-allow` in the contract. */
  unsafeAllow?: UnsafeKind[];
}

/** What a step works with: the configuration, the chain, the addresses, and the ways to change them. */
export class Context<C = Config> {
  /** True while a step is applied; everything that sends refuses otherwise. */
  maySend = false;
  /** Transactions sent so far. */
  transactions = 0;
  readonly provider;
  readonly signer;

  constructor(
    readonly config: C,
    readonly chain: Chain,
    readonly chainId: bigint,
    readonly book: AddressBook,
    /** Address of `signer`, which deploys everything and ends with no role. */
    readonly deployer: string,
    readonly log: (line: string) => void = () => undefined,
  ) {
    this.provider = chain.provider;
    this.signer = chain.deployer;
  }

  /* READING */

  /** Whether a name is noted, at this address if one is given, and has code there. */
  async isDeployed(name: string, address?: string): Promise<boolean> {
    const entry = this.book.find(name);
    if (entry === undefined || (address !== undefined && entry.address !== getAddress(address))) return false;
    return hasCode(this.provider, entry.address);
  }

  /** Differences of presence alone: a line for each name that is not deployed (at its address, if one is given). */
  async absent(wanted: Record<string, string | undefined>): Promise<string[]> {
    const found = await Promise.all(
      Object.entries(wanted).map(async ([name, address]) => ({ name, there: await this.isDeployed(name, address) })),
    );
    return found.filter(({ there }) => !there).map(({ name }) => `${name} is not deployed`);
  }

  /** Address of a contract in the book. */
  address(name: string): string {
    return this.entry(name).address;
  }

  /** A contract of the book to call, as the deployer. Not ready (a difference) while it is a placeholder. */
  async contract<T extends BaseContract = Contract>(name: string): Promise<T> {
    const { address, contract, kind } = this.entry(name);
    if (contract === PLACEHOLDER && kind === "proxy") throw new NotReady(`${name} is still a placeholder`);
    const abi = kind === "beacon" ? BEACON_ABI : await this.chain.abi(contract);
    return new Contract(address, abi, this.signer) as BaseContract as T;
  }

  /**
   * Differences of code: a line when `name` is not deployed, or its code (behind a proxy or beacon: the implementation's)
   * is not exactly what `contract` gives with these constructor arguments.
   */
  async missing(name: string, contract: string, args: unknown[] = [], options: BuildOptions = {}): Promise<string[]> {
    const entry = this.book.find(name);
    if (entry === undefined || !(await hasCode(this.provider, entry.address))) return [`${name} is not deployed`];
    const code = await this.codeAddress(entry);
    const factory = await this.chain.factory(contract, options.libraries);
    const initCode = factory.bytecode + factory.interface.encodeDeploy(args).slice(2);
    if (await isBuiltFrom(this.provider, code, initCode, this.deployer)) {
      // An earlier run may have ended between the upgrade and the note of it.
      if (entry.contract !== contract) this.book.record(name, { ...entry, contract });
      return [];
    }
    if (code === this.book.find(PLACEHOLDER)?.address) return [`${name} is still a placeholder`];
    return [`${name} at ${entry.address} is not ${contract} with these constructor arguments and this source`];
  }

  /** Differences of proxies: a line for each name that has no proxy yet. */
  async missingProxies(names: string[]): Promise<string[]> {
    const found = await Promise.all(names.map((name) => this.isDeployed(name)));
    return names.filter((_, i) => !found[i]).map((name) => `${name} has no proxy`);
  }

  /* CHANGING */

  /** Waits for a transaction and counts it. `unknown`, because a contract read from the book has no static type. */
  async send(what: string, transaction: Promise<unknown>): Promise<ContractTransactionReceipt> {
    this.requireSending(what);
    const receipt = await ((await transaction) as ContractTransactionResponse).wait();
    if (receipt === null) throw new DeploymentError(`${what}: the transaction was not mined`);
    this.transactions++;
    this.log(`  → ${what}`);
    return receipt;
  }

  /** Writes down a contract that others deployed. It must have code. */
  async external(name: string, contract: string, address: string): Promise<void> {
    if (!(await hasCode(this.provider, address))) {
      throw new DeploymentError(`${name}: there is no contract at ${address} on chain ${this.chainId}`);
    }
    this.book.record(name, { address: getAddress(address), contract, kind: "external" });
  }

  /** Deploys a contract unless the book has it, and returns its address. What is there is never replaced. */
  async deploy(name: string, contract: string, args: unknown[] = [], options: BuildOptions = {}): Promise<string> {
    if (await this.isDeployed(name)) return this.address(name);
    const factory = await this.chain.factory(contract, options.libraries);
    const address = await this.counted(`deploy ${name}`, async () =>
      (await (await factory.deploy(...args)).waitForDeployment()).getAddress(),
    );
    this.book.record(name, { address, contract, kind: "plain" });
    return address;
  }

  /** Deploys contracts that must know each other; `action` returns the address of each name. */
  async deployTogether(what: string, contracts: Record<string, string>, action: () => Promise<Record<string, string>>) {
    const addresses = await this.counted(what, action);
    for (const [name, contract] of Object.entries(contracts)) {
      this.book.record(name, { address: addresses[name], contract, kind: "plain" });
    }
  }

  /** Deploys a UUPS proxy for each name that has none, all in front of one placeholder. */
  async deployProxies(names: string[]): Promise<void> {
    const placeholder = await this.implementation(PLACEHOLDER, [this.deployer], {});
    for (const name of names) {
      if (await this.isDeployed(name)) continue;
      const address = await this.counted(`deploy proxy of ${name}`, async () =>
        (await this.chain.deployProxy(placeholder)).getAddress(),
      );
      const code = getAddress(await implementationOf(this.provider, address));
      this.book.record(PLACEHOLDER, { address: code, contract: PLACEHOLDER, kind: "plain" });
      this.book.record(name, { address, contract: PLACEHOLDER, kind: "proxy" });
    }
  }

  /**
   * Gives a proxy its first real implementation and initialises it in the same transaction. Does nothing when that has
   * happened; anything else behind the proxy is governance's to change (deploy/changes), not a step's.
   */
  async upgradeProxy(
    name: string,
    contract: string,
    args: unknown[] = [],
    call?: Call,
    options: BuildOptions = {},
  ): Promise<void> {
    const [problem] = await this.missing(name, contract, args, options);
    if (problem === undefined) return;
    const entry = this.entry(name);
    await this.requirePlaceholder(name, entry, problem);
    const implementation = await this.implementation(contract, args, options);
    await this.counted(`set up ${name}`, () => this.chain.upgradeProxy(entry.address, implementation, call));
    this.book.record(name, { ...entry, contract });
  }

  /** Deploys an upgradeable beacon and its implementation unless the book has it. The deployer owns it by default. */
  async deployBeacon(
    name: string,
    contract: string,
    args: unknown[] = [],
    options: BuildOptions & { owner?: string } = {},
  ): Promise<string> {
    if (await this.isDeployed(name)) return this.address(name);
    const implementation = await this.implementation(contract, args, options);
    const address = await this.counted(`deploy beacon ${name}`, async () =>
      (await this.chain.deployBeacon(implementation, options.owner ?? this.deployer)).getAddress(),
    );
    this.book.record(name, { address, contract, kind: "beacon" });
    return address;
  }

  /** Gives a beacon another implementation. The deployer must own it. Does nothing when it has that already. */
  async upgradeBeacon(name: string, contract: string, args: unknown[] = [], options: BuildOptions = {}): Promise<void> {
    if ((await this.missing(name, contract, args, options)).length === 0) return;
    const entry = this.entry(name);
    const implementation = await this.implementation(contract, args, options);
    await this.counted(`upgrade beacon ${name}`, () => this.chain.upgradeBeacon(entry.address, implementation));
    this.book.record(name, { ...entry, contract });
  }

  /* INTERNALS */

  private entry(name: string): Entry {
    const entry = this.book.find(name);
    if (entry === undefined) throw new NotReady(`${name} is not deployed`);
    return entry;
  }

  private async implementation(contract: string, args: unknown[], options: BuildOptions): Promise<Implementation> {
    const factory = await this.chain.factory(contract, options.libraries);
    return { factory, constructorArgs: args, unsafeAllow: options.unsafeAllow };
  }

  private async codeAddress({ address, kind }: Entry): Promise<string> {
    if (kind === "proxy") return getAddress(await implementationOf(this.provider, address));
    if (kind !== "beacon") return address;
    return (await new Contract(address, BEACON_ABI, this.provider).getFunction("implementation")()) as string;
  }

  private async requirePlaceholder(name: string, entry: Entry, problem: string): Promise<void> {
    const placeholder = this.book.find(PLACEHOLDER)?.address;
    if (entry.kind !== "proxy" || (await this.codeAddress(entry)) !== placeholder) {
      throw new DeploymentError(`${problem}; after the first deployment an upgrade goes through deploy/changes`);
    }
    const code = new Contract(entry.address, await this.chain.abi(PLACEHOLDER), this.provider);
    const owner = (await code.getFunction("DEPLOYER")()) as string;
    if (owner !== this.deployer) {
      throw new DeploymentError(`the proxy of ${name} was deployed by ${owner}; only that account can set it up`);
    }
  }

  private requireSending(what: string): void {
    if (!this.maySend) throw new DeploymentError(`${what}: only a step's apply may send transactions`);
  }

  /** Counts the deployer's transactions during `action`; a deployment may need one or two. */
  private async counted<T>(what: string, action: () => Promise<T>): Promise<T> {
    this.requireSending(what);
    const before = await this.provider.getTransactionCount(this.deployer);
    const result = await action();
    this.transactions += (await this.provider.getTransactionCount(this.deployer)) - before;
    this.log(`  → ${what}`);
    return result;
  }
}
