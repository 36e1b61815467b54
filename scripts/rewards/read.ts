import { getAddress, ZeroAddress, type Interface, type Log, type LogDescription, type Provider } from "ethers";
import {
  IAllocationManagerActions__factory,
  IDelegationManager__factory,
  IRewardsCoordinator__factory,
} from "../../typechain-types";
import {
  DAY,
  INCENTIVES,
  setName,
  type Event,
  type Fact,
  type History,
  type Submission,
  type Weights,
} from "./history";

/** The three contracts of the engine whose events count. */
export interface Engine {
  delegation: string;
  allocation: string;
  rewards: string;
}

/** Blocks that a node is asked for at once. */
const PAGE = 10_000;

interface SetArgs {
  avs: string;
  id: bigint;
}
interface SubmissionArgs {
  strategiesAndMultipliers: { strategy: string; multiplier: bigint }[];
  token: string;
  amount: bigint;
  startTimestamp: bigint;
  duration: bigint;
}
interface DirectedArgs extends SubmissionArgs {
  operatorRewards: { operator: string; amount: bigint }[];
}

const nameOf = ({ avs, id }: SetArgs): string => setName(getAddress(avs), id);

function common(s: SubmissionArgs): Pick<Submission, "token" | "weights" | "firstDay" | "days"> {
  const weights: Weights = s.strategiesAndMultipliers.map(({ strategy, multiplier }) => ({ strategy, multiplier }));
  return { token: s.token, weights, firstDay: s.startTimestamp / DAY, days: s.duration / DAY };
}

function submission(kind: Submission["kind"], giver: string, s: SubmissionArgs): Fact {
  return { is: "submission", submission: { kind, giver, amount: s.amount, ...common(s) } };
}

function named(giver: string, s: DirectedArgs, of: { avs: string } | { set: string }): Fact {
  const amounts = s.operatorRewards.map(({ operator, amount }) => ({ operator, amount }));
  const kind: Submission["kind"] =
    "avs" in of ? { for: "named, of an AVS", ...of, amounts } : { for: "named, of a set", ...of, amounts };
  const amount = amounts.reduce((sum, part) => sum + part.amount, 0n);
  return { is: "submission", submission: { kind, giver, amount, ...common(s) } };
}

type Reader = (args: Record<string, never>) => Fact | undefined;
const reader = <T>(read: (args: T) => Fact | undefined): Reader => read as unknown as Reader;

interface StakeArgs {
  operator: string;
  staker: string;
  strategy: string;
  shares: bigint;
}
/** A slash is told by the magnitude: its event has no staker. */
const stake = ({ operator, staker, strategy, shares }: StakeArgs, sign: bigint): Fact | undefined =>
  staker === ZeroAddress ? undefined : { is: "stake", operator, staker, strategy, change: sign * shares };

const member = (a: { operator: string; operatorSet: SetArgs }, isIn: boolean): Fact => ({
  is: "membership",
  operator: a.operator,
  set: nameOf(a.operatorSet),
  member: isIn,
});

/** Every event that the calculation knows. */
const READERS: Record<string, Reader> = {
  OperatorSharesIncreased: reader((a: StakeArgs) => stake(a, 1n)),
  OperatorSharesDecreased: reader((a: StakeArgs) => stake(a, -1n)),
  OperatorAddedToOperatorSet: reader((a: Parameters<typeof member>[0]) => member(a, true)),
  OperatorRemovedFromOperatorSet: reader((a: Parameters<typeof member>[0]) => member(a, false)),
  AllocationUpdated: reader(
    (a: { operator: string; operatorSet: SetArgs; strategy: string; magnitude: bigint; effectBlock: bigint }) => ({
      is: "allocation",
      operator: a.operator,
      set: nameOf(a.operatorSet),
      strategy: a.strategy,
      magnitude: a.magnitude,
      effectBlock: a.effectBlock,
    }),
  ),
  MaxMagnitudeUpdated: reader((a: { operator: string; strategy: string; maxMagnitude: bigint }) => ({
    is: "magnitude",
    operator: a.operator,
    strategy: a.strategy,
    magnitude: a.maxMagnitude,
  })),
  DefaultOperatorSplitBipsSet: reader((a: { newDefaultOperatorSplitBips: bigint }) => ({
    is: "default split",
    bips: a.newDefaultOperatorSplitBips,
  })),
  OperatorAVSSplitBipsSet: reader(
    (a: { operator: string; avs: string; activatedAt: bigint; newOperatorAVSSplitBips: bigint }) => ({
      is: "split",
      operator: a.operator,
      scope: a.avs,
      bips: a.newOperatorAVSSplitBips,
      activatedAt: a.activatedAt,
    }),
  ),
  OperatorPISplitBipsSet: reader((a: { operator: string; activatedAt: bigint; newOperatorPISplitBips: bigint }) => ({
    is: "split",
    operator: a.operator,
    scope: INCENTIVES,
    bips: a.newOperatorPISplitBips,
    activatedAt: a.activatedAt,
  })),
  OperatorSetSplitBipsSet: reader(
    (a: { operator: string; operatorSet: SetArgs; activatedAt: bigint; newOperatorSetSplitBips: bigint }) => ({
      is: "split",
      operator: a.operator,
      scope: nameOf(a.operatorSet),
      bips: a.newOperatorSetSplitBips,
      activatedAt: a.activatedAt,
    }),
  ),
  AVSRewardsSubmissionCreated: reader((a: { avs: string; rewardsSubmission: SubmissionArgs }) =>
    submission({ for: "avs", avs: a.avs }, a.avs, a.rewardsSubmission),
  ),
  RewardsSubmissionForAllCreated: reader((a: { submitter: string; rewardsSubmission: SubmissionArgs }) =>
    submission({ for: "all" }, a.submitter, a.rewardsSubmission),
  ),
  RewardsSubmissionForAllEarnersCreated: reader((a: { tokenHopper: string; rewardsSubmission: SubmissionArgs }) =>
    submission({ for: "all earners" }, a.tokenHopper, a.rewardsSubmission),
  ),
  UniqueStakeRewardsSubmissionCreated: reader((a: { operatorSet: SetArgs; rewardsSubmission: SubmissionArgs }) =>
    submission({ for: "unique stake", set: nameOf(a.operatorSet) }, a.operatorSet.avs, a.rewardsSubmission),
  ),
  TotalStakeRewardsSubmissionCreated: reader((a: { operatorSet: SetArgs; rewardsSubmission: SubmissionArgs }) =>
    submission({ for: "total stake", set: nameOf(a.operatorSet) }, a.operatorSet.avs, a.rewardsSubmission),
  ),
  OperatorDirectedAVSRewardsSubmissionCreated: reader(
    (a: { avs: string; operatorDirectedRewardsSubmission: DirectedArgs }) =>
      named(a.avs, a.operatorDirectedRewardsSubmission, { avs: a.avs }),
  ),
  OperatorDirectedOperatorSetRewardsSubmissionCreated: reader(
    (a: { operatorSet: SetArgs; operatorDirectedRewardsSubmission: DirectedArgs }) =>
      named(a.operatorSet.avs, a.operatorDirectedRewardsSubmission, { set: nameOf(a.operatorSet) }),
  ),
};

const interfaces: Interface[] = [
  IDelegationManager__factory.createInterface(),
  IAllocationManagerActions__factory.createInterface(),
  IRewardsCoordinator__factory.createInterface(),
];

function parsed(log: Log): LogDescription | undefined {
  for (const abi of interfaces) {
    const found = abi.parseLog(log);
    if (found !== null) return found;
  }
  return undefined;
}

/** Reads blocks once each. */
export class Clock {
  private readonly times = new Map<number, bigint>();

  constructor(private readonly provider: Provider) {}

  async timeOf(block: number): Promise<bigint> {
    const known = this.times.get(block);
    if (known !== undefined) return known;
    const found = await this.provider.getBlock(block);
    if (found === null) throw new Error(`the node has no block ${block}`);
    this.times.set(block, BigInt(found.timestamp));
    return BigInt(found.timestamp);
  }

  /** The last block before a time, by halving. */
  async lastBefore(time: bigint, newest: number): Promise<number> {
    let [low, high] = [0, newest];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await this.timeOf(middle)) < time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Everything of the engine before `end`, which must be past, from its events alone. */
export async function readHistory(provider: Provider, engine: Engine, end: bigint): Promise<History> {
  const clock = new Clock(provider);
  const newest = await provider.getBlockNumber();
  if ((await clock.timeOf(newest)) < end) throw new Error(`the day that ends at ${end} is not over on this chain`);
  const last = await clock.lastBefore(end, newest);
  const events: Event[] = [];
  for (let from = 0; from <= last; from += PAGE) {
    const toBlock = Math.min(from + PAGE - 1, last);
    const logs = await provider.getLogs({ address: Object.values(engine) as string[], fromBlock: from, toBlock });
    for (const log of logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index)) {
      const found = parsed(log);
      const fact = found && READERS[found.name]?.(found.args as unknown as Record<string, never>);
      if (fact === undefined) continue;
      events.push({ block: BigInt(log.blockNumber), time: await clock.timeOf(log.blockNumber), ...fact });
    }
  }
  const blocks = new Map<bigint, bigint>();
  for (const day of daysOf(events, end)) blocks.set(day, BigInt(await clock.lastBefore((day + 1n) * DAY, last)));
  return { events, lastBlockOf: (day) => blocks.get(day) ?? 0n };
}

/** Days on which something is earned. */
function daysOf(events: Event[], end: bigint): bigint[] {
  const days = new Set<bigint>();
  for (const event of events) {
    if (event.is !== "submission") continue;
    const { firstDay, days: count } = event.submission;
    for (let day = firstDay; day < firstDay + count && day < end / DAY; ++day) days.add(day);
  }
  return [...days];
}
