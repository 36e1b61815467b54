import { loadFixture, setCode, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { World, ETHER, type Token } from "../../scripts/sim/world";
import { BLOCK_SECONDS } from "../../scripts/sim/time";
import { as, books, changed, DAY, ether, FOREVER, NO_REFERRAL, WAD } from "../checks";
import { deployed, staked } from "../world";

/** Every operator has allocated 30 % of its stake to one set whose slasher takes all of it. */
async function exposed(): Promise<World> {
  const config = changed((input) => {
    input.avss = [
      { ...input.avss[0], capBps: 3_000, sets: [{ id: 0, capBps: 3_000, targetBps: 3_000, group: "oracles" }] },
    ];
    input.allocation = { ...input.allocation, avsCapBps: 3_000, groupCapBps: 3_000, unverifiedCapBps: 3_000 };
  });
  const world = await World.create(config);
  await world.depositEther(await world.person(0), ether("99.99"));
  await world.crank();
  await world.registerAll();
  await world.allocateAll();
  await world.pass(12n * BLOCK_SECONDS);
  await world.c.accountant.report();
  return world;
}

const valueOf = (shares: bigint, rateWad: bigint): bigint => (shares * rateWad) / WAD;

describe("promises of the rate", () => {
  describe("A4", () => {
    it("a 30 % slash is recognised in one report", async () => {
      const world = await loadFixture(exposed);
      const { c } = world;
      expect(await c.pool.rate()).to.equal(WAD);
      for (let operator = 0; operator < 5; ++operator) await world.equivocate(0, operator);
      await c.accountant.report();
      const { rateWad, waitingWad } = await c.pool.terms();
      expect([rateWad, waitingWad]).to.deep.equal([ether("0.7"), 0n]);
      expect(await c.accountant.netAssetValue()).to.equal(ether("70"));
      expect(await c.accountant.totalLoss()).to.equal(ether("30"));
    });

    it("the rate is never above net asset value per share after a report, whatever happens", async () => {
      const { world } = await loadFixture(staked);
      const { c } = world;
      const event = fc.oneof(
        fc.record({ kind: fc.constant("earn"), bps: fc.bigInt(0n, 300n) }),
        fc.record({ kind: fc.constant("lose"), bps: fc.bigInt(0n, 300n) }),
        fc.record({ kind: fc.constant("wait"), bps: fc.bigInt(0n, 500n) }),
        fc.record({ kind: fc.constant("deposit"), bps: fc.bigInt(1n, 500n) }),
      );
      const start = await takeSnapshot();
      await fc.assert(
        fc.asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
          await start.restore();
          for (const { kind, bps } of events) {
            if (kind === "earn") await world.lidoEarns(bps);
            if (kind === "lose") await world.lidoLoses(bps);
            if (kind === "wait") await time.increase(bps * 600n + 1n);
            if (kind === "deposit") {
              await c.accountant.report();
              const { closedUntil } = await c.pool.terms();
              if (closedUntil <= BigInt(await time.latest())) await world.depositEther(world.keeper, bps * 10n ** 17n);
            }
            const before = await c.pool.rate();
            await c.accountant.report();
            const { rateWad, waitingWad, supply, netAssetValue } = await books(world);
            expect(rateWad * supply).to.be.at.most(netAssetValue * WAD);
            expect((rateWad + waitingWad) * supply).to.be.at.least(netAssetValue * WAD);
            expect(rateWad).to.be.at.most(before + (before * 10n) / 10_000n);
          }
        }),
        { numRuns: 15 },
      );
      await start.restore();
    });

    it("a deposit just before a gain is recognised earns nothing of it, whatever the gain, the form and the time", async () => {
      const { world } = await loadFixture(staked);
      const { c, keeper } = world;
      const bob = await world.person(4);
      await world.acquire(keeper, "stETH", ether("30"));
      const gains = {
        lido: (bps: bigint) => world.lidoEarns(bps),
        /** A gift to the strategy: a gain like any other. */
        strategy: async (bps: bigint) => c.stEth.connect(keeper).transfer(c.strategy, (ether("30") * bps) / 400n),
        /** Income that is counted as soon as it is there. */
        income: async (bps: bigint) => {
          const units = (ether("25") * bps) / 400n;
          await c.stEth.connect(keeper).transferShares(c.pool, units);
          await c.pool.connect(await as(c.desk)).put(world.asset, units);
        },
      };
      const start = await takeSnapshot();
      let waited = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom<keyof typeof gains>("lido", "strategy", "income"),
          fc.constantFrom<Token | "ETH">("ETH", "WETH", "stETH", "wstETH"),
          fc.bigInt(1n, 400n),
          fc.bigInt(10n ** 15n, 10n ** 20n),
          fc.array(fc.bigInt(1n, 2n * DAY), { maxLength: 3 }),
          fc.nat(40),
          async (kind, form, bps, amount, pauses, days) => {
            await start.restore();
            await gains[kind](bps);
            // A part of the gain may have been recognised when the depositor comes, or nothing be known of it.
            for (const seconds of pauses) {
              await time.increase(seconds);
              await c.accountant.report();
            }
            const shares =
              form === "ETH" ? await world.depositEther(bob, amount) : await world.deposit(bob, form, amount);
            // What he brought, at Lido's rate of this moment: `amount` units are more ether than `amount` for wstETH alone.
            const brought = form === "wstETH" ? await c.stEth.getPooledEthByShares(amount) : amount;
            const lidoRate = await c.stEth.getPooledEthByShares(WAD);
            if ((await c.pool.terms()).waitingWad !== 0n) ++waited;
            for (let day = 0; day < days; day += 5) {
              await time.increase(DAY * 5n);
              await c.accountant.report();
            }
            expect(await c.stEth.getPooledEthByShares(WAD)).to.equal(lidoRate);
            expect(valueOf(shares, await c.pool.rate())).to.be.at.most(brought);
            // Even if everything that waits were recognised at once; each of two roundings of the rates is below 1e-18.
            const { rateWad, waitingWad } = await c.pool.terms();
            expect(valueOf(shares, rateWad + waitingWad)).to.be.at.most(brought + (2n * brought) / WAD + 2n);
          },
        ),
        { numRuns: 40 },
      );
      expect(waited).to.be.above(10); // gains were waiting
      await start.restore();
    });
  });

  it("A5 a fill pays at the rate of the engine as it is, though nobody has reported", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c, asset } = world;
    await world.deposit(bob, "wstETH", ether("200"));
    const ticket = await world.request(alice, asset, ether("10"));
    await time.increase(2n * DAY);
    await world.equivocate(0, 0);
    expect(await c.pool.rate()).to.equal(WAD);
    await c.queue.connect(world.keeper).fill(asset, 1n);
    const rate = ((ether("300.01") - ether("1.0001")) * WAD) / ether("300.01");
    expect(await c.queue.claimable(ticket)).to.equal(valueOf(ether("10"), rate));
    expect(await c.pool.rate()).to.equal(rate);
  });

  it("A6 going in never gives more than was brought, to the wei", async () => {
    const { world } = await loadFixture(staked);
    const { c } = world;
    const bob = await world.person(4);
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, 40n), fc.boolean(), fc.bigInt(10n ** 14n, 10n ** 20n), async (bps, up, amount) => {
        await start.restore();
        await (up ? world.lidoEarns(bps) : world.lidoLoses(bps));
        await c.accountant.report();
        const { rateWad: old, waitingWad } = await c.pool.terms();
        const shares = await world.depositEther(bob, amount);
        const { rateWad } = await c.pool.terms();
        expect(shares * (old + waitingWad)).to.be.at.most(amount * WAD + amount * (rateWad - old));
        expect(valueOf(shares, rateWad)).to.be.at.most(amount);
        await c.accountant.report();
        const after = await books(world);
        expect(after.rateWad * after.supply).to.be.at.most(after.netAssetValue * WAD);
      }),
      { numRuns: 20 },
    );
    await start.restore();
  });

  it("A7 an operator that cannot be read stops neither claims nor transfers nor others' losses", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c } = world;
    const ticket = await world.request(alice, world.asset, ether("1"));
    await world.days(4);
    const [first, second] = await c.operators.operators();
    await setCode(first.delegator, "0x5f5ffd");
    await c.accountant.report();
    await world.claim(ticket);
    expect(await c.wstEth.balanceOf(alice)).to.be.closeTo(WAD, 10n);
    await c.trEth.connect(bob).transfer(alice, 1n);
    await world.equivocate(0, 1);
    await c.accountant.report();
    expect(await c.accountant.lossOf(second.delegator)).to.be.above(ether("0.9"));
  });

  describe("A8", () => {
    it("the fee stays under the daily cap even if a rate is wrong by 1e18", async () => {
      const { world } = await loadFixture(staked);
      const { c } = world;
      const { feeRecipient } = world.ctx.config.accounting;
      const strategy = await c.strategy.getAddress();
      // The strategy forgets its shares (its first slot): one share now stands for everything, and 1e18 times more.
      const donor = await world.person(7);
      await world.acquire(donor, "stETH", ether("1000"));
      await c.stEth.connect(donor).transferShares(strategy, ether("999"));
      const [slot, word] = await forgetting(strategy, await c.strategy.totalShares());
      await ethers.provider.send("hardhat_setStorageAt", [strategy, slot, word]);
      expect((await c.registry.read(world.asset)).unitsPerShareWad).to.be.at.least(WAD * WAD);
      const supply = await c.trEth.totalSupply();
      let feeBefore = 0n;
      for (let day = 0; day < 3; ++day) {
        await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY);
        for (let hour = 0; hour < 6; ++hour) {
          await c.accountant.report();
          await time.increase(3_600n * 3n);
        }
        const fee = await c.trEth.balanceOf(feeRecipient);
        expect(fee - feeBefore).to.be.at.most(((supply + fee) * 2n) / 10_000n);
        feeBefore = fee;
      }
      expect(await c.pool.rate()).to.be.below(ether("1.0041")); // four days' allowance at most
      // When the error is gone, the next report tells the truth again.
      const shares = ethers.toBeHex(supply, 32);
      await ethers.provider.send("hardhat_setStorageAt", [strategy, slot, shares]);
      await c.accountant.report();
      const { rateWad, netAssetValue } = await books(world);
      expect(rateWad).to.be.at.most((netAssetValue * WAD) / (await c.trEth.totalSupply()));
    });

    it("an issuer's rate that is wrong by 1e18 is refused by its source and mints nothing", async () => {
      const { world } = await loadFixture(staked);
      const { c } = world;
      await c.accountant.report();
      const before = await books(world);
      const pooled = await c.stEth.getTotalPooledEther();
      const [slot, rest] = await forgetting(await c.stEth.getAddress(), pooled);
      expect(BigInt(rest)).to.equal(0n); // a slot of its own: the wrong figure overwrites nothing else
      const wrong = ethers.toBeHex(pooled * WAD, 32);
      await ethers.provider.send("hardhat_setStorageAt", [await c.stEth.getAddress(), slot, wrong]);
      await time.increase(DAY);
      await c.accountant.report();
      expect(await books(world)).to.deep.equal(before);
      expect((await c.pool.terms()).closedUntil).to.equal(2n ** 40n - 1n);
    });
  });

  it("A9 the alarm closes doors once, ends by itself and leaves requests, claims and reports open", async () => {
    const { world, alice } = await loadFixture(staked);
    const { c } = world;
    await world.equivocate(0, 0);
    await c.accountant.report();
    const rang = BigInt(await time.latest());
    expect(await c.accountant.fillsClosedUntil()).to.equal(rang + DAY);
    const pool = c.pool.connect(alice);
    await expect(pool.reportAndDeposit(ETHER, WAD, alice, 0n, FOREVER, NO_REFERRAL, { value: WAD }))
      .to.be.revertedWithCustomError(pool, "DepositsClosed")
      .withArgs((time: bigint) => time > rang, rang + DAY);
    await world.request(alice, world.asset, WAD);
    await world.equivocate(0, 1);
    await world.equivocate(0, 2);
    await c.accountant.report();
    expect(await c.accountant.fillsClosedUntil()).to.equal(rang + DAY);
    await time.increaseTo(rang + DAY);
    await world.depositEther(alice, WAD);
  });

  describe("A10", () => {
    it("a first-depositor attack loses money", async () => {
      const world = await loadFixture(deployed);
      const { c } = world;
      const [attacker, victim] = [await world.person(0), await world.person(1)];
      // The attacker is first with the least amount, and makes its share dear by giving 100 stETH to the strategy.
      const shares = await world.depositEther(attacker, ether("0.0001"));
      await world.crank();
      await world.acquire(attacker, "stETH", ether("100"));
      await c.stEth.connect(attacker).transfer(c.strategy, ether("100"));
      await c.accountant.report();
      const bought = await world.depositEther(victim, WAD);
      expect(bought).to.be.above(10n ** 13n); // a million times what rounding could take
      for (let day = 0; day < 30; ++day) {
        await time.increase(DAY);
        await c.accountant.report();
      }
      const { rateWad, waitingWad } = await c.pool.terms();
      expect(valueOf(shares, rateWad + waitingWad)).to.be.below(ether("1.1")); // of 100.0001 put in
      expect(valueOf(shares, rateWad)).to.be.below(ether("0.00011"));
      expect(valueOf(bought, rateWad + waitingWad)).to.be.closeTo(WAD, 10n ** 12n);
    });

    it("sending assets straight to the pool moves no price before the first deposit", async () => {
      const world = await loadFixture(deployed);
      const [attacker, victim] = [await world.person(0), await world.person(1)];
      await world.acquire(attacker, "wstETH", ether("50"));
      await world.c.wstEth.connect(attacker).transfer(world.c.pool, ether("50"));
      expect(await world.depositEther(victim, WAD)).to.equal(WAD);
    });

    it("deposits close below the floor rate while reports and requests go on", async () => {
      const { world, alice } = await loadFixture(staked);
      const { c } = world;
      await c.pool.connect(await as(c.accountant)).setTerms(10n ** 15n - 1n, 0n, 0n);
      const pool = c.pool.connect(alice);
      await expect(pool.depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD }))
        .to.be.revertedWithCustomError(pool, "RateBelowFloor")
        .withArgs(10n ** 15n - 1n, 10n ** 15n);
      await world.request(alice, world.asset, WAD);
    });
  });
});

/** The slot, among a contract's first sixteen, that holds a value, alone or packed with others, and its word without it. */
async function forgetting(contract: string, value: bigint): Promise<[slot: string, word: string]> {
  for (let slot = 0; slot < 16; ++slot) {
    const word = BigInt(await ethers.provider.getStorage(contract, slot));
    for (let bits = 0n; bits < 256n; bits += 8n) {
      if (((word >> bits) & (2n ** 128n - 1n)) !== value) continue;
      return [ethers.toQuantity(slot), ethers.toBeHex(word - (value << bits), 32)];
    }
  }
  throw new Error(`${value} is in no slot of ${contract}`);
}
