import { ZeroAddress } from "ethers";
import { ETHER } from "../../deploy/steps/names";
import type { Contracts } from "../sim/contracts";
import { readAllocations, type AllocationState } from "./allocations";
import { readRewards, type RewardsState } from "./rewards";

export { ETHER };

/** The issuers' desk among the values that may not be readable. */
export const ISSUERS = "issuers";

/** What a keeper needs to know of one asset and its line of tickets. */
export interface LineState {
  asset: string;
  idle: bigint;
  /** Units that no ticket waits for, and those that closed batches lack; none for ETH, which is not restaked. */
  restakeable: bigint;
  unbondNeeded: bigint;
  /** Units that operators' stakes owe to baskets and that are worth a withdrawal. */
  basketsDue: bigint;
  /** Engine shares that are to leave their operators. */
  draining: bigint;
  /** Days of the batches that are not paid in full, oldest first. */
  openBatches: bigint[];
}

export interface OperatorState {
  id: bigint;
  /** Start blocks of its queued withdrawals in the engine. */
  queued: bigint[];
}

/** From what a keeper decides about money on its way; plain data. */
export interface MoneyState {
  time: bigint;
  block: bigint;
  withdrawalDelay: bigint;
  reportedAt: bigint;
  fillsClosedUntil: bigint;
  delegators: string[];
  /** Delegators, assets and `ISSUERS`, as far as they could not be read. */
  unreadable: string[];
  /** A report does not go through, for want of gas. */
  reportFails: boolean;
  stakeableEther: bigint;
  stakeLimit: bigint;
  /** What staked ETH becomes. */
  stakedAs: string;
  redeemable: bigint;
  /** Whether there is rETH to burn for the ETH line, and the ether that burning would bring now [wei]. */
  burns: boolean;
  burnable: bigint;
  openRequests: bigint[];
  lastFinalisedRequest: bigint;
  /** When somebody last looked at the rate of cbETH, if that is an asset. */
  lookedAt?: bigint;
  /** Days of the baskets that are not struck, oldest first. */
  unstruckDays: bigint[];
  /** Arrivals that wait to be divided among baskets. */
  undivided: bigint;
  lines: LineState[];
  operators: OperatorState[];
}

/** From what a keeper decides. */
export interface KeeperState extends MoneyState {
  /** Something was sent to the issuers' desk by mistake. */
  stray: boolean;
  /** The capped feed: when its snapshot may be replaced, and whether the rate is young enough for that. */
  feed: { replaceableFrom: bigint; isFresh: boolean };
  allocations: AllocationState;
  rewards: RewardsState;
}

/** What costs a keeper the most to look at: it may look at it less often. */
export interface Look {
  /** Where the plan has every allocation. */
  steps: boolean;
  /** What everybody has earned since ever. */
  claims: boolean;
}

/** Less is rounding that claims leave, and not worth the gas [wei or units]. */
const WORTH_SWEEPING = 10n ** 15n;
/** Most gas of one transaction (EIP-7825). */
const MAX_GAS = 2n ** 24n;

async function unreadable({ accountant, issuer }: Contracts, subjects: string[]): Promise<string[]> {
  const readable = await Promise.all([...subjects, issuer].map((subject) => accountant.isReadable(subject)));
  return [...subjects, ISSUERS].filter((_, i) => !readable[i]);
}

const minusOrZero = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);

/** Reads everything in one go. */
export async function readState(c: Contracts, look: Look = { steps: true, claims: true }): Promise<KeeperState> {
  const money = await readMoney(c);
  return {
    ...money,
    stray: await hasStray(c),
    feed: {
      replaceableFrom: (await c.cappedFeed.snapshot()).takenAt + (await c.cappedFeed.MIN_INTERVAL()),
      isFresh: await c.cappedFeed.isFresh(),
    },
    allocations: await readAllocations(c, money.time, look.steps),
    rewards: await readRewards(c, money.time, look.claims),
  };
}

/** Reads what is on its way. */
export async function readMoney(c: Contracts): Promise<MoneyState> {
  const provider = c.pool.runner?.provider;
  const block = await provider?.getBlock("latest");
  if (!block) throw new Error("the node has no latest block");
  const stakedAs = await c.wstEth.getAddress();
  const books = await c.issuer.books(stakedAs, 0n);
  const burns = (await c.issuer.R_ETH()) !== ZeroAddress;
  const operators = await c.operators.operators();
  const delegators = operators.map(({ delegator }) => delegator);
  const drained = operators.filter(({ weight, quarantined }) => quarantined || weight === 0n);
  const assets = await c.registry.assets();
  const lines = await Promise.all(assets.map((asset) => lineState(c, asset, drained)));
  return {
    time: BigInt(block.timestamp),
    block: BigInt(block.number),
    withdrawalDelay: await c.delegation.minWithdrawalDelayBlocks(),
    reportedAt: (await c.pool.terms()).reportedAt,
    fillsClosedUntil: await c.accountant.fillsClosedUntil(),
    delegators,
    unreadable: await unreadable(c, [...delegators, ...assets]),
    reportFails: await c.accountant.report.staticCall({ gasLimit: MAX_GAS }).then(
      () => false,
      () => true,
    ),
    stakeableEther: minusOrZero(books.etherIdle, books.etherWaiting + (await c.instant.bufferTarget())),
    stakeLimit: (await c.stEth.isStakingPaused()) ? 0n : await c.stEth.getCurrentStakeLimit(),
    stakedAs,
    redeemable: minusOrZero(books.etherDue, books.etherIdle + books.etherRedeeming) > 0n ? books.unitsIdle : 0n,
    burns,
    // Only for closed batches of ETH; and zero when there is nothing to burn, or not now.
    burnable: burns && books.etherDue > 0n ? await c.issuer.burn.staticCall().catch(() => 0n) : 0n,
    openRequests: [...(await c.issuer.openRequests())],
    lastFinalisedRequest: await c.lidoQueue.getLastFinalizedRequestId(),
    lookedAt: (await c.cbEthSource?.seen())?.lookedAt,
    unstruckDays: [...(await c.baskets.unstruckDays())],
    undivided: (await c.basketBook.undivided()).count,
    lines,
    operators: await Promise.all(
      operators.map(async ({ delegator }, i) => {
        const [queue] = delegator === ZeroAddress ? [[]] : await c.delegation.getQueuedWithdrawals(delegator);
        return { id: BigInt(i), queued: queue.map(({ startBlock }) => startBlock) };
      }),
    ),
  };
}

async function hasStray({ issuer, stEth, wstEth, pool }: Contracts): Promise<boolean> {
  const desk = await issuer.getAddress();
  const [ether, shares, wrapped] = await Promise.all([
    pool.runner?.provider?.getBalance(desk),
    stEth.sharesOf(desk),
    wstEth.balanceOf(desk),
  ]);
  return (ether ?? 0n) + shares + wrapped >= WORTH_SWEEPING;
}

async function lineState(c: Contracts, asset: string, drained: { delegator: string }[]): Promise<LineState> {
  const isRestaked = asset !== ETHER;
  const books = await Promise.all(drained.map(({ delegator }) => c.accountant.book(delegator, asset)));
  return {
    asset,
    idle: await c.pool.idle(asset),
    restakeable: isRestaked ? await c.desk.restakeable(asset) : 0n,
    unbondNeeded: isRestaked ? await c.desk.unbondNeeded(asset) : 0n,
    basketsDue: isRestaked ? await c.desk.basketsDue(asset) : 0n,
    draining: books.reduce((sum, { restaked }) => sum + restaked, 0n),
    openBatches: [...(await c.queue.openBatches(asset))],
  };
}
