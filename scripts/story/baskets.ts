import type { Cast } from "./cast";
import { noAssets, type AssetName, type PerAsset } from "./moment";
import { partUp, sum } from "./units";

/** Slices of withdrawals are parts of this. */
const WHOLE = 1n << 128n;

/** Something on its way: what of it is whose. Wholly kept at strike `from`; or, with `to`, wholly of the baskets between. */
export interface Pot {
  amount: bigint;
  from: number;
  to?: number;
}

interface Fraction {
  n: bigint;
  d: bigint;
}

type Args = Record<string, never>;

/**
 * The story's own book of baskets: by the events alone, in exact fractions. Nothing of the protocol's arithmetic is used,
 * nor of what it says about a ticket.
 */
export class BasketBook {
  /** What those who stay have kept of a pot that was theirs before any strike, after each strike. */
  private readonly kept: Fraction[] = [{ n: 1n, d: 1n }];
  private readonly marks = new Map<string, number>();
  private readonly withdrawals = new Map<string, { from: number; to: number; slice: bigint }>();
  private readonly requests = new Map<bigint, number>();
  private readonly idle: PerAsset[] = [noAssets()];
  private readonly arrivals: { asset: AssetName; pot: Pot }[] = [];

  constructor(private readonly cast: Pick<Cast, "assetName">) {}

  /** Takes in what the book of the protocol, or its issuers' desk, has told. */
  note(event: string, a: Args): void {
    switch (event) {
      case "basketBook.Marked":
        this.marks.set(`${a.delegator as string} ${a.strategy as string}`, Number(a.strike));
        return;
      case "basketBook.WithdrawalNoted":
        this.withdrawals.set(`${a.delegator as string} ${a.nonce as bigint}`, {
          from: Number(a.from),
          to: this.last,
          slice: a.slice,
        });
        return;
      case "basketBook.Arrived": {
        const pot = { amount: a.units as bigint, from: Number(a.from), to: Number(a.to) };
        this.arrivals.push({ asset: this.cast.assetName(a.asset), pot });
        return;
      }
      case "issuer.RedemptionRequested":
        this.requests.set(a.requestId, this.last);
        return;
    }
  }

  /** A strike burns `shares` of `supply`, while so much is idle. */
  strike(shares: bigint, supply: bigint, idle: PerAsset): void {
    const { n, d } = this.kept[this.last];
    this.kept.push({ n: n * (supply - shares), d: d * supply });
    this.idle.push(
      Object.fromEntries(Object.entries(idle).map(([asset, units]) => [asset, (units * shares) / supply])) as PerAsset,
    );
  }

  /** An operator's stake in a strategy. */
  stake(delegator: string, strategy: string, amount: bigint): Pot[] {
    return [{ amount, from: this.markOf(delegator, strategy) }];
  }

  /** A withdrawal; one that nobody has told of was queued by the engine itself, and is as the stake was. */
  withdrawal(delegator: string, strategy: string, nonce: bigint, amount: bigint): Pot[] {
    const known = this.withdrawals.get(`${delegator} ${nonce}`);
    if (known === undefined) return this.stake(delegator, strategy, amount);
    const owed = (amount * known.slice) / WHOLE;
    return [
      { amount: owed, from: known.from, to: known.to },
      { amount: amount - owed, from: known.to },
    ];
  }

  /** A request at an issuer. */
  request(id: bigint, amount: bigint): Pot {
    const from = this.requests.get(id);
    if (from === undefined) throw new Error(`nobody has told of request ${id}`);
    return { amount, from };
  }

  /** What of pots belongs to those who stay. */
  keptOf(pots: Pot[]): bigint {
    const now = this.kept[this.last];
    return sum(
      pots.map(({ amount, from, to }) => {
        const mark = this.kept[from];
        return to === undefined ? partUp(amount, now.n * mark.d, now.d * mark.n) : 0n;
      }),
    );
  }

  /** What of pots belongs to one basket. */
  partOf(strike: number, pots: Pot[]): bigint {
    return sum(
      pots.map(({ amount, from, to = this.last }, i) => {
        if (strike <= from || strike > to) return 0n;
        const left = minus(this.kept[strike - 1], this.kept[strike]);
        const of = pots[i].to === undefined ? this.kept[from] : minus(this.kept[from], this.kept[to]);
        return (amount * left.n * of.d) / (left.d * of.n);
      }),
    );
  }

  /** What of an asset has come to a basket: idle units with its strike, its part of every arrival since. */
  arrivedFor(strike: number, asset: AssetName): bigint {
    const own = this.arrivals.filter((arrival) => arrival.asset === asset);
    const parts = own.map(({ pot }) => this.partOf(strike, [pot]));
    return this.idle[strike][asset] + sum(parts);
  }

  private get last(): number {
    return this.kept.length - 1;
  }

  private markOf(delegator: string, strategy: string): number {
    return this.marks.get(`${delegator} ${strategy}`) ?? 0;
  }
}

const minus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
