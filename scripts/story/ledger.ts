import type { World } from "../sim/world";
import type { Cast } from "./cast";
import {
  noAssets,
  toldBefore,
  type AssetName,
  type BasketTicket,
  type Journal,
  type PerAsset,
  type Snapshot,
} from "./moment";
import { sum, valueDown } from "./units";

/** What somebody put in, got out and bore; ether values [wei]. */
export interface Account {
  name: string;
  putIn: bigint;
  gotOut: bigint;
  received: bigint;
  given: bigint;
  lossBorne: bigint;
}

/** A recognised loss: where it came from and who bore it. */
export interface LossEntry {
  day: number;
  cause: "slash" | "strategy" | "issuer" | "other";
  subject: string;
  /** AVS set of a slash. */
  set?: string;
  value: bigint;
  bearers: { name: string; value: bigint }[];
}

/** An account with what it still has. */
export interface Closing extends Account {
  stillHas: bigint;
  shares: bigint;
  gain: bigint;
}

/** Less is rounding [wei]. */
const NOTABLE = 10n ** 14n;
const CAUSES = ["slash", "strategy", "issuer", "other"] as const;

/** A slash takes of every asset, and each is an entry of its own on the chain: one loss of one cause here. */
function together(losses: Journal["losses"]): Journal["losses"] {
  const merged = new Map<string, Journal["losses"][number]>();
  for (const loss of losses) {
    const key = `${loss.block} ${loss.kind} ${loss.subject}`;
    merged.set(key, { ...loss, value: loss.value + (merged.get(key)?.value ?? 0n) });
  }
  return [...merged.values()];
}

/** Everything that was ever a basket ticket's, at given prices: claimed, to be claimed, to come. */
function worthOf(told: BasketTicket["told"], rates: Snapshot["rates"]): bigint {
  const places = Object.entries(told).map(([asset, { arrived, restaked, unbonding, redeeming }]) =>
    valueDown(arrived + restaked + unbonding + redeeming, rates[asset as AssetName]),
  );
  return sum(places);
}

/** Tickets of the line and of baskets. */
interface Ids {
  tickets: bigint[];
  baskets: bigint[];
}

/** Keeps everybody's account, beside the chain. */
export class Ledger {
  readonly accounts: Map<string, Account>;
  readonly losses: LossEntry[] = [];
  private readonly basketClaims = new Map<bigint, PerAsset>();

  constructor(
    private readonly world: World,
    private readonly cast: Cast,
  ) {
    this.accounts = new Map(
      cast.holders.map(({ name }) => [name, { name, putIn: 0n, gotOut: 0n, received: 0n, given: 0n, lossBorne: 0n }]),
    );
  }

  deposited(name: string, value: bigint): void {
    this.account(name).putIn += value;
  }

  paid(name: string, value: bigint): void {
    this.account(name).gotOut += value;
  }

  transferred(from: string, to: string, value: bigint): void {
    this.account(from).given += value;
    this.account(to).received += value;
  }

  /** Books a day: claims at the day's price, losses by who held what when they were recognised. */
  async book(
    journal: Journal,
    { before, after }: { before: Snapshot; after: Snapshot },
    tickets: Iterable<bigint>,
    baskets: Iterable<bigint>,
  ): Promise<void> {
    for (const { id, receiver, asset, units } of journal.basketClaims) {
      this.paid(receiver, valueDown(units, after.rates[asset]));
      const claimed = this.basketClaims.get(id) ?? noAssets();
      this.basketClaims.set(id, { ...claimed, [asset]: claimed[asset] + units });
    }
    this.bookOnTheirWay(journal, before, after);
    for (const { receiver, asset, units } of journal.claims) {
      this.paid(receiver, valueDown(units, after.rates[asset]));
    }
    for (const { receiver, paid } of journal.instants) this.paid(receiver, paid);
    const ids = { tickets: [...tickets], baskets: [...baskets] };
    for (const loss of together(journal.losses)) await this.bookLoss(loss, journal.attributed, after.day, ids);
  }

  /** What slashes took of what was on its way to baskets: a loss of theirs, which is in no book of those who stay. */
  private bookOnTheirWay(journal: Journal, before: Snapshot, after: Snapshot): void {
    if (journal.slashes.length === 0) return;
    for (const ticket of after.baskets.tickets) {
      const was = toldBefore(ticket, before, journal);
      if (was === undefined) continue;
      const lost = worthOf(was, after.rates) - worthOf(ticket.told, after.rates);
      if (lost > NOTABLE) this.account(ticket.owner).lossBorne += lost;
    }
  }

  /** Everybody's account, with what is still there at a moment's prices. */
  close(now: Snapshot): Closing[] {
    return [...this.accounts.values()].flatMap((account) => {
      const balance = now.balances.find(({ name }) => name === account.name)?.shares ?? 0n;
      const own = now.tickets.filter(({ owner }) => owner === account.name);
      const baskets = now.baskets.tickets.filter(({ owner }) => owner === account.name);
      const waiting = baskets.filter(({ strike }) => strike === 0).map(({ shares: ofTicket }) => ofTicket);
      const shares = balance + sum(own.map(({ remaining }) => remaining)) + sum(waiting);
      const claimable = own.map((t) => valueDown(t.claimable, now.rates[t.asset]));
      const leaving = baskets.filter(({ strike }) => strike !== 0).map((t) => this.stillOf(t, now));
      const stillHas = valueDown(shares, now.rate) + sum(claimable) + sum(leaving);
      if (account.name === this.cast.rules.queue || account.name === this.cast.rules.pool) return [];
      const gain = account.gotOut + account.given + stillHas - account.putIn - account.received;
      return [{ ...account, stillHas, shares, gain }];
    });
  }

  /** What a basket ticket can claim and will get, at a moment's prices. */
  private stillOf(ticket: BasketTicket, now: Snapshot): bigint {
    const claimed = Object.entries(this.basketClaims.get(ticket.id) ?? {});
    return (
      worthOf(ticket.told, now.rates) -
      sum(claimed.map(([asset, units]) => valueDown(units, now.rates[asset as AssetName])))
    );
  }

  /** An entry of a loss; of a slash one for each set that it was entered under. */
  private async bookLoss(
    { kind, subject, value, block }: Journal["losses"][number],
    attributed: Journal["attributed"],
    day: number,
    ids: Ids,
  ): Promise<void> {
    const bearers = await this.bearers(value, block - 1n, ids);
    for (const bearer of bearers) this.account(bearer.name).lossBorne += bearer.value;
    const cause = CAUSES[kind];
    const parts = attributed.filter((a) => a.block === block && a.operator === subject);
    const sets = cause === "slash" ? [...new Set(parts.map(({ set }) => set))] : [];
    if (sets.length === 0) this.losses.push({ day, cause, subject, value, bearers });
    for (const set of sets) {
      const part = sum(parts.filter((p) => p.set === set).map((p) => p.value));
      const borne = bearers.map((bearer) => ({ name: bearer.name, value: (bearer.value * part) / value }));
      this.losses.push({ day, cause, subject, set, value: part, bearers: borne });
    }
  }

  /** Splits a loss by the shares everybody had, in the wallet, in line and in baskets that are not struck. */
  private async bearers(value: bigint, block: bigint, ids: Ids): Promise<{ name: string; value: bigint }[]> {
    const at = { blockTag: Number(block) };
    const { trEth, queue, baskets } = this.world.c;
    const holders = this.cast.holders.filter(({ name }) => name !== this.cast.rules.queue);
    const [supply, balances, inLine, inBaskets] = await Promise.all([
      trEth.totalSupply(at),
      Promise.all(holders.map(({ address }) => trEth.balanceOf(address, at))),
      Promise.all(
        ids.tickets.map(async (id) => {
          if ((await queue.sharesOf(id, at)) === 0n) return { name: "", shares: 0n };
          const { owner, remainingShares } = await queue.withdrawalStatus(id, at);
          return { name: this.cast.nameOf(owner), shares: remainingShares };
        }),
      ),
      Promise.all(
        ids.baskets.map(async (id) => {
          if ((await baskets.sharesOf(id, at)) === 0n) return { name: "", shares: 0n };
          const { owner, shares, strike } = await baskets.basketStatus(id, at);
          return { name: this.cast.nameOf(owner), shares: strike === 0n ? shares : 0n };
        }),
      ),
    ]);
    const waiting = [...inLine, ...inBaskets];
    return holders.flatMap(({ name }, i) => {
      const shares = balances[i] + sum(waiting.filter((w) => w.name === name).map((w) => w.shares));
      return shares === 0n ? [] : [{ name, value: (value * shares) / supply }];
    });
  }

  private account(name: string): Account {
    const account = this.accounts.get(name);
    if (account === undefined) throw new Error(`${name} has no account`);
    return account;
  }
}
