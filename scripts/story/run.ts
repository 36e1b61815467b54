import { loadConfig } from "../../deploy/config/load";
import { apy } from "../rewards/apy";
import type { Yields } from "../rewards/yields";
import { systemOf } from "../sim/rewards";
import { nextDay } from "../sim/time";
import { World } from "../sim/world";
import { castOf, type Cast } from "./cast";
import { withFixedClock } from "./clock";
import { Director } from "./director";
import { Chronicler } from "./journal";
import { Ledger, type Closing, type LossEntry } from "./ledger";
import type { BasketTicket, Snapshot } from "./moment";
import { notable } from "./report/tables";
import { checkAll, newTally, type Tally } from "./promises";
import type { Scenario } from "./scenario";
import { pointOf, type DayPoint } from "./series";
import { Line, readSnapshot } from "./snapshot";
import { ether } from "./units";

export interface StoryOptions {
  scenario: Scenario;
  seed: number;
  log: (line: string) => void;
}

const WEEK = 7;

/** Everything a report needs; only data. */
export interface Outcome {
  scenario: Scenario;
  seed: number;
  series: DayPoint[];
  events: { day: number; text: string }[];
  closing: Closing[];
  losses: LossEntry[];
  /** Basket tickets that were struck, with what was theirs right after it, by place. */
  baskets: { id: bigint; owner: string; day: number; atStrike: BasketTicket["told"] }[];
  /** Names, in the order of the configuration. */
  avss: string[];
  operators: string[];
  /** Where the yield came from; unknown in a short story, and where nobody reported for a week. */
  yields?: Yields;
  tally: Tally;
  final: Snapshot;
  transactions: number;
}

/** Deploys, lives through the scenario on the in-process chain and checks every promise after every day. */
export function runStory(options: StoryOptions): Promise<Outcome> {
  return withFixedClock(() => live(options));
}

async function live({ scenario, seed, log }: StoryOptions): Promise<Outcome> {
  const world = await World.create(loadConfig("hardhat"));
  const cast = await castOf(world, scenario);
  const { ctx } = world;
  log(`deployed: ${ctx.book.list().length} contracts, ${ctx.transactions} transactions`);
  await nextDay(ctx.provider); // the story's first day begins at a midnight, however long the deployment took
  await world.registerAll();
  log(`${cast.operators.length} operators serve ${cast.sets.length} operator sets of ${ctx.config.avss.length} AVSs`);

  const ledger = new Ledger(world, cast);
  const line = new Line();
  const director = await Director.of({ world, cast, ledger }, scenario, line, seed);
  const chronicler = await Chronicler.create(world, cast);
  const tally = newTally();
  const events: Outcome["events"] = [];
  const baskets: Outcome["baskets"] = [];
  let before = await readSnapshot(world, cast, line, 0, { fresh: true, baskets: chronicler.baskets });
  const series = [pointOf(before, cast)];
  let [silence, longest] = [0, 0]; // days without a report
  for (let day = 1; day <= scenario.days; ++day) {
    await nextDay(ctx.provider, 60n);
    const known = new Set(line.tickets);
    const told = await director.live(day);
    for (const id of line.tickets) known.add(id);
    const { after, journal } = await evening(world, cast, line, chronicler, before, day);
    journal.donations.push(...director.takeDonations());
    journal.told.push(...director.takeTold());
    journal.kept = director.worksOn(day);
    await ledger.book(journal, { before, after }, known, line.baskets);
    for (const { shares, supply, tickets } of journal.strikes) {
      for (const { id, owner, told: atStrike } of tickets) baskets.push({ id, owner, day, atStrike });
      told.push(`a basket leaves with ${ether(shares, 2)} of ${ether(supply, 2)} shares`);
    }
    for (const { value, set, subject, cause } of notable(ledger).filter((l) => l.day === day)) {
      told.push(`loss of ${ether(value, 3)} ETH (${cause === "slash" ? `${subject} in ${set ?? "?"}` : subject})`);
    }
    const broken = checkAll({ before, after, journal, rules: cast.rules }, tally);
    told.push(...broken.map(({ id, line: text }) => `BROKEN ${id}: ${text}`));
    silence = journal.reports.length > 0 ? 0 : silence + 1;
    longest = Math.max(longest, silence);
    const point = pointOf(after, cast);
    series.push(point);
    events.push(...told.map((text) => ({ day, text })));
    log(
      `day ${String(day).padStart(3)}  rate ${ether(after.rate, 6)}  NAV ${ether(point.nav, 1).padStart(8)}  ${told.join("; ")}`,
    );
    before = after;
  }
  return {
    scenario,
    seed,
    series,
    events,
    closing: ledger.close(before),
    losses: ledger.losses,
    baskets,
    avss: [...new Set(cast.sets.map(({ avs }) => avs))],
    operators: cast.operators.map(({ name }) => name),
    yields: longest < WEEK ? await yieldsOf(world, scenario) : undefined,
    tally,
    final: before,
    transactions: await sent(world),
  };
}

async function evening(world: World, cast: Cast, line: Line, chronicler: Chronicler, before: Snapshot, day: number) {
  const latest = await world.ctx.provider.getBlock("latest");
  const [block, time] = [BigInt(latest?.number ?? 0), BigInt(latest?.timestamp ?? 0)];
  const journal = await chronicler.read(before.block + 1n, block, time);
  const after = await readSnapshot(world, cast, line, day, { ...chronicler.marks, baskets: chronicler.baskets });
  return { after, journal };
}

/** From the evening of the first day to that of the last but one. */
async function yieldsOf(world: World, { days }: Scenario): Promise<Yields | undefined> {
  return days > 3 ? apy(await systemOf(world), BigInt(days) - 2n) : undefined;
}

/** Transactions of everybody in the story. */
async function sent(world: World): Promise<number> {
  const accounts = (await world.ctx.provider.send("eth_accounts", [])) as string[];
  const counts = await Promise.all(accounts.map((account) => world.ctx.provider.getTransactionCount(account)));
  return counts.reduce((sum, count) => sum + count, 0);
}
