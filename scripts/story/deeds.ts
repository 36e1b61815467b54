import { deviatesForAReason, deviatesForNoReason, forges, staysSilent, votesTwice } from "../sim/faults";
import type { World } from "../sim/world";
import type { Cast } from "./cast";
import type { Ledger } from "./ledger";
import type { Journal } from "./moment";
import { isAccuracySet, type EventOf } from "./scenario";
import { BPS, ether, valueDown } from "./units";

/** Where a story plays. */
export interface Stage {
  world: World;
  cast: Cast;
  ledger: Ledger;
}

/** Somebody of the cast. */
export function personOf(cast: Cast, name: string): Cast["people"][number] {
  const found = cast.people.find((p) => p.name === name);
  if (found === undefined) throw new Error(`nobody is named ${name}`);
  return found;
}

/** A set by its name. */
export function setOf(cast: Cast, { avs, set }: { avs: string; set: number }): Cast["sets"][number] {
  const found = cast.sets.find((s) => s.avs === avs && s.id === BigInt(set));
  if (found === undefined) throw new Error(`no set ${avs}/${set}`);
  return found;
}

/** Number of an operator. */
export const operatorIdOf = (cast: Cast, name: string): number => cast.operators.findIndex((o) => o.name === name);

/** Gives a part of somebody's shares to somebody else. */
export async function transfer({ world, cast, ledger }: Stage, e: EventOf<"transfer">): Promise<string[]> {
  const { trEth, pool } = world.c;
  const [from, to] = [personOf(cast, e.who), personOf(cast, e.to)];
  const shares = ((await trEth.balanceOf(from.address)) * e.partBps) / BPS;
  await (await trEth.connect(from.signer).transfer(to.address, shares)).wait();
  ledger.transferred(e.who, e.to, valueDown(shares, await pool.rate()));
  return [`${e.who} gives ${ether(shares, 2)} shares to ${e.to}`];
}

/** Sends tokens to a contract for nothing, between two reports. */
export async function donate({ world, cast }: Stage, e: EventOf<"donation">): Promise<Journal["donations"][number]> {
  const { accountant } = world.c;
  const donor = personOf(cast, e.who).signer;
  const token = await world.acquire(donor, e.token, e.amount);
  const report = async (): Promise<bigint> => {
    await (await accountant.connect(world.keeper).report()).wait();
    return accountant.netAssetValue();
  };
  const navBefore = await report();
  await (await token.connect(donor).transfer(cast.addresses[e.to], e.amount)).wait();
  const navAfter = await report();
  return { to: e.to, navBefore, navAfter };
}

/** Lets an operator do what the set punishes, and somebody prove it. */
export async function slash({ world, cast }: Stage, e: EventOf<"slash">): Promise<string[]> {
  const { avsIndex, id } = setOf(cast, e);
  const operatorId = operatorIdOf(cast, e.operator);
  const where = `${e.avs}/${e.set} and is slashed`;
  const kind = world.ctx.config.avss.find(({ name }) => name === e.avs)?.contract.kind;
  if (kind === "availability") {
    await staysSilent(world, operatorId);
    return [`${e.operator} does not show its data in ${where}`];
  }
  if (kind === "finality") {
    await votesTwice(world, operatorId);
    return [`${e.operator} votes twice in ${where}`];
  }
  if (isAccuracySet(e)) {
    await deviatesForNoReason(world, avsIndex, operatorId);
    return [`${e.operator} reports far from the median in ${where}`];
  }
  await world.equivocate(avsIndex, operatorId, id);
  return [`${e.operator} signs two values in ${where}`];
}

/** Lets an operator deviate for a reason that the committee accepts. */
export async function veto({ world, cast }: Stage, e: EventOf<"veto">): Promise<string[]> {
  await deviatesForAReason(world, setOf(cast, e).avsIndex, operatorIdOf(cast, e.operator));
  return [`${e.operator} reports far from the median in ${e.avs}/${e.set}; the slash is vetoed`];
}

/** Lets an operator of the bridge, none of ours, forge a message. */
export async function forge({ world }: Stage, e: EventOf<"forge">): Promise<string[]> {
  const got = await forges(world, e.amount);
  return [`somebody forges a message of the bridge; its insurance gets ${ether(got, 2)} stETH`];
}
