/** Chooses what to do next: mostly what is possible, now and then what must be refused. */
import type { EngineModel } from "./engine";
import { WAD } from "./engine-state";
import { ACCOUNTS, OPERATORS, SETS, STAKERS, STRATEGIES, type Action } from "./engine-types";

/** mulberry32: small, seeded, good enough to choose with. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const AMOUNTS = [1n, 7n, 999n, 1_000_003n, 10n ** 12n, 10n ** 18n, 3_333_333_333_333_333_333n, 10n ** 23n];
const WADS = [1n, 2n, WAD / 1_000n, WAD / 10n, WAD / 3n, WAD / 2n, WAD - 1n, WAD];
const PARTS = [1n, 3n, 10n, 50n, 100n];

export class Generator {
  /** Makes a world in which something can happen, another for every seed. */
  private readonly opening: Action[];

  constructor(
    private readonly model: EngineModel,
    private readonly roll: () => number,
  ) {
    this.opening = OPERATORS.flatMap((operator, i): Action[] => [
      { do: "deposit", who: STAKERS[i], strategy: this.pick(STRATEGIES), amount: String(this.pick(AMOUNTS.slice(2))) },
      { do: "delegate", who: STAKERS[i], operator },
      { do: "register", operator, set: i % 2 },
      { do: "allocate", operator, set: i % 2, strategy: this.pick(["A", "B"]), magnitude: String(WAD / BigInt(i + 1)) },
    ]);
  }

  next(): Action {
    return this.opening.shift() ?? this.anything();
  }

  private anything(): Action {
    const weighted: [number, () => Action][] = [
      [16, () => this.deposit()],
      [6, () => ({ do: "delegate", who: this.pick(STAKERS), operator: this.pick(OPERATORS) })],
      [3, () => this.undelegate()],
      [3, () => ({ do: "redelegate", who: this.pick(STAKERS), operator: this.pick(OPERATORS) })],
      [13, () => this.queue()],
      [13, () => this.complete()],
      [6, () => ({ do: "register", operator: this.pick(OPERATORS), set: this.set() })],
      [2, () => ({ do: "deregister", operator: this.pick(OPERATORS), set: this.set() })],
      [15, () => this.allocate()],
      [
        2,
        () => ({ do: "free", operator: this.pick(OPERATORS), strategy: this.pick(STRATEGIES), count: this.below(3) }),
      ],
      [1, () => ({ do: "setDelay", operator: this.pick(OPERATORS), delay: this.below(8) })],
      [16, () => this.slash()],
      [7, () => this.clear()],
      [1, () => this.changeSet()],
      [3, () => ({ do: "donate", strategy: this.pick(STRATEGIES), amount: String(this.pick(AMOUNTS)) })],
      [8, () => ({ do: "mine", blocks: 1 + this.below(12) })],
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

  private set(): number {
    return this.below(SETS.length);
  }

  private part(whole: bigint): bigint {
    return (whole * this.pick(PARTS)) / 100n;
  }

  private deposit(): Action {
    return {
      do: "deposit",
      who: this.pick(ACCOUNTS),
      strategy: this.pick(STRATEGIES),
      amount: String(this.pick(AMOUNTS)),
    };
  }

  private undelegate(): Action {
    const who = this.pick(ACCOUNTS);
    const { operator } = this.model.state.accounts[who];
    return { do: "undelegate", who, by: this.roll() < 0.4 && operator !== "" ? operator : who };
  }

  private queue(): Action {
    const holders = ACCOUNTS.filter((name) => this.model.state.accounts[name].strategies.length > 0);
    const who = holders.length > 0 ? this.pick(holders) : "s0";
    const { strategies: held, shares } = this.model.state.accounts[who];
    const strategies = held.length > 1 && this.roll() < 0.3 ? [...held] : held.length > 0 ? [this.pick(held)] : ["A"];
    const wrong = this.roll();
    const amount = (strategy: string): bigint =>
      wrong < 0.03 ? shares[strategy] + 1n : this.part(shares[strategy]) || shares[strategy];
    return { do: "queue", who, strategies, shares: strategies.map((strategy) => String(amount(strategy))) };
  }

  private complete(): Action {
    const waiting = ACCOUNTS.filter((name) => this.model.state.accounts[name].queued.length > 0);
    if (waiting.length === 0) return { do: "mine", blocks: 3 };
    const who = this.pick(waiting);
    const index = this.below(this.model.state.accounts[who].queued.length);
    return { do: "complete", who, index, asTokens: this.roll() < 0.6 };
  }

  private allocate(): Action {
    const operator = this.pick(OPERATORS);
    const { registered, allocations } = this.model.state.operators[operator];
    const set = registered.length > 0 && this.roll() < 0.8 ? this.pick(registered) : this.set();
    const strategy = this.pick(SETS[set].strategies);
    const { current } = allocations[set][strategy];
    const most = this.model.observe(this.model.now).operators[operator].allocatable[strategy] + current;
    const more = most > current && this.roll() < 0.7;
    const magnitude = more ? current + this.part(most - current) : this.roll() < 0.3 ? 0n : this.part(current);
    return { do: "allocate", operator, set, strategy, magnitude: String(this.roll() < 0.03 ? most + 1n : magnitude) };
  }

  private slash(): Action {
    const operator = this.pick(OPERATORS);
    const { registered, slashableUntil } = this.model.state.operators[operator];
    const former = slashableUntil.flatMap((until, set) => (until > 0n ? [set] : []));
    const sets = [...registered, ...former];
    const set = sets.length > 0 ? this.pick(sets) : this.set();
    const inSet = [...this.model.state.sets[set].strategies].sort();
    const chosen = inSet.filter(() => this.roll() < 0.7);
    if (this.roll() < 0.02) chosen.reverse();
    const total = this.roll() < 0.06;
    return {
      do: "slash",
      operator,
      set,
      strategies: chosen,
      wads: chosen.map(() => String(total ? WAD : this.pick(WADS.slice(0, -1)))),
    };
  }

  private clear(): Action {
    const set = this.set();
    const { waiting, slashCount } = this.model.state.sets[set];
    const known = waiting.length > 0 ? this.pick(waiting) : undefined;
    const slashId = Number(known?.slashId ?? slashCount);
    const one = this.roll() < 0.4;
    if (!one) return { do: "clear", set, slashId };
    return { do: "clearOne", set, slashId, strategy: this.pick(known?.strategies ?? STRATEGIES) };
  }

  private changeSet(): Action {
    const set = this.set();
    const strategy = this.pick(STRATEGIES);
    return {
      do: this.model.state.sets[set].strategies.includes(strategy) ? "removeStrategy" : "addStrategy",
      set,
      strategy,
    };
  }
}
