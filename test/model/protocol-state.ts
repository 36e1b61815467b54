/** State and rules of the model. Written from docs/architecture.md, the interfaces and docs/spec/rounding.md. */
import type { Config } from "../../deploy/config/schema";
import { wholly, type Arrival, type Pot } from "./baskets";
import {
  ASSETS,
  OPERATORS,
  PEOPLE,
  STAKED,
  type Asset,
  type By,
  type Facts,
  type Staked,
  type Stake,
} from "./protocol-types";

export const WAD = 10n ** 18n;
export const BPS = 10_000n;
export const DAY = 86_400n;
/** Ether that the first shares cost; nobody owns them. */
export const SEED = 10n ** 16n;
/** Smallest request, smallest instant redemption, smallest move of a desk, and what is too small to be a loss. */
export const MIN_SHARES = 10n ** 12n;
export const MIN_MOVE = 10n ** 16n;
export const DUST = 10n ** 9n;
export const FLOOR_RATE = 10n ** 15n;
/** Closed until it can be read again. */
export const FOR_GOOD = 2n ** 40n - 1n;
/** Stamps that no answer has. */
export const NO_STAKE = "no stake";
export const UNREADABLE = "unreadable";

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const minus = (a: bigint, b: bigint): bigint => most(a - b, 0n);
/** `a · b / c` towards zero, and away from it. */
export const down = (a: bigint, b: bigint, c: bigint): bigint => (a * b) / c;
export const up = (a: bigint, b: bigint, c: bigint): bigint => (a * b + c - 1n) / c;
export const dayOf = (time: bigint): bigint => time / DAY;

export interface AssetRules {
  cap: bigint;
  minDeposit: bigint;
  haircutBps: bigint;
  inflowBps: bigint;
  inflowFloor: bigint;
  maxRate: bigint;
  maxAge: bigint;
  market?: { heartbeat: bigint; boundBps: bigint };
}

export interface Rules {
  assets: By<Asset, AssetRules>;
  maxReportAge: bigint;
  growthCapBps: bigint;
  feeBps: bigint;
  feeCapBps: bigint;
  alarmBps: bigint;
  closing: bigint;
  rest: bigint;
  exitTime: bigint;
  targetBps: bigint;
  watermarkBps: bigint;
  minFeeBps: bigint;
  maxFeeBps: bigint;
  bucketBps: bigint;
}

export function rulesOf({ ether, assets, deposits, accounting, withdrawals, instant }: Config): Rules {
  const rulesOfAsset = (name: Asset): AssetRules => {
    if (name === "ETH") return { ...ether, haircutBps: 0n, maxRate: WAD, maxAge: 0n };
    const a = assets.find(({ asset }) => asset === name);
    if (a === undefined) throw new Error(`${name} is not configured`);
    const { market } = a;
    return {
      ...a,
      maxAge: a.maxRateAgeSeconds ?? 0n,
      market: market && { heartbeat: market.heartbeatSeconds, boundBps: market.boundBps },
    };
  };
  return {
    assets: Object.fromEntries(ASSETS.map((name) => [name, rulesOfAsset(name)])) as By<Asset, AssetRules>,
    maxReportAge: deposits.maxReportAgeSeconds,
    growthCapBps: accounting.growthCapBpsPerDay,
    feeBps: accounting.feeBps,
    feeCapBps: accounting.feeCapBpsPerDay,
    alarmBps: accounting.alarmBps,
    closing: accounting.closingHours * 3_600n,
    rest: accounting.alarmRestDays * DAY,
    exitTime: withdrawals.exitTimeSeconds,
    targetBps: instant.targetBps,
    watermarkBps: instant.watermarkBps,
    minFeeBps: instant.minFeeBps,
    maxFeeBps: instant.maxFeeBps,
    bucketBps: instant.bucketBps,
  };
}

/** Net inflow of an asset: what is left of the bucket when it was settled, and what that opened. */
export interface Inflow {
  left: bigint;
  opened: bigint;
  settledAt: bigint;
  headroom: bigint;
}

export interface Ticket {
  owner: string;
  asset: Asset;
  day: bigint;
  shares: bigint;
  collected: bigint;
}

export interface Batch {
  day: bigint;
  /** Of all tickets when they joined, less those that moved away. */
  shares: bigint;
  remaining: bigint;
  assets: bigint;
  tickets: bigint;
}

/** All tickets of one day that leave with a part of everything. */
export interface Basket {
  shares: bigint;
  tickets: bigint;
  /** Number of its strike; zero while it waits. */
  strike: number;
}

export interface BasketTicket {
  owner: string;
  day: string;
  shares: bigint;
  claimed: By<Asset, bigint>;
}

export interface Baskets {
  strikes: number;
  waiting: bigint;
  days: Record<string, Basket>;
  tickets: Record<string, BasketTicket>;
  /** By number of the strike. */
  credited: Record<string, By<Asset, bigint>>;
  arrivals: Arrival[];
  /** Units set aside in the pool. */
  shelf: By<Asset, bigint>;
  /** What each operator's staker has in each strategy. */
  positions: By<Staked, Pot>[];
  /** By `withdrawalKey`. */
  withdrawals: Record<string, Pot>;
  /** By the issuer's number. */
  requests: Record<string, Pot>;
}

export const withdrawalKey = (operator: number, nonce: string): string => `${operator} ${nonce}`;

export interface State {
  shares: Record<string, bigint>;
  rate: bigint;
  waiting: bigint;
  reportedAt: bigint;
  idle: By<Asset, bigint>;
  /** As last read. */
  assetRate: By<Asset, bigint>;
  /** As of the last report or payment: what people are told and pay. */
  told: By<Asset, bigint>;
  perShare: By<Staked, bigint>;
  /** Of those who stay. */
  stakes: Stake[];
  /** What the engine said of a staker when it was last read; NO_STAKE, UNREADABLE. */
  stamps: string[];
  /** Strikes since a staker was last read: each rounds its book up. */
  drift: bigint[];
  redeeming: bigint;
  baskets: Baskets;
  /** As the pool was told. */
  closedUntil: bigint;
  inflow: By<Asset, Inflow>;
  /** Growth is recognised up to here. */
  grownAt: bigint;
  mark: bigint;
  fee: { day: bigint; minted: bigint };
  loss: bigint;
  /** Losses entered and not yet looked at by the alarm. */
  fresh: bigint;
  /** Parts of everything that were lost, as exact fractions: lost of whole. */
  lost: { day: bigint; lost: bigint; whole: bigint }[];
  alarm: { closedUntil: bigint; nextFrom: bigint };
  batches: By<Asset, Batch[]>;
  room: By<Asset, bigint>;
  tickets: Record<string, Ticket>;
  /** Units with the line. */
  aside: By<Asset, bigint>;
  /** Part of the supply that has gone at once and not come back (WAD). */
  used: bigint;
  usedAt: bigint;
}

export const perStaked = <V>(value: (name: Staked) => V): By<Staked, V> =>
  Object.fromEntries(STAKED.map((name) => [name, value(name)])) as By<Staked, V>;
export const byAsset = <V>(value: (name: Asset) => V): By<Asset, V> =>
  Object.fromEntries(ASSETS.map((name) => [name, value(name)])) as By<Asset, V>;

/** The protocol after its first report: the first shares exist, nobody owns them, every bucket is full. */
export function seeded(rules: Rules, time: bigint, facts: Facts): State {
  const rateOf = (name: Asset): bigint => (name === "ETH" ? WAD : facts.rate[name]);
  const full = (name: Asset): Inflow => {
    const { cap, inflowBps, inflowFloor } = rules.assets[name];
    const left = most(down(down(SEED, inflowBps, BPS), WAD, rateOf(name)), inflowFloor);
    const opened = least(left, cap - (name === "ETH" ? SEED : 0n));
    return { left, opened, headroom: opened, settledAt: time };
  };
  const baskets: Baskets = {
    strikes: 0,
    waiting: 0n,
    days: {},
    tickets: {},
    credited: {},
    arrivals: [],
    shelf: byAsset(() => 0n),
    positions: OPERATORS.map(() => perStaked(() => wholly(0))),
    withdrawals: {},
    requests: {},
  };
  return {
    shares: { nobody: SEED, fee: 0n, queue: 0n, ...Object.fromEntries(PEOPLE.map((name) => [name, 0n])) },
    rate: WAD,
    waiting: 0n,
    reportedAt: time,
    idle: byAsset((name) => (name === "ETH" ? SEED : 0n)),
    assetRate: byAsset(rateOf),
    told: byAsset(rateOf),
    perShare: { ...facts.perShare },
    stakes: OPERATORS.map(() => ({ restaked: perStaked(() => 0n), unbonding: perStaked(() => 0n) })),
    stamps: OPERATORS.map(() => NO_STAKE),
    drift: OPERATORS.map(() => 0n),
    redeeming: 0n,
    baskets,
    closedUntil: 0n,
    inflow: byAsset(full),
    grownAt: time,
    mark: WAD,
    fee: { day: dayOf(time), minted: 0n },
    loss: 0n,
    fresh: 0n,
    lost: [],
    alarm: { closedUntil: 0n, nextFrom: 0n },
    batches: byAsset(() => []),
    room: byAsset(() => 0n),
    tickets: {},
    aside: byAsset(() => 0n),
    used: 0n,
    usedAt: time,
  };
}
