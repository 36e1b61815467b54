import type { Context } from "../../deploy/lib/context";
import { PROXIES } from "../../deploy/steps/names";
import { ROLE } from "../../deploy/steps/roles";
import type { Contracts } from "../sim/contracts";

/** Who may decide, and what is decided already and only waits. */
export interface Governance {
  /** Empty where the node does not tell old events. */
  holders: { role: string; account: string; delay: bigint }[];
  scheduled: { call: string; readyAt: bigint }[];
}

const NAMES = new Map<bigint, string>(Object.entries(ROLE).map(([name, id]) => [id, name]));

/** From the manager's events, and asked of the manager once more. */
export async function readGovernance(ctx: Context, { manager }: Contracts): Promise<Governance> {
  const [granted, scheduled] = await Promise.all([
    manager.queryFilter(manager.filters.RoleGranted()).catch(() => []),
    manager.queryFilter(manager.filters.OperationScheduled()).catch(() => []),
  ]);
  const seats = new Map(granted.map(({ args: { roleId, account } }) => [`${roleId} ${account}`, { roleId, account }]));
  const holders = await Promise.all(
    [...seats.values()].map(async ({ roleId, account }) => {
      const [isMember, delay] = await manager.hasRole(roleId, account);
      return { role: NAMES.get(roleId) ?? `role ${roleId}`, account, delay, isMember };
    }),
  );
  const waiting = await Promise.all(
    scheduled.map(async ({ args: { operationId, target, data } }) => ({
      call: await named(ctx, target, data),
      operationId,
      readyAt: await manager.readyAt(operationId),
    })),
  );
  const open = new Map(waiting.filter(({ readyAt }) => readyAt !== 0n).map((one) => [one.operationId, one]));
  return {
    holders: holders
      .filter(({ isMember }) => isMember)
      .map(({ role, account, delay }) => ({ role, account, delay }))
      .sort((a, b) => (a.role < b.role ? -1 : 1)),
    scheduled: [...open.values()].map(({ call, readyAt }) => ({ call, readyAt })),
  };
}

/** A call in words: contract, function and arguments. */
async function named(ctx: Context, target: string, data: string): Promise<string> {
  const name = PROXIES.find((proxy) => ctx.address(proxy) === target);
  if (name === undefined) return `${target}.${data.slice(0, 10)}`;
  const parsed = (await ctx.chain.abi(name)).parseTransaction({ data });
  if (parsed === null) return `${name}.${data.slice(0, 10)}`;
  return `${name}.${parsed.name}(${parsed.args.map(words).join(", ")})`;
}

function words(value: unknown): string {
  return Array.isArray(value) ? `(${value.map(words).join(", ")})` : String(value);
}
