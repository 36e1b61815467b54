import { encodeBytes32String, type BaseContract } from "ethers";
import { now } from "../scripts/sim/time";
import type { World } from "../scripts/sim/world";
import type { ISetRegistry } from "../typechain-types";

// What tests of those who govern need.

/** Governance decides something about the allocation controller, or another contract, and does it after its delay. */
export async function governs(
  world: World,
  name: string,
  args: unknown[],
  target: BaseContract = world.c.controller,
): Promise<unknown> {
  const { manager } = world.c;
  const admin = await world.signer(world.ctx.config.governance.admin);
  const call = target.interface.encodeFunctionData(name, args);
  await (await manager.connect(admin).schedule(target, call, 0n)).wait();
  const readyAt = await manager.readyAt(await manager.hashOperation(admin, target, call));
  await world.pass(readyAt - (await now(world.ctx.provider)) + 60n); // longer while pay-outs are closed
  return (await manager.connect(admin).execute(target, call)).wait();
}

export interface SetOf {
  avs: string;
  id: bigint;
}

/** Terms of a set whose slasher checks proofs. */
export function objectiveTerms(change: Partial<ISetRegistry.TermsStruct> = {}): ISetRegistry.TermsStruct {
  return {
    faultClass: 0n,
    capBps: 500n,
    slashWindow: 0n,
    judge: `0x${"11".repeat(20)}`,
    group: encodeBytes32String("others"),
    name: "a set",
    metadataURI: "https://example.org/set.json",
    ...change,
  };
}

/** Publishes the terms of a set. */
export async function proposes(world: World, set: SetOf, terms = objectiveTerms()): Promise<void> {
  const admin = await world.signer(world.ctx.config.governance.admin);
  await (await world.c.sets.connect(admin).proposeSet(set, terms)).wait();
}

/** Publishes the terms of a set and admits it once they were public for long enough. */
export async function admits(world: World, set: SetOf, terms = objectiveTerms()): Promise<void> {
  await proposes(world, set, terms);
  const { admissibleFrom } = await world.c.sets.statusOf(set);
  await world.pass(admissibleFrom - (await now(world.ctx.provider)) + 12n);
  await (await world.c.sets.connect(world.keeper).admitSet(set)).wait();
}
