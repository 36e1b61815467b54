import type { Signer } from "ethers";
import { errorName } from "../keeper/send";
import type { Plain, World } from "../sim/world";
import type { Cast } from "./cast";
import { donate, forge, personOf, slash, transfer, veto, type Stage } from "./deeds";
import { expel, propose, renew, retarget, seize, turn, type Pending } from "./governing";
import type { Ledger } from "./ledger";
import type { AssetName, Journal } from "./moment";
import { Random } from "./random";
import { Rewarding } from "./rewarding";
import type { EventOf, Scenario, StoryEvent } from "./scenario";
import type { Line } from "./snapshot";
import { partsOf } from "./snapshot";
import { BPS, ether, valueDown } from "./units";

/** Errors with which the protocol refuses a person for now; the story goes on. */
const REFUSALS = new Set([
  "BackingExceeded",
  "RequestTooSmall",
  "TooEarlyToMove",
  "TicketFilled",
  "BucketExceeded",
  "BufferExceeded",
]);
/** Errors that end by themselves: tried again the next day. */
const CLOSED = new Set(["DepositsClosed", "FillsClosed", "InflowExceeded", "InstantClosed"]);
/** Smallest request of a person in a rush [shares]; less is not worth the gas. */
const WORTH_LEAVING = 10n ** 16n;
/** Smallest amount that people collect [wei or units]. */
const WORTH_COLLECTING = 10n ** 16n;
/** Tokens of issuers other than Lido. */
const PLAIN: Plain[] = ["rETH", "cbETH"];
const DAYS_PER_YEAR = 365n;
const E6 = 1_000_000n;

interface Rush {
  until: number;
  chanceBps: bigint;
  partBps: bigint;
}

/** Lets happen what the scenario says. Acts and tells; never judges. */
export class Director {
  private readonly world: World;
  private readonly cast: Cast;
  private readonly ledger: Ledger;
  private readonly lidoLuck: Random;
  private readonly othersLuck: Random;
  private readonly people: Random;
  private readonly amounts: Random;
  private postponed: StoryEvent[] = [];
  private pending: Pending[] = [];
  private rush: Rush = { until: 0, chanceBps: 0n, partBps: 0n };
  private lidoClosedUntil = 0;
  private keeperOffUntil = 0;
  private donations: Journal["donations"] = [];

  private constructor(
    private readonly stage: Stage,
    private readonly scenario: Scenario,
    private readonly line: Line,
    private readonly rewarding: Rewarding,
    seed: number,
  ) {
    ({ world: this.world, cast: this.cast, ledger: this.ledger } = stage);
    this.lidoLuck = new Random(seed, "lido");
    this.othersLuck = new Random(seed, "others");
    this.people = new Random(seed, "people");
    this.amounts = new Random(seed, "amounts");
  }

  static async of(stage: Stage, scenario: Scenario, line: Line, seed: number): Promise<Director> {
    const rewarding = await Rewarding.of(stage, scenario.rewards, new Random(seed, "rewards"));
    return new Director(stage, scenario, line, rewarding, seed);
  }

  /** Lives through one day, from the morning on; returns what to tell. */
  async live(day: number): Promise<string[]> {
    const events = [...this.postponed, ...this.scenario.events.filter((e) => e.day === day)];
    this.postponed = [];
    const told: string[] = [];
    for (const e of events) if (e.kind === "keeper-off") this.keeperOffUntil = day + e.days;
    told.push(...(await this.morning(day, events)));
    const works = this.worksOn(day);
    told.push(...(await this.rewarding.morning(day)));
    if (works) told.push(...(await this.crank(day)));
    else told.push("the keeper is off");
    if (day % this.scenario.claimEveryDays === 0) {
      told.push(...(await this.claims()), ...(await this.basketClaims()));
    }
    told.push(...(await this.govern()));
    for (const e of events) told.push(...(await this.act(e, day)));
    if (day <= this.rush.until) told.push(...(await this.leave()));
    told.push(...(await this.rewarding.buy()));
    return told;
  }

  /** Donations since the last call. */
  takeDonations(): Journal["donations"] {
    const taken = this.donations;
    this.donations = [];
    return taken;
  }

  /** Whether the cranks were turned today. */
  worksOn(day: number): boolean {
    return day >= this.keeperOffUntil;
  }

  /** What the posters of roots since the last call say of them. */
  takeTold(): Journal["told"] {
    return this.rewarding.takeTold();
  }

  /* EVERY DAY */

  private async morning(day: number, events: StoryEvent[]): Promise<string[]> {
    const { lido } = this.scenario;
    const told: string[] = [];
    const loss = events.find((e): e is EventOf<"lst-loss"> => e.kind === "lst-loss");
    if (loss !== undefined) {
      await this.world.lidoLoses(loss.bps);
      told.push(`stETH loses ${loss.bps} bps`);
    } else {
      const yearly = this.lidoLuck.around(lido.yieldBpsPerYear * E6, lido.variationBps);
      const pooled = await this.world.c.stEth.getTotalPooledEther();
      const value = (pooled * yearly) / (BPS * E6 * DAYS_PER_YEAR);
      await (await this.world.c.stEth.connect(this.world.keeper).reward({ value })).wait();
    }
    await this.othersReport();
    const closing = events.find((e): e is EventOf<"lido-closed"> => e.kind === "lido-closed");
    if (closing !== undefined) {
      this.lidoClosedUntil = day + closing.days;
      told.push(`Lido pays nothing for ${closing.days} days`);
    }
    if (day >= this.lidoClosedUntil && day % lido.finalisesEveryDays === 0) await this.world.finaliseLido();
    return told;
  }

  /** The other issuers publish what their tokens are worth, and the markets follow. */
  private async othersReport(): Promise<void> {
    const { yieldBpsPerYear, variationBps } = this.scenario.others;
    for (const token of PLAIN) {
      const rate = await this.world.rateOf(token);
      const yearly = this.othersLuck.around(yieldBpsPerYear * E6, variationBps);
      await this.world.publish(token, rate + (rate * yearly) / (BPS * E6 * DAYS_PER_YEAR));
    }
  }

  private async crank(day: number): Promise<string[]> {
    const look = {
      steps: day % this.scenario.allocateEveryDays === 0,
      claims: await this.rewarding.isNews(),
    };
    const sent = await this.world.keep(look);
    const done = sent.filter(({ skipped, call }) => skipped === undefined && call.crank !== "report");
    const names = [...new Set(done.map(({ call }) => call.crank))];
    return names.length === 0 ? [] : [`keeper: ${names.join(", ")}`];
  }

  private async claims(): Promise<string[]> {
    const { queue } = this.world.c;
    const claimable = await Promise.all(
      [...this.line.tickets].map(async (id) => ({ id, units: await queue.claimable(id) })),
    );
    const told: string[] = [];
    for (const { id, units } of claimable) {
      if (units < WORTH_COLLECTING) continue;
      const owner = this.cast.nameOf(await queue.ownerOf(id));
      await this.world.claim(id);
      told.push(`${owner} collects ${ether(units, 2)} ${this.cast.assetName(partsOf(id, this.cast).asset)}`);
      if ((await queue.sharesOf(id)) === 0n) this.line.tickets.delete(id);
    }
    return told;
  }

  /** People collect of their baskets what has come. */
  private async basketClaims(): Promise<string[]> {
    const { baskets } = this.world.c;
    const told: string[] = [];
    for (const id of this.line.baskets) {
      const units = await Promise.all(this.cast.assets.map(({ address }) => baskets.claimable(id, address)));
      const worth = this.cast.assets.filter((_, i) => units[i] >= WORTH_COLLECTING);
      if (worth.length === 0) continue;
      const assets = worth.map(({ address }) => address);
      await (await baskets.connect(this.world.keeper).claim(id, assets)).wait();
      const list = this.cast.assets.flatMap(({ name }, i) =>
        units[i] >= WORTH_COLLECTING ? [`${ether(units[i], 2)} ${name}`] : [],
      );
      told.push(`${this.cast.nameOf(await baskets.ownerOf(id))} collects of a basket: ${list.join(", ")}`);
    }
    return told;
  }

  /* EVENTS */

  private async act(e: StoryEvent, day: number): Promise<string[]> {
    switch (e.kind) {
      case "deposit":
        return this.deposit(e);
      case "request":
        return this.request(e.who, e.asset, ((await this.sharesOf(e.who)) * e.partBps) / BPS);
      case "instant":
        return this.redeem(e);
      case "basket":
        return this.leaveByBasket(e);
      case "move":
        return this.move(e);
      case "transfer":
        return transfer(this.stage, e);
      case "donation":
        this.donations.push(await donate(this.stage, e));
        return [`${e.who} donates ${ether(e.amount, 2)} ${e.token} to the ${e.to}`];
      case "slash":
        return slash(this.stage, e);
      case "veto":
        return veto(this.stage, e);
      case "forge":
        return forge(this.stage, e);
      case "renew":
        this.pending.push(await renew(this.stage, e));
        return [`governance announces that ${e.operator} may serve ${e.avs}/${e.set} again`];
      case "retarget":
        return this.announce(await retarget(this.stage, e));
      case "newcomer":
        return this.announce(await propose(this.stage, e));
      case "expel":
        return expel(this.stage, e);
      case "seize":
        return seize(this.stage, e);
      case "turn":
        return turn(this.stage, e);
      case "pay":
        return this.rewarding.pay(e);
      case "incentive":
        return this.rewarding.give(e);
      case "wrong-root":
        return this.rewarding.lie();
      case "rush":
        this.rush = { until: day + e.days - 1, chanceBps: e.chanceBps, partBps: e.partBps };
        return ["people rush to leave"];
      case "lst-loss":
      case "lido-closed":
      case "keeper-off":
        return []; // the morning has dealt with it
    }
  }

  private async deposit(e: EventOf<"deposit">): Promise<string[]> {
    const signer = this.signer(e.who);
    const amount = this.amounts.around(e.amount, this.scenario.depositVariationBps);
    return this.attempt(
      `${e.who} deposits`,
      async () => {
        if (e.token === "ETH") await this.world.depositEther(signer, amount);
        else await this.world.deposit(signer, e.token, amount);
        this.ledger.deposited(e.who, await this.valueOf(e.token, amount));
        return `${e.who} deposits ${ether(amount, 2)} ${e.token}`;
      },
      { ...e, amount },
    );
  }

  private async request(who: string, asset: AssetName, shares: bigint): Promise<string[]> {
    const address = this.cast.addressOf(asset);
    return this.attempt(`${who} asks for ${asset}`, async () => {
      const id = await this.world.request(this.signer(who), address, shares);
      this.line.tickets.add(id);
      return `${who} puts ${ether(shares, 2)} shares in line for ${asset}`;
    });
  }

  private async redeem(e: EventOf<"instant">): Promise<string[]> {
    const shares = ((await this.sharesOf(e.who)) * e.partBps) / BPS;
    return this.attempt(
      `${e.who} redeems at once`,
      async () => {
        const paid = await this.world.redeemInstantly(this.signer(e.who), shares);
        return `${e.who} redeems ${ether(shares, 2)} shares at once for ${ether(paid, 2)} ETH`;
      },
      e,
    );
  }

  /** No door closes it, so that nothing is tried twice. */
  private async leaveByBasket(e: EventOf<"basket">): Promise<string[]> {
    const shares = ((await this.sharesOf(e.who)) * e.partBps) / BPS;
    this.line.baskets.add(await this.world.leaveByBasket(this.signer(e.who), shares));
    return [`${e.who} leaves by basket with ${ether(shares, 2)} shares`];
  }

  private async move(e: EventOf<"move">): Promise<string[]> {
    const { queue } = this.world.c;
    const to = this.cast.addressOf(e.to);
    const told: string[] = [];
    for (const id of [...this.line.tickets]) {
      const owner = this.cast.nameOf(await queue.ownerOf(id));
      if (owner !== e.who || partsOf(id, this.cast).asset === to) continue;
      told.push(
        ...(await this.attempt(`${e.who} moves a ticket`, async () => {
          const connected = queue.connect(this.signer(e.who));
          const newId = await connected.moveTicket.staticCall(id, to);
          await (await connected.moveTicket(id, to)).wait();
          this.line.tickets.delete(id);
          this.line.tickets.add(newId);
          return `${e.who} moves a ticket to the line for ${e.to}`;
        })),
      );
    }
    return told;
  }

  /** Governance says today what it does after its delay. */
  private announce({ told, pending }: { told: string[]; pending?: Pending }): string[] {
    if (pending !== undefined) this.pending.push(pending);
    return told;
  }

  /** Does what was announced and whose time has come; the rest is tried again tomorrow. */
  private async govern(): Promise<string[]> {
    const told: string[] = [];
    const waiting: Pending[] = [];
    for (const act of this.pending) {
      const done = await act();
      if (done === undefined) waiting.push(act);
      else told.push(...done);
    }
    this.pending = waiting;
    return told;
  }

  private async leave(): Promise<string[]> {
    const told: string[] = [];
    for (const { name, stays } of this.cast.people) {
      const goes = this.people.chance(this.rush.chanceBps);
      const part = this.people.between(this.rush.partBps / 2n, this.rush.partBps);
      const asset = this.people.chance(6_000n) ? "ETH" : "wstETH";
      const shares = ((await this.sharesOf(name)) * part) / BPS;
      if (stays || !goes || shares < WORTH_LEAVING) continue;
      told.push(...(await this.request(name, asset, shares)));
    }
    return told;
  }

  /* INTERNALS */

  /** Does something the protocol may refuse: a closed door is tried again tomorrow. */
  private async attempt(what: string, act: () => Promise<string>, again?: StoryEvent): Promise<string[]> {
    try {
      return [await act()];
    } catch (error) {
      const name = errorName(this.world.c, error);
      if (name !== undefined && CLOSED.has(name) && again !== undefined) {
        this.postponed.push(again);
        return [`${what}: closed today, tries again tomorrow`];
      }
      if (name === undefined || !REFUSALS.has(name)) throw error;
      return [`${what}: refused (${name})`];
    }
  }

  private valueOf(token: EventOf<"deposit">["token"], amount: bigint): Promise<bigint> {
    if (token === "wstETH") return this.world.c.wstEth.getStETHByWstETH(amount);
    if (token === "rETH" || token === "cbETH") {
      return this.world.rateOf(token).then((rate) => valueDown(amount, rate));
    }
    return Promise.resolve(amount);
  }

  private signer = (name: string): Signer => personOf(this.cast, name).signer;
  private address = (name: string): string => personOf(this.cast, name).address;
  private sharesOf = (name: string): Promise<bigint> => this.world.c.trEth.balanceOf(this.address(name));
}
