/**
 * Tells the life of a pool: deploys everything on a chain of its own, lives through a scenario and checks every promise
 * after every day.
 *   npm start [-- --scenario <file.json>] [--seed <n>] [--out <dir>]
 * Exit code: 0 every promise held, 1 one was broken, 2 the arguments or the scenario are wrong (nothing was started).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { loadScenario, ScenarioError, type Scenario } from "./scenario";

const DEFAULT_SCENARIO = join(__dirname, "scenarios/first-season.json");

interface Options {
  scenario: string;
  seed?: number;
  out: string;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > 0xffff_ffff) throw new InvalidArgumentError("a whole number up to 4294967295");
  return seed;
}

const program = new Command("story")
  .description("Lives through a scenario on a chain of its own and checks every promise after every day.")
  .option("--scenario <file>", "what happens (JSON, see docs/scenario.md)", DEFAULT_SCENARIO)
  .option("--seed <n>", "varies the scenario; same seed, same report", seedOf)
  .option("--out <dir>", "where the report goes", "report")
  .exitOverride();

async function run(scenario: Scenario, { seed = scenario.seed, out }: Options): Promise<number> {
  process.env.HARDHAT_NETWORK = "hardhat"; // a chain in this process, whatever the shell says
  const began = process.hrtime.bigint();
  console.log(`${scenario.name}: ${scenario.days} days, ${scenario.people.length} people, seed ${seed}`);
  const { runStory } = await import("./run");
  const outcome = await runStory({ scenario, seed, log: (line) => console.log(line) });
  const { closingTables, verdict } = await import("./report/tables");
  const { stateOf } = await import("./report/state");
  const { page } = await import("./report/page");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "state.json"), stateOf(outcome));
  writeFileSync(join(out, "index.html"), page(outcome));
  console.log(closingTables(outcome));
  console.log(verdict(outcome));
  const seconds = (process.hrtime.bigint() - began) / 1_000_000_000n;
  console.log(`report: ${relative(process.cwd(), join(out, "index.html"))} (${seconds} s)`);
  return outcome.tally.broken.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  try {
    program.parse();
  } catch (error) {
    return (error as { exitCode: number }).exitCode === 0 ? 0 : 2; // commander has said why
  }
  const options = program.opts<Options>();
  try {
    return await run(loadScenario(options.scenario), options);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    console.error(error.message);
    return 2;
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
