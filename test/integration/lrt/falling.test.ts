import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Signer } from "ethers";
import fc from "fast-check";
import type { World } from "../../../scripts/sim/world";
import { FOREVER, NO_REFERRAL } from "../../checks";
import { DAY, ether, WAD } from "../../exit-world";
import { staked } from "../../world";

const BPS = 10_000n;
const HAIRCUT = 30n;
/** Each deposit, request and claim rounds by a few wei, and the rate's last digit is worth 1e-18 of all shares. */
const ROUNDING = 10_000n;

const less = (value: bigint, bps: bigint): bigint => (value * (BPS - bps)) / BPS;

/** What somebody does with cbETH while it falls: a day's price, a deposit, a request, or nothing. */
type Step =
  | { kind: "market"; bps: bigint }
  | { kind: "issuer"; bps: bigint }
  | { kind: "deposit"; units: bigint; report: boolean }
  | { kind: "leave"; part: bigint }
  | { kind: "day" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("market" as const), bps: fc.bigInt(5n, 60n) }),
  fc.record({ kind: fc.constant("issuer" as const), bps: fc.bigInt(0n, 80n) }),
  fc.record({
    kind: fc.constant("deposit" as const),
    units: fc.bigInt(ether("0.01"), ether("8")),
    report: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("leave" as const), part: fc.bigInt(1n, 4n) }),
  fc.record({ kind: fc.constant("day" as const) }),
);

/** Somebody who brings cbETH at its market price. His end is judged by what he holds then, at true prices. */
class Dumper {
  brought = 0n; // what his cbETH was worth on the market when he brought it [wei]
  deposits = 0;
  readonly tickets: bigint[] = [];

  constructor(
    readonly world: World,
    readonly who: Signer,
    readonly asset = world.ctx.address("cbETH"),
  ) {}

  /** Whether the pool takes his cbETH now; `market` is what it is worth. */
  async deposit(units: bigint, report: boolean, market: bigint): Promise<boolean> {
    const pool = this.world.c.pool.connect(this.who);
    const args = [this.asset, units, this.who, 0n, FOREVER, NO_REFERRAL] as const;
    const enter = report ? pool.reportAndDeposit : pool.deposit;
    const isTaken = await enter.staticCall(...args).then(
      () => true,
      () => false,
    );
    if (!isTaken) return false;
    await (await enter(...args)).wait();
    this.brought += (units * market) / WAD;
    this.deposits += 1;
    return true;
  }

  async leave(part: bigint): Promise<void> {
    const shares = (await this.world.c.trEth.balanceOf(this.who)) / part;
    if (shares < 10n ** 15n) return;
    // Into the asset that did not fall; the line refuses what it does not back.
    await this.world.request(this.who, this.world.asset, shares).then(
      (id) => this.tickets.push(id),
      () => undefined,
    );
  }

  /** Everything he has got for it: wstETH, unpaid shares and free ones, at the rate of now [wei]. */
  async worth(): Promise<bigint> {
    const { c, asset } = this.world;
    const rate = await c.pool.rate();
    let units = 0n;
    let shares = await c.trEth.balanceOf(this.who);
    for (const id of this.tickets) {
      const { claimable, remainingShares } = await c.queue.withdrawalStatus(id);
      units += claimable;
      shares += remainingShares;
    }
    const { rateWad } = await c.accountant.backing(asset);
    return (units * rateWad) / WAD + (shares * rate) / WAD;
  }
}

async function falling() {
  const { world, alice } = await staked();
  await world.deposit(await world.person(2), "cbETH", ether("10"));
  const who = await world.person(5);
  const token = await world.acquire(who, "cbETH", ether("100"));
  await token.connect(who).approve(world.c.pool, FOREVER);
  return { world, alice, who };
}

/** The market's price, told by its feed at once. */
async function tell(world: World, price: bigint): Promise<void> {
  await (await world.c.markets.cbETH?.connect(world.keeper).report(price))?.wait();
}

describe("A falling LST", () => {
  it("cannot be turned into another asset at a profit while its market is told, in any order of steps", async () => {
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 14 }), async (steps) => {
        const { world, who } = await loadFixture(falling);
        const dumper = new Dumper(world, who);
        let issuer = await world.rateOf("cbETH");
        let market = issuer;
        for (const s of steps) {
          if (s.kind === "market") await tell(world, (market = less(issuer, s.bps)));
          if (s.kind === "issuer") await world.publish("cbETH", (market = issuer = less(issuer, s.bps)));
          if (s.kind === "deposit") (await dumper.deposit(s.units, s.report, market)) ? ++taken : ++refused;
          if (s.kind === "leave") await dumper.leave(s.part);
          if (s.kind === "day") await time.increase(DAY);
          if (s.kind === "day") await world.publish("cbETH", (market = issuer = issuer + 1n));
          if (s.kind === "day") await world.c.accountant.report();
        }
        await world.c.accountant.report();
        expect(await dumper.worth()).to.be.at.most(dumper.brought + ROUNDING);
      }),
      { numRuns: 25, seed: 11 },
    );
    expect([taken > 10, refused > 5], `${taken} taken, ${refused} refused`).to.deep.equal([true, true]);
  });

  it("costs the holders at most one inflow limit times the fall beyond the haircut, while nobody tells it", async () => {
    const { world, who } = await loadFixture(falling);
    const dumper = new Dumper(world, who);
    const { pool } = world.c;
    const token = await world.acquire(dumper.who, "cbETH", ether("20000"));
    const rate = await world.rateOf("cbETH");
    const market = less(rate, 500n); // 5 % lower, and the feed still says what it said
    const { left } = await pool.inflow(dumper.asset);
    expect(await token.balanceOf(dumper.who)).to.be.greaterThan(left);
    expect(await dumper.deposit(left + ether("1"), true, market)).to.equal(false);
    expect(await dumper.deposit((await pool.inflow(dumper.asset)).left, false, market)).to.equal(true);
    expect(await dumper.deposit(ether("0.01"), true, market)).to.equal(false); // nothing more before the bucket refills
    const gain = (await dumper.worth()) - dumper.brought;
    const bound = (left * (less(rate, HAIRCUT) - market)) / WAD;
    expect(gain).to.be.within((bound * 99n) / 100n, bound + ROUNDING);
    await tell(world, market); // from here on the breaker holds
    await time.increase(DAY);
    await tell(world, market);
    expect(await dumper.deposit(ether("1"), true, market)).to.equal(false);
  });

  it("is refused with the price and the limit once its market is too low, and nothing else is", async () => {
    const { world, who, alice } = await loadFixture(falling);
    const dumper = new Dumper(world, who);
    const rate = await world.rateOf("cbETH");
    const lowest = less(rate, 20n);
    await tell(world, lowest);
    expect(await dumper.deposit(ether("1"), true, lowest)).to.equal(true);
    await tell(world, lowest - 1n);
    const pool = world.c.pool.connect(dumper.who);
    const source = world.c.coinbase!.source;
    await expect(pool.reportAndDeposit(dumper.asset, WAD, dumper.who, 0n, FOREVER, NO_REFERRAL))
      .to.be.revertedWithCustomError(source, "MarketOutOfBounds")
      .withArgs(lowest - 1n, lowest, await source.MAX_RATE());
    await world.depositEther(alice, WAD);
    await world.request(alice, dumper.asset, WAD);
  });
});
