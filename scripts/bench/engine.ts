/** The engine's table: gas beside that of the real contracts, per function, over the recordings. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fixedGas, meanBreakdown } from "./breakdown";
import { measure } from "./measure";
import { BUDGET, ratio, type Breakdowns, type Sums } from "./sums";

const SNAPSHOT = join(__dirname, "../../test/snapshots/gas/engine.json");
const BREAKDOWN = join(__dirname, "../../test/snapshots/gas/engine-breakdown.json");

const row = (name: string, cells: (string | number)[], width = 11): string =>
  name.padEnd(72) + cells.map((cell) => String(cell).padStart(width)).join("");

function print(sums: Sums): void {
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

/** Mean gas of a call by class; `fixed` is what cannot be saved, `floor` its part of EigenLayer's gas. */
function printBreakdowns(sums: Sums, breakdowns: Breakdowns): void {
  for (const [call, breakdown] of Object.entries(breakdowns)) {
    const { calls, ours, theirs } = sums[call];
    const fixed = fixedGas(breakdown);
    console.log(`\n${call}: ${calls} calls, mean ${Math.round(ours / calls)}, ratio ${(ours / theirs).toFixed(3)}`);
    for (const [name, gas] of meanBreakdown(breakdown, calls))
      console.log(`  ${name.padEnd(14)}${String(gas).padStart(8)}`);
    console.log(
      `  fixed         ${String(Math.round(fixed / calls)).padStart(8)}  floor ${(fixed / theirs).toFixed(3)}`,
    );
  }
}

function kept(): Sums {
  return existsSync(SNAPSHOT) ? (JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Sums) : {};
}

function above(sums: Sums): string[] {
  return Object.keys(sums).filter((call) => ratio(sums[call]) > BUDGET);
}

/** Whether the snapshot says the same; names the functions that moved. */
function isUnmoved(sums: Sums): boolean {
  const before = kept();
  const moved = [...new Set([...Object.keys(before), ...Object.keys(sums)])].filter(
    (call) => before[call]?.calls !== sums[call]?.calls || before[call]?.ours !== sums[call]?.ours,
  );
  for (const call of moved) {
    console.log(`moved: ${call} from ${before[call]?.ours ?? "nothing"} to ${sums[call]?.ours ?? "nothing"}`);
  }
  return moved.length === 0;
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Prints the table; returns whether the snapshot says the same, after writing it unless it is only to be compared. */
export async function engineBench({ check, trace }: { check?: boolean; trace?: string | true }): Promise<boolean> {
  const one = typeof trace === "string" ? [trace] : undefined;
  // A trace takes its time, so only those above the budget by the snapshot.
  const { sums, breakdowns } = await measure(trace === undefined ? [] : (one ?? above(kept())));
  print(sums);
  const shown = Object.fromEntries(
    Object.entries(breakdowns).filter(([call]) => one !== undefined || ratio(sums[call]) > BUDGET),
  );
  printBreakdowns(sums, shown);
  if (check === true) return isUnmoved(sums);
  if (one !== undefined) return true;
  write(SNAPSHOT, sums);
  if (trace !== true) return true;
  write(BREAKDOWN, shown);
  const untraced = above(sums).filter((call) => shown[call] === undefined);
  if (untraced.length > 0) throw new Error(`now above the budget too: ${untraced.join(", ")}; trace again`);
  return true;
}
