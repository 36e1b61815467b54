import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { TicketLedgerHarness } from "../../../typechain-types";
import { DAY } from "../../exit-world";

/** What the ledger should say, in whole numbers and with the same directions. */
class Model {
  readonly batches = new Map<bigint, { shares: bigint; remaining: bigint; assets: bigint; tickets: bigint }>();

  get waiting(): bigint {
    return [...this.batches.values()].reduce((sum, b) => sum + b.remaining, 0n);
  }

  at(day: bigint) {
    const found = this.batches.get(day);
    if (found === undefined) throw new Error(`no batch on day ${day}`);
    return found;
  }

  join(day: bigint, shares: bigint): void {
    const b = this.batches.get(day) ?? { shares: 0n, remaining: 0n, assets: 0n, tickets: 0n };
    this.batches.set(day, {
      ...b,
      shares: b.shares + shares,
      remaining: b.remaining + shares,
      tickets: b.tickets + 1n,
    });
  }

  pay(day: bigint, shares: bigint, units: bigint): void {
    const b = this.at(day);
    b.remaining -= shares;
    b.assets += units;
  }

  depart(day: bigint, shares: bigint): void {
    const b = this.at(day);
    const all = b.shares;
    const left = (b.remaining * shares) / all;
    b.assets -= (b.assets * shares) / all;
    b.remaining -= left;
    b.shares -= shares;
  }
}

interface Ticket {
  day: bigint;
  shares: bigint;
}

type Command =
  | { kind: "join"; shares: bigint }
  | { kind: "pay"; pick: number; partBps: number; rate: bigint }
  | { kind: "depart"; pick: number }
  | { kind: "sleep" };

const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("join" as const), shares: fc.bigInt(1n, 10n ** 24n) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("pay" as const),
        pick: fc.nat(),
        partBps: fc.integer({ min: 0, max: 10_000 }),
        rate: fc.bigInt(1n, 3n * 10n ** 18n),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("depart" as const), pick: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("sleep" as const) }) },
  ),
  { minLength: 5, maxLength: 30 },
);

async function harness(): Promise<{ ledger: TicketLedgerHarness }> {
  await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY + 60n);
  return { ledger: (await ethers.deployContract("TicketLedgerHarness")) as unknown as TicketLedgerHarness };
}

/** Runs one command on both; returns nothing and judges nothing. */
async function run(ledger: TicketLedgerHarness, model: Model, tickets: Ticket[], command: Command): Promise<void> {
  const today = BigInt(await time.latest()) / DAY;
  if (command.kind === "join") {
    await ledger.join(command.shares);
    model.join(today, command.shares);
    tickets.push({ day: today, shares: command.shares });
  } else if (command.kind === "sleep") {
    await time.increaseTo((today + 1n) * DAY + 60n);
  } else if (command.kind === "pay") {
    const open = [...model.batches.keys()].filter((day) => model.at(day).remaining > 0n);
    if (open.length === 0) return;
    const day = open[command.pick % open.length];
    const shares = (model.at(day).remaining * BigInt(command.partBps)) / 10_000n;
    const units = (shares * command.rate) / 10n ** 18n;
    await ledger.pay(day, shares, units);
    model.pay(day, shares, units);
  } else {
    if (tickets.length === 0) return;
    const [{ day, shares }] = tickets.splice(command.pick % tickets.length, 1);
    await ledger.depart(day, shares);
    model.depart(day, shares);
  }
}

describe("TicketLedger", () => {
  it("agrees with a model in whole numbers over random joins, payments, departures and days", async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const { ledger } = await loadFixture(harness);
        const model = new Model();
        const tickets: Ticket[] = [];
        for (const command of list) await run(ledger, model, tickets, command);
        const today = BigInt(await time.latest()) / DAY;
        const state = await ledger.state();
        expect(state.waiting).to.equal(model.waiting);
        expect(state.due).to.equal(model.waiting - (model.batches.get(today)?.remaining ?? 0n));
        for (const [day, b] of model.batches) {
          const found = await ledger.batch(day);
          expect([found.shares, found.remaining, found.assets, found.tickets]).to.deep.equal([
            b.shares,
            b.remaining,
            b.assets,
            b.tickets,
          ]);
          // Nobody's part is made of thin air: what tickets may claim is never more than what is there.
          const own = tickets.filter((t) => t.day === day);
          const paid = await Promise.all(own.map(({ shares }) => ledger.paidTo(day, shares)));
          const left = await Promise.all(own.map(({ shares }) => ledger.remainingOf(day, shares)));
          expect(paid.reduce((a, c) => a + c, 0n) <= b.assets).to.equal(true);
          expect(left.reduce((a, c) => a + c, 0n) <= b.remaining).to.equal(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("never gives those who stay less than before when somebody departs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt(1n, 10n ** 21n), { minLength: 2, maxLength: 8 }),
        fc.bigInt(0n, 10n ** 22n),
        fc.integer({ min: 0, max: 9_999 }),
        async (shares, units, paidBps) => {
          const { ledger } = await loadFixture(harness);
          const day = BigInt(await time.latest()) / DAY;
          for (const s of shares) await ledger.join(s);
          const all = shares.reduce((a, b) => a + b, 0n);
          await ledger.pay(day, (all * BigInt(paidBps)) / 10_000n, units);
          const stay = shares.slice(1);
          const paid = async () => Promise.all(stay.map((s) => ledger.paidTo(day, s)));
          const left = async () => Promise.all(stay.map((s) => ledger.remainingOf(day, s)));
          const [paidBefore, leftBefore] = [await paid(), await left()];
          await ledger.depart(day, shares[0]);
          const [paidAfter, leftAfter] = [await paid(), await left()];
          stay.forEach((_, i) => {
            expect(paidAfter[i] >= paidBefore[i]).to.equal(true);
            expect(leftAfter[i] >= leftBefore[i]).to.equal(true);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("leaves nothing waiting when the last ticket departs", async () => {
    const { ledger } = await loadFixture(harness);
    const day = BigInt(await time.latest()) / DAY;
    for (const s of [3n, 7n, 11n]) await ledger.join(s);
    await ledger.pay(day, 4n, 5n);
    for (const s of [7n, 3n, 11n]) await ledger.depart(day, s);
    const { shares, remaining, assets } = await ledger.batch(day);
    expect([shares, remaining, assets]).to.deep.equal([0n, 0n, 0n]);
    expect((await ledger.state()).waiting).to.equal(0n);
  });

  it("passes over closed batches that are paid, and over no others", async () => {
    const { ledger } = await loadFixture(harness);
    const day = BigInt(await time.latest()) / DAY;
    await ledger.join(5n);
    await ledger.pay(day, 5n, 5n);
    await ledger.advance();
    expect((await ledger.state()).firstOpen).to.equal(0n); // today's batch may still be joined
    await time.increaseTo((day + 1n) * DAY + 60n);
    await ledger.join(6n);
    await ledger.advance();
    expect((await ledger.state()).firstOpen).to.equal(1n);
    await time.increaseTo((day + 2n) * DAY + 60n);
    await ledger.pay(day + 1n, 5n, 5n);
    await ledger.advance();
    expect((await ledger.state()).firstOpen).to.equal(1n); // one share still waits
  });
});
