/** Looks for a sequence by which somebody ends with more than he brought: at random, then uphill. Knows nothing of mocha. */
import { network } from "hardhat";
import { dice } from "./engine-generator";
import type { Arena } from "./profit-arena";
import { Rights } from "./profit-rights";
import type { Standing } from "./profit-worth";
import { isEvent, type Deed, type Event, type Giving, type Step } from "./profit-types";
import { down, most, WAD } from "./protocol-state";
import { assetOf, ASSETS, OPERATORS, STAKED, TOKENS, type Asset, type By, type Token } from "./protocol-types";

/**
 * What rounding may give him in a step [wei]. He has 30 000 ether of each of six tokens, and everything here is valued by
 * rates of 18 digits: one digit is 30 000 wei of any of them. A step values what left, what came, the price of his shares
 * (its waiting part rounds up) and a fair share: four times a digit. The calls themselves round against him.
 */
export const ROUNDING_PER_STEP = 4n * 30_000n;
/**
 * What rounding may cost a passive holder in a step, in digits of the price of 1e18 shares. A burn rounds the waiting gain
 * up twice until the next report, and moves between pool and engine lose some wei of thousands of ether: a digit more.
 */
export const DIGITS_PER_STEP = 3n;

/**
 * What rounding may cost the basket of a passive holder in a step, in units of an asset: moves and divisions lose a few, an
 * engine share is worth some after a gift, and 90 ether of units are read by numbers of 18 digits.
 */
export const UNITS_PER_STEP = 1_000n;

export interface Judged {
  steps: Step[];
  /** What he has more than he brought, beyond his share of what others earned for all and left to all [wei]. */
  profit: bigint;
  /** What a passive holder lost, when nothing was slashed or fell, or who was paid in a line [wei per 1e18 shares]. */
  harm: bigint;
  /** Units of any asset that a passive holder's basket lost, when nothing was slashed. */
  taken: bigint;
  /** Deeds that went through. */
  done: number;
}

/** Rounding that a sequence may have gained or cost. */
export const bound = (steps: Step[], perStep: bigint): bigint => perStep * BigInt(steps.length + 2);

export const isProfit = ({ steps, profit }: Judged): boolean => profit > bound(steps, ROUNDING_PER_STEP);
export const isHarm = ({ steps, harm, taken }: Judged): boolean =>
  harm > bound(steps, DIGITS_PER_STEP) || taken > bound(steps, UNITS_PER_STEP);

/** One sequence on a protocol that stands; leaves it as it was. */
export async function judge(arena: Arena, steps: Step[]): Promise<Judged> {
  const untouched = (await network.provider.send("evm_snapshot")) as string;
  const { tickets, basketTickets } = arena;
  [arena.tickets, arena.basketTickets] = [[...tickets], [...basketTickets]];
  try {
    return await new Trial(arena, steps).run();
  } finally {
    await network.provider.send("evm_revert", [untouched]);
    [arena.tickets, arena.basketTickets] = [tickets, basketTickets];
  }
}

class Trial {
  private flows = 0n;
  private fair = 0n;
  /** Told of every call: what is his of gains, once they are in the price, and of what others leave in lines. */
  private rights!: Rights;
  private done = 0;
  private now!: Standing;

  constructor(
    private readonly arena: Arena,
    private readonly steps: Step[],
  ) {}

  async run(): Promise<Judged> {
    const { arena, steps } = this;
    await arena.keeperReports();
    this.now = await arena.look();
    this.rights = await Rights.from(arena.world, await arena.wallet.getAddress(), this.now);
    const { priceWad: before } = this.now;
    const first = arena.atFirst;
    const began = worthOf(this.now, first.his);
    for (let i = 0; i < steps.length;) {
      const step = steps[i];
      if (isEvent(step)) {
        await this.event(step);
        i += 1;
        continue;
      }
      const group: Deed[] = [step];
      for (i += 1; i < steps.length; ++i) {
        const next = steps[i];
        if (isEvent(next) || next.atOnce !== true) break;
        group.push(next);
      }
      await this.act(group);
    }
    await arena.keeperReports(); // so that the price is what shares stand for
    await this.look();
    const { priceWad: after } = this.now;
    const last = await arena.units(this.now);
    const fell = steps.some((step) => step.do === "falls" || step.do === "slashes");
    const { fair, short } = this.rights;
    const profit = worthOf(this.now, last.his) - began + this.flows - this.fair - fair;
    const harm = most(fell ? 0n : before - after, short);
    const taken = fell ? 0n : ASSETS.map((name) => first.passive[name] - last.passive[name]).reduce(most, 0n);
    return { steps, profit, harm, taken, done: this.done };
  }

  private async act(group: Deed[]): Promise<void> {
    const { arena } = this;
    const { prices, purse: had } = this.now;
    if (!(await arena.perform(group))) return;
    this.done += 1;
    await this.look();
    for (const token of TOKENS) this.flows += ((this.now.purse[token] - had[token]) * prices[assetOf(token)]) / WAD;
  }

  private async event(event: Event): Promise<void> {
    const { arena } = this;
    const { prices } = this.now;
    // What is in units already, wherever it is, gains with its price, and no report has to see that.
    const units = event.do === "earns" ? (await arena.units(this.now)).his : undefined;
    const gain = await arena.happen(event);
    await this.look();
    if (event.do === "earns") this.rights.gains(gain);
    else this.fair += down(gain, this.now.shares, this.now.supply); // in the price at once: who is there has a share
    for (const name of ASSETS) this.fair += ((units?.[name] ?? 0n) * (this.now.prices[name] - prices[name])) / WAD;
  }

  private async look(): Promise<void> {
    this.now = await this.arena.look();
    await this.rights.follow(this.now);
  }
}

/** Ether value of shares and of units. */
function worthOf({ shares, priceWad, prices }: Standing, units: By<Asset, bigint>): bigint {
  return ASSETS.reduce((sum, name) => sum + down(units[name], prices[name], WAD), down(shares, priceWad, WAD));
}

/* SEARCHING */

const AMOUNTS = [1, 3, 10, 30, 100, 150, 300, 1_000, 3_000];
const GIVEN = ["stETH", "wstETH", "rETH", "cbETH", "trETH"] as const;
const PLACES: Giving[] = ["pool", "queue", "strategy", "issuer", "router"];

export class Attacker {
  constructor(private readonly roll: () => number) {}

  sequence(): Step[] {
    return Array.from({ length: 4 + this.below(6) }, () => this.step());
  }

  /** A neighbour: a step more, less, another, elsewhere, larger, or in one transaction with the one before. */
  neighbour(steps: Step[]): Step[] {
    const next = [...steps];
    const at = this.below(next.length);
    const kind = this.roll();
    if (kind < 0.25) next.splice(at, 0, this.step());
    else if (kind < 0.4 && next.length > 2) next.splice(at, 1);
    else if (kind < 0.55) next[at] = this.step();
    else if (kind < 0.7) next.splice(this.below(next.length), 0, ...next.splice(at, 1));
    else if (kind < 0.85) next[at] = this.resized(next[at]);
    else next[at] = this.joined(next[at]);
    return next.slice(0, 14);
  }

  private resized(step: Step): Step {
    return "amount" in step ? { ...step, amount: this.pick(AMOUNTS) } : step;
  }

  private joined(step: Step): Step {
    return isEvent(step) ? step : { ...step, atOnce: step.atOnce !== true };
  }

  private step(): Step {
    if (this.roll() < 0.35) return this.event();
    return this.roll() < 0.25 ? { ...this.deed(), atOnce: true } : this.deed();
  }

  private deed(): Deed {
    const amount = this.pick(AMOUNTS);
    const asset = this.pick(ASSETS);
    const weighted: [number, () => Deed][] = [
      [30, () => ({ do: "deposit", token: this.pick(TOKENS), amount, via: this.pick(["plain", "plain", "report"]) })],
      [12, () => ({ do: "request", asset, amount })],
      [12, () => ({ do: "redeem", amount: this.pick([1, 3, 10, 14]) })],
      [6, () => ({ do: "claim", ticket: this.below(4) })],
      [4, () => ({ do: "move", ticket: this.below(4), asset: this.pick([...ASSETS, "basket"] as const) })],
      [10, () => ({ do: "basket", amount })],
      [8, () => ({ do: "strike" })],
      [3, () => ({ do: "divide", steps: this.pick([1, 2, 50]) })],
      [4, () => ({ do: "collect", ticket: this.below(4) })],
      [5, () => ({ do: "give", token: this.pick(GIVEN), to: this.pick(PLACES), amount })],
      [
        12,
        () => ({
          do: "crank",
          crank: this.pick(["report", "report", "settle", "stake", "redeem", "claim", "burn", "sweep", "deliver"]),
        }),
      ],
      [10, () => ({ do: "line", crank: "fill", asset })],
      [6, () => ({ do: "line", crank: this.pick(["restake", "unbond", "syncAsset"]), asset: this.pick(STAKED) })],
      [3, () => ({ do: "operator", crank: this.pick(["sync", "complete"]), operator: this.pick(OPERATORS) })],
    ];
    return this.weigh(weighted);
  }

  private event(): Event {
    const amount = this.pick([1, 10, 14, 100]);
    const token: Token = this.pick(TOKENS);
    const weighted: [number, () => Event][] = [
      [30, () => ({ do: "wait", hours: this.pick([1, 12, 24, 48, 72, 150]) })],
      [14, () => ({ do: "earns", token: this.pick(STAKED), bps: this.pick([1, 5, 30, 100]) })],
      [6, () => ({ do: "falls", token: this.pick(STAKED), bps: this.pick([1, 10, 40, 100]) })],
      [4, () => ({ do: "finalise" })],
      [14, () => ({ do: "other deposits", token, amount: amount * 2 })],
      [6, () => ({ do: "other redeems", amount })],
      [6, () => ({ do: "other requests", asset: this.pick(ASSETS), amount })],
      [6, () => ({ do: "other leaves by basket", amount })],
      [3, () => ({ do: "keeper" })],
      [6, () => ({ do: "slashes", operator: this.pick(OPERATORS), part: this.pick([100, 1_000, 10_000]) })],
      [3, () => ({ do: "announces", pending: this.roll() < 0.6 })],
    ];
    return this.weigh(weighted);
  }

  private weigh<T>(weighted: [number, () => T][]): T {
    let left = this.roll() * weighted.reduce((sum, [weight]) => sum + weight, 0);
    return (weighted.find(([weight]) => (left -= weight) < 0) ?? weighted[0])[1]();
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  private below(count: number): number {
    return Math.floor(this.roll() * count);
  }
}

export interface Searched {
  best: Judged;
  /** Largest loss of a passive holder that was seen. */
  worst: Judged;
  judged: number;
  done: number;
}

/** A deed that goes through is worth a small loss: who does nothing stands on a summit, and learns nothing there. */
const fitness = ({ profit, done }: Judged): bigint => profit + BigInt(done) * (WAD / 100n);

/** Begins at a few random sequences and goes uphill from the best; ends at the first profit or harm. */
export async function search(arena: Arena, seed: number, trials: number): Promise<Searched> {
  const roll = dice(seed);
  const attacker = new Attacker(roll);
  let best = await judge(arena, attacker.sequence());
  let worst = best;
  let done = best.done;
  let judged = 1;
  for (let i = 1; i < trials && !isProfit(best) && !isHarm(worst); ++i) {
    const isFirst = i < trials / 3;
    const next = await judge(arena, isFirst ? attacker.sequence() : attacker.neighbour(best.steps));
    judged += 1;
    done += next.done;
    if (next.harm > worst.harm || next.taken > worst.taken + bound(next.steps, UNITS_PER_STEP)) worst = next;
    if (fitness(next) > fitness(best)) best = next;
  }
  return { best, worst, judged, done };
}

/** What a person needs to see a profit again. */
export function told({ steps, profit, harm, taken }: Judged): string {
  const limits = [ROUNDING_PER_STEP, DIGITS_PER_STEP, UNITS_PER_STEP]
    .map((perStep) => bound(steps, perStep))
    .join(", ");
  const lines = steps.map((step) => `  ${JSON.stringify(step)}`);
  const besides = `harm ${harm} wei per 1e18 shares, ${taken} units of a passive basket`;
  const found = `profit ${profit} wei, ${besides}`;
  return [`${found}; rounding may be ${limits}`, ...lines].join("\n");
}
