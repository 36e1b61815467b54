/**
 * Deploys Trellis, or compares a deployment with its configuration.
 *   npm run deploy -- --network localhost [--config file.json] [--verify | --plan]
 * Exit code: 0 done, 1 the deployment failed or --verify found differences, 2 the arguments or the configuration are wrong.
 */
import Table from "cli-table3";
import { Command } from "commander";
import { ConfigError, DeploymentError } from "../deploy/lib/errors";
import type { Mode } from "../deploy/lib/step";

interface Options {
  network: string;
  config?: string;
  verify?: true;
  plan?: true;
}

const program = new Command("deploy")
  .description("Deploys Trellis. A second run sends nothing; an interrupted one goes on where it ended.")
  .option("--network <name>", "network of hardhat.config.ts", "hardhat")
  .option("--config <file>", "configuration (JSON) instead of the network's own")
  .option("--verify", "send nothing; exit 1 when the chain differs from the configuration")
  .option("--plan", "send nothing; show what is to be done")
  .exitOverride();

async function run({ network, config, verify, plan }: Options): Promise<number> {
  // Hardhat picks its network when it is first imported.
  process.env.HARDHAT_NETWORK = network;
  const { loadConfig } = await import("../deploy/config/load");
  const parsed = loadConfig(network, config);
  const { deploy } = await import("../deploy").catch((error: Error) => {
    if (error.name !== "HardhatError") throw error;
    throw new ConfigError(`${error.message}\n(a public network exists only when its RPC URL is set, see .env.example)`);
  });

  const mode: Mode = verify ? "verify" : plan ? "plan" : "apply";
  const { ctx, outcomes } = await deploy({ config: parsed, mode, log: (line) => console.log(line) });
  const table = new Table({ head: ["contract", "address"], style: process.env.CI ? { head: [], border: [] } : {} });
  for (const [name, { address }] of ctx.book.list()) table.push([name, address]);
  if (table.length > 0) console.log(table.toString());

  const open = outcomes.filter(({ status }) => status === "differs" || status === "waits").length;
  console.log(
    `chain ${ctx.chainId}: ${outcomes.length - open} of ${outcomes.length} steps done, ${ctx.transactions} transactions sent`,
  );
  return mode === "verify" && open > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  try {
    program.parse();
  } catch (error) {
    return (error as { exitCode: number }).exitCode === 0 ? 0 : 2; // commander has said why
  }
  const options = program.opts<Options>();
  if (options.verify && options.plan) {
    console.error("choose one of --verify and --plan");
    return 2;
  }
  try {
    return await run(options);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    console.error(error.message);
    return error instanceof ConfigError ? 2 : 1;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
