// The only file of deploy/ that knows Hardhat.
import { join } from "node:path";
import {
  Interface,
  type BaseContract,
  type ContractFactory,
  type InterfaceAbi,
  type JsonRpcApiProvider,
  type Signer,
} from "ethers";
import hre from "hardhat";

/** ethers' name of each external library → its address. */
export type Libraries = Record<string, string>;
/** A call in the same transaction as an upgrade. */
export interface Call {
  fn: string;
  args: unknown[];
}
/** How an upgradeable implementation is built. `unsafeAllow` names exceptions to the upgrade plugin's rules. */
export interface Implementation {
  factory: ContractFactory;
  constructorArgs: unknown[];
  unsafeAllow?: UnsafeKind[];
}
export type UnsafeKind = NonNullable<
  NonNullable<Parameters<typeof hre.upgrades.deployBeacon>[1]>["unsafeAllow"]
>[number];

/** What the deployment needs to know and do, whatever runs it. */
export interface Chain {
  network: string;
  /** Lives and dies with this process: its address book is not worth a file. */
  inProcess: boolean;
  provider: JsonRpcApiProvider;
  deployer: Signer;
  abi(contract: string): Promise<Interface>;
  factory(contract: string, libraries?: Libraries): Promise<ContractFactory>;
  deployProxy(implementation: Implementation): Promise<BaseContract>;
  upgradeProxy(proxy: string, implementation: Implementation, call?: Call): Promise<void>;
  deployBeacon(implementation: Implementation, owner: string): Promise<BaseContract>;
  upgradeBeacon(beacon: string, implementation: Implementation): Promise<void>;
}

/** Folder of the address books. */
export const ADDRESSES = process.env.ADDRESSES_DIR || join(hre.config.paths.root, "deploy/addresses");

/** Made once a process: what is compiled does not change meanwhile, and to parse it is much of a deployment's work. */
const interfaces = new Map<string, Promise<Interface>>();
const factories = new Map<string, Promise<ContractFactory>>();

async function interfaceOf(contract: string): Promise<Interface> {
  return new Interface((await hre.artifacts.readArtifact(contract)).abi as InterfaceAbi);
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

async function mined(contract: BaseContract & { deployTransaction?: { wait(): Promise<unknown> } }): Promise<void> {
  // The plugin returns before the upgrade is mined.
  await contract.deployTransaction?.wait();
}

/** The chain of Hardhat's selected network; the deployer is the network's first account. */
export async function hardhatChain(): Promise<Chain> {
  const { ethers, upgrades, network } = hre;
  const [deployer] = await ethers.getSigners();
  const options = ({ constructorArgs, unsafeAllow = [] }: Implementation) => ({
    constructorArgs,
    unsafeAllow: [...unsafeAllow],
    unsafeAllowLinkedLibraries: unsafeAllow.includes("external-library-linking"),
  });
  return {
    network: network.name,
    inProcess: network.name === "hardhat",
    provider: ethers.provider as unknown as JsonRpcApiProvider,
    deployer,
    abi: (contract) => once(interfaces, contract, () => interfaceOf(contract)),
    factory: (contract, libraries = {}) =>
      once(factories, JSON.stringify([contract, libraries]), () =>
        ethers.getContractFactory(contract, { libraries, signer: deployer }),
      ),
    deployProxy: async (implementation) => {
      const proxy = await upgrades.deployProxy(implementation.factory, [], {
        ...options(implementation),
        kind: "uups",
      });
      return proxy.waitForDeployment();
    },
    upgradeProxy: async (proxy, implementation, call) => {
      const settings = { ...options(implementation), kind: "uups" as const, call };
      await mined(await upgrades.upgradeProxy(proxy, implementation.factory, settings));
    },
    deployBeacon: async (implementation, owner) => {
      const settings = { ...options(implementation), initialOwner: owner };
      return (await upgrades.deployBeacon(implementation.factory, settings)).waitForDeployment();
    },
    upgradeBeacon: async (beacon, implementation) => {
      await mined(await upgrades.upgradeBeacon(beacon, implementation.factory, options(implementation)));
    },
  };
}
