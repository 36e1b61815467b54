/** What the promises are checked against: plain data, so that a test can doctor it. */

/** Everything a line is paid in, in the order of the assets' numbers. */
export const ASSETS = ["ETH", "wstETH", "rETH", "cbETH"] as const;
export type AssetName = (typeof ASSETS)[number];
/** Something of every asset. */
export type PerAsset = Record<AssetName, bigint>;
/** Nothing of any asset. */
export const noAssets = (): PerAsset => ({ ETH: 0n, wstETH: 0n, rETH: 0n, cbETH: 0n });

export interface Batch {
  asset: AssetName;
  day: bigint;
  shares: bigint;
  remaining: bigint;
  assets: bigint;
}

export interface Ticket {
  id: bigint;
  owner: string;
  asset: AssetName;
  day: bigint;
  shares: bigint;
  remaining: bigint;
  claimable: bigint;
}

/** Units of an asset that are a basket ticket's, by where they are; `arrived` were claimed or could be, once divided. */
export interface BasketPlaces {
  arrived: bigint;
  restaked: bigint;
  unbonding: bigint;
  redeeming: bigint;
}

export interface BasketTicket {
  id: bigint;
  owner: string;
  shares: bigint;
  /** Number of its strike; 0 before it. */
  strike: number;
  claimable: PerAsset;
  /** As the lens tells it; of a ticket that is not struck, as if it were struck now. */
  told: Record<AssetName, BasketPlaces>;
  /** Recomputed from events, engine and issuer; nothing before the strike. */
  computed: Record<AssetName, BasketPlaces>;
  /** How many things the lens could not read. */
  unreadable: number;
}

export interface Allocation {
  /** `avs/set`. */
  set: string;
  operator: string;
  asset: AssetName;
  current: bigint;
  pending: bigint;
  effectBlock: bigint;
}

/** What an operator has of one restaked asset. */
export interface OperatorStake {
  asset: AssetName;
  /** Ether value of the engine shares, queued ones included [wei]. */
  value: bigint;
  maxMagnitude: bigint;
  encumbered: bigint;
}

export interface OperatorState {
  name: string;
  account: string;
  delegator: string;
  /** One of every restaked asset. */
  stakes: OperatorStake[];
  /** In flow quarantine. */
  isSetAside: boolean;
}

export interface SetState {
  /** `avs/set`. */
  set: string;
  avs: string;
  /** Ether value that the set could take of all restaked assets together, recomputed from the engine [wei]. */
  exposure: bigint;
  isAdmitted: boolean;
  isDropped: boolean;
  /** It is still what was proposed. */
  isSound: boolean;
}

/** Ether values of everything, by place [wei]. */
export interface Places {
  idle: bigint;
  restaked: bigint;
  unbonding: bigint;
  redeeming: bigint;
}

/** The chain at one moment. A unit of wstETH is a stETH share. */
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
  /** Ether value of 1e18 units, from the issuers. */
  rates: PerAsset;
  idle: PerAsset;
  held: PerAsset;
  /** Recomputed from the engine and the issuers. */
  places: Places;
  queue: { held: PerAsset; shares: bigint; waiting: PerAsset };
  batches: Batch[];
  tickets: Ticket[];
  /** Those of baskets, with the shares that wait for a strike and what the pool has set aside. */
  baskets: { tickets: BasketTicket[]; waiting: bigint; aside: PerAsset };
  balances: { name: string; shares: bigint }[];
  operators: OperatorState[];
  allocations: Allocation[];
  sets: SetState[];
  deployerRoles: number;
  /** Until when the pool takes no deposits. */
  depositsClosedUntil: bigint;
  /** After which time the last report is too old for a deposit. */
  reportOldAfter: bigint;
  /** What the lens says of the promises that a chain can evaluate. */
  health: { id: string; subject: string; holds: boolean; line: string }[];
}

/** Income that came to the pool: the rate in the block before, and rate, price of newcomers and books right after it. */
export interface Arrival {
  token: string;
  units: bigint;
  rateBefore: bigint;
  rate: bigint;
  price: bigint;
  supply: bigint;
  nav: bigint;
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
    asset: AssetName;
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
  claims: { id: bigint; receiver: string; asset: AssetName; units: bigint; block: bigint }[];
  moves: { id: bigint; newId: bigint }[];
  /** Strikes: what everything was right before and after, those who stay's units of everything before, each ticket's after. */
  strikes: {
    strike: number;
    shares: bigint;
    supply: bigint;
    before: { rate: bigint; waiting: bigint; totalLoss: bigint; units: PerAsset };
    after: { rate: bigint; waiting: bigint; totalLoss: bigint };
    tickets: { id: bigint; owner: string; told: Record<AssetName, BasketPlaces> }[];
  }[];
  basketClaims: { id: bigint; receiver: string; asset: AssetName; units: bigint }[];
  losses: { kind: number; subject: string; value: bigint; block: bigint }[];
  /** One of every asset that a slash names. */
  slashes: { operator: string; set: string; asset: AssetName; wad: bigint; block: bigint }[];
  /** Operators and sets that had slashed before this day, and whose loss was not entered yet: `operator set`. */
  openSlashes: string[];
  /** Losses as they were entered under sets. */
  attributed: { operator: string; set: string; value: bigint; block: bigint }[];
  admitted: { set: string; proposedAt: bigint; time: bigint }[];
  /** Whether the keeper turned the cranks. */
  kept: boolean;
  alarms: { closedUntil: bigint; time: bigint }[];
  allocated: { operator: string; set: string; asset: AssetName; from: bigint; to: bigint; block: bigint }[];
  /** Exposure and cap in engine shares right after an increase. */
  increases: { set: string; asset: AssetName; exposure: bigint; cap: bigint; avsExposure: bigint; avsCap: bigint }[];
  /** Operators' units right after a restake, and the most one may have. */
  restakes: { operator: string; asset: AssetName; units: bigint; cap: bigint }[];
  shareMoves: { from: string; to: string; sender: string; shares: bigint }[];
  donations: { to: string; navBefore: bigint; navAfter: bigint }[];
  /** Roots that were posted, with what was funded for their days by token. */
  roots: { root: string; funded: Record<string, bigint> }[];
  /** What the posters of roots say of them. */
  told: { root: string; earned: Record<string, bigint>; isTrue: boolean; fallen: number }[];
  /** How many roots were ever disabled. */
  disabledRoots: number;
  rewardClaims: {
    earner: string;
    isOurs: boolean;
    recipient: string;
    token: string;
    amount: bigint;
    isDisabled: boolean;
  }[];
  /** Everything that was ever given to the engine of a token, and what of it is still there. */
  pots: { token: string; funded: bigint; claimed: bigint; held: bigint }[];
  sales: (Arrival & { value: bigint; start: bigint; floor: bigint; startedAt: bigint; endsAt: bigint; time: bigint })[];
  deliveries: Arrival[];
}

/** Numbers of the configuration that promises speak of. */
export interface Rules {
  growthCapBpsPerDay: bigint;
  feeCapBpsPerDay: bigint;
  reserveBps: bigint;
  /** Most exposure to all sets whose slasher is not verified. */
  budgetBps: bigint;
  allocationDelay: bigint;
  closingTime: bigint;
  admissionWait: bigint;
  instant: { watermarkBps: bigint; minFeeBps: bigint; maxFeeBps: bigint; bucketBps: bigint };
  people: string[];
  pool: string;
  queue: string;
  router: string;
}

/** What a basket ticket was told to have the last time before a moment: the evening before, or at its strike on that day. */
export function toldBefore(
  ticket: BasketTicket,
  before: Snapshot,
  journal: Pick<Journal, "strikes">,
): BasketTicket["told"] | undefined {
  if (ticket.strike === 0) return undefined;
  const struck = journal.strikes.flatMap(({ tickets }) => tickets).find(({ id }) => id === ticket.id);
  return struck?.told ?? before.baskets.tickets.find(({ id }) => id === ticket.id)?.told;
}

export interface Moment {
  before: Snapshot;
  after: Snapshot;
  journal: Journal;
  rules: Rules;
}
