import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import { ETHER, ether, nextDay } from "../../exit-world";
import { staked } from "../../world";

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sent).wait())?.gasUsed ?? 0n;
}

/** A line in use: Alice and Bob have tickets of yesterday and today, and whatever can be non-zero is. */
async function lineInUse() {
  const { world, alice, bob } = await staked();
  const { queue, trEth } = world.c;
  for (const who of [alice, bob]) {
    await trEth.connect(who).approve(queue, ethers.MaxUint256);
    for (const asset of [ETHER, world.asset]) await queue.connect(who).request(asset, ether("1"), who);
  }
  await nextDay(world.ctx.provider, 60n);
  for (const who of [alice, bob]) {
    for (const asset of [ETHER, world.asset]) await queue.connect(who).request(asset, ether("1"), who);
  }
  return { world, alice, bob };
}

/** The same with everything paid. */
async function linePaid() {
  const fixture = await lineInUse();
  await fixture.world.days(4);
  const { queue } = fixture.world.c;
  const ids = (await queue.queryFilter(queue.filters.Requested())).map(({ args }) => args);
  const of = async (asset: string) => {
    const owner = await fixture.alice.getAddress();
    return ids.filter((a) => a.asset === asset && a.owner === owner).map((a) => a.id);
  };
  return { ...fixture, inEther: await of(ETHER) };
}

describe("WithdrawalQueue: what it costs", () => {
  it("a further request of the day, in either line, costs at most 85 000", async () => {
    const { world, alice } = await loadFixture(lineInUse);
    for (const asset of [ETHER, world.asset]) {
      expect(await gasOf(world.c.queue.connect(alice).request(asset, ether("1"), alice))).to.be.at.most(85_000n);
    }
  });

  it("a request costs the same whatever waits in the line", async () => {
    const { world, alice, bob } = await loadFixture(lineInUse);
    const { queue } = world.c;
    const before = await gasOf(queue.connect(alice).request(ETHER, ether("1"), alice));
    for (let i = 0; i < 20; ++i) await queue.connect(bob).request(ETHER, ether("0.01"), bob);
    expect(await gasOf(queue.connect(alice).request(ETHER, ether("1"), alice))).to.equal(before);
  });

  it("paying an ether batch costs at most 93 400 besides the check of the books, the first time", async () => {
    const { world } = await loadFixture(lineInUse);
    const { queue, accountant, issuer } = world.c;
    await nextDay(world.ctx.provider, 60n);
    await world.crank(); // asks for what is missing
    await nextDay(world.ctx.provider, 60n);
    await world.finaliseLido();
    for (let i = 0; i < 5; ++i) await world.c.desk.connect(world.keeper).complete(i, 9n);
    await issuer.connect(world.keeper).redeem();
    await world.finaliseLido();
    await issuer.connect(world.keeper).claim(9n);
    const check = await gasOf(accountant.connect(world.keeper).report());
    const fill = await gasOf(queue.connect(world.keeper).fill(ETHER, 1n));
    // A transaction costs 21 000 by itself.
    expect(fill - (check - 21_000n)).to.be.at.most(93_400n);
  });

  it("a claim of ether by its owner costs at most 43 000, each further one of a batch at most 8 500", async () => {
    const { world, alice, inEther } = await loadFixture(linePaid);
    const { queue } = world.c;
    const snapshot = await takeSnapshot();
    expect(await gasOf(queue.connect(alice).claim(inEther[0]))).to.be.at.most(43_000n);
    await snapshot.restore();
    const one = await gasOf(queue.connect(alice).claimBatch(inEther.slice(0, 1)));
    await snapshot.restore();
    const two = await gasOf(queue.connect(alice).claimBatch(inEther.slice(0, 2)));
    expect(two - one).to.be.at.most(8_500n);
  });
});
