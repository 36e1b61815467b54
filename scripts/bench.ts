/**
 * What calls cost: the protocol's at four sizes beside their budgets, the engine's beside the real contracts' over the
 * recordings of test/conformance/traces.
 *   npm run bench                        prints both tables and writes test/snapshots/gas
 *   npm run bench -- --only protocol     one of them; the other is `engine`
 *   npm run bench -- --check             fails when a snapshot is not what was measured, and leaves it alone
 *   npm run bench -- --json <file>       also writes the protocol's rows there
 *   npm run bench -- --trace             also says where the gas of the engine's functions above the budget goes, and
 *                                        writes that to test/snapshots/gas/engine-breakdown.json, from which
 *                                        `npm run docs` makes docs/engine-gas.md
 *   npm run bench -- --trace <function>  says it of one function, such as strategyManager.unpause; writes nothing
 */
import { Command, Option } from "commander";
import { engineBench } from "./bench/engine";
import { protocolBench } from "./bench/protocol";

interface Options {
  check?: boolean;
  json?: string;
  only?: "protocol" | "engine";
  trace?: string | true;
}

async function main(): Promise<void> {
  const { only, trace, ...options } = new Command()
    .addOption(new Option("--only <table>", "one table").choices(["protocol", "engine"]))
    .option("--check", "compare with the snapshots instead of writing them")
    .option("--json <file>", "also write the protocol's rows there")
    .option("--trace [function]", "say where the engine's gas goes")
    .parse()
    .opts<Options>();
  const isUnmoved = [
    only === "engine" || trace !== undefined || (await protocolBench(options)),
    only === "protocol" || (await engineBench({ ...options, trace })),
  ];
  if (isUnmoved.includes(false)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
