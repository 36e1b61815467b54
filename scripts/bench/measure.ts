/** Gas of the engine over the recordings, per function, beside EigenLayer's. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { replayAll } from "../../test/conformance/parallel";
import { findRecordings } from "../../test/conformance/recording";
import type { ReplayResult, Traced } from "../../test/conformance/replay";
import { CLASSES, emptyBreakdown, type Breakdown } from "./breakdown";
import type { Breakdowns, Sum, Sums } from "./sums";

const TRACES = join(__dirname, "../../test/conformance/traces");
const THEIRS = join(__dirname, "../../test/conformance/eigenlayer-gas.json");

/** Only the engine's own functions count, not those of the test token. */
const isEngine = (call: string): boolean => !call.startsWith("token.");

const recorded = z.object({ steps: z.record(z.string(), z.record(z.string(), z.number())) });

/** Adds up what replays used, function by function. */
export class Tally {
  private readonly steps = recorded.parse(JSON.parse(readFileSync(THEIRS, "utf8"))).steps;
  private readonly sumOf = new Map<string, Sum>();
  private readonly breakdownOf = new Map<string, Breakdown>();

  add(file: string, gas: ReplayResult["gas"]): void {
    const theirs = this.steps[basename(file, ".json")] ?? {};
    for (const { step, call, used, breakdown } of gas) {
      if (!isEngine(call)) continue;
      if (theirs[step] === undefined) throw new Error(`${file}: the gas of step ${step} is not recorded`);
      const sum = this.sumOf.get(call) ?? { calls: 0, ours: 0, theirs: 0 };
      this.sumOf.set(call, { calls: sum.calls + 1, ours: sum.ours + used, theirs: sum.theirs + theirs[step] });
      if (breakdown === undefined) continue;
      this.breakdownOf.set(call, add(this.breakdownOf.get(call) ?? emptyBreakdown(), breakdown));
    }
  }

  get sums(): Sums {
    return sorted(this.sumOf);
  }

  get breakdowns(): Breakdowns {
    return sorted(this.breakdownOf);
  }
}

export async function measure(traced: Traced): Promise<{ sums: Sums; breakdowns: Breakdowns }> {
  const tally = new Tally();
  let differences = 0;
  await replayAll(
    findRecordings([TRACES]),
    0,
    (done) => {
      differences += done.differences.length;
      tally.add(done.file, done.gas);
    },
    traced,
  );
  if (differences > 0) throw new Error(`${differences} answers differ: run the conformance first`);
  return { sums: tally.sums, breakdowns: tally.breakdowns };
}

function add(a: Breakdown, b: Breakdown): Breakdown {
  return Object.fromEntries(CLASSES.map((name) => [name, a[name] + b[name]])) as Breakdown;
}

function sorted<T>(map: Map<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => a.localeCompare(b)));
}
