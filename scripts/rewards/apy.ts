import { Accountant__factory, type Lens } from "../../typechain-types";
import { calculate } from "./calculate";
import { DAY, type History } from "./history";
import { Clock, readHistory } from "./read";
import { lastEnd } from "./roots";
import type { System } from "./system";
import { yields, type Income, type Sample, type Yields } from "./yields";

const WAD = 10n ** 18n;
/** Days without a report after which there is nothing to compare. */
const LONGEST_SILENCE = 7n;

/** Tokens that are one asset in the books, by their names there. */
type Forms = (token: string) => string;

/** Which part of each token that our stakers earned was an incentive (WAD); what nobody earned is none of an AVS's. */
export function incentiveParts(history: History, end: bigint, ours: string[], asset: Forms): (token: string) => bigint {
  const sumsOf = (events: History["events"]): Map<string, bigint> => {
    const sums = new Map<string, bigint>();
    for (const { earner, token, amount } of calculate({ ...history, events }, end)) {
      if (ours.includes(earner)) sums.set(asset(token), (sums.get(asset(token)) ?? 0n) + amount);
    }
    return sums;
  };
  const isIncentive = (event: History["events"][number]): boolean =>
    event.is !== "submission" || event.submission.kind.for === "all" || event.submission.kind.for === "all earners";
  const [all, incentives] = [sumsOf(history.events), sumsOf(history.events.filter(isIncentive))];
  return (token) => {
    const total = all.get(asset(token)) ?? 0n;
    return total === 0n ? WAD : ((incentives.get(asset(token)) ?? 0n) * WAD) / total;
  };
}

async function sampleAt(lens: Lens, blockTag: number): Promise<Sample> {
  const { netAssetValue, rateWad, assets } = await lens.backing({ blockTag });
  const list = assets.map((a) => ({ asset: a.asset, etherValue: a.etherValue, rateWad: a.rateWad }));
  return { netAssetValue, rateWad, assets: list };
}

/** Blocks of the last report before each end of a day: the books are the freshest there. */
async function reportsBefore({ provider, lens }: System, end: bigint, days: bigint): Promise<number[]> {
  const clock = new Clock(provider);
  const newest = await provider.getBlockNumber();
  const ends: number[] = [];
  for (let day = 0n; day <= days; ++day) ends.push(await clock.lastBefore(end - (days - day) * DAY, newest));
  const accountant = Accountant__factory.connect(await lens.ACCOUNTANT(), provider);
  const oldest = await clock.lastBefore(end - (days + LONGEST_SILENCE) * DAY, newest);
  const reports = await accountant.queryFilter(accountant.filters.Reported(), oldest, ends[ends.length - 1]);
  return ends.map((last) => {
    const before = reports.filter(({ blockNumber }) => blockNumber <= last);
    if (before.length === 0) throw new Error(`there is no report in the week before block ${last}`);
    return before[before.length - 1].blockNumber;
  });
}

/** The days before today, from the chain as it was: the node must know old states. */
export async function apy(system: System, days: bigint): Promise<Yields> {
  const { provider, engine, lens, router, operators, asset } = system;
  const end = await lastEnd(provider);
  const blocks = await reportsBefore(system, end, days);
  const samples: Sample[] = [];
  for (const block of blocks) samples.push(await sampleAt(lens, block));
  const part = incentiveParts(
    await readHistory(provider, engine, end),
    end,
    [...(await operators.delegators())],
    asset,
  );
  const dayOf = (block: number): number => blocks.findIndex((last) => block <= last) - 1;
  const [from, to] = [blocks[0] + 1, blocks[blocks.length - 1]];
  const incomes: Income[] = [];
  for (const { args, blockNumber } of await router.queryFilter(router.filters.Sold(), from, to)) {
    incomes.push({ after: dayOf(blockNumber), etherValue: args.etherValue, incentiveWad: part(args.token) });
  }
  for (const { args, blockNumber } of await router.queryFilter(router.filters.Delivered(), from, to)) {
    const after = dayOf(blockNumber);
    const rateWad = samples[after].assets.find((a) => a.asset === args.asset)?.rateWad ?? 0n;
    incomes.push({ after, etherValue: (args.units * rateWad) / WAD, incentiveWad: part(args.asset) });
  }
  return yields(samples, incomes);
}
