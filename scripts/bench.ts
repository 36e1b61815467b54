/**
 * Gas of the engine beside that of the real contracts, per function, over the recordings of test/conformance/traces.
 *   npm run bench              prints the table and writes test/snapshots/gas/engine.json
 *   npm run bench -- --check   fails when the snapshot is not what was measured, and leaves it alone
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { replayAll } from "../test/conformance/parallel";
import { findRecordings } from "../test/conformance/recording";

const TRACES = join(__dirname, "../test/conformance/traces");
const THEIRS = join(__dirname, "../test/conformance/eigenlayer-gas.json");
const SNAPSHOT = join(__dirname, "../test/snapshots/gas/engine.json");
/** Ours / EigenLayer's, at most. Above it: docs/engine-gas.md. */
const BUDGET = 0.75;

/** Only the engine's own functions count, not those of the test token. */
const isEngine = (call: string): boolean => !call.startsWith("token.");

const recorded = z.object({ steps: z.record(z.string(), z.record(z.string(), z.number())) });

interface Sum {
  calls: number;
  ours: number;
  theirs: number;
}

async function measure(): Promise<Record<string, Sum>> {
  const { steps } = recorded.parse(JSON.parse(readFileSync(THEIRS, "utf8")));
  const sums = new Map<string, Sum>();
  let differences = 0;
  await replayAll(findRecordings([TRACES]), 0, (done) => {
    differences += done.differences.length;
    const theirs = steps[basename(done.file, ".json")] ?? {};
    for (const { step, call, used } of done.gas) {
      if (!isEngine(call)) continue;
      if (theirs[step] === undefined) throw new Error(`${done.file}: the gas of step ${step} is not recorded`);
      const sum = sums.get(call) ?? { calls: 0, ours: 0, theirs: 0 };
      sums.set(call, { calls: sum.calls + 1, ours: sum.ours + used, theirs: sum.theirs + theirs[step] });
    }
  });
  if (differences > 0) throw new Error(`${differences} answers differ: run the conformance first`);
  return Object.fromEntries([...sums].sort(([a], [b]) => a.localeCompare(b)));
}

function print(sums: Record<string, Sum>): void {
  const row = (name: string, cells: (string | number)[]): string =>
    name.padEnd(72) + cells.map((cell) => String(cell).padStart(11)).join("");
  const ratio = (sum: Sum): number => sum.ours / sum.theirs;
  const all = Object.entries(sums);
  console.log(row("function", ["calls", "ours", "EigenLayer", "ratio"]));
  for (const [call, sum] of [...all].sort(([, a], [, b]) => ratio(b) - ratio(a))) {
    const mark = ratio(sum) > BUDGET ? " over" : "";
    console.log(row(call, [sum.calls, sum.ours, sum.theirs, ratio(sum).toFixed(3)]) + mark);
  }
  const total = all.reduce(
    (a, [, b]) => ({ calls: a.calls + b.calls, ours: a.ours + b.ours, theirs: a.theirs + b.theirs }),
    { calls: 0, ours: 0, theirs: 0 },
  );
  console.log(row("all", [total.calls, total.ours, total.theirs, ratio(total).toFixed(3)]));
  const over = all.filter(([, sum]) => ratio(sum) > BUDGET).length;
  console.log(
    `${all.length - over} of ${all.length} functions within ${BUDGET}; for the others see docs/engine-gas.md`,
  );
}

/** Whether the snapshot says the same; names the functions that moved. */
function isUnmoved(sums: Record<string, Sum>): boolean {
  const kept = existsSync(SNAPSHOT) ? (JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Record<string, Sum>) : {};
  const moved = [...new Set([...Object.keys(kept), ...Object.keys(sums)])].filter(
    (call) => kept[call]?.calls !== sums[call]?.calls || kept[call]?.ours !== sums[call]?.ours,
  );
  for (const call of moved) {
    console.log(`moved: ${call} from ${kept[call]?.ours ?? "nothing"} to ${sums[call]?.ours ?? "nothing"}`);
  }
  return moved.length === 0;
}

async function main(): Promise<void> {
  const { check } = new Command()
    .option("--check", "compare with the snapshot instead of writing it")
    .parse()
    .opts<{ check?: boolean }>();
  const sums = await measure();
  print(sums);
  if (check === true) {
    if (!isUnmoved(sums)) process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(SNAPSHOT), { recursive: true });
  writeFileSync(SNAPSHOT, `${JSON.stringify(sums, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
