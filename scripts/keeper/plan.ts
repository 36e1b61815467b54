import { planAllocations, type AllocationCall } from "./allocations";
import { planRewards, type RewardsCall } from "./rewards";
import { ETHER, ISSUERS, type KeeperState, type MoneyState } from "./state";

/** A crank to turn. Nothing in it is a choice of the keeper: amounts follow from the chain's state. */
export type Call =
  | { crank: "report" }
  | { crank: "sync"; delegator: string }
  | { crank: "syncAsset"; asset: string }
  | { crank: "syncIssuers" }
  | { crank: "claim"; requests: bigint }
  | { crank: "complete"; operatorId: bigint; withdrawals: bigint }
  | { crank: "fill"; asset: string; batches: bigint }
  | { crank: "strike"; day: bigint }
  | { crank: "divide"; steps: bigint }
  | { crank: "burn" }
  | { crank: "redeem" }
  | { crank: "unbond"; asset: string; operators: bigint }
  | { crank: "stake" }
  | { crank: "restake"; asset: string; operators: bigint }
  | { crank: "poke" }
  | { crank: "sweep" }
  | { crank: "advance" }
  | AllocationCall
  | RewardsCall;

/** Smallest move of the desks [wei or units]. */
const MIN_MOVE = 10n ** 16n;
const DAY = 86_400n;
const PAGE = 16n;
/** Credits of baskets in one transaction. */
const STEPS = 64n;

const fillableFrom = (day: bigint): bigint => (day + 2n) * DAY;

/**
 * What is worth sending now. First what is known of losses, so that money moves at a true rate; then what is known of
 * operators and sets; then money; income comes last. Pure: the plan can be shown before anything is sent.
 */
export function plan(state: KeeperState): Call[] {
  const { time, allocations, rewards, feed } = state;
  const calls = knowledge(state);
  const isFresh = feed.isFresh || calls.some(({ crank }) => crank === "report");
  calls.push(...planAllocations(allocations, time), ...movements(state));
  if (time >= feed.replaceableFrom && isFresh) calls.push({ crank: "advance" });
  if (state.stray) calls.push({ crank: "sweep" });
  return [...calls, ...planRewards(rewards, time)];
}

/** The part of the plan that moves assets between the pool, the engine, the issuers and the lines. */
export function planMoney(state: MoneyState): Call[] {
  return [...knowledge(state), ...movements(state)];
}

/** Reports, when one is due or something else must be read first. */
function knowledge(state: MoneyState): Call[] {
  const calls = reads(state);
  if (state.time >= state.reportedAt + DAY / 2n || calls.length > 0) calls.push({ crank: "report" });
  return calls;
}

/**
 * The order that serves waiting tickets first: bring in what has arrived, pay, then ask for more, and only then put away
 * what nobody waits for.
 */
function movements(state: MoneyState): Call[] {
  const calls: Call[] = [];
  // Struck before anything comes home, so that what is idle then is divided as it is on its way.
  for (const day of state.unstruckDays) {
    if (state.time >= fillableFrom(day)) calls.push({ crank: "strike", day });
  }
  const claimable = state.openRequests.filter((id) => id <= state.lastFinalisedRequest).length;
  if (claimable > 0) calls.push({ crank: "claim", requests: BigInt(claimable) });
  for (const { id, queued } of state.operators) {
    const due = queued.filter((start) => state.block > start + state.withdrawalDelay).length;
    if (due > 0) calls.push({ crank: "complete", operatorId: id, withdrawals: BigInt(due) });
  }
  const arrives = calls.some(({ crank }) => crank === "claim" || crank === "complete");
  if (state.burnable > 0n || (arrives && state.burns && hasEtherLine(state))) calls.push({ crank: "burn" });

  for (const { asset, idle, openBatches } of state.lines) {
    const ready = openBatches.filter((day) => state.time >= fillableFrom(day)).length;
    const pays = idle > 0n || arrives || (asset === ETHER && state.burnable > 0n);
    if (ready > 0 && pays && state.time >= state.fillsClosedUntil) {
      calls.push({ crank: "fill", asset, batches: BigInt(ready) });
    }
  }
  if (state.redeemable > 0n || (arrives && hasEtherLine(state))) calls.push({ crank: "redeem" });
  for (const { asset, unbondNeeded, draining, basketsDue } of state.lines) {
    if (unbondNeeded > 0n || draining > 0n || basketsDue > 0n) calls.push({ crank: "unbond", asset, operators: PAGE });
  }
  const stakes = state.stakeableEther >= MIN_MOVE && state.stakeLimit >= MIN_MOVE;
  if (stakes) calls.push({ crank: "stake" });
  for (const { asset, restakeable } of state.lines) {
    if (restakeable >= MIN_MOVE || (stakes && asset === state.stakedAs)) {
      calls.push({ crank: "restake", asset, operators: PAGE });
    }
  }
  if (state.undivided > 0n) calls.push({ crank: "divide", steps: STEPS });
  if (state.lookedAt !== undefined && state.time >= state.lookedAt + DAY) calls.push({ crank: "poke" });
  return calls;
}

/**
 * What must be read one by one: values that could not be read, which a report leaves alone, and every other value when
 * there are so many failing ones that a report does not go through. The report after it goes by what was found.
 */
function reads({ delegators, lines, unreadable, reportFails }: MoneyState): Call[] {
  const due = (subject: string) => reportFails || unreadable.includes(subject);
  const assets = lines.map(({ asset }) => asset).filter((asset) => asset !== ETHER);
  return [
    ...delegators.filter(due).map((delegator): Call => ({ crank: "sync", delegator })),
    ...assets.filter(due).map((asset): Call => ({ crank: "syncAsset", asset })),
    ...(due(ISSUERS) ? [{ crank: "syncIssuers" } as const] : []),
  ];
}

function hasEtherLine({ lines }: MoneyState): boolean {
  return lines.some(({ asset, openBatches }) => asset === ETHER && openBatches.length > 0);
}
