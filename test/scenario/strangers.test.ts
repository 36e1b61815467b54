import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { Random } from "../../scripts/story/random";
import type { World } from "../../scripts/sim/world";
import { ETHER, ether, nextDay, now } from "../exit-world";
import { populated } from "../model/exit-walk";

/** A week is more than everybody needs. */
const DAYS = 7;
/**
 * Units that a ticket of up to 20 shares may differ by between the two orders: each hop of each of five operators rounds a
 * wei or two away, and a rate of 18 digits is worth a unit of every whole share and of every time it is set again.
 */
const ROUNDING = 200n;
const EVERYTHING = 2n ** 256n - 1n;
/** Too little for most cranks, enough for some, plenty. */
const STINGY = [150_000n, 400_000n, 1_200_000n, 5_000_000n, 15_000_000n];

interface Outcome {
  /** When each ticket was seen to be paid in full. */
  paidAt: bigint[];
  units: bigint[];
}

/**
 * Tickets of everybody in every line, over two days. All gains are recognised: who is paid some hours sooner has some
 * hours less of growth, which here would hide what the order does.
 */
async function leaving() {
  const world = await populated("quick");
  await world.days(3);
  expect((await world.c.pool.terms()).waitingWad).to.be.below(10n);
  const lines = [ETHER, world.asset, world.ctx.address("rETH"), world.ctx.address("cbETH"), ETHER];
  const ids: bigint[] = [];
  for (const part of [2n, 3n]) {
    for (const [i, asset] of lines.entries()) {
      const who = await world.person(i);
      ids.push(await world.request(who, asset, (ether("20") * part) / 5n + BigInt(i)));
    }
    await nextDay(world.ctx.provider, 60n);
  }
  return { world, ids };
}

/** Calls cranks as a stranger likes: in any order, with any page, with any gas; most fail. Donates crumbs to what is paid. */
async function meddle(world: World, stranger: Signer, random: Random): Promise<void> {
  const { accountant, desk, issuer, queue, operators, registry } = world.c;
  const pick = <T>(list: readonly T[]): T => list[Number(random.between(0n, BigInt(list.length) - 1n))];
  const assets = [...(await registry.assets())];
  const delegators = (await operators.operators()).map(({ delegator }) => delegator);
  for (let n = 0; n < 12; ++n) {
    const page = pick([0n, 1n, 2n, EVERYTHING]);
    const asset = pick(assets);
    const gas = { gasLimit: pick(STINGY) };
    const calls: (() => Promise<unknown>)[] = [
      () => accountant.connect(stranger).report(gas),
      () => accountant.connect(stranger).settle(gas),
      () => accountant.connect(stranger).sync(pick(delegators), gas),
      () => accountant.connect(stranger).syncAsset(asset, gas),
      () => accountant.connect(stranger).syncIssuers(gas),
      () => desk.connect(stranger).unbond(asset, page, gas),
      () => desk.connect(stranger).restake(asset, page, gas),
      () => desk.connect(stranger).complete(random.between(0n, 4n), page, gas),
      () => issuer.connect(stranger).redeem(gas),
      () => issuer.connect(stranger).burn(gas),
      () => issuer.connect(stranger).stake(gas),
      () => issuer.connect(stranger).claim(page, gas),
      () => issuer.connect(stranger).sweep(gas),
      () => queue.connect(stranger).fill(asset, page, gas),
      () => queue.connect(stranger).fill(asset, page, gas),
      () => world.c.stEth.connect(stranger).transfer(pick([pool(world), line(world)]), 7n),
    ];
    await pick(calls)().catch(() => undefined); // nothing to do, too little gas, closed: a stranger does not care
  }
}

const pool = ({ c }: World) => c.pool.getAddress();
const line = ({ c }: World) => c.queue.getAddress();

/** Lives through a week of daily cranks, after whatever `before` does on the day. */
async function week(world: World, ids: bigint[], before: () => Promise<void>): Promise<Outcome> {
  const untouched = (await network.provider.send("evm_snapshot")) as string;
  const paidAt = ids.map(() => 0n);
  for (let day = 0; day < DAYS && paidAt.includes(0n); ++day) {
    await before();
    await world.days(1);
    const today = (await now(world.ctx.provider)) / 86_400n;
    for (const [i, id] of ids.entries()) {
      if (paidAt[i] !== 0n) continue;
      const { remainingShares, earliest } = await world.c.queue.withdrawalStatus(id);
      if (remainingShares === 0n) paidAt[i] = today;
      if (paidAt[i] !== 0n) expect(paidAt[i] * 86_400n).to.be.at.least(earliest);
    }
  }
  const units = await Promise.all(ids.map((id) => world.c.queue.claimable(id)));
  await network.provider.send("evm_revert", [untouched]);
  return { paidAt, units };
}

describe("Scenario: strangers turn the cranks", () => {
  for (const seed of [1, 2]) {
    it(`in any order, with any page and any gas, and nobody is paid later or less than by the keeper: seed ${seed}`, async () => {
      const { world, ids } = await loadFixture(leaving);
      const honest = await week(world, ids, () => Promise.resolve());
      expect(honest.paidAt).to.not.include(0n);
      const random = new Random(seed, "strangers");
      const stranger = await world.person(7);
      await world.acquire(stranger, "stETH", ether("1"));
      const hostile = await week(world, ids, async () => {
        await meddle(world, stranger, random);
        await world.pass(random.between(0n, 20n) * 3_600n);
        await meddle(world, stranger, random);
      });
      for (const i of ids.keys()) {
        expect(hostile.paidAt[i], `ticket ${i}`).to.be.within(1n, honest.paidAt[i]);
        expect(hostile.units[i], `ticket ${i}`).to.be.at.least(honest.units[i] - ROUNDING);
      }
    });
  }
});
