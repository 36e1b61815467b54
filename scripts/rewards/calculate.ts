import type { Leaf } from "./distribution";
import { EngineState } from "./engine-state";
import { DAY, INCENTIVES, type History, type Submission } from "./history";

const BIPS = 10_000n;

/** Stakers of one operator with what each counts. */
interface Party {
  operator: string;
  weights: [staker: string, weight: bigint][];
}

/** A moment at which stake counts: the end of a day. */
interface Snapshot {
  state: EngineState;
  day: bigint;
  block: bigint;
}

/** Divides an amount in proportion, each part rounded down; what is left over is returned beside the parts. */
export function divide(amount: bigint, weights: [string, bigint][]): { parts: [string, bigint][]; rest: bigint } {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0n);
  if (total === 0n) return { parts: [], rest: amount };
  const parts = weights.map(([who, weight]): [string, bigint] => [who, (amount * weight) / total]);
  return { parts, rest: parts.reduce((left, [, part]) => left - part, amount) };
}

/** The part of an amount that falls to a day of so many, counted from 0: all days together give the amount. */
export function partOfDay(amount: bigint, day: bigint, days: bigint): bigint {
  return (amount * (day + 1n)) / days - (amount * day) / days;
}

class Earnings {
  private readonly sums = new Map<string, Leaf>();

  add(earner: string, token: string, amount: bigint): void {
    const at = `${earner} ${token}`;
    this.sums.set(at, { earner, token, amount: (this.sums.get(at)?.amount ?? 0n) + amount });
  }

  leaves(): Leaf[] {
    return [...this.sums.values()];
  }
}

function partyOf({ state, block }: Snapshot, operator: string, { kind, weights }: Submission): Party {
  const stakeOf = (staker: string, strategy: string): bigint =>
    kind.for === "unique stake"
      ? state.allocatedStakeOf(operator, staker, strategy, kind.set, block)
      : state.stakeOf(operator, staker, strategy);
  const weightOf = (staker: string): bigint =>
    weights.reduce((sum, { strategy, multiplier }) => sum + multiplier * stakeOf(staker, strategy), 0n);
  return { operator, weights: state.stakersOf(operator).map((staker) => [staker, weightOf(staker)]) };
}

function isEligible({ state }: Snapshot, operator: string, { kind }: Submission): boolean {
  switch (kind.for) {
    case "all":
      return true;
    case "all earners":
      return state.isInAnySetOf(operator);
    case "avs":
    case "named, of an AVS":
      return state.isInAnySetOf(operator, kind.avs);
    default:
      return state.isInSet(operator, kind.set);
  }
}

/** What the operator keeps is decided where the rewards come from. */
function scopeOf({ kind }: Submission): string {
  switch (kind.for) {
    case "avs":
    case "named, of an AVS":
      return kind.avs;
    case "all":
    case "all earners":
      return INCENTIVES;
    default:
      return kind.set;
  }
}

/** The operator's split first, the rest among his stakers; what cannot be divided, and what has no staker, is his. */
function payParty(earnings: Earnings, { state, day }: Snapshot, party: Party, amount: bigint, s: Submission): void {
  const bips = state.splitOf(party.operator, scopeOf(s), (day + 1n) * DAY - 1n);
  const kept = (amount * bips) / BIPS;
  const { parts, rest } = divide(amount - kept, party.weights);
  for (const [staker, part] of parts) earnings.add(staker, s.token, part);
  earnings.add(party.operator, s.token, kept + rest);
}

function payNamed(
  earnings: Earnings,
  snapshot: Snapshot,
  s: Submission,
  named: { operator: string; amount: bigint }[],
) {
  for (const { operator, amount } of named) {
    const part = partOfDay(amount, snapshot.day - s.firstDay, s.days);
    if (isEligible(snapshot, operator, s)) {
      payParty(earnings, snapshot, partyOf(snapshot, operator, s), part, s);
    } else earnings.add(s.giver, s.token, part);
  }
}

/** Everything that falls to one day: to the last unit, somebody gets it. */
function payDay(earnings: Earnings, snapshot: Snapshot, s: Submission): void {
  if ("amounts" in s.kind) return payNamed(earnings, snapshot, s, s.kind.amounts);
  const amount = partOfDay(s.amount, snapshot.day - s.firstDay, s.days);
  const parties = snapshot.state
    .operators()
    .filter((operator) => isEligible(snapshot, operator, s))
    .map((operator) => partyOf(snapshot, operator, s));
  if (s.kind.for === "all") {
    const { parts, rest } = divide(
      amount,
      parties.flatMap(({ weights }) => weights),
    );
    for (const [staker, part] of parts) earnings.add(staker, s.token, part);
    earnings.add(s.giver, s.token, rest);
    return;
  }
  const weightOf = ({ weights }: Party): bigint => weights.reduce((sum, [, weight]) => sum + weight, 0n);
  const { parts, rest } = divide(
    amount,
    parties.map((party) => [party.operator, weightOf(party)]),
  );
  for (const [i, [, part]] of parts.entries()) payParty(earnings, snapshot, parties[i], part, s);
  earnings.add(s.giver, s.token, rest);
}

/**
 * What everybody has earned of every token in the days before `end`, by what was known then. Pure: the same history gives the
 * same leaves, to the unit.
 */
export function calculate({ events, lastBlockOf }: History, end: bigint): Leaf[] {
  if (end % DAY !== 0n) throw new Error(`${end} is not the end of a day`);
  const known = events.filter(({ time }) => time < end);
  const submissions = known.flatMap((event) => (event.is === "submission" ? [event.submission] : []));
  const firstDay = submissions.reduce((first, s) => (s.firstDay < first ? s.firstDay : first), end / DAY);
  const earnings = new Earnings();
  const state = new EngineState();
  let next = 0;
  for (let day = firstDay; day < end / DAY; ++day) {
    for (; next < known.length && known[next].time < (day + 1n) * DAY; ++next) state.apply(known[next]);
    const running = submissions.filter((s) => s.firstDay <= day && day < s.firstDay + s.days);
    if (running.length === 0) continue;
    const snapshot = { state, day, block: lastBlockOf(day) };
    for (const submission of running) payDay(earnings, snapshot, submission);
  }
  return earnings.leaves();
}
