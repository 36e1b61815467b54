import type { BaseContract, ContractTransactionReceipt, Signer } from "ethers";
import {
  BasketExit__factory,
  BasketLens__factory,
  TrEth__factory,
  WithdrawalQueue__factory,
} from "../../typechain-types";

/** Entries of deploy/addresses/<network>.json. */
export interface Addresses {
  TrEth: string;
  WithdrawalQueue: string;
  BasketExit: string;
  BasketLens: string;
}

/** The ticket that a request gave, from its own logs. */
function ticketIn(receipt: ContractTransactionReceipt | null, contract: BaseContract, event: string): bigint {
  const own = receipt?.logs.filter(({ address }) => address === contract.target) ?? []; // trETH's look alike
  return own.map((log) => contract.interface.parseLog(log)).find((log) => log?.name === event)?.args.id as bigint;
}

/** Joins today's batch of a line: one asset comes out, at the rate of the day on which the batch is paid. */
export async function joinLine(at: Addresses, holder: Signer, asset: string, shares: bigint): Promise<bigint> {
  const queue = WithdrawalQueue__factory.connect(at.WithdrawalQueue, holder);
  await (await TrEth__factory.connect(at.TrEth, holder).approve(queue, shares)).wait();
  const sent = await queue.request(asset, shares, holder);
  return ticketIn(await sent.wait(), queue, "Requested");
}

/** What a wallet shows of it, and the claim once there is something to claim: units of the ticket's asset. */
export async function collectFromLine(at: Addresses, holder: Signer, id: bigint): Promise<bigint> {
  const queue = WithdrawalQueue__factory.connect(at.WithdrawalQueue, holder);
  const { claimable } = await queue.withdrawalStatus(id); // also: earliest, latest, estimate, what it waits for
  if (claimable !== 0n) await (await queue.claim(id)).wait();
  return claimable;
}

/** Joins today's basket: a slice of every asset comes out, without a price, and no closed door holds it up. */
export async function joinBasket(at: Addresses, holder: Signer, shares: bigint): Promise<bigint> {
  const exit = BasketExit__factory.connect(at.BasketExit, holder);
  await (await TrEth__factory.connect(at.TrEth, holder).approve(exit, shares)).wait();
  const sent = await exit.request(shares, holder);
  return ticketIn(await sent.wait(), exit, "BasketRequested");
}

/** Claims what has come of a basket so far, and says how much of each asset that was and how much is still to come. */
export async function collectFromBasket(at: Addresses, holder: Signer, id: bigint) {
  const { status, coming } = await BasketLens__factory.connect(at.BasketLens, holder).ticket(id);
  const parts = coming.map(({ asset, inPool, restaked, unbonding, redeeming, isComplete }, i) => ({
    asset,
    claimed: status.claimable[i],
    stillToCome: inPool + restaked + unbonding + redeeming,
    isComplete, // false: say "at least"
  }));
  const assets = parts.filter(({ claimed }) => claimed !== 0n).map(({ asset }) => asset);
  if (assets.length !== 0) await (await BasketExit__factory.connect(at.BasketExit, holder).claim(id, assets)).wait();
  return parts;
}
