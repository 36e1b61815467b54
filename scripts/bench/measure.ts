/** Gas of the engine over the recordings, per function, beside EigenLayer's. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { replayAll } from "../../test/conformance/parallel";
import { findRecordings } from "../../test/conformance/recording";
import type { Traced } from "../../test/conformance/replay";
import { CLASSES, emptyBreakdown, type Breakdown } from "./breakdown";
import type { Breakdowns, Sum, Sums } from "./sums";

const TRACES = join(__dirname, "../../test/conformance/traces");
const THEIRS = join(__dirname, "../../test/conformance/eigenlayer-gas.json");

/** Only the engine's own functions count, not those of the test token. */
const isEngine = (call: string): boolean => !call.startsWith("token.");

const recorded = z.object({ steps: z.record(z.string(), z.record(z.string(), z.number())) });

export async function measure(traced: Traced): Promise<{ sums: Sums; breakdowns: Breakdowns }> {
  const { steps } = recorded.parse(JSON.parse(readFileSync(THEIRS, "utf8")));
  const sums = new Map<string, Sum>();
  const breakdowns = new Map<string, Breakdown>();
  let differences = 0;
  await replayAll(
    findRecordings([TRACES]),
    0,
    (done) => {
      differences += done.differences.length;
      const theirs = steps[basename(done.file, ".json")] ?? {};
      for (const { step, call, used, breakdown } of done.gas) {
        if (!isEngine(call)) continue;
        if (theirs[step] === undefined) throw new Error(`${done.file}: the gas of step ${step} is not recorded`);
        const sum = sums.get(call) ?? { calls: 0, ours: 0, theirs: 0 };
        sums.set(call, { calls: sum.calls + 1, ours: sum.ours + used, theirs: sum.theirs + theirs[step] });
        if (breakdown !== undefined) breakdowns.set(call, add(breakdowns.get(call) ?? emptyBreakdown(), breakdown));
      }
    },
    traced,
  );
  if (differences > 0) throw new Error(`${differences} answers differ: run the conformance first`);
  return { sums: sorted(sums), breakdowns: sorted(breakdowns) };
}

function add(a: Breakdown, b: Breakdown): Breakdown {
  return Object.fromEntries(CLASSES.map((name) => [name, a[name] + b[name]])) as Breakdown;
}

function sorted<T>(map: Map<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => a.localeCompare(b)));
}
