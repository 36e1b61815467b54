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
  | { do: "move"; ticket: number; asset: Asset }
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
  | { do: "announce"; pending: boolean }
  | { do: "wait"; seconds: number };

export type By<K extends string, V> = Record<K, V>;

/** Engine shares of one operator's staker. */
export interface Stake {
  restaked: By<Staked, bigint>;
  unbonding: By<Staked, bigint>;
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
  stakes: Stake[];
  /** Ether that the issuers would pay for what they were asked to redeem. */
  redeeming: bigint;
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
  /** Moves between pool and engine. */
  moves: bigint;
}

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
  assets: By<Asset, AssetSeen>;
  /** "asset day" → shares, unpaid shares, units. */
  batches: Record<string, { shares: bigint; remaining: bigint; assets: bigint; tickets: bigint }>;
  /** Id → what is claimable and what waits; a ticket that has ended is not there. */
  tickets: Record<string, { owner: string; claimable: bigint; remaining: bigint }>;
  buffer: { level: bigint; target: bigint; watermark: bigint; sharesLeft: bigint };
}
