/** What the promises are checked against: plain data, so that a test can doctor it. */

export interface Batch {
  asset: string;
  day: bigint;
  shares: bigint;
  remaining: bigint;
  assets: bigint;
}

export interface Ticket {
  id: bigint;
  owner: string;
  asset: string;
  day: bigint;
  shares: bigint;
  remaining: bigint;
  claimable: bigint;
}

export interface Allocation {
  /** `avs/set`. */
  set: string;
  operator: string;
  current: bigint;
  pending: bigint;
  effectBlock: bigint;
}

export interface OperatorState {
  name: string;
  account: string;
  delegator: string;
  /** Units in the engine and on their way back, recomputed from the engine. */
  restaked: bigint;
  unbonding: bigint;
  /** Engine shares, queued ones included. */
  engineShares: bigint;
  maxMagnitude: bigint;
  encumbered: bigint;
}

export interface SetState {
  /** `avs/set`. */
  set: string;
  avs: string;
  /** Engine shares the set could take, recomputed from the engine. */
  exposure: bigint;
}

/** Ether values of everything, by place [wei]. */
export interface Places {
  idle: bigint;
  restaked: bigint;
  unbonding: bigint;
  redeeming: bigint;
}

/** The chain at one moment. Units are wstETH units (stETH shares) unless said otherwise. */
export interface Snapshot {
  day: number;
  block: bigint;
  time: bigint;
  rate: bigint;
  waiting: bigint;
  nav: bigint;
  supply: bigint;
  highWaterMark: bigint;
  totalLoss: bigint;
  fillsClosedUntil: bigint;
  /** False when something outside moved after the books were last settled. */
  fresh: boolean;
  /** Ether value of 1e18 units, from Lido. */
  lidoRate: bigint;
  idle: { ether: bigint; units: bigint };
  held: { ether: bigint; units: bigint };
  /** Recomputed from the engine and Lido. */
  places: Places;
  queue: { ether: bigint; units: bigint; shares: bigint; waiting: { ETH: bigint; wstETH: bigint } };
  batches: Batch[];
  tickets: Ticket[];
  balances: { name: string; shares: bigint }[];
  operators: OperatorState[];
  allocations: Allocation[];
  sets: SetState[];
  deployerRoles: number;
}

/** What happened between two moments, from the chain's events. */
export interface Journal {
  reports: {
    nav: bigint;
    supply: bigint;
    rate: bigint;
    feeShares: bigint;
    time: bigint;
    lastReport: bigint;
    from: bigint;
  }[];
  termsChanged: number;
  deposits: { value: bigint; shares: bigint; price: bigint; receiver: string }[];
  /** `nav` and `supply` right after the fill. */
  fills: {
    asset: string;
    day: bigint;
    shares: bigint;
    units: bigint;
    rate: bigint;
    assetRate: bigint;
    time: bigint;
    nav: bigint;
    supply: bigint;
  }[];
  /** `idle` ether, `waiting` shares of the line for ETH, `price` of newcomers, `nav` and `supply` right after it. */
  instants: {
    who: string;
    receiver: string;
    shares: bigint;
    paid: bigint;
    fee: bigint;
    rate: bigint;
    time: bigint;
    idle: bigint;
    waiting: bigint;
    price: bigint;
    nav: bigint;
    supply: bigint;
  }[];
  claims: { id: bigint; receiver: string; asset: string; units: bigint; block: bigint }[];
  moves: { id: bigint; newId: bigint }[];
  losses: { kind: number; subject: string; value: bigint; block: bigint }[];
  slashes: { operator: string; set: string; wad: bigint; block: bigint }[];
  alarms: { closedUntil: bigint; time: bigint }[];
  allocated: { operator: string; set: string; from: bigint; to: bigint; block: bigint }[];
  /** Exposure and cap in engine shares right after an increase. */
  increases: { set: string; exposure: bigint; cap: bigint; avsExposure: bigint; avsCap: bigint }[];
  /** Operators' units right after a restake, and the most one may have. */
  restakes: { operator: string; units: bigint; cap: bigint }[];
  shareMoves: { from: string; to: string; sender: string; shares: bigint }[];
  donations: { to: string; navBefore: bigint; navAfter: bigint }[];
}

/** Numbers of the configuration that promises speak of. */
export interface Rules {
  growthCapBpsPerDay: bigint;
  feeCapBpsPerDay: bigint;
  reserveBps: bigint;
  allocationDelay: bigint;
  closingTime: bigint;
  instant: { watermarkBps: bigint; minFeeBps: bigint; maxFeeBps: bigint; bucketBps: bigint };
  people: string[];
  pool: string;
  queue: string;
}

export interface Moment {
  before: Snapshot;
  after: Snapshot;
  journal: Journal;
  rules: Rules;
}
