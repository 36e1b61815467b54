import type { World } from "../../scripts/sim/world";
import { least } from "./protocol-state";

/** What the issuers would pay for each thing that they were asked to redeem, by their own numbers. */
export async function requestValues({ c }: World): Promise<Record<string, bigint>> {
  const { issuer, lidoQueue, stEth } = c;
  const ids = [...(await issuer.openRequests())];
  const values: Record<string, bigint> = {};
  if (ids.length === 0) return values;
  const hints = await lidoQueue.findCheckpointHints(ids, 1n, await lidoQueue.getLastCheckpointIndex());
  const paid = await lidoQueue.getClaimableEther(ids, [...hints]);
  for (const [i, request] of (await lidoQueue.getWithdrawalStatus(ids)).entries()) {
    const worth = await stEth.getPooledEthByShares(request.amountOfShares);
    values[String(ids[i])] = request.isFinalized ? paid[i] : least(request.amountOfStETH, worth);
  }
  return values;
}
