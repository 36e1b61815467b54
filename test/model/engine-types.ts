/** What can be done to the engine, and what can be seen of it. Everything has a short name; amounts are decimal texts. */

export interface Delays {
  withdrawal: bigint;
  deallocation: bigint;
  configuration: bigint;
}

/** One AVS owns all sets. */
export const STRATEGIES = ["A", "B", "C"];
export const OPERATORS = ["op0", "op1", "op2"];
export const STAKERS = ["s0", "s1", "s2", "s3"];
export const ACCOUNTS = [...OPERATORS, ...STAKERS];
/** Set id → strategies at the start, and who receives what it slashes. */
export const SETS: { strategies: string[]; recipient: "burn" | "recipient" }[] = [
  { strategies: ["A", "B", "C"], recipient: "burn" },
  { strategies: ["A", "B"], recipient: "recipient" },
  { strategies: ["A"], recipient: "burn" },
];

export type Action =
  | { do: "deposit"; who: string; strategy: string; amount: string }
  | { do: "delegate"; who: string; operator: string }
  | { do: "undelegate"; who: string; by: string }
  | { do: "redelegate"; who: string; operator: string }
  | { do: "queue"; who: string; strategies: string[]; shares: string[] }
  | { do: "complete"; who: string; index: number; asTokens: boolean }
  | { do: "register" | "deregister"; operator: string; set: number }
  | { do: "allocate"; operator: string; set: number; strategy: string; magnitude: string }
  | { do: "free"; operator: string; strategy: string; count: number }
  | { do: "setDelay"; operator: string; delay: number }
  | { do: "slash"; operator: string; set: number; strategies: string[]; wads: string[] }
  | { do: "clear"; set: number; slashId: number }
  | { do: "clearOne"; set: number; slashId: number; strategy: string }
  | { do: "addStrategy" | "removeStrategy"; set: number; strategy: string }
  | { do: "donate"; strategy: string; amount: string }
  | { do: "mine"; blocks: number };

export type Amounts = Record<string, bigint>;

export interface QueuedObservation {
  nonce: bigint;
  operator: string;
  startBlock: bigint;
  strategies: string[];
  scaled: bigint[];
  worth: bigint[];
}

export interface AccountObservation {
  /** Empty when not delegated. */
  operator: string;
  nonce: bigint;
  /** In the engine's order. */
  strategies: string[];
  shares: Amounts;
  withdrawable: Amounts;
  scaling: Amounts;
  queued: QueuedObservation[];
  tokens: Amounts;
}

export interface AllocationObservation {
  current: bigint;
  pending: bigint;
  effectBlock: bigint;
}

export interface OperatorObservation {
  shares: Amounts;
  max: Amounts;
  encumbered: Amounts;
  allocatable: Amounts;
  slashableQueue: Amounts;
  delay: bigint;
  registered: number[];
  slashableBy: boolean[];
  /** By set, then strategy. */
  allocations: Record<string, AllocationObservation>[];
}

export interface SetObservation {
  strategies: string[];
  members: string[];
  slashCount: bigint;
  /** Slash id → strategies and shares that wait. */
  waiting: { slashId: bigint; strategies: string[]; shares: bigint[] }[];
}

export interface Observation {
  block: bigint;
  accounts: Record<string, AccountObservation>;
  operators: Record<string, OperatorObservation>;
  sets: SetObservation[];
  strategies: Record<string, { totalShares: bigint; balance: bigint }>;
  received: Record<"burn" | "recipient", Amounts>;
}
