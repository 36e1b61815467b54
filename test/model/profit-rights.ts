/** What is an attacker's by right, read from the logs in their order: his part of gains, and of what others leave. */
import { ethers } from "hardhat";
import type { BaseContract, LogDescription } from "ethers";
import type { World } from "../../scripts/sim/world";
import { BPS, DAY, down, least, most, up, WAD } from "./protocol-state";
import type { Standing } from "./profit-worth";

/** Shares that his tickets may be off by, when a batch is paid in parts: each part rounds. */
const DUST = 1_000n;
const DAY_BITS = 32n;

/** Shares of a batch that were paid: all of it alike, however often. */
interface Paid {
  his: bigint;
  all: bigint;
}
const NOTHING: Paid = { his: 0n, all: 1n };

interface Told {
  event: LogDescription;
  contract: BaseContract;
  block: number;
}

/** Of all events together: each has some of them. */
interface Args extends Record<"from" | "to" | "owner" | "asset", string> {
  id: bigint;
  day: bigint;
  strike: bigint;
  shares: bigint;
  supply: bigint;
  value: bigint;
  rateWad: bigint;
  waitingWad: bigint;
}

const timeOf = async (block: number): Promise<bigint> =>
  BigInt((await ethers.provider.getBlock(block))?.timestamp ?? 0);

const lineOf = (asset: string, day: bigint): string => `${asset} ${day}`;
const dayOfTicket = (id: bigint): bigint => BigInt.asUintN(32, id >> DAY_BITS);

/**
 * Follows a sequence beside the contracts, with the rate that a share in line is to be paid at by the rules (a fall counts
 * at once, growth when it is reported), and not with the one that it was paid at: who is paid less leaves no more.
 */
export class Rights {
  /** Of gains that were settled, and of what others left in lines [wei]. */
  fair = 0n;
  /** How far a batch was paid below the rate of the rules, whoever was in it [wei per 1e18 shares]. */
  short = 0n;
  /** A gain in nobody's price yet: whoever comes before the next settlement shares it, and who has left by then does not. */
  private unreported = 0n;

  private constructor(
    private readonly world: World,
    private readonly wallet: string,
    private readonly addresses: Record<string, BaseContract>,
    private readonly capBps: bigint,
    private now: Standing,
    private shares: bigint,
    private supply: bigint,
    /** What a share is paid at. */
    private rateWad: bigint,
    /** What it stands for; kept up from a settlement to what is paid after it. */
    private fullWad: bigint,
    private grownAt: bigint,
    private block: number,
  ) {}

  /** Right after a report. */
  static async from(world: World, wallet: string, now: Standing): Promise<Rights> {
    const { trEth, pool, accountant, queue, baskets, basketBook } = world.c;
    const contracts: BaseContract[] = [trEth, pool, accountant, queue, baskets, basketBook];
    const addresses: Record<string, BaseContract> = {};
    for (const contract of contracts) addresses[(await contract.getAddress()).toLowerCase()] = contract;
    const capBps = await accountant.GROWTH_CAP_BPS_PER_DAY();
    const { shares, supply, rateWad, priceWad, reportedAt } = now;
    const block = await ethers.provider.getBlockNumber();
    return new Rights(
      ...([world, wallet, addresses, capBps, now, shares, supply, rateWad, priceWad, reportedAt, block] as const),
    );
  }

  /** A gain that the next settlement finds. */
  gains(gain: bigint): void {
    this.unreported += gain;
  }

  /** Takes in what has happened since the last time. */
  async follow(now: Standing): Promise<void> {
    const told = await this.tell();
    const burnt = this.burntOfHis(now, told);
    for (const log of told) await this.take(log, burnt, now);
    const off = this.shares - now.shares;
    if (this.supply !== now.supply || most(off, -off) > DUST) throw new Error(`the logs give him ${off} shares more`);
    if (this.rateWad < now.rateWad) throw new Error(`the rate is ${now.rateWad} instead of ${this.rateWad}`);
    [this.now, this.shares] = [now, now.shares];
  }

  /* INTERNALS */

  private async tell(): Promise<Told[]> {
    const logs = await ethers.provider.getLogs({ fromBlock: this.block + 1, address: Object.keys(this.addresses) });
    this.block = await ethers.provider.getBlockNumber();
    return logs.flatMap(({ address, topics, data, blockNumber: block }) => {
      const contract = this.addresses[address.toLowerCase()];
      const event = contract.interface.parseLog({ topics, data });
      return event === null ? [] : [{ event, contract, block }];
    });
  }

  private async take({ event, contract, block }: Told, burnt: Map<string, Paid>, now: Standing): Promise<void> {
    const args = event.args as unknown as Args;
    switch (event.name) {
      case "Transfer":
        if (contract === this.world.c.trEth) this.pass(args.from, args.to, args.value);
        break;
      case "Requested":
      case "BasketRequested":
        if (args.owner === this.wallet) this.shares += args.shares; // out of his purse before, or of another line
        break;
      case "TicketMoved":
        if (this.now.inLine.some(({ id }) => id === args.id)) this.shares -= args.shares;
        break;
      case "TermsChanged":
        this.settled(args.rateWad + args.waitingWad);
        break;
      case "Reported":
        this.reported(await timeOf(block));
        break;
      case "Struck":
        this.struck(args.shares, args.supply, now.struck.get(args.strike) ?? 0n);
        break;
      case "BatchFilled": {
        this.short = most(this.short, this.rateWad - args.rateWad);
        const { his, all } = burnt.get(lineOf(args.asset, args.day)) ?? NOTHING;
        this.filled(args.shares, down(his, args.shares, all), await timeOf(block));
      }
    }
  }

  /** What is minted, burnt and given; what he puts in line comes back to him with `Requested`. */
  private pass(from: string, to: string, value: bigint): void {
    if (from === ethers.ZeroAddress) this.supply += value;
    if (to === ethers.ZeroAddress) this.supply -= value;
    if (from === this.wallet) this.shares -= value;
    if (to === this.wallet) this.shares += value;
  }

  private settled(fullWad: bigint): void {
    this.fullWad = fullWad;
    this.rateWad = least(this.rateWad, fullWad);
    this.fair += down(this.unreported, this.shares, this.supply);
    this.unreported = 0n;
  }

  private reported(time: bigint): void {
    this.rateWad += this.growth(time);
    this.grownAt = time;
  }

  /** What a report adds to the rate. */
  private growth(time: bigint): bigint {
    const allowed = down(this.rateWad * this.capBps, least(time - this.grownAt, DAY), BPS * DAY);
    return least(this.fullWad - this.rateWad, allowed);
  }

  /** A basket takes its part of a gain along. What of it is his is in his units from now on. */
  private struck(shares: bigint, supply: bigint, his: bigint): void {
    this.fair += down(this.unreported, his, supply);
    this.unreported -= down(this.unreported, shares, supply);
    this.shares -= his;
  }

  /** Shares of a batch are burnt by now. What others' stood for above the rate is left to all that there still are. */
  private filled(shares: bigint, own: bigint, time: bigint): void {
    const waiting = this.fullWad - this.rateWad;
    if (this.growth(time) !== 0n) throw new Error("a batch was paid without the growth that a report would have added");
    this.shares -= own;
    this.fullWad = this.rateWad + up(waiting, this.supply + shares, this.supply);
    this.fair += down((shares - own) * waiting, this.shares, this.supply * WAD);
  }

  /** Of what was paid of each batch, how much was his: he has less in line, and has not moved it elsewhere. */
  private burntOfHis(now: Standing, told: Told[]): Map<string, Paid> {
    const lines = new Map<string, Paid>();
    const at = (asset: string, day: bigint) => {
      const key = lineOf(asset, day);
      const paid = lines.get(key) ?? { his: 0n, all: 0n };
      lines.set(key, paid);
      return paid;
    };
    for (const { id, asset, shares } of this.now.inLine) at(asset, dayOfTicket(id)).his += shares;
    for (const { id, asset, shares } of now.inLine) {
      if (this.now.inLine.some((ticket) => ticket.id === id)) at(asset, dayOfTicket(id)).his -= shares;
    }
    for (const { event } of told) {
      const { id, asset, day, shares } = event.args as unknown as Args;
      if (event.name === "BatchFilled") at(asset, day).all += shares;
      const moved = event.name === "TicketMoved" && this.now.inLine.find((ticket) => ticket.id === id);
      if (moved) at(moved.asset, dayOfTicket(id)).his -= shares;
    }
    return lines;
  }
}
