import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import { ETHER } from "../../scripts/sim/world";
import { BLOCK_SECONDS } from "../../scripts/sim/time";
import { DAY, ether, FOREVER, NO_REFERRAL, WAD } from "../checks";
import { bufferByTheRules, buffered, hastyWallet, redeem, wideOpen } from "../instant-world";

/** Somebody with ether alone, ready to redeem. */
async function trader() {
  const scene = await wideOpen();
  const { world } = scene;
  const carol = await world.person(3);
  await world.c.trEth.connect(carol).approve(world.c.instant, FOREVER);
  await world.lidoEarns(7n); // something to wait for and to come for
  await world.c.accountant.report();
  return { ...scene, carol };
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sent).wait())?.gasUsed ?? 0n;
}

describe("instant redemption", () => {
  it("nobody gains by coming in and going out at once, in any order and any number of parts, with or without a day between", async function () {
    this.timeout(300_000);
    const { world, carol } = await loadFixture(trader);
    const { pool, trEth, accountant } = world.c;
    const start = await takeSnapshot();
    const to = await carol.getAddress();
    const move = fc.record({
      comes: fc.boolean(),
      partBps: fc.bigInt(1n, 10_000n),
      pause: fc.constantFrom(0n, BLOCK_SECONDS, DAY / 2n),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(ether("0.1"), ether("12")),
        fc.array(move, { minLength: 2, maxLength: 6 }),
        async (sum, moves) => {
          await start.restore();
          // What she has and what it is worth to somebody who could sell it at net asset value, all gains included.
          let purse = sum;
          let days = 0n;
          for (const { comes, partBps, pause } of [...moves, { comes: false, partBps: 10_000n, pause: 0n }]) {
            if (pause > 0n) {
              await time.increase(pause);
              days += pause;
              await accountant.report();
            }
            const held = await trEth.balanceOf(to);
            const amount = ((comes ? purse : held) * partBps) / 10_000n;
            if (amount < 10n ** 15n) continue;
            const before = await ethers.provider.getBalance(pool);
            if (comes) await pool.connect(carol).depositEther(to, 0n, FOREVER, NO_REFERRAL, { value: amount });
            else await redeem(world, carol, amount);
            purse += before - (await ethers.provider.getBalance(pool));
          }
          expect(await trEth.balanceOf(to)).to.be.below(10n ** 15n);
          // The rate grows at most 10 bps a day, less than the lowest fee.
          const grown = days > DAY ? (sum * days) / DAY / 1_000n : 0n;
          expect(purse).to.be.at.most(sum + grown);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("splitting a redemption never pays more", async () => {
    const { world, alice } = await loadFixture(wideOpen);
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(ether("0.01"), ether("38")),
        fc.array(fc.bigInt(1n, 100n), { minLength: 2, maxLength: 5 }),
        async (shares, weights) => {
          await start.restore();
          const whole = await world.c.instant.preview(shares);
          const before = await world.c.pool.idle(ETHER);
          const all = weights.reduce((a, b) => a + b, 0n);
          for (const weight of weights) await redeem(world, alice, (shares * weight) / all);
          expect(before - (await world.c.pool.idle(ETHER))).to.be.at.most(whole);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("what comes in serves tickets first, then the buffer, then restaking", async () => {
    const { world, alice, bob } = await loadFixture(wideOpen);
    const { queue, pool, issuer, accountant } = world.c;
    const nav = await accountant.netAssetValue();
    expect(await pool.idle(ETHER)).to.equal((nav + 19n) / 20n);
    await queue.connect(alice).request(ETHER, ether("60"), alice);
    await redeem(world, bob, 10n ** 12n).catch(() => undefined); // nothing is left for it
    await world.depositEther(bob, ether("20"));
    await expect(issuer.connect(world.keeper).stake()).to.be.revertedWithCustomError(issuer, "NothingToConvert");
    await world.depositEther(bob, ether("80"));
    await issuer.connect(world.keeper).stake();
    const left = await bufferByTheRules(world);
    expect(left.level).to.equal(left.target);
    expect(await pool.idle(ETHER)).to.equal(left.target + ether("60"));
  });

  it("costs what the check of the books and the question for announced slashes cost, and at most 130 000", async () => {
    const { world, alice } = await loadFixture(buffered);
    await redeem(world, alice, WAD);
    await time.increase(60n);
    const check = (await gasOf(world.c.accountant.settle())) - 21_000n;
    // A first call of the contract costs 2 600, a transaction 21 000.
    const question = (await world.c.notices.isSlashPending.estimateGas()) - 21_000n + 2_600n;
    expect(question).to.be.at.most(20_000n);
    const cost = await gasOf(redeem(world, alice, WAD));
    expect(cost - check - question).to.be.at.most(130_000n);
  });

  it("a wallet that is a contract is paid with all gas, last, and cannot go through again", async () => {
    const { world, alice } = await loadFixture(buffered);
    const { instant, trEth } = world.c;
    const wallet = await hastyWallet(world, ether("2"), alice);
    const to = await wallet.getAddress();
    const approve = trEth.interface.encodeFunctionData("approve", [await instant.getAddress(), FOREVER]);
    const out = instant.interface.encodeFunctionData("redeem", [WAD, 0n, to, FOREVER]);
    const call = (target: string, data: string) => ({ target, value: 0n, data });
    const [token, door] = [await trEth.getAddress(), await instant.getAddress()];
    await wallet.execute([call(token, approve), call(door, out), call(door, out)]);
    expect(await trEth.balanceOf(wallet)).to.equal(0n);
    expect(await ethers.provider.getBalance(wallet)).to.be.within(ether("1.99"), ether("2"));
  });
});
