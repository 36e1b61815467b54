import { IAllocationManager__factory, IAnnouncedSlashes__factory } from "../../typechain-types";
import type { Contracts } from "../sim/contracts";

export interface SetId {
  avs: string;
  id: bigint;
}

/** An operator, as far as allocations, losses and faults go. */
export interface ServiceState {
  id: bigint;
  delegator: string;
  /** Shows a fault that anybody may report, and is not set aside yet. */
  isFaulty: boolean;
  /** Losses to slashing that are entered and not divided among sets [wei]. */
  undivided: bigint;
  /** Steps towards the plan that can be taken now; not read when nobody asks for them. */
  steps: bigint;
}

/** What a slasher that announces says, and what is written down about it. */
export interface WatchedSet {
  set: SetId;
  window: bigint;
  /** Last moment of an announced slash, zero without one; undefined: no answer, or one beyond the window. */
  answer?: bigint;
  until: bigint;
  failedAt: bigint;
}

/** A dropped set, with those who still have a place in the engine's list of its allocations. */
export interface DroppedSet {
  set: SetId;
  kept: { account: string; strategies: string[] }[];
  /** Nothing is allocated any more, and nothing is on its way down. */
  isOver: boolean;
}

export interface AllocationState {
  services: ServiceState[];
  proposals: { set: SetId; admissibleFrom: bigint; isSound: boolean }[];
  /** Admitted sets that are no longer what was admitted. */
  changed: SetId[];
  dropped: DroppedSet[];
  watched: WatchedSet[];
  /** Time in which silence does not count again [seconds]. */
  rest: bigint;
}

export type AllocationCall =
  | { crank: "quarantineSet"; set: SetId }
  | { crank: "admitSet"; set: SetId }
  | { crank: "forgetSet"; set: SetId }
  | { crank: "takeNotice"; set: SetId }
  | { crank: "reportFault"; operatorId: bigint }
  | { crank: "attribute"; delegator: string }
  | { crank: "rebalance"; operatorId: bigint; steps: bigint }
  | { crank: "clear"; account: string; strategies: string[] };

/** Most steps of one turn: what fits into a transaction with room to spare. */
const STEPS = 32n;
const STAGE = { admitted: 2n, dropped: 3n };
const SOUND = 0n;

/* PLANNING */

/** What is due about operators and sets: first what lowers a risk, then what raises one. Pure. */
export function planAllocations(state: AllocationState, time: bigint): AllocationCall[] {
  const { services, proposals, changed, dropped, watched, rest } = state;
  const due = proposals.filter(({ admissibleFrom, isSound }) => isSound && time >= admissibleFrom);
  const isMoved = changed.length > 0 || due.length > 0; // for every operator the plan is another one then
  return [
    ...changed.map((set): AllocationCall => ({ crank: "quarantineSet", set })),
    ...services.filter((s) => s.isFaulty).map(({ id }): AllocationCall => ({ crank: "reportFault", operatorId: id })),
    ...watched.filter((w) => isNews(w, time, rest)).map(({ set }): AllocationCall => ({ crank: "takeNotice", set })),
    ...services
      .filter(({ undivided }) => undivided > 0n)
      .map(({ delegator }): AllocationCall => ({ crank: "attribute", delegator })),
    ...due.map(({ set }): AllocationCall => ({ crank: "admitSet", set })),
    ...services
      .filter(({ steps, isFaulty }) => steps > 0n || isFaulty || isMoved)
      .map(({ id }): AllocationCall => ({ crank: "rebalance", operatorId: id, steps: STEPS })),
    ...dropped
      .filter(({ isOver }) => isOver)
      .flatMap(({ set, kept }): AllocationCall[] => [
        ...kept.map(({ account, strategies }): AllocationCall => ({ crank: "clear", account, strategies })),
        { crank: "forgetSet", set },
      ]),
  ];
}

/** Whether writing down what a slasher says would change what is written. */
function isNews({ answer, window, until, failedAt }: WatchedSet, time: bigint, rest: bigint): boolean {
  const isRested = time >= failedAt + window + rest;
  if (answer === undefined) return failedAt === 0n || isRested;
  return (answer !== 0n && until < time) || (failedAt !== 0n && isRested);
}

/* READING */

/** Reads it all; the plan of allocations only when it is asked for. */
export async function readAllocations(c: Contracts, time: bigint, withSteps: boolean): Promise<AllocationState> {
  const [operators, sets, proposals, rest] = await Promise.all([
    c.operators.operators(),
    c.sets.sets(),
    c.sets.proposals(),
    c.notices.REST(),
  ]);
  const listed = await Promise.all(
    [...sets].map(async ({ avs, id }) => ({ set: { avs, id }, status: await c.sets.statusOf({ avs, id }) })),
  );
  const accounts = operators.map(({ account }) => account);
  return {
    services: await Promise.all(
      operators.map(async ({ account, delegator, quarantined }, i) => ({
        id: BigInt(i),
        delegator,
        isFaulty: !quarantined && (await c.operators.isFaulty(i)),
        undivided: await undivided(c, account, delegator),
        steps: withSteps ? await c.controller.rebalance.staticCall(i, STEPS).catch(() => 0n) : 0n, // nothing, or not now
      })),
    ),
    proposals: await Promise.all(
      [...proposals].map(async ({ avs, id }) => {
        const { admissibleFrom, fault } = await c.sets.statusOf({ avs, id });
        return { set: { avs, id }, admissibleFrom, isSound: fault === SOUND };
      }),
    ),
    changed: listed
      .filter(({ status: { stage, fault } }) => stage === STAGE.admitted && fault !== SOUND)
      .map(({ set }) => set),
    dropped: await Promise.all(
      listed.filter(({ status: { stage } }) => stage === STAGE.dropped).map(({ set }) => droppedSet(c, set, accounts)),
    ),
    watched: await watchedSets(c, time),
    rest,
  };
}

async function undivided(c: Contracts, account: string, delegator: string): Promise<bigint> {
  const assets = await c.registry.assets();
  const entered = await Promise.all(assets.map((asset) => c.accountant.slashedOf(delegator, asset)));
  return entered.reduce((sum, value) => sum + value, 0n) - (await c.attribution.lossOfOperator(account));
}

async function droppedSet(c: Contracts, set: SetId, accounts: string[]): Promise<DroppedSet> {
  const engine = IAllocationManager__factory.connect(await c.allocation.getAddress(), c.allocation.runner);
  const kept: DroppedSet["kept"] = [];
  let isOver = true;
  for (const account of accounts) {
    const strategies = [...(await engine.getAllocatedStrategies(account, set))];
    if (strategies.length > 0) kept.push({ account, strategies });
    for (const strategy of strategies) {
      const { currentMagnitude, pendingDiff } = await engine.getAllocation(account, set, strategy);
      isOver = isOver && currentMagnitude === 0n && pendingDiff === 0n;
    }
  }
  return { set, kept, isOver };
}

async function watchedSets(c: Contracts, time: bigint): Promise<WatchedSet[]> {
  const list = await c.notices.watched();
  return Promise.all(
    list.map(async ({ set: { avs, id }, slasher, window }) => {
      const set = { avs, id };
      const [{ until, failedAt }, answer] = await Promise.all([
        c.notices.noteOf(set),
        IAnnouncedSlashes__factory.connect(slasher, c.sets.runner)
          .pendingUntil(avs, id)
          .catch(() => undefined), // a slasher of others may answer anything
      ]);
      const isAnswer = answer !== undefined && answer <= time + window;
      const open = answer !== undefined && answer >= time ? answer : 0n;
      return { set, window, answer: isAnswer ? open : undefined, until, failedAt };
    }),
  );
}
