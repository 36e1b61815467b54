/**
 * Campaigns of the engine's random walk: contracts and model in lock step, compared to the wei after every step.
 *   npm run walk -- [--seeds 20] [--actions 300] [--from 1]      many seeds
 *   npm run walk -- --seed 7 [--actions 120]                     one
 *   npm run walk -- --replay actions.json                        the actions of an earlier walk
 *   npm run walk -- --exits 1000 [--from 1]                      dates of tickets, on a quick and on a real engine in turn
 *   npm run walk -- --risk 100 [--actions 300] [--from 1]        caps and exposure, against everybody who can change them
 *   npm run walk -- --protocol 200 [--actions 60] [--from 1]     the protocol and its model, to the wei
 *   npm run walk -- --protocol 1 --replay actions.json           the actions of an earlier walk of the protocol
 *   npm run walk -- --profit 50 [--actions 60] [--from 1]        searches for a profit, of so many sequences each
 * Exit code 1 when a walk failed; its seed and actions are printed.
 */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { network } from "hardhat";
import type { Action } from "../test/model/engine-types";
import { story, walk } from "../test/model/engine-walk";
import { populated, walkExits, type Engine } from "../test/model/exit-walk";
import { populated as risky, walkRisk } from "../test/model/risk-walk";
import { Arena } from "../test/model/profit-arena";
import { isHarm, isProfit, search, told } from "../test/model/profit-search";
import type { Action as ProtocolAction } from "../test/model/protocol-types";
import { EVENTS, protocolStory, shrink, standing, walkProtocol } from "../test/model/protocol-walk";

/** Walks or searches after which a campaign tells its sums. */
const TELL_EVERY = 10;

interface Options {
  seeds: string;
  actions: string;
  from: string;
  seed?: string;
  replay?: string;
  exits?: string;
  risk?: string;
  protocol?: string;
  profit?: string;
}

/** Runs of the walk of dates; returns how many failed. */
async function exits(first: number, count: number): Promise<number> {
  let failures = 0;
  for (const engine of ["quick", "real"] satisfies Engine[]) {
    await network.provider.send("hardhat_reset");
    const world = await populated(engine);
    for (let seed = first + (engine === "real" ? 1 : 0); seed < first + count; seed += 2) {
      const walked = await walkExits(world, engine, seed);
      const { tickets, moved, closest } = walked;
      console.log(`${engine} engine, seed ${seed}: ${tickets} tickets, ${moved} moved, ${closest} seconds to spare`);
      if (walked.failures.length === 0) continue;
      failures += 1;
      console.log([...walked.told, ...walked.failures].join("\n"));
    }
  }
  return failures;
}

/** Runs of the walk of AVS risk; returns how many failed. */
async function risks(first: number, count: number, steps: number): Promise<number> {
  await network.provider.send("hardhat_reset");
  const stage = await risky();
  const sums = new Map<string, [done: number, refused: number]>();
  let failures = 0;
  for (let seed = first; seed < first + count; ++seed) {
    const { done, told, failures: found } = await walkRisk(stage, seed, steps, true);
    for (const [name, [went, refused]] of done) {
      const [allDone, allRefused] = sums.get(name) ?? [0, 0];
      sums.set(name, [allDone + went, allRefused + refused]);
    }
    console.log(`seed ${seed}: ${told.length} steps`);
    if (found.length === 0) continue;
    failures += 1;
    console.log([...told, ...found].join("\n"));
  }
  for (const [name, [went, refused]] of [...sums].sort()) console.log(`${name}: ${went} done, ${refused} refused`);
  return failures;
}

/** Walks of the protocol; returns how many failed. Sums are told as it goes: a run that is cut short still says what it did. */
async function protocol(first: number, count: number, actions: number, replay?: string): Promise<number> {
  await network.provider.send("hardhat_reset");
  const chain = await standing();
  const recorded = replay === undefined ? undefined : (JSON.parse(readFileSync(replay, "utf8")) as ProtocolAction[]);
  const done: Record<string, number> = {};
  const refused: Record<string, number> = {};
  let failures = 0;
  let calls = 0;
  for (let seed = first; seed < first + count; ++seed) {
    const walked = await walkProtocol(chain, seed, actions, recorded);
    calls += walked.trace.length;
    for (const [what, times] of Object.entries(walked.done)) done[what] = (done[what] ?? 0) + times;
    for (const [what, times] of Object.entries(walked.refused)) refused[what] = (refused[what] ?? 0) + times;
    const { strike = 0 } = walked.done;
    console.log(`seed ${seed}: ${walked.trace.length} actions, ${strike} strikes`);
    if (walked.failure !== undefined) {
      failures += 1;
      console.log(protocolStory(await shrink(chain, walked)));
    }
    const walks = seed - first + 1;
    if (walks % TELL_EVERY !== 0 && walks !== count) continue;
    console.log(`${walks} walks from seed ${first}, ${calls} actions, ${failures} failed`);
    console.log(`done ${JSON.stringify(done)}\nrefused ${JSON.stringify(refused)}`);
    const missing = EVENTS.filter((event) => done[event] === undefined);
    if (missing.length > 0) console.log(`never met: ${missing.join(", ")}`);
  }
  return failures;
}

/** Searches for a profit; returns how many found one, or a loss of those who only hold. */
async function profit(first: number, count: number, sequences: number): Promise<number> {
  await network.provider.send("hardhat_reset");
  const arena = await Arena.create();
  const sums = { sequences: 0, transactions: 0, best: 0n, harm: 0n, taken: 0n };
  let failures = 0;
  for (let seed = first; seed < first + count; ++seed) {
    const { best, worst, judged, done } = await search(arena, seed, sequences);
    sums.sequences += judged;
    sums.transactions += done;
    if (best.profit > sums.best) sums.best = best.profit;
    if (worst.harm > sums.harm) sums.harm = worst.harm;
    if (worst.taken > sums.taken) sums.taken = worst.taken;
    console.log(`seed ${seed}: ${judged} sequences, ${done} transactions; best profit ${best.profit}`);
    if (isProfit(best)) console.log(told(best));
    if (isHarm(worst)) console.log(told(worst));
    if (isProfit(best) || isHarm(worst)) failures += 1;
    const searches = seed - first + 1;
    if (searches % TELL_EVERY !== 0 && searches !== count) continue;
    const harm = `worst harm ${sums.harm} per share, ${sums.taken} units of a basket`;
    console.log(
      `${searches} searches from seed ${first}, ${sums.sequences} sequences, ${sums.transactions} transactions`,
    );
    console.log(`best profit ${sums.best}, ${harm}; ${failures} failed`);
  }
  return failures;
}

async function main(): Promise<void> {
  const program = new Command("walk")
    .option("--seeds <count>", "number of walks", "20")
    .option("--actions <count>", "actions of each", "300")
    .option("--from <seed>", "first seed", "1")
    .option("--seed <seed>", "one walk with this seed")
    .option("--replay <file>", "actions (JSON) instead of random ones")
    .option("--exits <count>", "runs of the walk of dates instead")
    .option("--risk <count>", "runs of the walk of AVS risk instead")
    .option("--protocol <count>", "walks of the protocol beside its model instead")
    .option("--profit <count>", "searches for a profit instead")
    .parse();
  const { seeds, actions, from, seed, replay, exits: runs, risk, ...more } = program.opts<Options>();
  const { protocol: walks, profit: searches } = more;
  if (searches !== undefined) {
    process.exitCode = (await profit(Number(from), Number(searches), Number(actions))) === 0 ? 0 : 1;
    return;
  }
  if (walks !== undefined) {
    process.exitCode = (await protocol(Number(from), Number(walks), Number(actions), replay)) === 0 ? 0 : 1;
    return;
  }
  if (runs !== undefined) {
    process.exitCode = (await exits(Number(from), Number(runs))) === 0 ? 0 : 1;
    return;
  }
  if (risk !== undefined) {
    process.exitCode = (await risks(Number(from), Number(risk), Number(actions))) === 0 ? 0 : 1;
    return;
  }
  const recorded = replay === undefined ? undefined : (JSON.parse(readFileSync(replay, "utf8")) as Action[]);
  const only = seed !== undefined || recorded !== undefined;
  const first = Number(seed ?? from);
  let failures = 0;
  for (let at = first; at < first + (only ? 1 : Number(seeds)); ++at) {
    await network.provider.send("hardhat_reset");
    const walked = await walk(at, Number(actions), recorded);
    const refused = Object.values(walked.refused).reduce((sum, count) => sum + count, 0);
    console.log(`seed ${at}: ${walked.trace.length} actions, ${refused} refused ${JSON.stringify(walked.refused)}`);
    if (walked.failure === undefined) continue;
    failures += 1;
    console.log(story(walked));
  }
  process.exitCode = failures === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
