import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Signer } from "ethers";
import type { World } from "../../scripts/sim/world";
import {
  burnAllKeys,
  ETHER,
  ether,
  exposeFully,
  expectWithin,
  oddlyStaked,
  requestAll,
  slash,
  stakedInWstEth,
  untilFilled,
} from "../exit-world";
import type { Staked } from "../world";

/** Dust that named roundings may leave behind, per 100 ether that leave: one hop of the engine and one of the issuer for
 * each of five operators, two wei each, and the rate's own last digit (1e-18 of 100 ether: 100 wei). */
const DUST = 300n;

const ROLES = [0n, 1n, 2n, 3n];

async function nobodyHolds(world: World): Promise<void> {
  const { admin, tightening, guardian } = world.ctx.config.governance;
  for (const role of ROLES) {
    for (const account of [admin, tightening, guardian, world.ctx.deployer]) {
      const [isMember] = await world.c.manager.hasRole(role, account);
      expect(isMember, `${account} still holds ${role}`).to.equal(false);
    }
  }
}

interface Leaver {
  who: Signer;
  asset: string;
}

/** Ether value that shares of a line were due: each part of them at the rate at which it was paid. */
async function dueFor({ c }: World, asset: string, shares: bigint): Promise<bigint> {
  const fills = (await c.queue.queryFilter(c.queue.filters.BatchFilled(asset))).map(({ args }) => args);
  const rate = await c.pool.rate();
  // Who is paid first leaves crumbs, which in the end are on shares that nobody owns, a hundredth of one.
  for (const { rateWad } of fills) expectWithin(rate, rateWad, DUST * 100n);
  const all = fills.reduce((sum, fill) => sum + fill.shares, 0n);
  const value = fills.reduce((sum, fill) => sum + fill.shares * fill.rateWad, 0n);
  return (value * shares) / all / 10n ** 18n;
}

/** Everybody asks for everything, a stranger cranks, a stranger claims; returns ether value got and rate times shares. */
async function leaveInFull(world: World, leavers: Leaver[]): Promise<{ got: bigint; due: bigint }[]> {
  const { queue, trEth } = world.c;
  const shares = await Promise.all(leavers.map(async ({ who }) => trEth.balanceOf(who)));
  const ids: bigint[] = [];
  for (const { who, asset } of leavers) ids.push(await requestAll(world, who, asset));
  for (const asset of new Set(leavers.map((l) => l.asset))) await untilFilled(world, asset);
  const out: { got: bigint; due: bigint }[] = [];
  for (const [i, id] of ids.entries()) {
    const units = await queue.claimable(id);
    const got = leavers[i].asset === ETHER ? units : await world.c.stEth.getPooledEthByShares(units);
    await world.claim(id);
    out.push({ got, due: await dueFor(world, leavers[i].asset, shares[i]) });
  }
  return out;
}

describe("Scenario: every key is gone", () => {
  for (const [name, fixture] of [
    ["stETH", oddlyStaked],
    ["wstETH", stakedInWstEth],
  ] as [string, () => Promise<Staked>][]) {
    describe(`with a strategy of ${name}`, () => {
      it("exits work with every admin key burned: in kind", async () => {
        const { world, alice, bob } = await loadFixture(fixture);
        await burnAllKeys(world);
        await nobodyHolds(world);
        const left = await leaveInFull(world, [
          { who: alice, asset: world.asset },
          { who: bob, asset: world.asset },
        ]);
        for (const { got, due } of left) expectWithin(got, due, DUST);
        expect(await world.c.trEth.totalSupply()).to.equal(ether("0.01"));
      });

      it("exits work with every admin key burned: in ether", async () => {
        const { world, alice, bob } = await loadFixture(fixture);
        await burnAllKeys(world);
        const left = await leaveInFull(world, [
          { who: alice, asset: ETHER },
          { who: bob, asset: ETHER },
        ]);
        for (const { got, due } of left) expectWithin(got, due, DUST);
        expect(await world.c.trEth.totalSupply()).to.equal(ether("0.01"));
        expect(await world.c.trEth.balanceOf(world.c.queue)).to.equal(0n);
      });

      it("exits work with every admin key burned after a slash that rings the alarm", async () => {
        const { world, alice, bob } = await loadFixture(fixture);
        await burnAllKeys(world);
        await exposeFully(world, 1);
        await slash(world, 0, 0n, 1, ether("0.4"));
        const left = await leaveInFull(world, [
          { who: alice, asset: ETHER },
          { who: bob, asset: world.asset },
        ]);
        for (const { got, due } of left) expectWithin(got, due, DUST);
      });
    });
  }

  it("exits work after an operator was lowered to zero and another was slashed to nothing", async () => {
    const { world, alice, bob } = await loadFixture(oddlyStaked);
    const { operators } = world.c;
    await operators.connect(await world.signer(world.ctx.config.governance.tightening)).lowerWeight(0, 0);
    await exposeFully(world, 1);
    await slash(world, 0, 0n, 1, ether("1"));
    await burnAllKeys(world);
    const left = await leaveInFull(world, [
      { who: alice, asset: world.asset },
      { who: bob, asset: ETHER },
    ]);
    for (const { got, due } of left) expectWithin(got, due, DUST);
    expect(await world.c.trEth.totalSupply()).to.equal(ether("0.01"));
  });
});
