import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../../../scripts/sim/world";
import { StakeReader__factory, type Lens, type SkewedReaderMock } from "../../../../typechain-types";
import { comesHome, struck } from "../../../basket-world";
import { ether, nextDay } from "../../../exit-world";
import { staked } from "../../../world";

const BOOK = encodeBytes32String("BOOK");
/** Two units for each withdrawal that an operator can have. */
const ROUNDED = 240n;

/** A lens that is told more by the engine than it says. */
async function skewedLens({ c }: World) {
  const factory = await ethers.getContractFactory("SkewedReaderMock");
  const reader = (await factory.deploy(c.delegation, c.allocation, c.basketBook)) as unknown as SkewedReaderMock;
  const { trEth, pool, accountant, registry, operators, controller, sets, queue, baskets, basketBook, router } = c;
  const ours = [trEth, pool, accountant, registry, operators, reader, controller, sets, c.reader, queue];
  const modules = [...ours, baskets, basketBook, router, c.allocation, c.stEth, c.wstEth];
  const lens = (await ethers.deployContract("Lens", [modules])) as unknown as Lens;
  const { delegator } = await c.operators.operator(0);
  /** What is found when the engine tells so much more: whether it holds, and the difference. */
  const found = async (restaked: bigint, unbonding: bigint) => {
    await reader.tellMore(restaked, unbonding);
    const { holds, measured, limit } = await lens.check(BOOK, delegator);
    return { holds, difference: measured - limit };
  };
  return { found, delegator };
}

describe("Lens: the books against the engine", () => {
  it("BOOK allows nothing while no basket was struck", async () => {
    const { world } = await loadFixture(staked);
    const { found } = await skewedLens(world);
    expect(await found(0n, 0n)).to.deep.equal({ holds: true, difference: 0n });
    expect(await found(1n, 0n)).to.deep.equal({ holds: false, difference: 1n });
    expect(await found(0n, 1n)).to.deep.equal({ holds: false, difference: 1n });
  });

  it("BOOK allows for the strikes since an operator's stake was moved, not for those before", async () => {
    const { world, alice } = await loadFixture(staked);
    const { found, delegator } = await skewedLens(world);
    const strategies = [await world.c.strategy.getAddress()];
    const since = () => world.c.basketBook.strikesSince(delegator, strategies);
    for (let i = 0; i < 3; ++i) await struck(world, alice, ether("2"));
    expect(await since()).to.equal(3n);
    expect((await found(ROUNDED, 0n)).holds).to.equal(true);
    expect((await found(ROUNDED + 6n, 0n)).holds).to.equal(false);
    await comesHome(world); // every stake was moved
    expect(await since()).to.equal(0n);
    expect(await found(0n, 0n)).to.deep.equal({ holds: true, difference: 0n });
    expect(await found(1n, 0n)).to.deep.equal({ holds: false, difference: 1n });
    await struck(world, alice, ether("2"));
    expect(await since()).to.equal(1n);
    expect((await found(0n, ROUNDED - 2n)).holds).to.equal(true);
    expect((await found(0n, ROUNDED + 4n)).holds).to.equal(false);
  });

  it("BOOK does not take it for a difference that many withdrawals are divided one by one", async () => {
    const { world, alice, bob } = await loadFixture(staked);
    const { c, asset, keeper } = world;
    for (let day = 0; day < 8; ++day) {
      await world.request(bob, asset, ether("3"));
      await nextDay(world.ctx.provider, 60n);
      await c.accountant.report();
      await c.desk.connect(keeper).unbond(asset, 16n);
    }
    const id = await world.leaveByBasket(alice, ether("12.3456789"));
    for (let i = 0; i < 2; ++i) await nextDay(world.ctx.provider, 60n);
    await c.baskets.connect(keeper).strike(id >> 32n);
    const reader = StakeReader__factory.connect(await c.accountant.STAKES(), ethers.provider);
    let most = 0n;
    for (const { account, delegator } of await c.operators.operators()) {
      const [[stake]] = await reader.read(account, delegator, [await c.strategy.getAddress()], ethers.ZeroHash);
      const { unbonding } = await c.accountant.book(delegator, asset);
      const gap = stake.unbonding > unbonding ? stake.unbonding - unbonding : unbonding - stake.unbonding;
      if (gap > most) most = gap;
      expect((await c.lens.check(BOOK, delegator)).holds, `off by ${gap}`).to.equal(true);
    }
    expect(most).to.be.above(1n); // one strike alone would not explain it
  });
});
