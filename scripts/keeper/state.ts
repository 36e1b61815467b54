import { ZeroAddress } from "ethers";
import type { Contracts } from "../sim/contracts";

/** ETH as an asset (EIP-7528). */
export const ETHER = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

/** What a keeper needs to know of one asset and its line of tickets. */
export interface LineState {
  asset: string;
  idle: bigint;
  /** Units that no ticket waits for, and those that closed batches lack; none for ETH, which is not restaked. */
  restakeable: bigint;
  unbondNeeded: bigint;
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

/** Everything from which a keeper decides; plain data. */
export interface KeeperState {
  time: bigint;
  block: bigint;
  withdrawalDelay: bigint;
  reportedAt: bigint;
  fillsClosedUntil: bigint;
  stakeableEther: bigint;
  stakeLimit: bigint;
  /** What staked ETH becomes. */
  stakedAs: string;
  redeemable: bigint;
  openRequests: bigint[];
  lastFinalisedRequest: bigint;
  lines: LineState[];
  operators: OperatorState[];
}

const minusOrZero = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);

/** Reads the state in one go. */
export async function readState(c: Contracts): Promise<KeeperState> {
  const provider = c.pool.runner?.provider;
  const block = await provider?.getBlock("latest");
  if (!block) throw new Error("the node has no latest block");
  const stakedAs = await c.wstEth.getAddress();
  const books = await c.issuer.books(stakedAs, 0n);
  const operators = await c.operators.operators();
  const drained = operators.filter(({ weight, quarantined }) => quarantined || weight === 0n);
  const lines = await Promise.all((await c.registry.assets()).map((asset) => lineState(c, asset, drained)));
  return {
    time: BigInt(block.timestamp),
    block: BigInt(block.number),
    withdrawalDelay: await c.delegation.minWithdrawalDelayBlocks(),
    reportedAt: (await c.pool.terms()).reportedAt,
    fillsClosedUntil: await c.accountant.fillsClosedUntil(),
    stakeableEther: minusOrZero(books.etherIdle, books.etherWaiting),
    stakeLimit: (await c.stEth.isStakingPaused()) ? 0n : await c.stEth.getCurrentStakeLimit(),
    stakedAs,
    redeemable: minusOrZero(books.etherDue, books.etherIdle + books.etherRedeeming) > 0n ? books.unitsIdle : 0n,
    openRequests: [...(await c.issuer.openRequests())],
    lastFinalisedRequest: await c.lidoQueue.getLastFinalizedRequestId(),
    lines,
    operators: await Promise.all(
      operators.map(async ({ delegator }, i) => {
        const [queue] = delegator === ZeroAddress ? [[]] : await c.delegation.getQueuedWithdrawals(delegator);
        return { id: BigInt(i), queued: queue.map(({ startBlock }) => startBlock) };
      }),
    ),
  };
}

async function lineState(c: Contracts, asset: string, drained: { delegator: string }[]): Promise<LineState> {
  const isRestaked = asset !== ETHER;
  const books = await Promise.all(drained.map(({ delegator }) => c.accountant.book(delegator, asset)));
  return {
    asset,
    idle: await c.pool.idle(asset),
    restakeable: isRestaked ? await c.desk.restakeable(asset) : 0n,
    unbondNeeded: isRestaked ? await c.desk.unbondNeeded(asset) : 0n,
    draining: books.reduce((sum, { restaked }) => sum + restaked, 0n),
    openBatches: [...(await c.queue.openBatches(asset))],
  };
}
