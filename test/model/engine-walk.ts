/** Walks the contracts and the model in lock step. Knows nothing of mocha: the test and the campaign use it alike. */
import { inspect } from "node:util";
import { EngineModel } from "./engine";
import { EngineChain } from "./engine-chain";
import { dice, Generator } from "./engine-generator";
import { broken } from "./engine-invariants";
import { OPERATORS, STRATEGIES, type Action, type Delays, type Observation } from "./engine-types";

export const DELAYS: Delays = { withdrawal: 20n, deallocation: 12n, configuration: 6n };
const TOKENS = 10n ** 30n;

export interface Walked {
  seed: number;
  trace: Action[];
  /** Actions that the engine refused, by error. */
  refused: Record<string, number>;
  failure?: string;
}

/** Operators with no delay, a short one and a longer one. */
const allocationDelays = Object.fromEntries(OPERATORS.map((name, i) => [name, BigInt(i * 3)]));

/** First difference of two values, as a path. */
export function difference(a: unknown, b: unknown, path = ""): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b ? undefined : `${path}: the contracts say ${inspect(a)}, the model ${inspect(b)}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [x, y] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]];
    const found = difference(x, y, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function countEntries(entries: Record<string, bigint>, before: Observation, after: Observation): void {
  for (const [name, { queued }] of Object.entries(after.accounts)) {
    for (const entry of queued.filter(({ nonce }) => nonce >= before.accounts[name].nonce)) {
      for (const strategy of entry.strategies) entries[strategy] += 1n;
    }
  }
}

/**
 * @param replayed Actions of an earlier walk instead of random ones.
 * @param Model What the contracts are held to.
 */
export async function walk(
  seed: number,
  length: number,
  replayed?: Action[],
  Model: typeof EngineModel = EngineModel,
): Promise<Walked> {
  const chain = await EngineChain.start(DELAYS, TOKENS, allocationDelays);
  const model = new Model(DELAYS, TOKENS, allocationDelays);
  const generator = new Generator(model, dice(seed));
  const walked: Walked = { seed, trace: [], refused: {} };
  const entries = Object.fromEntries(STRATEGIES.map((name) => [name, 0n]));
  let before = await chain.observe();
  model.observe(before.block);
  for (let i = 0; i < (replayed?.length ?? length); ++i) {
    const action = replayed?.[i] ?? generator.next();
    walked.trace.push(action);
    const refused = await chain.perform(action);
    const predicted = model.perform(action, await chain.latest());
    if (refused !== undefined) walked.refused[refused] = (walked.refused[refused] ?? 0) + 1;
    const after = await chain.observe();
    countEntries(entries, before, after);
    const extra = await chain.extra(before.block, after);
    const found = [
      refused === predicted ? undefined : `refused with ${refused}, the model with ${predicted}`,
      difference(after, model.observe(after.block)),
      ...broken({ action, refused, before, after, entries, extra }),
    ].filter((text) => text !== undefined);
    if (found.length > 0) {
      walked.failure = `step ${i}, ${JSON.stringify(action)}\n  ${found.join("\n  ")}`;
      return walked;
    }
    before = after;
  }
  return walked;
}

/** What a person needs to see a failure again. */
export function story({ seed, trace, failure }: Walked): string {
  return [
    `seed ${seed}, ${failure}`,
    `again: npm run walk -- --seed ${seed} --actions ${trace.length}`,
    `or put the actions in a file: npm run walk -- --replay actions.json`,
    JSON.stringify(trace),
  ].join("\n");
}
