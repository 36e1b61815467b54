import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse, Signer } from "ethers";
import { ethers } from "hardhat";
import { Random } from "../../scripts/story/random";
import type { World } from "../../scripts/sim/world";
import { ETHER, ether, nextDay, now } from "../exit-world";
import { populated } from "../model/exit-walk";
import { staked } from "../world";

/** What a line takes at least. */
const CRUMB = 10n ** 12n;
const MANY = 1_000;
/** Of these so many are claimed one by one, and the others by so many together. */
const ALONE = 50;
/** Days of crumbs in every line: longer than what is asked back is on its way with the delays of mainnet. */
const DAYS = 16;

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sent).wait())?.gasUsed ?? 0n;
}

/** Bob may bring many crumbs; nothing waits. */
async function quiet() {
  const { world, alice, bob } = await staked();
  await world.c.trEth.connect(bob).approve(world.c.queue, ethers.MaxUint256);
  return { world, alice, bob };
}

/** Five operators and four assets, with what is asked back two weeks on its way. */
const real = () => populated("real");

/** Puts `count` crumbs in today's batch, lets it be paid, and returns the tickets and what paying it cost. */
async function paidBatch(world: World, bob: Signer, count: number): Promise<{ ids: bigint[]; gas: bigint }> {
  const { queue } = world.c;
  for (let i = 0; i < count; ++i) await queue.connect(bob).request(ETHER, CRUMB + BigInt(i), bob);
  const ids = (await queue.queryFilter(queue.filters.Requested())).map(({ args }) => args.id);
  await world.depositEther(await world.person(3), ether("1")); // the ether that pays them
  await nextDay(world.ctx.provider, 60n);
  await nextDay(world.ctx.provider, 60n);
  await world.c.accountant.connect(world.keeper).report();
  return { ids, gas: await gasOf(queue.connect(world.keeper).fill(ETHER, 1n)) };
}

describe("Scenario: dust", () => {
  it(`a batch of ${MANY} crumbs is paid at the cost of one, and all of them are claimed in any order`, async () => {
    const { world, bob } = await loadFixture(quiet);
    const { queue } = world.c;
    const snapshot = await takeSnapshot();
    const one = await paidBatch(world, bob, 1);
    const claimOfOne = await gasOf(queue.connect(bob).claim(one.ids[0]));
    await snapshot.restore();
    const many = await paidBatch(world, bob, MANY);
    expect(many.gas).to.be.within(one.gas - 50n, one.gas + 50n);
    const random = new Random(7, "crumbs");
    const order = many.ids.map((id) => ({ id, place: random.next() })).sort((a, b) => (a.place < b.place ? -1 : 1));
    const setAside = (await queue.batch(ETHER, BigInt.asUintN(32, many.ids[0] >> 32n))).assets;
    const ids = order.map(({ id }) => id);
    const paid = (await Promise.all(ids.map((id) => queue.claimable(id)))).reduce((sum, units) => sum + units);
    for (const id of ids.slice(0, ALONE)) {
      expect(await gasOf(queue.connect(bob).claim(id))).to.be.within(claimOfOne - 5_000n, claimOfOne + 5_000n);
    }
    for (let from = ALONE; from < MANY; from += ALONE) {
      const units = (await Promise.all(ids.slice(from, from + ALONE).map((id) => queue.claimable(id)))).reduce(
        (sum, next) => sum + next,
      );
      await expect(queue.connect(bob).claimBatch(ids.slice(from, from + ALONE))).to.changeEtherBalances(
        [bob, queue],
        [units, -units],
      );
    }
    expect(paid).to.be.within(setAside - BigInt(MANY), setAside); // each claim rounds down by less than a wei
  });

  it("crumbs in every line, every day, delay nobody and leave reports as cheap as they were", async () => {
    const world = await loadFixture(real);
    const { c } = world;
    const griefer = await world.person(7);
    await world.depositEther(griefer, ether("1"));
    await c.trEth.connect(griefer).approve(c.queue, ethers.MaxUint256);
    const lines = [...(await c.registry.assets())];
    const tickets: { id: bigint; latest: bigint; open: boolean }[] = [];
    const look = async (): Promise<void> => {
      const time = await now(world.ctx.provider);
      for (const ticket of tickets.filter(({ open }) => open)) {
        ticket.open = (await c.queue.withdrawalStatus(ticket.id)).remainingShares !== 0n;
        if (ticket.open) expect(time, `ticket ${ticket.id}`).to.be.at.most(ticket.latest);
      }
    };
    const before = await c.accountant.report.estimateGas();
    for (let day = 0; day < DAYS; ++day) {
      for (const line of lines) await c.queue.connect(griefer).request(line, CRUMB, griefer);
      if (day === 3) {
        for (const [i, line] of lines.entries()) {
          const id = await world.request(await world.person(i), line, ether("10"));
          tickets.push({ id, latest: (await c.queue.withdrawalStatus(id)).latest, open: true });
        }
      }
      await world.days(1);
      await look();
    }
    expect(await c.accountant.report.estimateGas()).to.be.at.most(before + 20_000n);
    for (const { delegator } of await c.operators.operators()) {
      const [open] = await c.delegation.getQueuedWithdrawals(delegator);
      expect(open.length).to.be.at.most(DAYS * (lines.length - 1));
    }
    while (tickets.some(({ open }) => open)) {
      await world.days(1);
      await look();
    }
  });
});
