/** Whose everything on its way is: what the contracts make of it is held to exact fractions. */
import {
  isBetween,
  numbersOf,
  owedOf,
  part,
  queueUp,
  total,
  wholly,
  withdrawn,
  type Fraction,
  type Pot,
  type Slack,
} from "./baskets";
import { Books, Broken } from "./protocol-books";
import { MIN_MOVE, up, WAD, withdrawalKey } from "./protocol-state";
import { STAKED, type Asset, type Facts, type Landing, type Outcome, type Staked, type Step } from "./protocol-types";

/* BOUNDS. Each is in docs/spec/rounding.md. */

/** What is kept of a whole is rounded up: to a unit, and by two more in any number of strikes (`KeptMath`). */
const KEPT = 2n;
/** A withdrawal's slice: what is owed, rounded down as above; and the one share by which the engine may queue another
 *  number than it is asked for. */
const SLICE_LESS = KEPT + 1n + 1n;
const SLICE_MORE = 1n;

export class Pots extends Books {
  /* WHOSE IT IS */

  /** What the contracts make out to be of those who stay, beside exact fractions; nobody who stays has less. */
  protected holdParts({ positions, stakes, redeeming, requests }: Facts): void {
    for (const [operator, { restaked, withdrawals }] of positions.entries()) {
      this.findForced(operator, Object.entries(withdrawals));
      const stake = stakes[operator];
      if (stake === undefined) continue; // cannot be read
      for (const asset of STAKED) {
        const pot = this.s.baskets.positions[operator][asset];
        this.judgeKept(`stake of operator ${operator} in ${asset}`, stake.restaked[asset], [[pot, restaked[asset]]]);
        const queued = Object.entries(withdrawals).filter(([, w]) => w.asset === asset);
        const pots = queued.map(([nonce, w]) => [this.withdrawal(operator, nonce), w.shares] as [Pot, bigint]);
        this.judgeKept(`withdrawals of operator ${operator} in ${asset}`, stake.unbonding[asset], pots);
      }
    }
    const pots = Object.entries(requests).map(([id, value]) => [this.requested(id), value] as [Pot, bigint]);
    this.judgeKept("requests", redeeming, pots);
  }

  /** What the engine queued by itself is as its position was. */
  private findForced(operator: number, withdrawals: [nonce: string, { asset: Staked }][]): void {
    const { baskets } = this.s;
    for (const [nonce, { asset }] of withdrawals) {
      baskets.withdrawals[withdrawalKey(operator, nonce)] ??= structuredClone(baskets.positions[operator][asset]);
    }
  }

  private judgeKept(what: string, found: bigint, pots: [Pot, bigint][]): void {
    const exact = total(pots.map(([pot, amount]) => part(pot.stays, amount)));
    const { less, more } = this.slackOf(pots.map(([pot]) => pot));
    if (isBetween(exact, found - more, found + less)) return;
    throw new Broken(`the contracts say ${found} of the ${what} stay, exact fractions ${told(exact)}`);
  }

  /** How far what stays of pots may be off: mostly above. */
  private slackOf(pots: Pot[]): Slack {
    const { strikes } = this.s.baskets;
    let [less, more] = [0n, 0n];
    for (const { at, queued } of pots) {
      if (at < strikes) more += KEPT + 1n;
      if (queued > 0n) [less, more] = [less + SLICE_MORE, more + SLICE_LESS + 1n];
    }
    return { less, more };
  }

  /** Engine shares by which an operator's book of an asset may differ from exact fractions. */
  protected bookSlack(operator: number, asset: Staked): bigint {
    const { baskets, drift } = this.s;
    const queued = Object.entries(baskets.withdrawals).filter(([key]) => key.startsWith(withdrawalKey(operator, "")));
    const { less, more } = this.slackOf([baskets.positions[operator][asset], ...queued.map(([, pot]) => pot)]);
    return less + more + 2n * drift[operator];
  }

  private withdrawal(operator: number, nonce: string): Pot {
    const pot = this.s.baskets.withdrawals[withdrawalKey(operator, nonce)];
    if (pot === undefined) throw new Error(`nobody knows withdrawal ${nonce} of operator ${operator}`);
    return pot;
  }

  private requested(id: string): Pot {
    const pot = this.s.baskets.requests[id];
    if (pot === undefined) throw new Error(`nobody knows request ${id}`);
    return pot;
  }

  /* WHAT DESKS DO */

  /** One step of a desk: what baskets have of things changes its place, or comes home. */
  protected follow(step: Step, { before, after }: Outcome): void {
    const { baskets, perShare } = this.s;
    const landed = [...step.landed];
    switch (step.is) {
      case "restaked": {
        // Crumbs are paid from idle units, at the engine's own numbers; more waits for a withdrawal.
        const { operator, asset } = step;
        const worth = perShare[asset];
        const shares = before.positions[operator].restaked[asset];
        const slack = { less: up(KEPT + 1n, worth, WAD) + 1n, more: 0n };
        this.land(landed, baskets.positions[operator][asset], asset, [shares * worth, WAD], slack);
        baskets.positions[operator][asset] = wholly(baskets.strikes);
        break;
      }
      case "unbonded": {
        const { operator, asset, nonce } = step;
        const queued = after.positions[operator].withdrawals[nonce].shares;
        const pot = withdrawn(
          baskets.positions[operator][asset],
          before.positions[operator].restaked[asset],
          queued,
          baskets.strikes,
        );
        baskets.withdrawals[withdrawalKey(operator, nonce)] = pot;
        this.markUnbonded(operator, asset);
        break;
      }
      case "completed": {
        const pot = this.withdrawal(step.operator, step.nonce);
        this.land(landed, pot, step.asset, [step.units, 1n], this.paidSlack(pot, step.units));
        delete baskets.withdrawals[withdrawalKey(step.operator, step.nonce)];
        break;
      }
      case "asked":
        baskets.requests[step.request] = wholly(baskets.strikes);
        break;
      case "paid": {
        const pot = this.requested(step.request);
        this.land(landed, pot, "ETH", [step.units, 1n], this.paidSlack(pot, step.units));
        delete baskets.requests[step.request];
      }
    }
    if (landed.length > 0) throw new Broken(`the contracts say that ${landed[0].units} came for nobody`);
  }

  /** All that baskets had of a stake has left it in the withdrawal. */
  protected markUnbonded(operator: number, asset: Staked): void {
    this.s.baskets.positions[operator][asset] = wholly(this.s.baskets.strikes);
  }

  /** Units by which each of the two kinds of baskets may get less or more: an engine share is worth several after gifts. */
  private paidSlack({ queued }: Pot, units: bigint): Slack {
    const worth = queued === 0n ? 0n : up(units, 1n, queued);
    return { less: SLICE_LESS * worth + KEPT + 1n, more: SLICE_MORE * worth };
  }

  /** Units came home, or are paid for crumbs: of `[units, of]` each basket has its part, and those who stay no less. */
  private land(landed: Landing[], pot: Pot, asset: Asset, [units, of]: [bigint, bigint], slack: Slack): void {
    const { baskets, idle } = this.s;
    const isEarly = (strike: number) => pot.queued > 0n && strike <= pot.at;
    const numbers = numbersOf(pot.baskets);
    const groups: [number, number, number[]][] = [
      [pot.from, pot.at, numbers.filter(isEarly)],
      [pot.at, baskets.strikes, numbers.filter((strike) => !isEarly(strike))],
    ];
    let all = 0n;
    for (const [from, to, members] of groups) {
      if (members.length === 0) continue;
      const parts = Object.fromEntries(members.map((strike) => [strike, part(pot.baskets[strike], units, of)]));
      const exact = total(Object.values(parts));
      const isMine = landed[0]?.asset === asset && landed[0].from === from && landed[0].to === to;
      const left = isMine ? (landed.shift()?.units ?? 0n) : 0n;
      // What the earlier ones lack of a slice is divided among the later ones and those who stay.
      const bound = pot.queued > 0n && from === pot.at ? { less: slack.less, more: slack.more + slack.less } : slack;
      if (!isBetween(exact, left - bound.more, left + bound.less))
        throw new Broken(`the contracts say ${left} ${asset} came for baskets ${from} to ${to}, not ${told(exact)}`);
      all += left;
      if (left > 0n) queueUp(baskets.arrivals, { asset, from, to, served: from, left, parts, slack: { ...bound } });
    }
    const owed = part(owedOf(pot), units, of);
    if (all * owed.d > owed.n + slack.more * owed.d)
      throw new Broken(`the contracts say ${all} ${asset} came for baskets, whose part is ${told(owed)}`);
    idle[asset] -= all;
    baskets.shelf[asset] += all;
  }

  /** Stake is added only where no more than crumbs is owed to baskets. */
  protected owesMuch(operator: number, asset: Staked, facts: Facts): boolean {
    const owed = part(owedOf(this.s.baskets.positions[operator][asset]), facts.positions[operator].restaked[asset]);
    const units = part(owed, this.s.perShare[asset], WAD);
    return units.n >= (MIN_MOVE + up(KEPT + 1n, this.s.perShare[asset], WAD) + 1n) * units.d;
  }
}

export const told = (exact: Fraction): string => `${exact.n / exact.d} (and ${exact.n % exact.d} / ${exact.d})`;
