import { DAY } from "../sim/time";
import type { Cast } from "./cast";
import { ASSETS, type PerAsset, type Snapshot } from "./moment";
import { sum, valueDown } from "./units";

/** One day of the report; ether values [wei], shares, and rates (WAD). */
export interface DayPoint {
  day: number;
  rate: bigint;
  /** Rate with everything that waits to be recognised. */
  fullRate: bigint;
  /** Sum of the places, recomputed; the books follow with their next report. */
  nav: bigint;
  supply: bigint;
  places: { idle: bigint; restaked: bigint; unbonding: bigint; redeeming: bigint; setAside: bigint };
  /** Parts of all stake by ether value [millionths of a percent], by set and by AVS. */
  exposure: Record<string, bigint>;
  /** Most that a set, an AVS, and all of them may have [bps]. */
  caps: Record<string, bigint>;
  budgetBps: bigint;
  /** Parts of all stake by ether value [millionths of a percent], by operator. */
  stake: Record<string, bigint>;
  waiting: PerAsset;
  /** Days since the oldest batch was opened that waits with more than dust. */
  oldestBatchDays: number;
  totalLoss: bigint;
}

/** Less than the desks' smallest move is dust [shares]. */
const WAITS = 10n ** 16n;

/** Part of all stake that a cap allows [bps], by set and by AVS. */
function capsOf(cast: Cast): Record<string, bigint> {
  const ofSets = cast.sets.map(({ key, capBps }) => [key, capBps] as const);
  const ofAvss = cast.sets.map(({ avs, avsCapBps }) => [avs, avsCapBps] as const);
  return Object.fromEntries([...ofSets, ...ofAvss]);
}

/** Takes from a snapshot what a report shows of a day. */
export function pointOf(s: Snapshot, cast: Cast): DayPoint {
  const byOperator = s.operators.map(({ name, stakes }) => [name, sum(stakes.map(({ value }) => value))] as const);
  const stake = sum(byOperator.map(([, value]) => value));
  const part = (exposure: bigint): bigint => (stake === 0n ? 0n : (exposure * 10_000n * 10_000n) / stake);
  const bySet = s.sets.map(({ set, exposure }) => [set, part(exposure)] as const);
  const avss = [...new Set(s.sets.map(({ avs }) => avs))];
  const byAvs = avss.map(
    (name) => [name, part(sum(s.sets.filter(({ avs }) => avs === name).map(({ exposure }) => exposure)))] as const,
  );
  const ofLine = s.tickets.map(({ asset, claimable }) => valueDown(claimable, s.rates[asset]));
  const ofBaskets = ASSETS.map((asset) => valueDown(s.baskets.aside[asset], s.rates[asset]));
  const setAside = sum([...ofLine, ...ofBaskets]);
  const open = s.batches.filter(({ remaining }) => remaining > WAITS).map(({ day }) => day);
  const oldest = open.reduce((least, day) => (day < least ? day : least), s.time / DAY);
  return {
    day: s.day,
    rate: s.rate,
    fullRate: s.rate + s.waiting,
    nav: sum(Object.values(s.places) as bigint[]),
    supply: s.supply,
    places: { ...s.places, setAside },
    exposure: Object.fromEntries([...bySet, ...byAvs]),
    caps: capsOf(cast),
    budgetBps: cast.rules.budgetBps,
    stake: Object.fromEntries(byOperator.map(([name, value]) => [name, part(value)])),
    waiting: s.queue.waiting,
    oldestBatchDays: Number(s.time / DAY - oldest),
    totalLoss: s.totalLoss,
  };
}
