/**
 * Answers the questions of a careful buyer from the chain.
 *   npm run checklist -- --network localhost [--config file.json]
 * Without a network: of a fresh deployment in memory. Exit code 1 when there is nothing to ask, or it does not answer.
 */
import { Command } from "commander";

interface Options {
  network: string;
  config?: string;
}

async function main(): Promise<void> {
  const program = new Command("checklist")
    .description("Answers the questions of a careful buyer from the chain. Sends nothing.")
    .option("--network <name>", "network of hardhat.config.ts", "hardhat")
    .option("--config <file>", "configuration (JSON) instead of the network's own")
    .parse();
  const { network, config } = program.opts<Options>();
  // Hardhat picks its network when it is first imported.
  process.env.HARDHAT_NETWORK = network;
  const { loadConfig } = await import("../../deploy/config/load");
  const { deploy } = await import("../../deploy");
  const { contractsOf } = await import("../sim/contracts");
  const { readFacts } = await import("./facts");
  const { page } = await import("./page");
  const mode = network === "hardhat" ? "apply" : "plan";
  const { ctx } = await deploy({ config: loadConfig(network, config), mode });
  console.log(page(await readFacts(ctx, await contractsOf(ctx))));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
