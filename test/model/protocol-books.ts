/** What the shares stand for, what the rate makes of it, and what may come in: the model's half without people. */
import {
  BPS,
  DAY,
  DUST,
  FOR_GOOD,
  dayOf,
  down,
  least,
  minus,
  most,
  NO_STAKE,
  UNREADABLE,
  up,
  WAD,
  type Inflow,
  type Rules,
  type State,
} from "./protocol-state";
import { ASSETS, STAKED, type Asset, type Facts, type Stake, type Staked } from "./protocol-types";

/** Why something is refused, by the name of its error. */
export class Refused extends Error {}
/** The contracts did what no rule allows. */
export class Broken extends Error {}

export function refuse(unless: boolean, error: string): void {
  if (!unless) throw new Refused(error);
}

export const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

export class Books {
  constructor(
    readonly rules: Rules,
    readonly s: State,
  ) {}

  /* WHAT IS THERE */

  supply(): bigint {
    return sum(Object.values(this.s.shares));
  }

  /** Engine shares of all stakers. */
  inEngine(asset: Staked, part: keyof Stake): bigint {
    return sum(this.s.stakes.map((stake) => stake[part][asset]));
  }

  /** Units of an asset, wherever they are. */
  units(asset: Asset): bigint {
    const { idle, perShare } = this.s;
    if (asset === "ETH") return idle.ETH;
    const engine = this.inEngine(asset, "restaked") + this.inEngine(asset, "unbonding");
    return idle[asset] + down(engine, perShare[asset], WAD);
  }

  /** The same, place by place, as the line looks at it. */
  backing(asset: Staked): bigint {
    const { idle, perShare } = this.s;
    const at = (part: keyof Stake) => down(this.inEngine(asset, part), perShare[asset], WAD);
    return idle[asset] + at("restaked") + at("unbonding");
  }

  partOf(who: string, part: number): bigint {
    return down(this.s.shares[who], BigInt(part), 10_000n);
  }

  pass(from: string, to: string, shares: bigint): void {
    this.s.shares[from] = this.s.shares[from] - shares;
    this.s.shares[to] = this.s.shares[to] + shares;
  }

  netAssetValue(): bigint {
    const { idle, redeeming, assetRate } = this.s;
    return idle.ETH + redeeming + sum(STAKED.map((asset) => down(this.units(asset), assetRate[asset], WAD)));
  }

  /* THE RATE */

  /** Gains along the allowance, a fee on what is new; the rest waits. */
  report(time: bigint, facts: Facts): void {
    const { s } = this;
    const { nav, supply } = this.assess(time, facts);
    const worth = down(nav, WAD, supply);
    if (worth <= s.rate) {
      s.rate = worth;
    } else {
      s.rate = least(worth, s.rate + this.allowance(time - s.grownAt));
      if (s.rate > s.mark) this.takeFee(time, supply);
    }
    if (dayOf(time) !== s.fee.day) s.fee = { day: dayOf(time), minted: 0n };
    s.grownAt = time;
    s.mark = most(s.mark, s.rate);
    this.publish(time, nav);
  }

  /** The half that only knows losses. */
  settle(time: bigint, facts: Facts): void {
    const { nav, supply } = this.assess(time, facts);
    this.s.rate = least(this.s.rate, down(nav, WAD, supply));
    this.publish(time, nav);
  }

  /** Growth of the rate that so much time allows: at most a day's. */
  allowance(elapsed: bigint): bigint {
    return down(this.s.rate * this.rules.growthCapBps, least(elapsed, DAY), BPS * DAY);
  }

  /** Fee shares of a day. */
  feeLimit(): bigint {
    return down(this.supply(), this.rules.feeCapBps, BPS);
  }

  feeLeft(time: bigint): bigint {
    return minus(this.feeLimit(), this.feeMinted(time));
  }

  feeMinted(time: bigint): bigint {
    return dayOf(time) === this.s.fee.day ? this.s.fee.minted : 0n;
  }

  /** Reads engine, issuers and desk anew; enters losses; opens the doors of the assets. */
  private assess(time: bigint, facts: Facts): { nav: bigint; supply: bigint } {
    const { s } = this;
    for (const [operator, stamp] of s.stamps.entries()) {
      if (stamp === NO_STAKE || stamp === UNREADABLE) continue;
      // Nothing has moved it: its book stays as it is, rounded up by every strike.
      if (facts.stakes[operator] === undefined || facts.stamps[operator] !== stamp) this.takeStake(operator, facts);
    }
    for (const asset of STAKED) this.revalue(asset, facts);
    s.redeeming = facts.redeeming;
    const nav = this.netAssetValue();
    const supply = this.supply();
    this.judge(time, nav, down(supply, s.rate + s.waiting, WAD));
    s.told = { ...s.assetRate };
    for (const asset of ASSETS) this.open(asset, time, asset === "ETH" ? nav : this.units(asset));
    return { nav, supply };
  }

  private publish(time: bigint, nav: bigint): void {
    const { s } = this;
    s.waiting = minus(up(nav, WAD, this.supply()), s.rate);
    s.closedUntil = this.closedUntil();
    if (s.closedUntil !== FOR_GOOD) s.reportedAt = time; // what is published otherwise must not look fresh
  }

  /** The doors that need a price: closed after an alarm, and while a staker cannot be read. */
  closedUntil(): bigint {
    return this.s.stamps.includes(UNREADABLE) ? FOR_GOOD : this.s.alarm.closedUntil;
  }

  private takeFee(time: bigint, supply: bigint): void {
    const { s } = this;
    const fee = down(s.rate - s.mark, this.rules.feeBps, BPS);
    const shares = least(down(supply, fee, s.rate - fee), this.feeLeft(time));
    s.fee = { day: dayOf(time), minted: this.feeMinted(time) + shares };
    s.shares.fee = s.shares.fee + shares;
    s.rate = down(s.rate, supply, supply + shares);
  }

  /* LOSSES */

  /** What the engine says of one staker; what is missing was slashed. */
  takeStake(operator: number, facts: Facts): void {
    const { s } = this;
    const stake = facts.stakes[operator];
    if (stake === undefined) {
      s.stamps[operator] = UNREADABLE;
      return;
    }
    for (const asset of STAKED) {
      const had = s.stakes[operator].restaked[asset] + s.stakes[operator].unbonding[asset];
      const missing = minus(had, stake.restaked[asset] + stake.unbonding[asset]);
      this.lose(down(down(missing, s.perShare[asset], WAD), s.assetRate[asset], WAD));
    }
    this.rebook(operator, facts);
  }

  /** Takes over what the engine says of a staker: no loss, after a move of our own. */
  protected rebook(operator: number, { stakes, stamps }: Facts): void {
    const { s } = this;
    const stake = stakes[operator];
    if (stake === undefined) throw new Broken(`the contracts say that operator ${operator} could be read`);
    s.stakes[operator] = structuredClone(stake);
    s.drift[operator] = 0n;
    const any = STAKED.some((asset) => stake.restaked[asset] + stake.unbonding[asset] > 0n);
    s.stamps[operator] = any ? stamps[operator] : NO_STAKE;
  }

  /** What issuer and strategy say of an asset. A fall of the strategy is worth the old rate, and comes first. */
  revalue(asset: Staked, facts: Facts): void {
    const { s } = this;
    const engine = this.inEngine(asset, "restaked") + this.inEngine(asset, "unbonding");
    const [oldRate, oldPerShare] = [s.assetRate[asset], s.perShare[asset]];
    s.perShare[asset] = facts.perShare[asset];
    s.assetRate[asset] = facts.rate[asset];
    this.lose(down(down(engine, minus(oldPerShare, facts.perShare[asset]), WAD), oldRate, WAD));
    this.lose(down(this.units(asset), minus(oldRate, facts.rate[asset]), WAD));
  }

  private lose(value: bigint): void {
    if (value <= DUST) return;
    this.s.fresh += value;
    this.s.loss += value;
  }

  /** What nothing else explains is a loss too; then the alarm looks at seven days. */
  private judge(time: bigint, nav: bigint, expected: bigint): void {
    const { s } = this;
    this.lose(minus(minus(expected, nav), s.fresh));
    if (s.fresh === 0n) return;
    s.lost.push({ day: dayOf(time), lost: s.fresh, whole: expected });
    s.fresh = 0n;
    if (!this.isAlarming(time) || time < s.alarm.nextFrom) return;
    s.alarm = { closedUntil: time + this.rules.closing, nextFrom: time + this.rules.rest };
  }

  /** Losses of seven days, one after the other, as exact fractions. */
  protected isAlarming(time: bigint): boolean {
    const week = this.s.lost.filter(({ day }) => day + 7n > dayOf(time));
    const left = week.reduce((product, { lost, whole }) => product * minus(whole, lost), 1n);
    const whole = week.reduce((product, loss) => product * loss.whole, 1n);
    return (whole - left) * BPS >= whole * this.rules.alarmBps;
  }

  /* WHAT MAY COME IN */

  /** A full bucket of an asset [units]. */
  inflowLimit(asset: Asset): bigint {
    const { inflowBps, inflowFloor } = this.rules.assets[asset];
    return most(down(down(this.supply(), inflowBps, BPS), this.s.rate, this.s.told[asset]), inflowFloor);
  }

  /** What the bucket holds: it refills over a day, then what has come in is taken. */
  inflowLeft(asset: Asset, time: bigint): bigint {
    const { left, opened, headroom, settledAt }: Inflow = this.s.inflow[asset];
    const limit = this.inflowLimit(asset);
    return minus(least(limit, left + down(limit, least(time - settledAt, DAY), DAY)), opened - headroom);
  }

  /** Settles the bucket and opens what it and the cap leave. */
  private open(asset: Asset, time: bigint, inside: bigint): void {
    const left = this.inflowLeft(asset, time);
    const opened = least(left, minus(this.rules.assets[asset].cap, inside));
    this.s.inflow[asset] = { left, opened, headroom: opened, settledAt: time };
  }
}
