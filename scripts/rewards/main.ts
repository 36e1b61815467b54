/**
 * What stakers have earned, from the chain's events by the formula of docs/rewards.md.
 *   npm run rewards -- calculate --network localhost [--end <unix time>] [--out file.json]
 *   npm run rewards -- post      --network localhost [--end <unix time>]      as the engine's updater
 *   npm run rewards -- claim     --network localhost                          for every staker of ours, to the router
 *   npm run rewards -- verify    --network localhost [--root <number>] [--file posted.json]
 *   npm run rewards -- apy       --network localhost [--days 30]                    where the yield came from
 * Exit code: 0 done, 1 failed or the root is not what was earned, 2 the arguments are wrong.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { z } from "zod";
import type { Leaf } from "./distribution";
import { apy } from "./apy";
import { claimAll, openSystem, type System } from "./system";
import { percent } from "./yields";
import { differences, distributionAt, lastEnd, published, rootAt } from "./roots";

interface Options {
  network: string;
  end?: string;
  out?: string;
  root?: string;
  file?: string;
  days?: string;
}

const leaf = z.object({ earner: z.string(), token: z.string(), amount: z.string().transform(BigInt) });
const file = z.object({ end: z.int(), root: z.string(), leaves: z.array(leaf) });

async function endOf({ provider }: System, { end }: Options): Promise<bigint> {
  return end === undefined ? lastEnd(provider) : BigInt(end);
}

async function calculate(system: System, options: Options): Promise<number> {
  const end = await endOf(system, options);
  const text = published(system.chainId, end, await distributionAt(system.provider, system.engine, end));
  if (options.out === undefined) process.stdout.write(text);
  else writeFileSync(options.out, text);
  return 0;
}

async function post(system: System, options: Options): Promise<number> {
  const end = await endOf(system, options);
  const { root, leaves } = await distributionAt(system.provider, system.engine, end);
  if (leaves.length === 0) throw new Error("nobody has earned anything: there is no root to post");
  const updater = await system.signer(await system.rewards.rewardsUpdater());
  await (await system.rewards.connect(updater).submitRoot(root, end)).wait();
  console.log(`posted ${root} of ${leaves.length} leaves until ${end}`);
  return 0;
}

async function verify(system: System, options: Options): Promise<number> {
  const count = await system.rewards.getDistributionRootsLength();
  if (options.root === undefined && count === 0n) throw new Error("no root is posted");
  const posted = await rootAt(system.rewards, options.root === undefined ? count - 1n : BigInt(options.root));
  const computed = await distributionAt(system.provider, system.engine, posted.end);
  const lines: string[] = [];
  if (computed.root !== posted.root) lines.push(`root ${posted.index} is ${posted.root}, not ${computed.root}`);
  if (options.file !== undefined) {
    const stated = file.parse(JSON.parse(readFileSync(options.file, "utf8")));
    lines.push(...differences(computed.leaves, stated.leaves satisfies Leaf[]));
  }
  for (const line of lines) console.log(line);
  if (lines.length === 0) console.log(`root ${posted.index} is what was earned until ${posted.end}`);
  return lines.length === 0 ? 0 : 1;
}

async function claim(system: System): Promise<number> {
  for (const line of await claimAll(system)) console.log(line);
  return 0;
}

async function showApy(system: System, { days = "30" }: Options): Promise<number> {
  const found = await apy(system, BigInt(days));
  console.log(`realised in ${days} days, in a year of such days:`);
  console.log(`  staking tokens ${percent(found.lst)}`);
  console.log(`  AVS rewards    ${percent(found.avs)}`);
  console.log(`  incentives     ${percent(found.incentives)}`);
  console.log(`  in the rate    ${percent(found.realised)}, after losses and fees, as far as it is recognised`);
  console.log(`sustainable: ${percent(found.sustainable)} of the income`);
  return 0;
}

function withCommands(run: (name: string, options: Options) => Promise<void>): Command {
  const program = new Command("rewards").exitOverride();
  const add = (name: string, what: string) =>
    program
      .command(name)
      .description(what)
      .option("--network <name>", "network of hardhat.config.ts", "localhost")
      .exitOverride();
  const number = /^\d+$/;
  const whole = (text: string): string => {
    if (!number.test(text)) throw new CommanderError(2, "rewards.number", `${text} is no whole number`);
    return text;
  };
  add("calculate", "computes what everybody has earned, and its root")
    .option("--end <time>", "end of a day (unix time); default: of yesterday", whole)
    .option("--out <file>", "write it there")
    .action((options: Options) => run("calculate", options));
  add("post", "computes and posts a root")
    .option("--end <time>", "end of a day (unix time); default: of yesterday", whole)
    .action((options: Options) => run("post", options));
  add("claim", "claims for every staker of ours, to the router").action((options: Options) => run("claim", options));
  add("verify", "computes a posted root again, and says which leaf differs")
    .option("--root <number>", "which; default: the newest", whole)
    .option("--file <file>", "leaves as they were published")
    .action((options: Options) => run("verify", options));
  add("apy", "says where the yield of some days came from")
    .option("--days <number>", "how many", whole)
    .action((options: Options) => run("apy", options));
  return program;
}

const COMMANDS: Record<string, (system: System, options: Options) => Promise<number>> = {
  calculate,
  post,
  claim,
  verify,
  apy: showApy,
};

withCommands(async (name, options) => {
  process.exitCode = await COMMANDS[name](await openSystem(options.network), options);
})
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  });
