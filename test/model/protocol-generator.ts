/** Chooses what to do next with the protocol: mostly what is possible, now and then what must be refused. */
import { owedOf } from "./baskets";
import type { ProtocolModel } from "./protocol";
import { DAY as DAYS, UNREADABLE } from "./protocol-state";
import { ASSETS, OPERATORS, PEOPLE, STAKED, TOKENS, type Action, type Token } from "./protocol-types";

const DAY = 86_400;
const ETHER = 10n ** 18n;
const AMOUNTS = [1n, 10n ** 14n, 10n ** 15n + 7n, ETHER, 33n * ETHER + 333n, 100n * ETHER, 400n * ETHER + 1n];
const PARTS = [1, 33, 500, 2_500, 5_000, 10_000];

export class ProtocolGenerator {
  /** A pool in which something can happen. */
  private readonly opening: Action[];
  /** Operators of whom the engine does not tell. */
  private readonly muted = new Set<number>();

  constructor(
    private readonly model: ProtocolModel,
    private readonly roll: () => number,
  ) {
    this.opening = [
      { do: "deposit", who: "ann", token: "ETH", amount: String(300n * ETHER + this.odd()), via: "plain" },
      { do: "deposit", who: "ben", token: "stETH", amount: String(200n * ETHER + this.odd()), via: "plain" },
      {
        do: "deposit",
        who: "cleo",
        token: this.pick(["rETH", "cbETH"] as const),
        amount: String(100n * ETHER),
        via: "report",
      },
      { do: "issuer", crank: "stake" },
      { do: "restake", asset: "wstETH" },
      { do: "basket", who: "ann", part: this.pick(PARTS) },
    ];
  }

  /** @param time Of the last block. */
  next(time: bigint): Action {
    const next = this.opening.shift() ?? this.anything(time);
    if (next.do === "mute" && next.mute) this.muted.add(next.operator);
    if (next.do === "mute" && !next.mute) this.muted.delete(next.operator);
    return next;
  }

  private anything(time: bigint): Action {
    const { baskets, stamps } = this.model.s;
    const muted = [...this.muted];
    const unreadable = OPERATORS.filter((operator) => stamps[operator] === UNREADABLE && !this.muted.has(operator));
    const ripe = this.ripe(time);
    const isAsked = Object.keys(baskets.requests).length > 0;
    const owing = STAKED.filter((name) => baskets.positions.some((of) => owedOf(of[name]).n > 0n));
    const coming = Object.keys(baskets.withdrawals).map((key) => Number(key.split(" ")[0]));
    const isYoung = ripe.length === 0 && Object.values(baskets.days).some(({ strike }) => strike === 0);
    const asset = () => this.pick(ASSETS);
    const staked = () => this.pick(STAKED);
    const who = () => this.pick(PEOPLE);
    const part = () => this.pick(PARTS);
    const ticket = () => this.below(12);
    const weighted: [number, () => Action][] = [
      [14, () => ({ do: "deposit", who: who(), ...this.bringing(), via: this.pick(["plain", "report", "permit"]) })],
      [3, () => this.donation()],
      [2, () => ({ do: "transfer", who: who(), to: who(), part: part() })],
      [12, () => ({ do: "request", who: who(), asset: asset(), part: part() })],
      [10, () => ({ do: "fill", asset: this.waited(), batches: 1 + this.below(3) })],
      [6, () => ({ do: "claim", ticket: ticket() })],
      [4, () => ({ do: "move", ticket: ticket(), asset: this.pick([...ASSETS, "basket", "basket"] as const) })],
      [7, () => ({ do: "basket", who: who(), part: part() })],
      [ripe.length > 0 ? 50 : 1, () => ({ do: "strike", nth: ripe.length > 0 ? this.pick(ripe) : this.below(4) })],
      [baskets.arrivals.length > 0 ? 12 : 0.5, () => ({ do: "divide", steps: this.pick([1, 1, 2, 5, 50]) })],
      [
        baskets.strikes > 0 ? 4 : 0.5,
        () => ({ do: "collect", ticket: ticket(), assets: this.pick([[...ASSETS], [asset()], []]) }),
      ],
      [6, () => ({ do: "redeem", who: who(), part: this.pick([1, 7, 33, 100]) })],
      [10, () => ({ do: "report" })],
      [2, () => ({ do: "settle" })],
      [2, () => ({ do: "sync", operator: this.pick(OPERATORS) })],
      [2, () => ({ do: "syncAsset", asset: staked() })],
      [1, () => ({ do: "syncIssuers" })],
      [5, () => ({ do: "restake", asset: staked() })],
      [owing.length > 0 ? 12 : 5, () => ({ do: "unbond", asset: this.pick([this.waitedStaked(), ...owing]) })],
      [coming.length > 0 ? 14 : 6, () => ({ do: "complete", operator: this.pick([...OPERATORS, ...coming]) })],
      [8, () => ({ do: "issuer", crank: this.pick(["stake", "redeem", "redeem", "claim", "burn"]) })],
      [isAsked ? 5 : 0, () => ({ do: "issuer", crank: "claim" })],
      [5, () => ({ do: "lido", bps: this.pick([1, 2, 5, 20, 60, -1, -30]) })],
      [5, () => this.publication()],
      [isAsked ? 6 : 3, () => ({ do: "finalise" })],
      [
        3,
        () => ({ do: "slash", avs: this.below(2), operator: this.pick(OPERATORS), part: this.pick([1, 500, 5_000]) }),
      ],
      [0.5, () => ({ do: "undelegate", operator: this.pick(OPERATORS) })],
      [0.7, () => ({ do: "mute", operator: this.pick(OPERATORS), mute: true })],
      [muted.length > 0 ? 8 : 0, () => ({ do: "mute", operator: this.pick(muted), mute: false })],
      [unreadable.length > 0 ? 15 : 0, () => ({ do: "sync", operator: this.pick(unreadable) })],
      [1, () => ({ do: "announce", pending: this.roll() < 0.4 })],
      [
        isYoung ? 20 : 13,
        () => ({ do: "wait", seconds: this.pick([600, 3_600, DAY / 2, DAY, DAY, 2 * DAY, 6 * DAY]) }),
      ],
    ];
    let left = this.roll() * weighted.reduce((sum, [weight]) => sum + weight, 0);
    const chosen = weighted.find(([weight]) => (left -= weight) < 0) ?? weighted[0];
    return chosen[1]();
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  private below(count: number): number {
    return Math.floor(this.roll() * count);
  }

  private odd(): bigint {
    return BigInt(this.below(1_000_000));
  }

  private bringing(): { token: Token; amount: string } {
    return { token: this.pick(TOKENS), amount: String(this.pick(AMOUNTS) + (this.roll() < 0.5 ? this.odd() : 0n)) };
  }

  /** A line in which somebody waits, if there is one. */
  private waited() {
    const lines = ASSETS.filter((asset) => this.model.waitingShares(asset) > 0n);
    return this.pick(lines.length > 0 ? lines : ASSETS);
  }

  /** Numbers of the days whose baskets may be struck. */
  private ripe(time: bigint): number[] {
    const days = Object.entries(this.model.s.baskets.days);
    return days.flatMap(([day, { strike }], nth) => (strike === 0 && time >= (BigInt(day) + 2n) * DAYS ? [nth] : []));
  }

  private waitedStaked() {
    const lines = STAKED.filter((asset) => this.model.waitingShares(asset) > 0n);
    return this.pick(lines.length > 0 ? lines : STAKED);
  }

  private donation(): Action {
    const token = this.pick(["stETH", "wstETH", "rETH", "cbETH"] as const);
    const to = this.pick(token === "wstETH" ? (["pool"] as const) : (["pool", "strategy", "strategy"] as const));
    return { do: "donate", token, to, amount: String(this.pick(AMOUNTS.slice(0, 4))) };
  }

  /** An issuer's rate, mostly a little higher, and its market, mostly beside it. */
  private publication(): Action {
    const marketBps = this.roll() < 0.8 ? 0 : this.pick([10, 19, 21, 100]);
    return {
      do: "publish",
      token: this.pick(["rETH", "cbETH"] as const),
      bps: this.pick([0, 1, 2, 30, -1, -50]),
      marketBps,
    };
  }
}
