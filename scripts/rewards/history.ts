/** What the calculation knows: the engine's events, in order, as plain data. */

export const DAY = 86_400n;

export type Weights = { strategy: string; multiplier: bigint }[];

/** Which operators a submission is for, and by what they share it. */
export type Kind =
  | { for: "avs"; avs: string }
  | { for: "all" }
  | { for: "all earners" }
  | { for: "unique stake"; set: string }
  | { for: "total stake"; set: string }
  | { for: "named, of an AVS"; avs: string; amounts: { operator: string; amount: bigint }[] }
  | { for: "named, of a set"; set: string; amounts: { operator: string; amount: bigint }[] };

export interface Submission {
  kind: Kind;
  /** Whose account gets back what nobody earns. */
  giver: string;
  token: string;
  /** Sum of the parts where operators are named. */
  amount: bigint;
  weights: Weights;
  /** First day and number of days. */
  firstDay: bigint;
  days: bigint;
}

export type Fact =
  | { is: "stake"; operator: string; staker: string; strategy: string; change: bigint }
  | { is: "membership"; operator: string; set: string; member: boolean }
  | { is: "allocation"; operator: string; set: string; strategy: string; magnitude: bigint; effectBlock: bigint }
  | { is: "magnitude"; operator: string; strategy: string; magnitude: bigint }
  | { is: "split"; operator: string; scope: string; bips: bigint; activatedAt: bigint }
  | { is: "default split"; bips: bigint }
  | { is: "submission"; submission: Submission };

export type Event = { block: bigint; time: bigint } & Fact;

export interface History {
  /** By block and place in the block. */
  events: Event[];
  /** Last block of a day. */
  lastBlockOf: (day: bigint) => bigint;
}

/** Name of an operator set; its AVS comes first. */
export const setName = (avs: string, id: bigint): string => `${avs}/${id}`;
export const avsOf = (set: string): string => set.split("/")[0];
/** Scope of the split of programmatic incentives; others are those of an AVS or a set. */
export const INCENTIVES = "incentives";
