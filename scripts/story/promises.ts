import type { Moment } from "./moment";
import { accounting } from "./promises/accounting";
import { allocating } from "./promises/allocating";
import { basket } from "./promises/basket";
import { health } from "./promises/health";
import { leaving } from "./promises/leaving";
import type { PromiseKept } from "./promises/promise";
import { redeeming } from "./promises/redeeming";
import { risk } from "./promises/risk";
import { rewarding } from "./promises/rewarding";

export type { PromiseKept };

/** Every promise that is checked after every day. */
export const promises: PromiseKept[] = [
  ...accounting,
  ...leaving,
  ...basket,
  ...redeeming,
  ...rewarding,
  ...allocating,
  ...risk,
  ...health,
];

export interface Broken {
  id: string;
  day: number;
  line: string;
}

/** How often each promise was checked, and everything that was found. */
export interface Tally {
  checks: Map<string, number>;
  broken: Broken[];
}

/** A tally of nothing. */
export function newTally(): Tally {
  return { checks: new Map(promises.map(({ id }) => [id, 0])), broken: [] };
}

/** Checks all promises at a moment; returns and notes what is broken. */
export function checkAll(moment: Moment, tally: Tally): Broken[] {
  const found: Broken[] = [];
  for (const { id, applies, check } of promises) {
    if (applies !== undefined && !applies(moment)) continue;
    tally.checks.set(id, (tally.checks.get(id) ?? 0) + 1);
    found.push(...check(moment).map((line) => ({ id, day: moment.after.day, line })));
  }
  tally.broken.push(...found);
  return found;
}
