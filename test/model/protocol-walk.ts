/** Walks the deployed protocol and its model in lock step. Knows nothing of mocha: the test and the campaign use it alike. */
import { network } from "hardhat";
import { local } from "../../deploy/config/local";
import type { ConfigInput } from "../../deploy/config/schema";
import { fewAvss } from "../world";
import { dice } from "./engine-generator";
import { difference } from "./engine-walk";
import { ProtocolModel } from "./protocol";
import { ProtocolChain } from "./protocol-chain";
import { ProtocolGenerator } from "./protocol-generator";
import { Broken } from "./protocol-books";
import { UNREADABLE } from "./protocol-state";
import { ASSETS, type Action, type Outcome, type Step } from "./protocol-types";

export interface ProtocolWalked {
  seed: number;
  trace: Action[];
  /** Actions that were refused, by error. */
  refused: Record<string, number>;
  /** Actions that were done, by kind, and what came of them. */
  done: Record<string, number>;
  failure?: string;
}

/** What a campaign must have met to mean something. */
export const EVENTS = [
  ...["alarm", "loss", "fee at its cap", "gain waits", "paid in part", "move", "redeem", "slash"],
  ...["strike", "crumbs paid", "came home for baskets", "paid by an issuer for baskets", "divide", "collect"],
  ...["slashed on its way", "undelegate", "unreadable"],
];

/** The local configuration with limits that bind: a walk of an hour meets all of them. */
export function tight(): ConfigInput {
  const config = fewAvss(local);
  const limits = { cap: "1500 ether", inflowBps: 1_000, inflowFloor: "500 ether" };
  return {
    ...config,
    ether: { ...config.ether, ...limits, cap: "4000 ether" },
    assets: config.assets.map((asset) => ({ ...asset, ...limits })),
    // A report at the end of a day and one at the beginning of it grow by two allowances: more fee than the cap.
    accounting: { ...config.accounting, feeBps: 2_000, feeCapBpsPerDay: 1 },
  };
}

/** A protocol that stands, from which every walk begins. */
export const standing = (): Promise<ProtocolChain> => ProtocolChain.start(tight());

/**
 * @param replayed Actions of an earlier walk instead of random ones.
 * @param Model What the contracts are held to.
 */
export async function walkProtocol(
  chain: ProtocolChain,
  seed: number,
  length: number,
  replayed?: Action[],
  Model: typeof ProtocolModel = ProtocolModel,
): Promise<ProtocolWalked> {
  return (await walkBeside(chain, seed, length, [Model], replayed))[0];
}

/** The same beside several models at once, each until it fails; the first one's state decides what is done. */
export async function walkBeside(
  chain: ProtocolChain,
  seed: number,
  length: number,
  Models: (typeof ProtocolModel)[],
  replayed?: Action[],
): Promise<ProtocolWalked[]> {
  const untouched = (await network.provider.send("evm_snapshot")) as string;
  const restore = chain.remember();
  try {
    const { time, facts } = await chain.beginning();
    const walks = Models.map((Model) => {
      const walked: ProtocolWalked = { seed, trace: [], refused: {}, done: {} };
      return { model: new Model(chain.rules, time, facts), walked };
    });
    const generator = new ProtocolGenerator(walks[0].model, dice(seed));
    for (let i = 0; i < (replayed?.length ?? length); ++i) {
      const going = walks.filter(({ walked }) => walked.failure === undefined);
      if (going.length === 0) break;
      const action = replayed?.[i] ?? generator.next(chain.observed().time);
      const outcome = await chain.perform(action);
      for (const { model, walked } of going) {
        walked.trace.push(action);
        const found = compare(chain, model, action, outcome, walked);
        if (found !== undefined) walked.failure = `step ${i}, ${JSON.stringify(action)}\n  ${found}`;
      }
    }
    return walks.map(({ walked }) => walked);
  } finally {
    await network.provider.send("evm_revert", [untouched]);
    restore();
  }
}

/** One action in lock step; returns where the two differ. */
function compare(
  chain: ProtocolChain,
  model: ProtocolModel,
  action: Action,
  outcome: Outcome,
  walked: ProtocolWalked,
): string | undefined {
  const { refused } = outcome;
  if (refused !== undefined) walked.refused[refused] = (walked.refused[refused] ?? 0) + 1;
  const { closedUntil } = model.s.alarm;
  const { loss } = model.s;
  try {
    const predicted = model.perform(action, outcome);
    if (refused !== predicted) return `refused with ${refused}, the model with ${predicted}`;
  } catch (error) {
    if (error instanceof Broken) return error.message;
    throw error;
  }
  const count = (what: string, happened: boolean) => {
    if (happened) walked.done[what] = (walked.done[what] ?? 0) + 1;
  };
  const { s } = model;
  count(action.do, refused === undefined);
  count("alarm", s.alarm.closedUntil !== closedUntil);
  count("loss", s.loss > loss);
  const { seen, time } = chain.observed();
  count("fee at its cap", seen.feeMinted > 0n && model.feeLeft(time) === 0n);
  count("gain waits", s.waiting > 10n ** 9n);
  const partly = ASSETS.some((asset) => s.batches[asset].some((b) => b.assets > 0n && b.remaining > 0n));
  const landed = (is: Step["is"]) => outcome.moved.steps.some((at) => at.is === is && at.landed.length > 0);
  count("crumbs paid", landed("restaked"));
  count("came home for baskets", landed("completed"));
  count("paid by an issuer for baskets", landed("paid"));
  count("unreadable", s.stamps.includes(UNREADABLE));
  const isOwed = Object.values(s.baskets.withdrawals).some(({ baskets }) => Object.keys(baskets).length > 0);
  count("slashed on its way", action.do === "slash" && isOwed);
  count("paid in part", action.do === "fill" && refused === undefined && partly);
  return difference(seen, model.see(time));
}

/** A shorter trace that fails in the same way: leaves out what does not matter, larger pieces first. */
export async function shrink(
  chain: ProtocolChain,
  { seed, trace, failure }: ProtocolWalked,
  Model: typeof ProtocolModel = ProtocolModel,
): Promise<ProtocolWalked> {
  let best: ProtocolWalked = { seed, trace, failure, refused: {}, done: {} };
  for (let size = Math.ceil(trace.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.trace.length;) {
      const shorter = [...best.trace.slice(0, from), ...best.trace.slice(from + size)];
      const again = await walkProtocol(chain, seed, 0, shorter, Model);
      if (again.failure === undefined) from += size;
      else best = again;
    }
  }
  return best;
}

/** What a person needs to see a failure again. */
export function protocolStory({ seed, trace, failure }: ProtocolWalked): string {
  return [
    `seed ${seed}, ${failure}`,
    `again: npm run walk -- --protocol 1 --from ${seed} --actions ${trace.length}`,
    `or put the actions in a file: npm run walk -- --protocol 1 --replay actions.json`,
    JSON.stringify(trace),
  ].join("\n");
}
