import { promises } from "../promises";
import type { Outcome } from "../run";

const withoutBigints = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

/** Everything a story was and became, as JSON: the same for the same scenario, seed and code. Whole numbers are strings. */
export function stateOf(outcome: Outcome): string {
  const { scenario, seed, series, events, closing, losses, baskets, yields, tally, final, transactions } = outcome;
  const state = {
    scenario,
    seed,
    transactions,
    promises: promises.map(({ id, sentence }) => ({ id, sentence, checks: tally.checks.get(id) ?? 0 })),
    broken: tally.broken,
    closing,
    losses,
    baskets: { struck: baskets, tickets: final.baskets.tickets },
    yields,
    balances: final.balances,
    tickets: final.tickets,
    events,
    series,
  };
  return `${JSON.stringify(state, withoutBigints, 2)}\n`;
}
