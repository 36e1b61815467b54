/** Leaving by basket: tickets, strikes, division, claims. */
import { isBetween, strikePot, type Pot } from "./baskets";
import { Broken, refuse, Refused } from "./protocol-books";
import { Pots, told } from "./protocol-pots";
import { byAsset, DAY, dayOf, down, MIN_SHARES, up, type Basket, type BasketTicket } from "./protocol-state";
import { STAKED, type Asset, type BasketsSeen, type Outcome } from "./protocol-types";

export class BasketModel extends Pots {
  /* JOINING */

  protected joinBasket(shares: bigint, owner: string, time: bigint): void {
    const { baskets } = this.s;
    const day = String(dayOf(time));
    const basket = (baskets.days[day] ??= { shares: 0n, tickets: 0n, strike: 0 });
    const id = (dayOf(time) << 32n) | basket.tickets;
    basket.tickets += 1n;
    basket.shares += shares;
    baskets.waiting += shares;
    baskets.tickets[String(id)] = { owner, day, shares, claimed: byAsset(() => 0n) };
  }

  protected leaveByBasket(who: string, parts: number, time: bigint): void {
    const shares = this.partOf(who, parts);
    refuse(shares >= MIN_SHARES, "BasketTooSmall");
    this.joinBasket(shares, who, time);
    this.pass(who, "queue", shares);
  }

  /* STRIKING */

  /** The n-th day that ever had a basket. */
  basketAt(nth: number): [day: bigint, basket: Basket] | undefined {
    const days = Object.entries(this.s.baskets.days);
    if (days.length === 0) return undefined;
    const [day, basket] = days[nth % days.length];
    return [BigInt(day), basket];
  }

  /** Shares are burnt, idle units set aside; of everything on its way the basket has its part from now on. */
  protected strike(nth: number, time: bigint): void {
    const { s } = this;
    const [day, basket] = this.basketAt(nth) ?? [0n, undefined];
    if (basket === undefined || basket.strike !== 0) throw new Refused("NothingToStrike");
    refuse(time >= (day + 2n) * DAY, "TooEarlyToStrike");
    const [left, whole] = [basket.shares, this.supply()];
    basket.strike = s.baskets.strikes += 1;
    for (const pot of this.pots()) strikePot(pot, basket.strike, left, whole);
    this.keepBooks(left, whole);
    this.burnStruck(left);
    s.baskets.waiting -= left;
    s.baskets.credited[basket.strike] = byAsset((asset) => {
      const units = down(s.idle[asset], left, whole);
      s.idle[asset] -= units;
      s.baskets.shelf[asset] += units;
      return units;
    });
  }

  /** Everything that pays later. */
  protected pots(): Pot[] {
    const { positions, withdrawals, requests } = this.s.baskets;
    return [...positions.flatMap((of) => Object.values(of)), ...Object.values(withdrawals), ...Object.values(requests)];
  }

  /** Nobody is asked anything: every book is scaled, up. */
  protected keepBooks(left: bigint, whole: bigint): void {
    const { s } = this;
    for (const stake of s.stakes) {
      for (const at of [stake.restaked, stake.unbonding]) {
        for (const asset of STAKED) at[asset] = up(at[asset], whole - left, whole);
      }
    }
    s.drift = s.drift.map((strikes) => strikes + 1n);
    s.redeeming = up(s.redeeming, whole - left, whole);
  }

  /** Rate and waiting gain are per share; both sides keep the same of each. */
  protected burnStruck(shares: bigint): void {
    this.s.shares.queue -= shares;
  }

  /* DIVIDING */

  /** Credits baskets in order; an arrival's last one gets what is left of it. */
  protected divide(steps: number, { moved }: Outcome): void {
    const { baskets } = this.s;
    const credits = [...moved.credits];
    for (let i = 0; i < steps && baskets.arrivals.length > 0; ++i) {
      const arrival = baskets.arrivals[0];
      const strike = this.nextServed(arrival.served);
      const [asset, exact] = [arrival.asset, arrival.parts[strike] ?? { n: 0n, d: 1n }];
      const isMine = credits[0]?.strike === strike && credits[0].asset === asset;
      const units = isMine ? (credits.shift()?.units ?? 0n) : 0n;
      const isLast = strike === arrival.to;
      // Each credit before rounded down by less than a unit, and left that to the later ones.
      const others = BigInt(arrival.to - arrival.from);
      const fits = isBetween(exact, units - arrival.slack.more - others - 1n, units + arrival.slack.less + 2n);
      if (!fits || (isLast && units !== arrival.left))
        throw new Broken(
          `the contracts say ${units} ${asset} of an arrival are basket ${strike}'s, not ${told(exact)}`,
        );
      baskets.credited[strike][asset] += units;
      arrival.left -= units;
      arrival.served += 1;
      if (isLast) baskets.arrivals.shift();
    }
    if (credits.length > 0) throw new Broken(`the contracts say that basket ${credits[0].strike} got more`);
  }

  /** Who is next after so many. */
  protected nextServed(served: number): number {
    return served + 1;
  }

  /* CLAIMING */

  protected collect(index: number, assets: Asset[]): void {
    const { baskets } = this.s;
    const ids = Object.keys(baskets.tickets);
    if (ids.length === 0) throw new Refused("UnknownBasketTicket");
    const ticket = baskets.tickets[ids[index % ids.length]];
    const given = assets.map((asset) => [asset, this.collectable(ticket)[asset]] as const);
    refuse(
      given.some(([, units]) => units > 0n),
      "NothingToClaim",
    );
    for (const [asset, units] of given) {
      ticket.claimed[asset] += units;
      baskets.shelf[asset] -= units;
    }
  }

  protected collectable({ day, shares, claimed }: BasketTicket): Record<Asset, bigint> {
    const { days, credited } = this.s.baskets;
    const { strike, shares: all } = days[day];
    return byAsset((asset) => (strike === 0 ? 0n : down(credited[strike][asset], shares, all) - claimed[asset]));
  }

  /* WHAT CAN BE SEEN */

  protected seeBaskets(): BasketsSeen {
    const { baskets } = this.s;
    const { waiting, strikes, arrivals } = baskets;
    const days = Object.entries(baskets.days);
    const tickets = Object.entries(baskets.tickets).map(([id, ticket]) => {
      const { owner, claimed } = ticket;
      return [id, { owner, claimable: this.collectable(ticket), claimed: { ...claimed } }] as const;
    });
    const first = arrivals[0];
    return {
      waiting,
      strikes,
      days: Object.fromEntries(days.map(([day, basket]) => [day, { ...basket }])),
      unstruck: days.filter(([, { strike }]) => strike === 0).map(([day]) => Number(day)),
      credited: structuredClone(baskets.credited),
      tickets: Object.fromEntries(tickets),
      undivided: arrivals.length,
      first: first === undefined ? "" : `${first.asset} ${first.from} ${first.to} ${first.served} ${first.left}`,
    };
  }
}
