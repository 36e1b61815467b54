/** What the scenarios need to measure our engine as the real contracts were measured. */
import { ethers } from "hardhat";
import type { ContractTransactionResponse, LogDescription } from "ethers";
import { KNOWN } from "../../integration/engine/refusal";
import { delegates, deposits, engineWorld, operates, SET, type EngineWorld } from "../../integration/engine/world";

/** Notes what a value of the record is here. */
export type Saw = (name: string, found: unknown) => void;
export type Scenarios = Record<string, (saw: Saw) => Promise<void>>;
export type Account = EngineWorld["alice"];
export type Sent = Promise<ContractTransactionResponse>;

/* EVENTS */

/** Events of the engine; undefined for a log of a token or of a registrar. */
async function logsOf(sent: Sent): Promise<(LogDescription | undefined)[]> {
  const receipt = await (await sent).wait();
  return (receipt?.logs ?? []).map(
    (log) => KNOWN.map((abi) => abi.parseLog(log)).find((parsed) => parsed !== null) ?? undefined,
  );
}

/** The record calls every log of a token or of a registrar so. */
const FOREIGN = "Transfer";

/** Names of the events of a transaction, in their order. */
export async function eventNames(sent: Sent, between = " "): Promise<string> {
  return (await logsOf(sent)).map((log) => log?.name ?? FOREIGN).join(between);
}

export async function countOf(sent: Sent, name?: string): Promise<number> {
  return (await logsOf(sent)).filter((log) => name === undefined || log?.name === name).length;
}

export async function eventOf(sent: Sent, name: string): Promise<LogDescription["args"]> {
  const found = (await logsOf(sent)).find((log) => log?.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found.args;
}

/** 1 for a transaction that went through, as receipts have it. */
export async function status(sent: Sent): Promise<number> {
  return (await (await sent).wait())?.status ?? 0;
}

/* LOOKING */

export const blockNumber = (): Promise<number> => ethers.provider.getBlockNumber();
export const sharesOf = (w: EngineWorld, operator = w.operator) => w.dm.operatorShares(operator, w.strategies[0]);
export const scalingOf = (w: EngineWorld, who: Account) => w.dm.depositScalingFactor(who, w.strategies[0]);
export const depositedBy = (w: EngineWorld, who: Account) => w.sm.stakerDepositShares(who, w.strategies[0]);
export const maxOf = (w: EngineWorld, operator = w.operator, i = 0) => w.am.getMaxMagnitude(operator, w.strategies[i]);
export const encumberedOf = (w: EngineWorld, i = 0) => w.am.getEncumberedMagnitude(w.operator, w.strategies[i]);
export const setOf = (w: EngineWorld, id = SET) => ({ avs: w.avs.address, id });
export const allocationOf = (w: EngineWorld, id = SET, i = 0) =>
  w.am.getAllocation(w.operator, setOf(w, id), w.strategies[i]);
export const burnOf = (w: EngineWorld, slashId: bigint, id = SET) =>
  w.sm["getBurnOrRedistributableShares((address,uint32),uint256,address)"](setOf(w, id), slashId, w.strategies[0]);

/* ACTING */

/** Stakers with deposits in the first strategy, delegated to an operator with this magnitude in a set. */
export async function staked(magnitude: bigint, ...amounts: bigint[]): Promise<EngineWorld> {
  const w = await engineWorld();
  await operates(w, w.operator, SET, [magnitude]);
  for (const [i, amount] of amounts.entries()) {
    await deposits(w, [w.alice, w.bob][i], amount);
    await delegates(w, [w.alice, w.bob][i], w.operator);
  }
  return w;
}

export function joins(w: EngineWorld, operator: Account, ids: bigint[], as = operator, avs = w.avs) {
  return w.am.connect(as).registerForOperatorSets(operator, { avs, operatorSetIds: ids, data: "0x" });
}

export function leaves(w: EngineWorld, operator: Account, ids: bigint[], as = operator) {
  return w.am.connect(as).deregisterFromOperatorSets({ operator, avs: w.avs, operatorSetIds: ids });
}
