import type { Config } from "../config/schema";
import type { Context } from "./context";
import { DeploymentError, NotReady } from "./errors";

/** One part of the deployment that can say from the chain alone whether it is done. */
export interface Step<C = Config> {
  name: string;
  /** Steps that must be done before this one. */
  needs: string[];
  /** Reads only. What is not yet as configured, one line each; an empty list means done. */
  differences(ctx: Context<C>): Promise<string[]>;
  /** Makes `differences` empty. Must be able to go on where an earlier, interrupted run ended. */
  apply(ctx: Context<C>): Promise<void>;
}

/** Defines a step. */
export function step<C = Config>(name: string, body: Omit<Step<C>, "name">): Step<C> {
  return { name, ...body };
}

/** A list with one line when a value on the chain is not the configured one, else an empty list. */
export function differ<T extends bigint | number | string | boolean>(what: string, actual: T, wanted: T): string[] {
  const plain = (value: T) => (typeof value === "string" && value.startsWith("0x") ? value.toLowerCase() : value);
  return plain(actual) === plain(wanted) ? [] : [`${what} is ${String(actual)}, should be ${String(wanted)}`];
}

/** apply: do what is missing. verify: only report, differences are an error. plan: only report. */
export type Mode = "apply" | "verify" | "plan";

export interface Outcome {
  step: string;
  /** waits: not looked at, because a step that it needs is not done. */
  status: "ok" | "applied" | "differs" | "waits";
  /** What was found before anything was applied. */
  differences: string[];
}

/** Steps in an order in which each follows what it needs; otherwise as given. */
export function sortSteps<C>(steps: Step<C>[]): Step<C>[] {
  const byName = new Map(steps.map((s) => [s.name, s]));
  if (byName.size < steps.length) throw new DeploymentError("two steps have the same name");
  const sorted = new Set<Step<C>>();
  const visit = (current: Step<C>, path: string[]): void => {
    if (sorted.has(current)) return;
    const here = [...path, current.name];
    if (path.includes(current.name)) throw new DeploymentError(`steps need each other: ${here.join(" → ")}`);
    for (const need of current.needs) {
      const needed = byName.get(need);
      if (needed === undefined) throw new DeploymentError(`step ${current.name} needs ${need}, which does not exist`);
      visit(needed, here);
    }
    sorted.add(current);
  };
  for (const s of steps) visit(s, []);
  return [...sorted];
}

async function differencesOf<C>(current: Step<C>, ctx: Context<C>): Promise<string[]> {
  try {
    return await current.differences(ctx);
  } catch (error) {
    if (error instanceof NotReady) return [error.message];
    throw error;
  }
}

async function applyStep<C>(current: Step<C>, ctx: Context<C>): Promise<void> {
  ctx.maySend = true;
  try {
    await current.apply(ctx);
  } finally {
    ctx.maySend = false;
  }
  const left = await differencesOf(current, ctx);
  if (left.length > 0) {
    throw new DeploymentError([`step ${current.name} did not settle:`, ...left].join("\n  "));
  }
}

/** Runs the steps in order and tells what became of each. Only mode `apply` sends transactions. */
export async function runSteps<C>(steps: Step<C>[], ctx: Context<C>, mode: Mode = "apply"): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  for (const [i, current] of sortSteps(steps).entries()) {
    const waitsFor = current.needs.find((need) => !["ok", "applied"].includes(outcomes.get(need)?.status ?? ""));
    const differences = waitsFor === undefined ? await differencesOf(current, ctx) : [`waits for ${waitsFor}`];
    let status: Outcome["status"] = "ok";
    if (waitsFor !== undefined) status = "waits";
    else if (differences.length > 0) status = mode === "apply" ? "applied" : "differs";
    const number = `${i + 1}/${steps.length}`;
    ctx.log(`${number} ${current.name}: ${status === "applied" ? `${differences.length} to do` : status}`);
    if (status !== "ok") for (const line of differences) ctx.log(`    ${line}`);
    if (status === "applied") await applyStep(current, ctx);
    outcomes.set(current.name, { step: current.name, status, differences });
  }
  return [...outcomes.values()];
}
