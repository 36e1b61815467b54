import { ethers } from "hardhat";
import type { Signer } from "ethers";
import type { World } from "../scripts/sim/world";
import { allocationsOf } from "./exit-world";

// What the random walk of AVS risk needs.

const BPS = 10_000n;

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

/**
 * By how much each cap of each operator and asset is passed, in parts of 1e9 of what slashing has left, from what the engine
 * says alone: the larger of now and later counts.
 */
export async function capsOf({ c, ctx }: World): Promise<Map<string, bigint>> {
  const engine = await allocationsOf({ c, ctx } as World);
  const { allocation } = ctx.config;
  const limits = await c.sets.limits();
  const strategies = (await c.registry.strategies()).slice(1);
  const over = new Map<string, bigint>();
  for (const [o, { account }] of (await c.operators.operators()).entries()) {
    for (const [a, strategy] of strategies.entries()) {
      const maximum = await engine.getMaxMagnitude(account, strategy);
      const used = new Map<string, [bigint, bigint]>();
      const add = (cap: string, magnitude: bigint, bps: bigint) =>
        used.set(cap, [(used.get(cap)?.[0] ?? 0n) + magnitude, bps]);
      for (const { set, capBps, avsCapBps, group, isVerified, countedWad } of limits) {
        const key = { avs: set.avs, id: set.id };
        const { currentMagnitude, pendingDiff } = await engine.getAllocation(account, key, strategy);
        const held = pendingDiff > 0n ? currentMagnitude + pendingDiff : currentMagnitude;
        const counted = (held * countedWad) / ethers.WeiPerEther;
        add(`set ${set.avs} ${set.id}`, counted, capBps);
        add(`AVS ${set.avs}`, counted, avsCapBps);
        add(`group ${group}`, counted, allocation.groupCapBps);
        if (!isVerified) add("unverified", counted, allocation.unverifiedCapBps);
        add("reserve", held, BPS - allocation.reserveBps);
      }
      for (const [cap, [magnitude, bps]] of used) {
        const limit = (maximum * bps) / BPS;
        const passed = magnitude > limit ? ((magnitude - limit) * 10n ** 9n) / maximum : 0n;
        over.set(`operator ${o}, asset ${a}, ${cap}`, passed);
      }
    }
  }
  return over;
}
