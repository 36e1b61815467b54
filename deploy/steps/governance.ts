import type { Contract } from "ethers";
import type { Context } from "../lib/context";
import { DeploymentError } from "../lib/errors";
import { step } from "../lib/step";
import { PROXIES } from "./names";
import { PERMISSIONS, ROLE, selectorOf, type RoleName } from "./roles";

interface Grant {
  target: string;
  role: RoleName;
  fn: string;
  selector: string;
}

async function wanted(ctx: Context): Promise<Grant[]> {
  const grants: Grant[] = [];
  for (const [target, byRole] of Object.entries(PERMISSIONS)) {
    const abi = target === "DelegatorBeacon" ? undefined : await ctx.chain.abi(target);
    for (const [role, functions] of Object.entries(byRole)) {
      for (const fn of functions) grants.push({ target, role: role as RoleName, fn, selector: selectorOf(abi, fn) });
    }
  }
  return grants;
}

async function open(ctx: Context, manager: Contract): Promise<Grant[]> {
  const grants = await wanted(ctx);
  const roles = await Promise.all(
    grants.map(({ target, selector }) => manager.getTargetFunctionRole(ctx.address(target), selector)),
  );
  return grants.filter(({ role }, i) => roles[i] !== ROLE[role]);
}

/** Which role may call which function. */
export const permissions = step("lrt/permissions", {
  needs: PROXIES.map((name) => `lrt/${name}`),
  differences: async (ctx) => {
    const grants = await open(ctx, await ctx.contract("AccessManager"));
    return grants.map(({ target, fn, role }) => `${target}.${fn} is not for ${role}`);
  },
  apply: async (ctx) => {
    const manager = await ctx.contract("AccessManager");
    const grants = await open(ctx, manager);
    for (const target of new Set(grants.map((g) => g.target))) {
      for (const role of new Set(grants.filter((g) => g.target === target).map((g) => g.role))) {
        const selectors = grants.filter((g) => g.target === target && g.role === role).map((g) => g.selector);
        await ctx.send(
          `${target}: ${selectors.length} functions for ${role}`,
          manager.setTargetFunctionRole(ctx.address(target), selectors, ROLE[role]),
        );
      }
    }
    // The deployer loosens and proposes without delay until the hand-over, which is the last step.
    for (const role of [ROLE.LOOSENING, ROLE.PROPOSING]) {
      if (await hasRole(manager, role, ctx.deployer)) continue;
      await ctx.send("the deployer sets up", manager.grantRole(role, ctx.deployer, 0));
    }
  },
});

async function hasRole(manager: Contract, role: bigint, account: string, delay?: bigint): Promise<boolean> {
  const [isMember, executionDelay] = (await manager.hasRole(role, account)) as [boolean, bigint];
  return isMember && (delay === undefined || executionDelay === delay);
}

function holders(ctx: Context): { role: RoleName; account: string; delay: bigint }[] {
  const { admin, tightening, guardian, adminDelaySeconds } = ctx.config.governance;
  return [
    { role: "ADMIN", account: admin, delay: adminDelaySeconds },
    { role: "LOOSENING", account: admin, delay: adminDelaySeconds },
    { role: "TIGHTENING", account: tightening, delay: 0n },
    { role: "GUARDIAN", account: guardian, delay: 0n },
    { role: "PROPOSING", account: admin, delay: 0n },
  ];
}

/** A line when the admin could change what a holder leaves behind before the holder has left. */
async function tooHasty(ctx: Context): Promise<string[]> {
  const queue = await ctx.contract("WithdrawalQueue");
  const hasty = (await queue.EXIT_TIME()) > ctx.config.governance.adminDelaySeconds;
  return hasty ? ["loosening waits shorter than leaving takes"] : [];
}

/** Gives every role to its holder; the deployer ends with none. */
export const handOver = step("lrt/hand-over", {
  needs: ["lrt/sets", "lrt/seed", "lrt/floors", "engine/hand-over"],
  differences: async (ctx) => {
    const manager = await ctx.contract("AccessManager");
    const differences: string[] = [];
    for (const { role, account, delay } of holders(ctx)) {
      if (!(await hasRole(manager, ROLE[role], account, delay))) {
        differences.push(`${account} does not hold ${role} with a delay of ${delay} s`);
      }
    }
    for (const [role, id] of Object.entries(ROLE)) {
      if (await hasRole(manager, id, ctx.deployer)) differences.push(`the deployer still holds ${role}`);
    }
    return [...differences, ...(await tooHasty(ctx))];
  },
  apply: async (ctx) => {
    const [problem] = await tooHasty(ctx);
    if (problem !== undefined) throw new DeploymentError(problem);
    const manager = await ctx.contract("AccessManager");
    for (const { role, account, delay } of holders(ctx)) {
      if (await hasRole(manager, ROLE[role], account, delay)) continue;
      await ctx.send(`${role} goes to ${account}`, manager.grantRole(ROLE[role], account, delay));
    }
    for (const role of ["PROPOSING", "LOOSENING", "ADMIN"] as const) {
      if (await hasRole(manager, ROLE[role], ctx.deployer)) {
        await ctx.send(`the deployer gives up ${role}`, manager.renounceRole(ROLE[role], ctx.deployer));
      }
    }
  },
});
