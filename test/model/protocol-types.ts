/** What can be done to the protocol, what the world outside says, and what the walk compares. All by short names. */

export const ASSETS = ["ETH", "wstETH", "rETH", "cbETH"] as const;
export type Asset = (typeof ASSETS)[number];
/** Those that are restaked. */
export const STAKED = ["wstETH", "rETH", "cbETH"] as const;
export type Staked = (typeof STAKED)[number];
export const TOKENS = ["ETH", "WETH", "stETH", "wstETH", "rETH", "cbETH"] as const;
export type Token = (typeof TOKENS)[number];
export const PEOPLE = ["ann", "ben", "cleo"] as const;
export type Person = (typeof PEOPLE)[number];
export const OPERATORS = [0, 1, 2, 3, 4];

export const assetOf = (token: Token): Asset => (token === "WETH" ? "ETH" : token === "stETH" ? "wstETH" : token);

/** Amounts are decimal texts, so that a trace is JSON; parts are basis points of what somebody has. */
export type Action =
  | { do: "deposit"; who: Person; token: Token; amount: string; via: "plain" | "report" | "permit" }
  | { do: "donate"; token: "stETH" | "wstETH" | "rETH" | "cbETH"; to: "pool" | "queue" | "strategy"; amount: string }
  | { do: "transfer"; who: Person; to: Person; part: number }
  | { do: "request"; who: Person; asset: Asset; part: number }
  | { do: "fill"; asset: Asset; batches: number }
  | { do: "claim"; ticket: number }
  | { do: "move"; ticket: number; asset: Asset | "basket" }
  | { do: "basket"; who: Person; part: number }
  | { do: "strike"; nth: number }
  | { do: "divide"; steps: number }
  | { do: "collect"; ticket: number; assets: Asset[] }
  | { do: "redeem"; who: Person; part: number }
  | { do: "report" | "settle" | "syncIssuers" }
  | { do: "sync"; operator: number }
  | { do: "syncAsset"; asset: Staked }
  | { do: "restake" | "unbond"; asset: Staked }
  | { do: "complete"; operator: number }
  | { do: "issuer"; crank: "stake" | "redeem" | "claim" | "burn" }
  | { do: "lido"; bps: number }
  | { do: "publish"; token: "rETH" | "cbETH"; bps: number; marketBps: number }
  | { do: "finalise" }
  | { do: "slash"; avs: number; operator: number; part: number }
  | { do: "undelegate"; operator: number }
  | { do: "mute"; operator: number; mute: boolean }
  | { do: "announce"; pending: boolean }
  | { do: "wait"; seconds: number };

export type By<K extends string, V> = Record<K, V>;

/** Engine shares of one operator's staker that belong to those who stay. */
export interface Stake {
  restaked: By<Staked, bigint>;
  unbonding: By<Staked, bigint>;
}

/** Engine shares of one operator's staker, whosever they are. */
export interface Position {
  restaked: By<Staked, bigint>;
  /** By the engine's number for it. */
  withdrawals: Record<string, { asset: Staked; shares: bigint }>;
}

/** What is said outside of Trellis: by issuers, markets and the engine. */
export interface Facts {
  /** Ether value of 1e18 units. */
  rate: By<Staked, bigint>;
  /** Units in 1e18 engine shares. */
  perShare: By<Staked, bigint>;
  /** Time of the issuer's rate; zero when it is always live. */
  ratedAt: By<Staked, bigint>;
  market: Partial<By<Staked, { price: bigint; at: bigint }>>;
  positions: Position[];
  /** Ether that the issuers would pay for what they were asked to redeem, by request. */
  requests: Record<string, bigint>;
  /** What of it belongs to those who stay, as the contracts make it out: held to the model's fractions before it is used. */
  stakes: (Stake | undefined)[];
  redeeming: bigint;
  /** What a staker's stake has when nothing has moved it. */
  stamps: string[];
  pending: boolean;
  /** First day whose batch waits for an announced slash. */
  heldFrom: bigint;
}

/** What a call moved across the border, by its own logs. */
export interface Moved {
  taken: By<Asset, bigint>;
  put: By<Asset, bigint>;
  /** Units that each filled batch got, in order. */
  sent: bigint[];
  /** What desks did, in order. */
  steps: Step[];
  /** Units that baskets were credited with, in order. */
  credits: { strike: number; asset: Asset; units: bigint }[];
}

/** Units that arrived for the baskets struck after `from`, up to `to`. */
export interface Landing {
  asset: Asset;
  from: number;
  to: number;
  units: bigint;
}

/** One step of a desk, and what arrived for baskets in it. */
export type Step = { landed: Landing[] } & (
  | { is: "restaked"; operator: number; asset: Staked }
  | { is: "unbonded"; operator: number; asset: Staked; nonce: string }
  | { is: "completed"; operator: number; asset: Staked; units: bigint; nonce: string }
  | { is: "asked"; request: string }
  | { is: "paid"; request: string; units: bigint }
);

/** One action, as the world saw it. */
export interface Outcome {
  refused?: string;
  time: bigint;
  before: Facts;
  after: Facts;
  moved: Moved;
  /** Units that a deposit brought, by its token. */
  units: bigint;
}

export interface AssetSeen {
  idle: bigint;
  headroom: bigint;
  rate: bigint;
  left: bigint;
  limit: bigint;
  restaked: bigint;
  unbonding: bigint;
  waitingShares: bigint;
  waitingUnits: bigint;
  dueUnits: bigint;
  open: number[];
  /** Units with the line, set aside for its tickets. */
  aside: bigint;
  /** Units in the pool, set aside for baskets. */
  shelf: bigint;
}

export interface BasketsSeen {
  waiting: bigint;
  strikes: number;
  /** Day → shares, tickets, number of its strike. */
  days: Record<string, { shares: bigint; tickets: bigint; strike: number }>;
  unstruck: number[];
  /** Strike → units it was credited with, by asset. */
  credited: Record<string, By<Asset, bigint>>;
  tickets: Record<string, { owner: string; claimable: By<Asset, bigint>; claimed: By<Asset, bigint> }>;
  /** How many arrivals wait, and the first of them. */
  undivided: number;
  first: string;
}

export interface Seen {
  supply: bigint;
  shares: Record<string, bigint>;
  rate: bigint;
  waiting: bigint;
  reportedAt: bigint;
  closedUntil: bigint;
  nav: bigint;
  redeeming: bigint;
  loss: bigint;
  mark: bigint;
  feeMinted: bigint;
  feeLimit: bigint;
  fillsClosedUntil: bigint;
  /** Engine shares in the books, by operator. */
  books: Stake[];
  /** Strike up to which what baskets had of an operator's stake has left it. */
  marks: By<Staked, number>[];
  baskets: BasketsSeen;
  assets: By<Asset, AssetSeen>;
  /** "asset day" → shares, unpaid shares, units. */
  batches: Record<string, { shares: bigint; remaining: bigint; assets: bigint; tickets: bigint }>;
  /** Id → what is claimable and what waits; a ticket that has ended is not there. */
  tickets: Record<string, { owner: string; claimable: bigint; remaining: bigint }>;
  buffer: { level: bigint; target: bigint; watermark: bigint; sharesLeft: bigint };
}
