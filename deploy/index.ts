import { join } from "node:path";
import { loadConfig } from "./config/load";
import { requireExternals } from "./config/outside";
import type { Config } from "./config/schema";
import { openAddressBook } from "./lib/addresses";
import { Context } from "./lib/context";
import { ConfigError, DeploymentError } from "./lib/errors";
import { ADDRESSES, hardhatChain } from "./lib/hardhat";
import { runSteps, type Mode, type Outcome, type Step } from "./lib/step";
import { steps as allSteps } from "./steps";

export interface DeployOptions {
  /** Default: the network's own. */
  config?: Config;
  mode?: Mode;
  steps?: Step[];
  /** Folder of the address book. Default: ADDRESSES_DIR or deploy/addresses; memory alone for the in-process chain. */
  addresses?: string;
  log?: (line: string) => void;
}

/** Refuses a deployer who would give up a role that is to be his: nobody would have it then. */
function requireOthers({ governance }: Config, deployer: string): void {
  const { admin, tightening, guardian } = governance;
  const kept = Object.entries({ admin, tightening, guardian }).filter(([, account]) => account === deployer);
  const lines = kept.map(([field]) => `governance.${field}: is the deployer, who must end with no role`);
  if (lines.length > 0) throw new ConfigError(lines.join("\n"));
}

/** Runs the deployment on Hardhat's selected network. Fixtures call it too: tests and networks differ only in data. */
export async function deploy(options: DeployOptions = {}): Promise<{ ctx: Context; outcomes: Outcome[] }> {
  const { mode = "apply", steps = allSteps, log = () => undefined } = options;
  const chain = await hardhatChain();
  const config = options.config ?? loadConfig(chain.network);
  if (chain.deployer === undefined) {
    throw new DeploymentError(
      `network ${chain.network} has no account to deploy from: set DEPLOYER_PRIVATE_KEY in .env`,
    );
  }
  const deployer = await chain.deployer.getAddress();
  requireOthers(config, deployer);
  await requireExternals(config, chain.provider);
  const folder = options.addresses ?? (chain.inProcess ? undefined : ADDRESSES);
  const file = folder === undefined ? undefined : join(folder, `${chain.network}.json`);
  const book = await openAddressBook(chain.provider, file, log);
  const { chainId } = await chain.provider.getNetwork();
  const ctx = new Context(config, chain, chainId, book, deployer, log);
  return { ctx, outcomes: await runSteps(steps, ctx, mode) };
}
