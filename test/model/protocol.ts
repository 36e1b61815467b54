/** The protocol without an EVM: what every call should do, by the architecture page and the interfaces. */
import { curveFee, curvePaid, type Curve } from "../models";
import { Broken, refuse, Refused, sum } from "./protocol-books";
import { Lines } from "./protocol-lines";
import {
  BPS,
  DAY,
  down,
  FLOOR_RATE,
  least,
  MIN_MOVE,
  MIN_SHARES,
  minus,
  most,
  perStaked,
  seeded,
  up,
  WAD,
  type Rules,
} from "./protocol-state";
import {
  assetOf,
  ASSETS,
  OPERATORS,
  STAKED,
  type Action,
  type Asset,
  type AssetSeen,
  type By,
  type Facts,
  type Outcome,
  type Seen,
  type Staked,
  type Step,
} from "./protocol-types";

type Deed<K extends Action["do"]> = Extract<Action, { do: K }>;

/** Where one move may lose a unit: changing its form, leaving, arriving. */
const HOPS = 3n;

const operatorOf = (step: Step): number => ("operator" in step ? step.operator : -1);

export class ProtocolModel extends Lines {
  constructor(rules: Rules, time: bigint, facts: Facts) {
    super(rules, seeded(rules, time, facts));
  }

  /** Does it; returns the error with which it is refused, after which nothing has changed. */
  perform(action: Action, o: Outcome): string | undefined {
    const before = structuredClone(this.s);
    try {
      this.act(action, o);
      this.holdParts(o.after);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      Object.assign(this.s, before);
      return error.message;
    }
  }

  private act(action: Action, o: Outcome): void {
    switch (action.do) {
      case "deposit":
        return this.deposit(action, o);
      case "transfer":
        return this.pass(action.who, action.to, this.partOf(action.who, action.part));
      case "request":
        return this.request(action.who, action.asset, action.part, o.time);
      case "fill":
        return this.fill(action.asset, action.batches, o);
      case "claim":
        return this.claim(action.ticket);
      case "move":
        return this.move(action.ticket, action.asset, o.time);
      case "basket":
        return this.leaveByBasket(action.who, action.part, o.time);
      case "strike":
        return this.strike(action.nth, o.time);
      case "divide":
        return this.divide(action.steps, o);
      case "collect":
        return this.collect(action.ticket, action.assets);
      case "redeem":
        return this.redeem(action, o);
      case "report":
        return this.report(o.time, o.before);
      case "settle":
        return this.settle(o.time, o.before);
      case "sync":
        return this.takeStake(action.operator, o.before);
      case "syncAsset":
        return this.revalue(action.asset, o.before);
      case "syncIssuers":
        this.s.redeeming = o.before.redeeming;
        return;
      case "restake":
      case "unbond":
      case "complete":
        return this.moveStake(action, o);
      case "issuer":
        return this.convert(action, o);
      default:
        return; // what happens outside changes nothing here: a donation least of all
    }
  }

  /* COMING IN */

  private deposit({ who, token, via }: Deed<"deposit">, o: Outcome): void {
    const { s } = this;
    if (via === "report") this.report(o.time, o.before);
    const asset = assetOf(token);
    refuse(o.time >= s.closedUntil, "DepositsClosed");
    refuse(s.reportedAt >= o.time - this.rules.maxReportAge, "ReportTooOld");
    refuse(s.rate >= FLOOR_RATE, "RateBelowFloor");
    const { cap, minDeposit, haircutBps } = this.rules.assets[asset];
    refuse(o.units >= minDeposit, "DepositTooSmall");
    const inside = asset === "ETH" ? this.netAssetValue() : this.backing(asset);
    const { headroom } = s.inflow[asset];
    refuse(o.units <= headroom || o.units <= minus(cap, inside), "CapExceeded");
    refuse(o.units <= headroom, "InflowExceeded");
    const rate = asset === "ETH" ? WAD : least(s.told[asset], this.entryRate(asset, o.time, o.before));
    s.inflow[asset].headroom -= o.units;
    s.idle[asset] += o.units;
    const shares = (o.units * rate * (BPS - haircutBps)) / (this.price() * BPS);
    s.shares[who] += shares;
    if (haircutBps === 0n && rate === s.told[asset]) return;
    // What a depositor leaves to the holders waits from now on: the next one does not buy it.
    const left = up(o.units, s.told[asset], WAD) - down(shares, s.rate + s.waiting, WAD);
    this.leave(left);
  }

  leave(value: bigint): void {
    this.s.waiting += up(value, WAD, this.supply());
  }

  /** What 1e18 shares cost: nobody buys what others wait for. */
  price(): bigint {
    return this.s.rate + this.s.waiting;
  }

  /** What an issuer says to newcomers, while that is recent and its market agrees. */
  private entryRate(asset: Staked, time: bigint, { rate, ratedAt, market }: Facts): bigint {
    const { maxAge, maxRate, market: breaker } = this.rules.assets[asset];
    const told = market[asset];
    if (maxAge > 0n) refuse(ratedAt[asset] >= time - maxAge, "AnswerTooOld");
    if (breaker === undefined || told === undefined) return rate[asset];
    refuse(told.at >= time - breaker.heartbeat, "AnswerTooOld");
    const isNear = told.price >= down(rate[asset], BPS - breaker.boundBps, BPS) && told.price <= maxRate;
    refuse(isNear, "MarketOutOfBounds");
    return rate[asset];
  }

  /* OUT AT ONCE */

  private redeem({ who, part }: Deed<"redeem">, o: Outcome): void {
    const { s } = this;
    const shares = this.partOf(who, part);
    this.settle(o.time, o.before);
    refuse(shares >= MIN_SHARES, "RedemptionTooSmall");
    refuse(o.time >= this.closedUntil(), "InstantClosed");
    refuse(!o.before.pending, "SlashPending");
    refuse(shares <= this.sharesLeft(o.time), "BucketExceeded");
    const { curve, watermark } = this.buffer();
    const value = down(shares, s.rate, WAD);
    const available = minus(curve.level, watermark);
    refuse(value <= available + curveFee(curve, available), "BufferExceeded");
    const paid = this.paidFor(curve, value);
    s.used = this.usedNow(o.time) + up(WAD, shares, this.supply());
    s.usedAt = o.time;
    this.burn(who, shares, up(shares, s.rate, WAD) - paid);
    s.idle.ETH -= paid;
  }

  paidFor(curve: Curve, value: bigint): bigint {
    return curvePaid(curve, value);
  }

  /** The buffer: idle ether that no ticket waits for. Target and watermark are parts of everything. */
  private buffer(): { curve: Curve; watermark: bigint } {
    const { targetBps, watermarkBps, minFeeBps, maxFeeBps } = this.rules;
    const level = minus(this.s.idle.ETH, up(this.waitingShares("ETH"), this.s.rate, WAD));
    const rest = minus(up(this.supply(), this.s.rate + this.s.waiting, WAD), level);
    const target = most(1n, up(rest, targetBps, BPS - targetBps));
    return { curve: { level, target, minFeeBps, maxFeeBps }, watermark: up(rest, watermarkBps, BPS - watermarkBps) };
  }

  private usedNow(time: bigint): bigint {
    return minus(this.s.used, down(time - this.s.usedAt, this.bucket(), DAY));
  }

  private sharesLeft(time: bigint): bigint {
    return down(this.supply(), minus(this.bucket(), this.usedNow(time)), WAD);
  }

  private bucket(): bigint {
    return down(WAD, this.rules.bucketBps, BPS);
  }

  /* CRANKS: how much they move is theirs to say; what it is worth is not */

  private moveStake(action: Deed<"restake" | "unbond" | "complete">, o: Outcome): void {
    const { s } = this;
    if (action.do === "complete") {
      this.takeStake(action.operator, o.before);
      s.perShare = { ...o.before.perShare }; // a gain of the strategy is none of the move's
    } else {
      this.settle(o.time, o.before);
    }
    refuse(o.refused === undefined, o.refused ?? "");
    const before = this.netAssetValue();
    const touched = action.do === "complete" ? [action.operator] : o.moved.steps.map(operatorOf);
    const moved = OPERATORS.filter((operator) => touched.includes(operator));
    const slack = () => perStaked((asset) => sum(moved.map((operator) => this.bookSlack(operator, asset))));
    const slackBefore = slack();
    for (const step of o.moved.steps) {
      if (step.is === "restaked" && this.owesMuch(step.operator, step.asset, o.before))
        throw new Broken(`operator ${step.operator} got ${step.asset} while it owed more than crumbs to baskets`);
      this.follow(step, o);
    }
    const slackAfter = slack();
    for (const asset of STAKED) {
      s.idle[asset] += o.moved.put[asset] - o.moved.taken[asset];
      s.perShare[asset] = o.after.perShare[asset];
    }
    for (const operator of moved) this.rebook(operator, o.after);
    const moves = BigInt(o.moved.steps.length);
    this.keeps(before, (asset) => [moves, slackBefore[asset] + slackAfter[asset]]);
  }

  /**
   * A move between pool and engine changes net asset value by rounding only, in units of each asset: one for each of its
   * hops and what one engine share is worth, because shares are whole; the engine shares by which what is of those who stay
   * may be off exact fractions before and after it; and two of the last digit of an engine share's
   * value on everything in the engine (the strategy's quotient, and the issuer's where its token is not the unit). Then
   * the value is rounded once more per asset. One engine share is worth more than a unit only after
   * somebody gave the strategy more than is in it; that costs him more than it can cost a move.
   */
  private keeps(before: bigint, roundings: (asset: Staked) => [moves: bigint, shares: bigint]): void {
    const units = (asset: Staked) => {
      const [moves, shares] = roundings(asset);
      const shareWorth = up(this.s.perShare[asset], 1n, WAD);
      const digits = 1n + (this.inEngine(asset, "restaked") + this.inEngine(asset, "unbonding")) / WAD;
      return moves * (HOPS + shareWorth) + shares * (1n + shareWorth) + 2n * digits;
    };
    const bound = STAKED.reduce((all, asset) => all + up(units(asset), this.s.assetRate[asset], WAD) + 1n, 0n);
    const off = this.netAssetValue() - before;
    if (off > bound || -off > bound) throw new Broken(`a move changed net asset value by ${off}, more than ${bound}`);
  }

  private convert({ crank }: Deed<"issuer">, o: Outcome): void {
    const { s } = this;
    const { taken, put } = o.moved;
    if (crank !== "claim") this.settle(o.time, o.before);
    if (crank === "stake") {
      const spare = minus(s.idle.ETH, this.waitingUnits("ETH") + up(this.netAssetValue(), this.rules.targetBps, BPS));
      refuse(spare >= MIN_MOVE, "NothingToConvert");
      if (o.refused === undefined && taken.ETH !== spare) throw new Broken(`staked ${taken.ETH} of ${spare} spare`);
    }
    refuse(o.refused === undefined, o.refused ?? "");
    for (const asset of ASSETS) s.idle[asset] += put[asset] - taken[asset];
    for (const step of o.moved.steps) this.follow(step, o);
    if (crank !== "stake" && (crank !== "claim" || put.ETH > 0n)) this.settle(o.time, o.after);
  }

  /* WHAT CAN BE SEEN */

  see(time: bigint): Seen {
    const { s } = this;
    const { curve, watermark } = this.buffer();
    const assets = Object.fromEntries(ASSETS.map((asset) => [asset, this.seeAsset(asset, time)])) as By<
      Asset,
      AssetSeen
    >;
    const batches = ASSETS.flatMap((asset) =>
      s.batches[asset].map((b) => {
        const { shares, remaining, assets: units, tickets } = b;
        return [`${asset} ${b.day}`, { shares, remaining, assets: units, tickets }] as const;
      }),
    );
    const tickets = Object.entries(s.tickets).map(([id, ticket]) => {
      const seen = { owner: ticket.owner, claimable: this.claimable(ticket), remaining: this.remaining(ticket) };
      return [id, seen] as const;
    });
    return {
      supply: this.supply(),
      shares: { ...s.shares },
      rate: s.rate,
      waiting: s.waiting,
      reportedAt: s.reportedAt,
      closedUntil: s.closedUntil,
      nav: this.netAssetValue(),
      redeeming: s.redeeming,
      loss: s.loss,
      mark: s.mark,
      feeMinted: this.feeMinted(time),
      feeLimit: this.feeLimit(),
      fillsClosedUntil: this.closedUntil(),
      books: structuredClone(s.stakes),
      marks: s.baskets.positions.map((position) => perStaked((asset) => position[asset].at)),
      baskets: this.seeBaskets(),
      assets,
      batches: Object.fromEntries(batches),
      tickets: Object.fromEntries(tickets),
      buffer: { level: curve.level, target: curve.target, watermark, sharesLeft: this.sharesLeft(time) },
    };
  }

  private seeAsset(asset: Asset, time: bigint): AssetSeen {
    const { s } = this;
    const at = (part: "restaked" | "unbonding") =>
      asset === "ETH" ? 0n : down(this.inEngine(asset, part), s.perShare[asset], WAD);
    return {
      idle: s.idle[asset],
      headroom: s.inflow[asset].headroom,
      rate: s.told[asset],
      left: this.inflowLeft(asset, time),
      limit: this.inflowLimit(asset),
      restaked: at("restaked"),
      unbonding: at("unbonding"),
      waitingShares: this.waitingShares(asset),
      waitingUnits: this.waitingUnits(asset),
      dueUnits: this.dueUnits(asset, time),
      open: this.openDays(asset),
      aside: s.aside[asset],
      shelf: s.baskets.shelf[asset],
    };
  }
}
