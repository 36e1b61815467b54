import { impersonateAccount, setBalance } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { parseEther, type AddressLike, type Signer } from "ethers";
import { ethers } from "hardhat";
import { local } from "../deploy/config/local";
import { parseConfig, type ConfigInput } from "../deploy/config/schema";
import { BLOCK_SECONDS, DAY, nextDay, now } from "../scripts/sim/time";
import { ETHER, World } from "../scripts/sim/world";
import type { IAllocationManager } from "../typechain-types";
import { staked, withoutBuffer, type Staked } from "./world";

// What tests of leaving need besides the common fixtures. Verbs act; only the functions under CHECKS judge.

export { DAY, ETHER, nextDay, now };
export const WAD = 10n ** 18n;
export const ether = parseEther;
export const MIN_MOVE = ether("0.01");

/* FIXTURES */

/** A world whose stETH is worth an awkward 1.0713 ether, with Alice (60 ether) and Bob (40 stETH) in it. */
export async function oddlyStaked(): Promise<Staked> {
  return inhabited(await oddWorld());
}

/** The same, with a strategy that holds wstETH. */
export async function stakedInWstEth(): Promise<Staked> {
  const config: ConfigInput = structuredClone(local);
  config.assets[0].strategy = { kind: "deploy", underlying: "wstETH" };
  return inhabited(await oddWorld(config));
}

/** Both of `staked` with all allocations at their targets, and one ticket of Bob (10 shares) in the wstETH line. */
export async function ticketWaiting() {
  const { world, alice, bob } = await staked();
  const id = await world.request(bob, world.asset, ether("10"));
  return { world, alice, bob, id };
}

/** `ticketWaiting`, filled in full. */
export async function ticketFilled() {
  const fixture = await ticketWaiting();
  await fixture.world.days(3);
  return fixture;
}

/** Bob's ticket of 10 shares in the ether line, filled in full. */
export async function etherTicketFilled() {
  const { world, alice, bob } = await staked();
  const id = await world.request(bob, ETHER, ether("10"));
  await world.days(4);
  return { world, alice, bob, id };
}

async function oddWorld(input: ConfigInput = local): Promise<World> {
  const world = await World.create(parseConfig(withoutBuffer(input)));
  await world.lidoEarns(713n);
  return world;
}

async function inhabited(world: World): Promise<Staked> {
  const [alice, bob] = [await world.person(0), await world.person(1)];
  await world.depositEther(alice, parseEther("60"));
  await world.deposit(bob, "stETH", parseEther("40"));
  await world.crank();
  await world.registerAll();
  await world.allocateAll();
  await world.pass(20n * BLOCK_SECONDS);
  return { world, alice, bob };
}

/* VERBS */

/** The engine's allocations by their whole interface: part of it answers from behind a fallback. */
export async function allocationsOf(world: World): Promise<IAllocationManager> {
  const address = await world.c.allocation.getAddress();
  return (await ethers.getContractAt("IAllocationManager", address)) as unknown as IAllocationManager;
}

/** A contract's own address as a signer with gas money. */
export async function as(address: AddressLike): Promise<Signer> {
  const who = await ethers.resolveAddress(address);
  await impersonateAccount(who);
  await setBalance(who, parseEther("100"));
  return ethers.getSigner(who);
}

/** A set's slasher takes `wad` of what an operator has allocated to it. */
export async function slash(world: World, avsIndex: number, setId: bigint, operatorId: number, wad: bigint) {
  const avs = await world.c.avss[avsIndex].getAddress();
  const { account } = await world.c.operators.operator(operatorId);
  const allocation = await allocationsOf(world);
  const set = { avs, id: setId };
  const slasher = await as(await allocation.getSlasher(set));
  const strategies = [...(await allocation.getStrategiesInOperatorSet(set))].sort((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  const params = {
    operator: account,
    operatorSetId: setId,
    strategies,
    wadsToSlash: strategies.map(() => wad),
    description: "test",
  };
  await (await allocation.connect(slasher).slashOperator(avs, params)).wait();
}

/** Puts all that an operator has free behind set 0 of the first AVS, as only a broken controller could. */
export async function exposeFully(world: World, operatorId: number): Promise<bigint> {
  const { account } = await world.c.operators.operator(operatorId);
  const strategy = await world.c.strategy.getAddress();
  const allocation = await allocationsOf(world);
  const set = { avs: await world.c.avss[0].getAddress(), id: 0n };
  const controller = await as(await world.c.controller.getAddress());
  const free = await allocation.getAllocatableMagnitude(account, strategy);
  const { currentMagnitude } = await allocation.getAllocation(account, set, strategy);
  if (free === 0n) return currentMagnitude;
  const newMagnitude = currentMagnitude + free;
  const params = [{ operatorSet: set, strategies: [strategy], newMagnitudes: [newMagnitude] }];
  await (await allocation.connect(controller).modifyAllocations(account, params)).wait();
  await world.pass(11n * BLOCK_SECONDS);
  return newMagnitude;
}

/** Slashes `wad` of the whole stake of every operator. */
export async function slashEverybody(world: World, wad: bigint): Promise<void> {
  const strategy = await world.c.strategy.getAddress();
  const allocation = await allocationsOf(world);
  for (const [i, { account }] of (await world.c.operators.operators()).entries()) {
    const exposed = await exposeFully(world, i);
    const maximum = await allocation.getMaxMagnitude(account, strategy);
    await slash(world, 0, 0n, i, (wad * maximum) / exposed);
  }
}

/** Every role of every person is taken away for good. */
export async function burnAllKeys(world: World): Promise<void> {
  const { manager } = world.c;
  const { admin, tightening, guardian } = world.ctx.config.governance;
  for (const [role, holder] of [
    [3n, guardian],
    [2n, tightening],
    [1n, admin],
    [0n, admin],
  ] as const) {
    const signer = await world.signer(holder);
    await (await manager.connect(signer).renounceRole(role, holder)).wait();
  }
}

/** Cranks day by day until a line is empty; returns the days it took. */
export async function untilFilled(world: World, asset: string, most = 30): Promise<number> {
  for (let days = 0; days <= most; ++days) {
    if ((await world.c.queue.waitingShares(asset)) === 0n) return days;
    await world.days(1);
  }
  throw new Error(`the line still waits after ${most} days`);
}

export async function sharesOf(world: World, who: Signer): Promise<bigint> {
  return world.c.trEth.balanceOf(await who.getAddress());
}

/** Puts all shares of somebody in a line. */
export async function requestAll(world: World, who: Signer, asset: string): Promise<bigint> {
  return world.request(who, asset, await sharesOf(world, who));
}

/** Today, as batches count it. */
export async function today(world: World): Promise<bigint> {
  return (await now(world.ctx.provider)) / DAY;
}

/** Ether value of units at the issuer's rate. */
export async function inEther(world: World, asset: string, units: bigint): Promise<bigint> {
  return asset === ETHER ? units : world.c.stEth.getPooledEthByShares(units);
}

/* CHECKS */

/** `actual` is at most `wei` off; every use says where the wei go. */
export function expectWithin(actual: bigint, expected: bigint, wei: bigint, what = "value"): void {
  const off = actual > expected ? actual - expected : expected - actual;
  expect(off <= wei, `${what}: ${actual} is ${off} off ${expected}, more than ${wei}`).to.equal(true);
}
