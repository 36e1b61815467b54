import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { World } from "../../scripts/sim/world";
import { ETHER, ether, nextDay } from "../exit-world";
import { populated } from "../model/exit-walk";

const quick = () => populated("quick");

interface Batch {
  shares: bigint;
  remaining: bigint;
  tickets: bigint;
  assets: bigint;
}

interface Ticket {
  owner: string;
  asset: string;
  batch: Batch;
  shares: bigint;
  collected: bigint;
}

/** What an indexer knows: it sees the logs of the line and nothing else. */
class Indexer {
  readonly tickets = new Map<bigint, Ticket>();
  readonly batches = new Map<string, Batch>();
  /** Owners of ids, known before their shares are. */
  private readonly owners = new Map<bigint, string>();
  private departed?: Ticket;

  static dayOf = (id: bigint): bigint => (id >> 32n) & 0xffffffffn;

  batchOf(asset: string, day: bigint): Batch {
    const key = `${asset} ${day}`;
    const found = this.batches.get(key) ?? { shares: 0n, remaining: 0n, tickets: 0n, assets: 0n };
    this.batches.set(key, found);
    return found;
  }

  transferred(to: string, id: bigint): void {
    this.owners.set(id, to);
    const ticket = this.tickets.get(id);
    if (ticket === undefined) return;
    ticket.owner = to;
    if (to !== ZeroAddress) return;
    this.departed = ticket;
    this.tickets.delete(id);
  }

  requested(id: bigint, asset: string, shares: bigint): void {
    const batch = this.batchOf(asset, Indexer.dayOf(id));
    batch.shares += shares;
    batch.remaining += shares;
    batch.tickets += 1n;
    this.tickets.set(id, { owner: this.owners.get(id) ?? "nobody", asset, batch, shares, collected: 0n });
  }

  filled(asset: string, day: bigint, shares: bigint, units: bigint): void {
    const batch = this.batchOf(asset, day);
    batch.remaining -= shares;
    batch.assets += units;
  }

  claimed(id: bigint, units: bigint): void {
    const ticket = this.tickets.get(id);
    if (ticket !== undefined) ticket.collected += units;
  }

  /** The ticket was burnt just before, in the same call. */
  moved(remaining: bigint): void {
    if (this.departed === undefined) throw new Error("a ticket moved that was not there");
    const { batch, shares } = this.departed;
    batch.assets -= (batch.assets * shares) / batch.shares;
    batch.shares -= shares;
    batch.remaining -= remaining;
  }
}

async function indexed({ c }: World): Promise<Indexer> {
  const indexer = new Indexer();
  const logs = (await c.queue.runner?.provider?.getLogs({ address: await c.queue.getAddress(), fromBlock: 0 })) ?? [];
  for (const log of logs) {
    const event = c.queue.interface.parseLog(log);
    if (event === null) continue;
    const args = event.args.toObject() as Record<string, bigint> & { to: string; asset: string };
    if (event.name === "Transfer") indexer.transferred(args.to, args.tokenId);
    if (event.name === "Requested") indexer.requested(args.id, args.asset, args.shares);
    if (event.name === "BatchFilled") indexer.filled(args.asset, args.day, args.shares, args.units);
    if (event.name === "Claimed") indexer.claimed(args.id, args.units);
    if (event.name === "TicketMoved") indexer.moved(args.shares);
  }
  return indexer;
}

/** What the views say is what the logs say. */
async function agrees(world: World): Promise<Indexer> {
  const { queue } = world.c;
  const seen = await indexed(world);
  for (const [key, batch] of seen.batches) {
    const [asset, day] = key.split(" ");
    const { shares, remaining, tickets, assets } = await queue.batch(asset, day);
    expect({ shares, remaining, tickets, assets }, key).to.deep.equal(batch);
  }
  const counts = new Map<string, bigint>();
  for (const [id, { owner, asset, batch, shares, collected }] of seen.tickets) {
    counts.set(owner, (counts.get(owner) ?? 0n) + 1n);
    const status = await queue.withdrawalStatus(id);
    expect([status.owner, status.asset, await queue.sharesOf(id)]).to.deep.equal([owner, asset, shares]);
    expect(status.remainingShares).to.equal((batch.remaining * shares) / batch.shares);
    expect(status.claimable).to.equal((batch.assets * shares) / batch.shares - collected);
    expect(status.earliest).to.equal((Indexer.dayOf(id) + 2n) * 86_400n);
  }
  for (const [owner, count] of counts) expect(await queue.balanceOf(owner)).to.equal(count);
  const assets = [...(await world.c.registry.assets())];
  for (const asset of assets) {
    const days = [...seen.batches].filter(([key]) => key.startsWith(asset));
    const waiting = days.reduce((sum, [, { remaining }]) => sum + remaining, 0n);
    expect(await queue.waitingShares(asset)).to.equal(waiting);
  }
  return seen;
}

describe("Scenario: an indexer of the line", () => {
  it("rebuilds every ticket and batch from the logs alone: joined, paid in parts, claimed, sold, moved", async () => {
    const world = await loadFixture(quick);
    const { queue } = world.c;
    const people = await Promise.all([0, 1, 2, 3, 4].map((i) => world.person(i)));
    const [alice, bob, carol, dan, erin] = people;
    const rEth = world.ctx.address("rETH");
    const first = await world.request(alice, ETHER, ether("20"));
    const second = await world.request(bob, ETHER, ether("7"));
    const third = await world.request(carol, ETHER, ether("1.000000000000000001"));
    await world.request(dan, world.asset, ether("3"));
    await world.request(erin, rEth, ether("4"));
    expect((await agrees(world)).tickets.size).to.equal(5);

    // Nobody but fill is called, so only what is idle is paid: a part, and another part.
    const fill = async () => (await queue.connect(world.keeper).fill(ETHER, 9n)).wait();
    await nextDay(world.ctx.provider, 60n);
    await nextDay(world.ctx.provider, 60n);
    await fill();
    await agrees(world);
    await world.claim(first);
    await queue.connect(bob).transferFrom(bob, dan, second);
    await world.depositEther(erin, ether("2"));
    await fill();
    await queue.connect(carol).claimTo(third, await erin.getAddress());
    await agrees(world);

    // One moves on with what is unpaid, another joins on the same day; then all are paid and leave, one by one.
    await world.pass((await queue.EXIT_TIME()) + 86_400n);
    await queue.connect(dan).moveTicket(second, rEth);
    await world.request(alice, rEth, ether("2"));
    await agrees(world);
    await world.days(8);
    const seen = await agrees(world);
    await queue.connect(world.keeper).claimBatch([...seen.tickets.keys()]);
    expect((await agrees(world)).tickets.size).to.equal(0);
  });
});
