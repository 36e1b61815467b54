/** What the model of the engine remembers, and the few words it is written in. */
import type { Amounts } from "./engine-types";
import { STRATEGIES } from "./engine-types";

export const WAD = 10n ** 18n;
export const VIRTUAL = 1_000n;

export const mul = (a: bigint, b: bigint): bigint => (a * b) / WAD;
export const mulUp = (a: bigint, b: bigint): bigint => (a * b + WAD - 1n) / WAD;
export const div = (a: bigint, b: bigint): bigint => (a * WAD) / b;
export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The engine refuses, with this error. */
export class Refusal extends Error {}
export const need = (condition: boolean, error: string): void => {
  if (!condition) throw new Refusal(error);
};

/** [block, value], ascending. */
export type History = [bigint, bigint][];
export const at = (history: History, block: bigint, otherwise: bigint): bigint =>
  history.filter(([since]) => since <= block).at(-1)?.[1] ?? otherwise;
export const latest = (history: History, otherwise: bigint): bigint => history.at(-1)?.[1] ?? otherwise;
export function push(history: History, block: bigint, value: bigint): void {
  const last = history.at(-1);
  if (last?.[0] === block) last[1] = value;
  else history.push([block, value]);
}

/** Lists of the engine: the last item moves into the gap. */
export function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  list[index] = list[list.length - 1];
  list.pop();
}

export interface Withdrawal {
  nonce: bigint;
  operator: string;
  startBlock: bigint;
  strategies: string[];
  scaled: bigint[];
}

export interface Account {
  operator: string;
  nonce: bigint;
  strategies: string[];
  shares: Amounts;
  scaling: Amounts;
  queued: Withdrawal[];
  tokens: Amounts;
}

export interface Operator {
  shares: Amounts;
  max: Record<string, History>;
  queuedScaled: Record<string, History>;
  delay: bigint;
  next?: { delay: bigint; effectBlock: bigint };
  registered: number[];
  slashableUntil: bigint[];
  allocations: Record<string, { current: bigint; pending: bigint; effectBlock: bigint }>[];
}

export interface OperatorSet {
  strategies: string[];
  members: string[];
  slashCount: bigint;
  waiting: { slashId: bigint; strategies: string[]; shares: bigint[] }[];
}

export interface State {
  accounts: Record<string, Account>;
  operators: Record<string, Operator>;
  sets: OperatorSet[];
  strategies: Record<string, { totalShares: bigint; balance: bigint }>;
  received: Record<"burn" | "recipient", Amounts>;
}

export const each = <T>(names: string[], make: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));
export const zeros = (): Amounts => each(STRATEGIES, () => 0n);
