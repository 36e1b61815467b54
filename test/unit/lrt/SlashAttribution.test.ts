import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { BLOCK_SECONDS } from "../../../scripts/sim/time";
import type { World } from "../../../scripts/sim/world";
import type { AnnouncerMock } from "../../../typechain-types";
import { ether, expectWithin, slash } from "../../exit-world";
import type { SetOf } from "../../governance";
import { allocatesTo, announcerIn, makesRoom, slashing } from "../../risk-world";
import { staked } from "../../world";

/** Two sets of one AVS that slashes at will, both with 4 % of every operator; reported. */
async function twoSets() {
  const { world, alice, bob } = await staked();
  await makesRoom(world);
  const { announcer, set } = await announcerIn(world);
  await announcer.createSet(1n, [world.c.strategy]);
  const other = { ...set, id: 1n };
  await allocatesTo(world, set, ether("0.02"));
  await allocatesTo(world, other, ether("0.02"));
  await world.c.accountant.report();
  return { world, alice, bob, announcer, set, other };
}

async function operatorOf(world: World, id: number) {
  const { account, delegator } = await world.c.operators.operator(id);
  return { account, delegator };
}

/** Everything in the ledger adds up to what the accountant entered as slashes. */
async function addsUp(world: World): Promise<void> {
  const { attribution, accountant, operators, registry, sets } = world.c;
  let entered = 0n;
  let byOperator = 0n;
  for (const { account, delegator } of await operators.operators()) {
    for (const asset of (await registry.assets()).slice(1)) entered += await accountant.slashedOf(delegator, asset);
    byOperator += await attribution.lossOfOperator(account);
  }
  const avss = new Set([...(await sets.sets()).map(({ avs }) => avs), ethers.ZeroAddress]);
  const byAvs = (await Promise.all([...avss].map((avs) => attribution.lossOfAvs(avs)))).reduce((a, b) => a + b, 0n);
  expect(await attribution.attributedLoss()).to.equal(entered);
  expect(byOperator).to.equal(entered);
  expect(byAvs).to.equal(entered);
}

async function bothSlash(world: World, announcer: AnnouncerMock, operatorId: number, wads: [bigint, bigint]) {
  await announcer.slash([
    await slashing(world, operatorId, 0n, wads[0]),
    await slashing(world, operatorId, 1n, wads[1]),
  ]);
}

const lossOf = async ({ c }: World, set: SetOf): Promise<bigint> => c.attribution.lossOfSet(set);

describe("SlashAttribution", () => {
  it("divides exactly what two sets took of one operator in one block, before anybody looked", async () => {
    const { world, announcer, set, other } = await loadFixture(twoSets);
    const { account, delegator } = await operatorOf(world, 2);
    const before = await world.c.accountant.netAssetValue();
    await bothSlash(world, announcer, 2, [ether("0.75"), ether("0.25")]);
    await world.c.accountant.settle();
    const lost = before - (await world.c.accountant.netAssetValue());
    expect(lost).to.be.greaterThan(ether("0.3"));
    expectWithin(await lossOf(world, set), (lost * 3n) / 4n, 100n);
    expectWithin(await lossOf(world, other), lost / 4n, 100n);
    expectWithin(await world.c.attribution.lossOfAvs(set.avs), lost, 100n);
    expectWithin(await world.c.attribution.lossOfOperator(account), lost, 100n);
    expect(await world.c.accountant.slashedOf(delegator, world.asset)).to.equal(
      await world.c.attribution.attributedLoss(),
    );
    await addsUp(world);
  });

  it("tells a slash from our own decrease, made before, after, and ended in between", async () => {
    const { world, announcer, set, other } = await loadFixture(twoSets);
    const tight = world.c.controller.connect(await world.signer(world.ctx.config.governance.tightening));
    const crank = world.c.controller.connect(world.keeper);
    await tight.lowerTarget(1, set, ether("0.01"));
    await crank.allocate(1, set);
    const before = await world.c.accountant.netAssetValue();
    await bothSlash(world, announcer, 1, [ether("0.5"), ether("0.5")]); // half of 2 % each: the decrease is slashable still
    await world.pass(60n * BLOCK_SECONDS); // the decrease has ended, and nobody has looked
    await world.c.accountant.settle();
    const lost = before - (await world.c.accountant.netAssetValue());
    expectWithin(await lossOf(world, set), lost / 2n, 100n);
    expectWithin(await lossOf(world, other), lost / 2n, 100n);
    await tight.lowerTarget(1, other, 0n);
    await crank.allocate(1, other);
    await world.c.accountant.report();
    await addsUp(world);
    expectWithin((await lossOf(world, set)) + (await lossOf(world, other)), lost, 100n);
  });

  it("finds what a set took of an allocation that has ended in full, when it is the only one", async () => {
    const { world, announcer, set, other } = await loadFixture(twoSets);
    const tight = world.c.controller.connect(await world.signer(world.ctx.config.governance.tightening));
    await tight.lowerTarget(1, set, 0n);
    await world.c.controller.connect(world.keeper).allocate(1, set);
    const before = await world.c.accountant.netAssetValue();
    await bothSlash(world, announcer, 1, [ether("0.5"), ether("0.25")]);
    await world.pass(60n * BLOCK_SECONDS);
    await world.c.accountant.settle();
    const lost = before - (await world.c.accountant.netAssetValue());
    expectWithin(await lossOf(world, set), (lost * 2n) / 3n, 100n);
    expectWithin(await lossOf(world, other), lost / 3n, 100n);
    await addsUp(world);
  });

  it("looks before an allocation moves: a crank in the block of the slash hides nothing", async () => {
    const { world, announcer, set } = await loadFixture(twoSets);
    const tight = world.c.controller.connect(await world.signer(world.ctx.config.governance.tightening));
    await tight.lowerTarget(3, set, 0n);
    await announcer.slash([await slashing(world, 3, 0n, ether("0.5"))]);
    expect(await world.c.attribution.isBehind((await operatorOf(world, 3)).account)).to.equal(true);
    await world.c.controller.connect(world.keeper).allocate(3, set);
    await world.c.accountant.report();
    expect(await lossOf(world, set)).to.be.greaterThan(ether("0.15"));
    expect(await lossOf(world, set)).to.equal(await world.c.attribution.attributedLoss());
  });

  it("adds up over AVSs, operators and time, and attributes nothing twice", async () => {
    const { world, announcer, alice } = await loadFixture(twoSets);
    await slash(world, 0, 0n, 0, ether("0.3"));
    await slash(world, 1, 0n, 0, ether("0.2"));
    await world.c.accountant.report(); // rings the alarm
    await world.pass(86_400n + 60n);
    await world.depositEther(alice, ether("20"));
    await world.crank();
    await bothSlash(world, announcer, 0, [ether("1"), ether("0.1")]);
    await bothSlash(world, announcer, 4, [ether("0.1"), ether("1")]);
    await slash(world, 0, 1n, 4, ether("0.9"));
    await world.c.accountant.settle();
    await addsUp(world);
    const total = await world.c.attribution.attributedLoss();
    for (const { delegator } of await world.c.operators.operators()) await world.c.attribution.attribute(delegator);
    expect(await world.c.attribution.attributedLoss()).to.equal(total);
    expect(await world.c.attribution.lossOfAvs(ethers.ZeroAddress)).to.equal(0n);
  });
});
