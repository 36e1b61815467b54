/** Replays recordings step by step and compares every outcome, event and view. */
import { basename } from "node:path";
import { breakdown, type Breakdown } from "../../scripts/bench/breakdown";
import { Abi } from "./abi";
import type { Chain, Log, Outcome } from "./chain";
import { differences, eventDifferences, revertDifferences } from "./compare";
import { isEngine, kindOf } from "./names";
import type { Json, JsonObject, RecordedEvent, Recording, Step, View } from "./recording";
import { Symbols } from "./symbols";
import { Views } from "./views";
import { makeWorld, type World } from "./world";

const SECONDS_PER_BLOCK = 12n;
const GAS = "0xe4e1c0";
/** Contracts that the engine does not have yet: calls to them only use up their block. */
const MISSING = ["@eigenPodManager"];

export interface ReplayResult {
  compared: number;
  differences: string[];
  /** Gas of each call that succeeded, by step. */
  gas: { step: number; call: string; used: number; breakdown?: Breakdown }[];
}

/** Calls whose gas is to be broken down: "kind.function". */
export type Traced = readonly string[];

export interface Worlds {
  /** Puts the chain where `recording` starts. */
  enter(recording: Recording): Promise<World>;
}

/** Whether the engine has everything that a recording uses. */
export function isInScope(recording: Recording): boolean {
  return !recording.header.pods;
}

/** Makes one world per set of delays and goes back to its first block for every recording. */
export function worlds(chain: Chain, shift: number): Worlds {
  const made: { delays: string; world: World; snapshot: string }[] = [];
  return {
    enter: async ({ header }) => {
      const delays = JSON.stringify(header.config);
      const index = made.findIndex((known) => known.delays === delays);
      if (index >= 0) {
        await chain.revert(made[index].snapshot);
        made.splice(index + 1); // what was made later is gone
        made[index].snapshot = await chain.snapshot();
        return made[index].world;
      }
      const world = await makeWorld(chain, { accounts: header.accounts, settings: header.config, shift });
      made.push({ delays, world, snapshot: await chain.snapshot() });
      return world;
    },
  };
}

export async function replay(
  chain: Chain,
  from: Worlds,
  recording: Recording,
  traced: Traced = [],
): Promise<ReplayResult> {
  const world = await from.enter(recording);
  return new Replay(chain, world, recording, await chain.chainId(), traced).run();
}

class Replay {
  private readonly abi: Abi;
  private readonly symbols: Symbols;
  private readonly views: Views;
  private block: bigint;
  private readonly result: ReplayResult = { compared: 0, differences: [], gas: [] };
  /** What the recording says that each view answers now. */
  private readonly expected = new Map<string, Json>();
  private readonly live: View[];
  private warped = 0n;

  constructor(
    private readonly chain: Chain,
    private readonly world: World,
    private readonly recording: Recording,
    chainId: bigint,
    private readonly traced: Traced,
  ) {
    const { base, names, manyCalls } = world;
    this.block = base.block;
    this.abi = new Abi(recording.interfaces);
    this.symbols = new Symbols(names, recording.header.accounts, chainId, base);
    this.views = new Views(chain, this.abi, names, this.symbols, names.address("stranger"), manyCalls);
    const known = recording.views.filter((view) => !MISSING.includes(view.to) && !view.pods);
    for (const view of known) this.expected.set(view.key, view.initial);
    this.live = known.filter((view) => view.final !== true);
  }

  async run(): Promise<ReplayResult> {
    this.note("at the base block", [...(await this.look(this.live))]);
    for (const step of this.recording.steps) {
      const found = [...(await this.step(step))];
      const at = `+${this.block - this.world.base.block}`;
      if (step.at !== undefined && step.at !== at) found.push(`block: expected ${step.at}, at ${at}`);
      for (const [key, value] of Object.entries(step.changed ?? {})) this.expected.set(key, value);
      const groups = step.looked ?? "";
      found.push(
        ...(await this.look(
          this.live.filter((view) => groups.includes(view.group)),
          step.changed,
        )),
      );
      ++this.result.compared;
      this.note(title(step), found);
    }
    this.note("at the end", await this.end());
    return this.result;
  }

  /* STEPS */

  private async step(step: Step): Promise<string[]> {
    if (step.mine !== undefined) await this.mine(BigInt(step.mine));
    else if (step.warp !== undefined) await this.warp(BigInt(step.warp));
    else if (step.tree !== undefined) this.symbols.declareTree(step.tree);
    else if (step.from !== undefined && step.to !== undefined) return this.call(step, step.from, step.to);
    return [];
  }

  private async mine(count: bigint): Promise<void> {
    if (count > 1n) {
      await this.setNextTime();
      await this.chain.mineMany(count - 1n, SECONDS_PER_BLOCK);
      this.block += count - 1n;
    }
    await this.setNextTime();
    await this.chain.mine();
    this.block += 1n;
  }

  private async warp(seconds: bigint): Promise<void> {
    this.warped += seconds;
    await this.mine(1n);
  }

  private async call(step: Step, fromName: string, toName: string): Promise<string[]> {
    if (MISSING.includes(toName)) {
      await this.mine(1n);
      return [];
    }
    const { names } = this.world;
    const fragment = step.function === undefined ? undefined : this.abi.function(toName, step.function);
    const transaction = {
      from: names.address(fromName),
      to: names.address(toName),
      data:
        fragment === undefined
          ? "0x"
          : this.abi.of(kindOf(toName)).encodeFunctionData(fragment, this.symbols.args(fragment, step.args ?? {})),
      gas: GAS,
      ...(step.value !== undefined && { value: "0x" + BigInt(step.value).toString(16) }),
    };
    await this.setNextTime();
    const returned =
      fragment !== undefined && fragment.outputs.length > 0 && step.ok !== undefined
        ? await this.chain.call(transaction, "pending")
        : undefined;
    const outcome = await this.chain.send(transaction);
    this.block += 1n;
    if (step.revert !== undefined) {
      const got = outcome.failed === undefined ? undefined : this.abi.writtenError(outcome.failed);
      return [...revertDifferences(step.revert, got)];
    }
    if (outcome.failed !== undefined) {
      return [`expected success, got revert ${JSON.stringify(this.abi.writtenError(outcome.failed))}`];
    }
    this.result.gas.push(await this.gas(step.i, `${kindOf(toName)}.${shortName(step)}`, transaction, outcome));
    const events = outcome.logs.map((log) => this.event(log)).filter((event) => event !== undefined);
    const returns =
      fragment === undefined || returned === undefined || returned.startsWith("!")
        ? undefined
        : this.symbols.outputs(fragment, this.abi.of(kindOf(toName)).decodeFunctionResult(fragment, returned));
    return [...differences(step.ok?.returns, returns, "returns"), ...eventDifferences(step.ok?.events ?? [], events)];
  }

  private async gas(
    step: number,
    call: string,
    { to, data }: { to: string; data: string },
    outcome: Outcome,
  ): Promise<ReplayResult["gas"][number]> {
    const used = Number(outcome.gasUsed);
    if (!this.traced.includes(call)) return { step, call, used };
    const isOurs = (address: string): boolean => isEngine(this.world.names.nameOf(address) ?? "");
    const opcodes = await this.chain.trace(outcome.hash);
    return { step, call, used, breakdown: breakdown({ to, data, gasUsed: used, opcodes }, isOurs) };
  }

  private setNextTime(): Promise<void> {
    return this.chain.setNextTime(this.timeOf(this.block + 1n));
  }

  private timeOf(block: bigint): bigint {
    return this.world.base.time + SECONDS_PER_BLOCK * (block - this.world.base.block) + this.warped;
  }

  /* EVENTS */

  /** A log as the recording writes it; undefined for what is not recorded. */
  private event(log: Log): RecordedEvent | undefined {
    const name = this.world.names.nameOf(log.address);
    if (name === undefined) return { on: log.address, event: log.topics[0] };
    const on = `@${name}`;
    const kind = kindOf(name);
    if (kind === "registrar") return this.registrarEvent(on, log);
    const fragment = this.abi.event(kind, log.topics[0]);
    if (fragment === undefined) return { on, event: log.topics[0] };
    if (kind === "token" && fragment.name !== "Transfer") return undefined; // allowances are the token's business
    const values = this.abi.of(kind).decodeEventLog(fragment, log.data, log.topics);
    const args: JsonObject = {};
    // The withdrawal first: it gives a number to the root beside it.
    const inputs = fragment.inputs.map((type, i) => ({ type, i }));
    const queued = fragment.name === "SlashingWithdrawalQueued" ? inputs.find(({ type }) => type.isTuple()) : undefined;
    if (queued !== undefined) args[queued.type.name] = this.symbols.queued(values[queued.i] as never, queued.type);
    for (const { type, i } of inputs) {
      args[type.name] ??= type.name.endsWith("SubmissionHash")
        ? this.symbols.submissionHash(fragment, values, i)
        : this.symbols.written(values[i], type, type.name);
    }
    return { on, event: fragment.name, args };
  }

  /** The registrar of the recordings repeats what it was called with. */
  private registrarEvent(on: string, log: Log): RecordedEvent {
    const call = this.abi.of("registrar").parseTransaction({ data: log.data });
    if (call === null) return { on, event: "called", data: log.data };
    const args: JsonObject = {};
    call.fragment.inputs.forEach((type, i) => {
      args[type.name] = this.symbols.written(call.args[i], type, type.name);
    });
    return { on, event: `called ${call.name}`, args };
  }

  /* VIEWS */

  /** Differences of the views that changed here or should have. */
  private async look(views: View[], changed: Record<string, Json> = {}): Promise<string[]> {
    if (views.length === 0) return [];
    const moved = new Set(await this.views.look(views, this.block, this.timeOf(this.block)));
    return views
      .filter((view) => moved.has(view) || view.key in changed)
      .flatMap((view) => [...differences(this.expected.get(view.key), this.views.answer(view), `view ${view.key}`)]);
  }

  private async end(): Promise<string[]> {
    const { final, views } = this.recording;
    const skipped = (view: View): boolean => MISSING.includes(view.to) || view.pods === true;
    const all = views.filter((view) => !skipped(view));
    for (const view of all) this.expected.set(view.key, final[view.key] ?? view.initial);
    await this.views.look(all, this.block, this.timeOf(this.block));
    return all.flatMap((view) => [
      ...differences(this.expected.get(view.key), this.views.answer(view), `view ${view.key}`),
    ]);
  }

  private note(where: string, found: string[]): void {
    for (const difference of found)
      this.result.differences.push(`${basename(this.recording.file)} ${where}: ${difference}`);
  }
}

function shortName(step: Step): string {
  return (step.function ?? "plain ETH").split("(")[0];
}

function title(step: Step): string {
  const what =
    step.from === undefined
      ? step.mine !== undefined
        ? `mine ${step.mine}`
        : `warp ${step.warp ?? 0}`
      : `${step.from} ${step.to ?? ""}.${shortName(step)}`;
  return `step ${step.i} ${step.at ?? ""} ${what}${step.note === undefined ? "" : ` (${step.note})`}`;
}
