import { Interface, type ContractTransactionReceipt } from "ethers";
import type { Contracts } from "../sim/contracts";
import type { Call } from "./plan";
import { transaction } from "./transactions";

/** Errors that mean "somebody was faster" or "not now": a crank that finds nothing to do has cost nothing. */
const NOT_NOW = new Set([
  "NothingToMove",
  "NothingToConvert",
  "NothingToFill",
  "FillsClosed",
  "IssuerClosed",
  "TooManyOpen",
  "NothingToChange",
  "NothingToRebalance",
  "NothingToDeliver",
  "LotTooSmall",
  "LotTooSoon",
  "AuctionsClosed",
  "SnapshotTooYoung",
  "RateNotFresh",
  "NoFault",
  "SetNotAdmitted",
  "SetNotProposed",
  "TooEarlyToAdmit",
  "SetInUse",
  "NothingToStrike",
]);

export interface Sent {
  call: Call;
  /** The error's name when the crank had nothing to do. */
  skipped?: string;
  receipt?: ContractTransactionReceipt;
}

/** Name of the custom error in a failed call, if any of the protocol's ABIs knows it. */
export function errorName(c: Contracts, error: unknown): string | undefined {
  const data = dataOf(error);
  if (data === undefined) return undefined;
  const ours = [c.desk, c.issuer, c.queue, c.baskets, c.instant, c.accountant, c.pool, c.controller, c.sets, c.router];
  const known: Interface[] = [...ours, c.operators, c.notices, c.cappedFeed, c.rewards].map((k) => k.interface);
  for (const abi of known) {
    const parsed = abi.parseError(data);
    if (parsed !== null) return parsed.name;
  }
  return undefined;
}

function dataOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("data" in error && typeof error.data === "string" && error.data.length >= 10) return error.data;
  if ("data" in error && typeof error.data === "object") return dataOf(error.data);
  if ("error" in error) return dataOf(error.error);
  if ("info" in error) return dataOf(error.info);
  return undefined;
}

/**
 * Sends the calls in order. A crank that has nothing to do is noted; everything else that fails is thrown once all calls
 * have been tried, because an asset that does not move must not keep the others from moving.
 */
export async function send(c: Contracts, calls: Call[]): Promise<Sent[]> {
  const sent: Sent[] = [];
  const failures: unknown[] = [];
  for (const call of calls) {
    try {
      const receipt = await (await transaction(c, call)).wait();
      sent.push({ call, receipt: receipt ?? undefined });
    } catch (error) {
      const name = errorName(c, error);
      if (name === undefined || !NOT_NOW.has(name)) failures.push(error);
      else sent.push({ call, skipped: name });
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} of ${calls.length} cranks failed`);
  return sent;
}
