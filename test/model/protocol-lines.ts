/** The lines: batches by day, tickets, what each is paid. The model's half of those who leave and wait. */
import { BasketModel } from "./protocol-baskets";
import { Broken, refuse, Refused, sum } from "./protocol-books";
import { DAY, dayOf, down, least, MIN_SHARES, minus, up, WAD, type Batch, type Ticket } from "./protocol-state";
import { ASSETS, type Asset, type Outcome } from "./protocol-types";

/** A line gives an eighth of what is free as room to those who come after the first of a day. */
const ROOM_PART = 8n;
/** Lido's forms: changing one into the other may cost a unit (docs/spec/rounding.md, `AssetForms`). */
const FORM_UNIT = 1n;

export class Lines extends BasketModel {
  /* WHO WAITS */

  waitingShares(asset: Asset): bigint {
    return sum(this.s.batches[asset].map(({ remaining }) => remaining));
  }

  waitingUnits(asset: Asset): bigint {
    return this.worth(this.waitingShares(asset), asset);
  }

  dueUnits(asset: Asset, time: bigint): bigint {
    const closed = this.s.batches[asset].filter(({ day }) => day < dayOf(time));
    return this.worth(sum(closed.map(({ remaining }) => remaining)), asset);
  }

  /** Units that shares are worth, rounded up: enough is kept for those who wait. */
  private worth(shares: bigint, asset: Asset): bigint {
    return up(shares, this.s.rate, this.s.told[asset]);
  }

  /** Days of batches that are not paid in full, oldest first. */
  openDays(asset: Asset): number[] {
    return this.s.batches[asset].filter(({ remaining }) => remaining > 0n).map(({ day }) => Number(day));
  }

  /* JOINING */

  /** Shares that may still join a line, by what backs its asset. */
  free(asset: Asset): bigint {
    const { idle, redeeming, told, rate } = this.s;
    const bound: bigint[] = [];
    const add = (waiting: bigint, backing: bigint, assetRate: bigint) => {
      const waits = down(waiting, rate, assetRate);
      refuse(waits <= backing, "BackingExceeded");
      bound.push(rate === 0n ? 0n : down(backing - waits, assetRate, rate));
    };
    if (asset !== "ETH") add(this.waitingShares(asset), this.backing(asset), told[asset]);
    if (asset === "ETH" || asset === "wstETH") {
      const value = idle.ETH + redeeming + down(this.backing("wstETH"), told.wstETH, WAD);
      add(this.waitingShares("ETH") + this.waitingShares("wstETH"), value, WAD);
    }
    return bound.reduce(least);
  }

  join(asset: Asset, shares: bigint, owner: string, time: bigint): void {
    const { s } = this;
    const day = dayOf(time);
    let batch = s.batches[asset].find((b) => b.day === day);
    if (batch === undefined) {
      batch = { day, shares: 0n, remaining: 0n, assets: 0n, tickets: 0n };
      s.batches[asset].push(batch);
    }
    const number = batch.tickets;
    batch.tickets += 1n;
    batch.shares += shares;
    batch.remaining += shares;
    if (number !== 0n && shares <= s.room[asset]) s.room[asset] -= shares;
    else s.room[asset] = this.free(asset) / ROOM_PART;
    const id = (BigInt(ASSETS.indexOf(asset)) << 64n) | (day << 32n) | number;
    s.tickets[String(id)] = { owner, asset, day, shares, collected: 0n };
  }

  request(who: string, asset: Asset, part: number, time: bigint): void {
    const shares = this.partOf(who, part);
    refuse(shares >= MIN_SHARES, "RequestTooSmall");
    this.join(asset, shares, who, time);
    this.pass(who, "queue", shares);
  }

  /* BEING PAID */

  /** Batches in order, as far as they are old enough and something is there: all of a batch alike. */
  fill(asset: Asset, batches: number, o: Outcome): void {
    this.report(o.time, o.before);
    refuse(o.time >= this.closedUntil(), "FillsClosed");
    let paid = 0;
    for (const batch of this.s.batches[asset].filter(({ remaining }) => remaining > 0n).slice(0, batches)) {
      if (o.time < (batch.day + 2n) * DAY || batch.day >= o.before.heldFrom) break;
      const worth = this.unitsFor(batch.remaining, asset);
      const free = minus(this.s.idle[asset], this.heldForEther(asset, batch.day));
      const units = least(worth, free);
      const shares = worth <= free ? batch.remaining : up(units, this.s.told[asset], this.s.rate);
      if (shares === 0n) break;
      const sent = o.refused === undefined ? o.moved.sent[paid] : units;
      const lost = asset === "wstETH" ? FORM_UNIT : 0n;
      if (sent === undefined || sent > units || sent + lost < units) {
        throw new Broken(`batch ${batch.day} of ${asset} got ${sent} units for ${units}`);
      }
      this.s.inflow[asset].left += units; // what is paid gives its place back
      this.burn("queue", shares, 0n);
      this.s.idle[asset] -= units;
      batch.remaining -= shares;
      batch.assets += sent;
      this.s.aside[asset] += sent;
      paid += 1;
    }
    refuse(paid > 0, "NothingToFill");
  }

  /** Units paid for shares. */
  unitsFor(shares: bigint, asset: Asset): bigint {
    return down(shares, this.s.rate, this.s.told[asset]);
  }

  /** Older ether batches come first: units of wstETH that they need and no ether covers. */
  private heldForEther(asset: Asset, day: bigint): bigint {
    if (asset !== "wstETH") return 0n;
    const older = sum(this.s.batches.ETH.filter((b) => b.day < day).map(({ remaining }) => remaining));
    const missing = minus(up(older, this.s.rate, WAD), this.s.idle.ETH + this.s.redeeming);
    return up(missing, WAD, this.s.told.wstETH);
  }

  /** Shares disappear; what waits is for fewer, and so is what they leave behind. */
  burn(from: string, shares: bigint, left: bigint): void {
    const before = this.supply();
    this.s.shares[from] -= shares;
    const after = before - shares;
    this.s.waiting = up(this.s.waiting, before, after) + up(left, WAD, after);
  }

  /* COLLECTING */

  batchOf({ asset, day }: Ticket): Batch {
    const batch = this.s.batches[asset].find((b) => b.day === day);
    if (batch === undefined) throw new Error(`no batch of ${day} for ${asset}`);
    return batch;
  }

  claimable(ticket: Ticket): bigint {
    const { assets, shares } = this.batchOf(ticket);
    return minus(down(assets, ticket.shares, shares), ticket.collected);
  }

  remaining(ticket: Ticket): bigint {
    const { remaining, shares } = this.batchOf(ticket);
    return down(remaining, ticket.shares, shares);
  }

  /** The n-th ticket that there is. */
  ticketAt(index: number): string | undefined {
    const ids = Object.keys(this.s.tickets);
    return ids[index % ids.length];
  }

  claim(index: number): void {
    const id = this.ticketAt(index);
    if (id === undefined) throw new Refused("UnknownTicket");
    const ticket = this.s.tickets[id];
    const units = this.claimable(ticket);
    refuse(units > 0n, "TicketNotFilled");
    this.s.aside[ticket.asset] -= units;
    if (this.remaining(ticket) === 0n) delete this.s.tickets[id];
    else ticket.collected += units;
  }

  move(index: number, to: Asset | "basket", time: bigint): void {
    const id = this.ticketAt(index);
    if (id === undefined) throw new Refused("UnknownTicket");
    const ticket = this.s.tickets[id];
    refuse(time >= (ticket.day + 1n) * DAY + this.rules.exitTime, "TooEarlyToMove");
    const [units, remaining] = [this.claimable(ticket), this.remaining(ticket)];
    refuse(remaining > 0n, "TicketFilled");
    const batch = this.batchOf(ticket);
    batch.assets -= down(batch.assets, ticket.shares, batch.shares);
    batch.shares -= ticket.shares;
    batch.remaining -= remaining;
    delete this.s.tickets[id];
    this.s.aside[ticket.asset] -= units;
    if (to === "basket") this.joinBasket(remaining, ticket.owner, time);
    else this.join(to, remaining, ticket.owner, time);
  }
}
