import { ZeroAddress } from "ethers";
import type { Contracts } from "../sim/contracts";

/** ETH as an asset (EIP-7528). */
export const ETHER = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

/** The issuers' desk among the values that may not be readable. */
export const ISSUERS = "issuers";

/** What a keeper needs to know of one line of tickets. */
export interface LineState {
  asset: string;
  idle: bigint;
  /** Days of the batches that are not paid in full, oldest first. */
  openBatches: bigint[];
}

export interface OperatorState {
  id: bigint;
  /** Start blocks of its queued withdrawals in the engine. */
  queued: bigint[];
  drains: boolean;
  restaked: bigint;
}

/** Everything from which a keeper decides; plain data. */
export interface KeeperState {
  time: bigint;
  block: bigint;
  withdrawalDelay: bigint;
  reportedAt: bigint;
  fillsClosedUntil: bigint;
  asset: string;
  delegators: string[];
  /** Delegators, the asset and `ISSUERS`, as far as they could not be read. */
  unreadable: string[];
  /** A report does not go through, for want of gas. */
  reportFails: boolean;
  stakeableEther: bigint;
  stakeLimit: bigint;
  restakeable: bigint;
  unbondNeeded: bigint;
  redeemable: bigint;
  openRequests: bigint[];
  lastFinalisedRequest: bigint;
  lines: LineState[];
  operators: OperatorState[];
}

/** Most gas of one transaction (EIP-7825). */
const MAX_GAS = 2n ** 24n;

async function unreadable({ accountant, issuer }: Contracts, subjects: string[]): Promise<string[]> {
  const readable = await Promise.all([...subjects, issuer].map((subject) => accountant.isReadable(subject)));
  return [...subjects, ISSUERS].filter((_, i) => !readable[i]);
}

const minusOrZero = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);

/** Reads the state in one go. */
export async function readState(c: Contracts): Promise<KeeperState> {
  const provider = c.pool.runner?.provider;
  const block = await provider?.getBlock("latest");
  if (!block) throw new Error("the node has no latest block");
  const asset = await c.wstEth.getAddress();
  const books = await c.issuer.books(asset, 0n);
  const operators = await c.operators.operators();
  const delegators = operators.map(({ delegator }) => delegator);
  const lines = await Promise.all(
    [ETHER, asset].map(async (line) => ({
      asset: line,
      idle: await c.pool.idle(line),
      openBatches: [...(await c.queue.openBatches(line))],
    })),
  );
  return {
    time: BigInt(block.timestamp),
    block: BigInt(block.number),
    withdrawalDelay: await c.delegation.minWithdrawalDelayBlocks(),
    reportedAt: (await c.pool.terms()).reportedAt,
    fillsClosedUntil: await c.accountant.fillsClosedUntil(),
    asset,
    delegators,
    unreadable: await unreadable(c, [...delegators, asset]),
    reportFails: await c.accountant.report.staticCall({ gasLimit: MAX_GAS }).then(
      () => false,
      () => true,
    ),
    stakeableEther: minusOrZero(books.etherIdle, books.etherWaiting + (await c.instant.bufferTarget())),
    stakeLimit: (await c.stEth.isStakingPaused()) ? 0n : await c.stEth.getCurrentStakeLimit(),
    restakeable: await c.desk.restakeable(asset),
    unbondNeeded: await c.desk.unbondNeeded(asset),
    redeemable: minusOrZero(books.etherDue, books.etherIdle + books.etherRedeeming) > 0n ? books.unitsIdle : 0n,
    openRequests: [...(await c.issuer.openRequests())],
    lastFinalisedRequest: await c.lidoQueue.getLastFinalizedRequestId(),
    lines,
    operators: await Promise.all(
      operators.map(async ({ delegator, weight, quarantined }, i) => {
        const [queue] = delegator === ZeroAddress ? [[]] : await c.delegation.getQueuedWithdrawals(delegator);
        const { restaked } = await c.accountant.book(delegator, asset);
        return {
          id: BigInt(i),
          queued: queue.map(({ startBlock }) => startBlock),
          drains: quarantined || weight === 0n,
          restaked,
        };
      }),
    ),
  };
}
