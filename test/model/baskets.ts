/**
 * Whose the things on their way are, in exact fractions: every basket's part of every pot by itself. No number here is
 * rounded, and there are no marks: what the contracts do with one falling factor is done part by part.
 */
import type { Asset } from "./protocol-types";

export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

function common(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

export function fraction(n: bigint, d = 1n): Fraction {
  const divisor = common(n < 0n ? -n : n, d);
  return { n: n / divisor, d: d / divisor };
}

/** `n / d` of it. */
export const part = (f: Fraction, n: bigint, d = 1n): Fraction => fraction(f.n * n, f.d * d);
export const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const total = (parts: Fraction[]): Fraction => parts.reduce(plus, fraction(0n));
/** `low` ≤ it ≤ `high`. */
export const isBetween = ({ n, d }: Fraction, low: bigint, high: bigint): boolean => low * d <= n && n <= high * d;

/* POTS */

/** Anything that pays later: a stake, a withdrawal, a request. */
export interface Pot {
  /** Wholly theirs who stayed after so many strikes, but for the parts of earlier baskets that it was queued with. */
  at: number;
  /** Those earlier baskets were struck after this. */
  from: number;
  /** Engine shares that it was queued with, parts of earlier baskets among them; zero for everything else. */
  queued: bigint;
  stays: Fraction;
  /** By number of the strike. */
  baskets: Record<number, Fraction>;
}

/** What belongs wholly to those who stay after so many strikes. */
export const wholly = (at: number): Pot => ({ at, from: at, queued: 0n, stays: fraction(1n), baskets: {} });

/** A basket with `left` of `whole` shares is struck: it has that part of what stayed until now. */
export function strikePot(pot: Pot, strike: number, left: bigint, whole: bigint): void {
  pot.baskets[strike] = part(pot.stays, left, whole);
  pot.stays = part(pot.stays, whole - left, whole);
}

export const numbersOf = (baskets: Record<number, Fraction>): number[] => Object.keys(baskets).map(Number);
export const owedOf = (pot: Pot): Fraction => total(Object.values(pot.baskets));

/**
 * A withdrawal of `queued` engine shares out of a stake of `shares`: all that baskets have of the stake is in it. When it
 * is too small for that by a last unit or two, it is all theirs.
 */
export function withdrawn(pot: Pot, shares: bigint, queued: bigint, strikes: number): Pot {
  const owed = part(owedOf(pot), shares);
  const isAll = owed.n >= queued * owed.d;
  const scaled = (f: Fraction) => (isAll ? part(part(f, shares), owed.d, owed.n) : part(f, shares, queued));
  const baskets = Object.fromEntries(Object.entries(pot.baskets).map(([strike, f]) => [strike, scaled(f)]));
  const stays = plus(fraction(1n), part(total(Object.values(baskets)), -1n));
  const hasParts = owed.n > 0n;
  return { at: strikes, from: hasParts ? pot.at : strikes, queued: hasParts ? queued : 0n, stays, baskets };
}

/* ARRIVALS */

/** Bounds on how far the contracts may be off, in whole units: below, and above. */
export interface Slack {
  less: bigint;
  more: bigint;
}

/** What came home for baskets and is not divided. */
export interface Arrival {
  asset: Asset;
  /** For the baskets struck after this, … */
  from: number;
  /** … up to this. */
  to: number;
  /** Those up to this have theirs. */
  served: number;
  /** Units not divided, as the contracts count them. */
  left: bigint;
  /** What each basket is to get. */
  parts: Record<number, Fraction>;
  slack: Slack;
}

/** Puts it at the end; those for the same baskets are one until the first of these has its part. */
export function queueUp(arrivals: Arrival[], next: Arrival): void {
  const isSame = ({ asset, from, to }: Arrival) => asset === next.asset && from === next.from && to === next.to;
  const same = arrivals.filter(isSame).pop();
  if (same === undefined || same.served !== same.from) {
    arrivals.push(next);
    return;
  }
  same.left += next.left;
  same.slack = { less: same.slack.less + next.slack.less, more: same.slack.more + next.slack.more };
  for (const strike of numbersOf(next.parts)) same.parts[strike] = plus(same.parts[strike], next.parts[strike]);
}
