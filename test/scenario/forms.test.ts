import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import {
  ETHER,
  ether,
  expectWithin,
  inEther,
  oddlyStaked,
  slash,
  exposeFully,
  stakedInWstEth,
  untilFilled,
  WAD,
} from "../exit-world";
import type { Staked } from "../world";

/** Wei that roundings of engine, strategy, issuer and rate may take per 20 ether. */
const DUST = 100n;

describe("Scenario: the strategy's token is one form of the asset or the other", () => {
  for (const [token, fixture] of [
    ["stETH", oddlyStaked],
    ["wstETH", stakedInWstEth],
  ] as [string, () => Promise<Staked>][]) {
    it(`deposit, restake, slash, unbond, fill and claim with a strategy of ${token}`, async () => {
      const { world, alice, bob } = await loadFixture(fixture);
      const { pool, accountant, strategy, queue, stEth, wstEth } = world.c;
      expect(await strategy.underlyingToken()).to.equal(await (token === "stETH" ? stEth : wstEth).getAddress());
      // In: every form of deposit ends as units restaked in that strategy.
      const carol = await world.person(3);
      for (const form of ["WETH", "stETH", "wstETH"] as const) await world.deposit(carol, form, ether("4"));
      await world.crank();
      expectWithin(await pool.idle(world.asset), 0n, ether("0.05"));
      const { restaked } = await accountant.backing(world.asset);
      const expected = await stEth.getSharesByPooledEth(ether("108.01"));
      expectWithin(restaked, expected + ether("4"), ether("0.05")); // what is below the smallest move stays idle
      // Slash: a tenth of one operator's stake.
      const rate = await pool.rate();
      const magnitude = await exposeFully(world, 0);
      await slash(world, 0, 0n, 0, (WAD * WAD) / 10n / magnitude);
      await accountant.report();
      const after = await pool.rate();
      expectWithin((after * 1_000n) / rate, 980n, 1n); // a fiftieth of all, of which a little was idle
      // Out, in both lines and all forms.
      const ids = [await world.request(alice, ETHER, ether("20")), await world.request(bob, world.asset, ether("20"))];
      const third = await world.request(carol, world.asset, ether("1"));
      await untilFilled(world, world.asset);
      await untilFilled(world, ETHER);
      const last = await pool.rate();
      for (const [i, asset] of [ETHER, world.asset].entries()) {
        const paid = await inEther(world, asset, await queue.claimable(ids[i]));
        expectWithin(paid, (ether("20") * last) / WAD, DUST);
        await world.claim(ids[i]);
      }
      const before = await stEth.balanceOf(carol);
      await queue.connect(carol).claimUnwrapped(third, carol);
      expectWithin((await stEth.balanceOf(carol)) - before, last, 10n);
    });
  }
});
