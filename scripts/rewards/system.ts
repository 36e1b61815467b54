import { join } from "node:path";
import { Contract, type InterfaceAbi, type JsonRpcApiProvider, type Signer } from "ethers";
import type { IRewardsCoordinator, Lens, OperatorRegistry, RewardsRouter } from "../../typechain-types";
import {
  IRewardsCoordinator__factory,
  Lens__factory,
  OperatorRegistry__factory,
  RewardsRouter__factory,
} from "../../typechain-types";
import { claimableRoot, distributionAt } from "./roots";
import type { Engine } from "./read";

/** A deployment as far as rewards go. */
export interface System {
  provider: JsonRpcApiProvider;
  chainId: bigint;
  engine: Engine;
  rewards: IRewardsCoordinator;
  router: RewardsRouter;
  operators: OperatorRegistry;
  lens: Lens;
  /** The asset of which a token is a form; any other token itself. */
  asset: (token: string) => string;
  /** An account that signs: one of the node's, or of the network's keys. */
  signer: (account?: string) => Promise<Signer>;
}

/** Finds a deployment by the address book of a network. */
export async function openSystem(network: string): Promise<System> {
  // Hardhat picks its network when it is first imported.
  process.env.HARDHAT_NETWORK = network;
  const { ADDRESSES, hardhatChain } = await import("../../deploy/lib/hardhat");
  const { openAddressBook } = await import("../../deploy/lib/addresses");
  const { ENGINE, ETHER } = await import("../../deploy/steps/names");
  const { provider, deployer } = await hardhatChain();
  const book = await openAddressBook(provider, join(ADDRESSES, `${network}.json`), () => undefined);
  const at = (name: string): string => {
    const entry = book.find(name);
    if (entry === undefined) throw new Error(`${name} is not deployed on ${network}`);
    return entry.address;
  };
  const { ethers } = await import("hardhat");
  const contract = (name: string, abi: InterfaceAbi): unknown => new Contract(at(name), abi, deployer);
  return {
    provider,
    chainId: (await provider.getNetwork()).chainId,
    engine: { delegation: at(ENGINE.delegation), allocation: at(ENGINE.allocation), rewards: at(ENGINE.rewards) },
    rewards: contract(ENGINE.rewards, IRewardsCoordinator__factory.abi) as IRewardsCoordinator,
    router: contract("RewardsRouter", RewardsRouter__factory.abi) as RewardsRouter,
    lens: contract("Lens", Lens__factory.abi) as Lens,
    asset: (token) => ({ [at("WETH")]: ETHER, [at("stETH")]: at("wstETH") })[token] ?? token,
    operators: contract("OperatorRegistry", OperatorRegistry__factory.abi) as OperatorRegistry,
    signer: async (account) => (account === undefined ? deployer : ethers.getSigner(account)),
  };
}

/**
 * Claims, to the router, what every staker of ours has earned by the newest root that can be claimed by. Token by token: one
 * that reverts holds up none of the others. Refuses a root that is not what was earned.
 */
export async function claimAll({ provider, engine, rewards, router, operators, signer }: System): Promise<string[]> {
  const now = BigInt((await provider.getBlock("latest"))?.timestamp ?? 0);
  const posted = await claimableRoot(rewards, now);
  if (posted === undefined) return ["no root can be claimed by yet"];
  const distribution = await distributionAt(provider, engine, posted.end);
  if (distribution.root !== posted.root) {
    throw new Error(`root ${posted.index} is ${posted.root}, not ${distribution.root}: there is no proof for it`);
  }
  const lines: string[] = [];
  const by = await signer();
  for (const earner of await operators.delegators()) {
    for (const { token, amount } of distribution.leaves.filter((leaf) => leaf.earner === earner)) {
      const due = amount - (await rewards.cumulativeClaimed(earner, token));
      if (due <= 0n) continue;
      try {
        await (await router.connect(by).claim(distribution.claim(posted.index, earner, [token]))).wait();
        lines.push(`claimed ${due} of ${token} for ${earner}`);
      } catch (error) {
        lines.push(
          `${token} cannot be claimed for ${earner}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
  return lines;
}
