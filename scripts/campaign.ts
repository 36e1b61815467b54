/**
 * The random walk over the whole deployment, with honest and hostile actors; every promise is checked after every action.
 *   npm run campaign -- [--calls 100000] [--seed 1] [--depth 500]   a walk begins anew after `depth` actions
 *   npm run campaign -- --dates 1000                                runs that look at nothing but the dates of tickets
 *   npm run campaign -- --record                                    only the deployment, for forge by hand
 *   npm run campaign -- --replay                                    the shortest sequence of the last failure, with a trace
 * Exit code 1 when a promise was broken; the seed and the shortest sequence of actions are printed.
 */
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { record } from "./campaign/record";
import { datesSummary, summary, type Outcome } from "./campaign/summary";
import { campaignConfig, inhabit } from "./campaign/world";
import { World } from "./sim/world";

const ROOT = join(__dirname, "..");

interface Options {
  calls: string;
  seed: string;
  depth: string;
  replay?: boolean;
  record?: boolean;
  dates?: string;
}

/** Runs forge; returns its exit code and what it printed. */
function forge(args: string[], env: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/toolchain/forge.cjs", "test", "--color", "never", ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs of a line with all its tickets; every run adds a line to a file. */
async function dates(runs: string, seed: string): Promise<number> {
  const results = join(ROOT, ".forge/dates.txt");
  rmSync(results, { force: true });
  const args = ["--match-contract", "DatesTest", "--fuzz-seed", seed];
  const { code, output } = await forge(args, { FOUNDRY_FUZZ_RUNS: runs });
  console.log(code === 0 ? datesSummary(readFileSync(results, "utf8")) : output);
  return code;
}

async function main(): Promise<void> {
  const program = new Command("campaign")
    .option("--calls <count>", "actions in all", "100000")
    .option("--seed <seed>", "where the dice begin", "1")
    .option("--depth <count>", "actions of one walk", "500")
    .option("--replay", "the last failure")
    .option("--dates <runs>", "runs that look at nothing but the dates of tickets")
    .option("--record", "only the deployment, for `forge test` by hand")
    .parse();
  const { calls, seed, depth, replay, record: onlyRecord, dates: dateRuns } = program.opts<Options>();
  const world = await World.create(campaignConfig());
  await inhabit(world);
  console.log(`${await record(world, ROOT)} transactions of the deployment recorded`);
  if (onlyRecord) return;
  if (dateRuns !== undefined) {
    process.exitCode = await dates(dateRuns, seed);
    return;
  }
  const runs = replay ? 1 : Math.ceil(Number(calls) / Number(depth));
  const start = Date.now();
  const args = ["--match-contract", "CampaignTest", "--fuzz-seed", seed, ...(replay ? ["-vvvv"] : [])];
  const outcome = await forge(args, {
    FOUNDRY_INVARIANT_RUNS: `${runs}`,
    FOUNDRY_INVARIANT_DEPTH: depth,
    FOUNDRY_INVARIANT_SHOW_METRICS: "true",
  });
  if (replay || outcome.code !== 0) console.log(outcome.output);
  console.log(summary(outcome, seed, (Date.now() - start) / 1_000));
  process.exitCode = outcome.code;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
