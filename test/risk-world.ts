import type { Signer } from "ethers";
import { ethers } from "hardhat";
import { BLOCK_SECONDS } from "../scripts/sim/time";
import type { World } from "../scripts/sim/world";
import type { AnnouncerMock, ISetRegistry } from "../typechain-types";
import { ether, slash } from "./exit-world";
import { admits, governs, objectiveTerms, type SetOf } from "./governance";

// What tests of AVS risk need. Numbers are those of the contracts' enums.

export const STAGE = { unknown: 0n, proposed: 1n, admitted: 2n, dropped: 3n } as const;
export const FAULT = {
  none: 0n,
  slasher: 1n,
  pendingSlasher: 2n,
  slasherCode: 3n,
  registrar: 4n,
  strategies: 5n,
} as const;
export const BY = { set: 0n, avs: 1n, operator: 2n, entity: 3n, group: 4n, asset: 5n } as const;
export const MANNER = { answers: 0n, reverts: 1n, burns: 2n } as const;
/** Window of the vetoed set in these tests. */
export const WINDOW = 3n * 86_400n;

/** An AVS that announces, slashes and changes as it is told, with one set for wstETH. */
export async function announcerIn(world: World): Promise<{ announcer: AnnouncerMock; set: SetOf }> {
  const factory = await ethers.getContractFactory("AnnouncerMock");
  const announcer = (await factory.deploy(world.c.allocation)) as unknown as AnnouncerMock;
  await announcer.createSet(0n, [world.c.strategy]);
  return { announcer, set: { avs: await announcer.getAddress(), id: 0n } };
}

export const vetoedTerms = (change: Partial<ISetRegistry.TermsStruct> = {}): ISetRegistry.TermsStruct =>
  objectiveTerms({ faultClass: 1n, slashWindow: WINDOW, ...change });

/** Takes the allocations to all configured sets but three down: what is not verified shares one budget. */
export async function makesRoom(world: World): Promise<void> {
  const { controller, sets } = world.c;
  const tight = controller.connect(await world.signer(world.ctx.config.governance.tightening));
  for (const { avs, id } of (await sets.sets()).slice(3)) {
    for (const i of (await world.c.operators.operators()).keys()) {
      await (await tight.lowerTarget(i, { avs, id }, 0n)).wait();
      await (await controller.connect(world.keeper).allocate(i, { avs, id })).wait();
    }
  }
  await world.pass(60n * BLOCK_SECONDS); // a decrease counts until the engine says that it is over
}

/** Admits a set, gives every operator a target for it, registers and allocates. */
export async function allocatesTo(
  world: World,
  set: SetOf,
  target = ether("0.05"),
  terms = vetoedTerms(),
): Promise<void> {
  await admits(world, set, terms);
  const { avsCapBps } = await world.c.sets.limitsOf(set);
  if (avsCapBps === 0n) await governs(world, "raiseAvsCap", [set.avs, 1_000n], world.c.sets);
  for (const [i, { nodeOperator }] of (await world.c.operators.operators()).entries()) {
    await governs(world, "raiseTarget", [BigInt(i), set, target]);
    const controller = world.c.controller.connect(await world.signer(nodeOperator));
    await (await controller.register(i, set.avs, [set.id], "0x")).wait();
    await (await controller.allocate(i, set)).wait();
  }
  await world.pass(11n * BLOCK_SECONDS);
}

/** Parameters of a slash of one operator in the set's only strategy. */
export async function slashing(world: World, operatorId: number, setId: bigint, wad: bigint) {
  const { account } = await world.c.operators.operator(operatorId);
  const strategies = [await world.c.strategy.getAddress()];
  return { operator: account, operatorSetId: setId, strategies, wadsToSlash: [wad], description: "test" };
}

/** A set slashes every operator, the same part of what each has allocated to it. */
export async function slashesAll(world: World, set: SetOf, wad: bigint): Promise<void> {
  for (const [i, avs] of world.c.avss.entries()) {
    if ((await avs.getAddress()) !== set.avs) continue;
    for (const id of (await world.c.operators.operators()).keys()) await slash(world, i, set.id, id, wad);
  }
}

/** Gives somebody roles without any delay: time is not what is tested. */
export async function grants(world: World, roles: bigint[]): Promise<Signer> {
  const { manager } = world.c;
  const { admin, adminDelaySeconds } = world.ctx.config.governance;
  const holder = await world.person(8);
  const signer = manager.connect(await world.signer(admin));
  const calls = await Promise.all(
    roles.map(async (role) => manager.interface.encodeFunctionData("grantRole", [role, await holder.getAddress(), 0])),
  );
  for (const call of calls) await signer.schedule(manager, call, 0);
  await world.pass(adminDelaySeconds + 60n);
  for (const call of calls) await signer.execute(manager, call);
  return holder;
}
