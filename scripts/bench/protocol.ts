/** The protocol's table: every operation at four sizes, beside its budget and the best of the field. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Table from "cli-table3";
import { measureAt, SIZES } from "./protocol/measure";
import type { Breakdown } from "./breakdown";
import { BUDGET_SIZE, isOver, OPERATIONS, PAGE, type Row } from "./protocol/operations";

const SNAPSHOT = join(__dirname, "../../test/snapshots/gas/protocol.json");
const BREAKDOWNS = join(__dirname, "../../test/snapshots/gas/protocol-breakdown.json");
/** Some units depend on how many bytes of an address or an amount are zero. */
const TOLERANCE = 50;

const keyOf = ({ operation, assets, delegators }: Row): string => `${operation}, ${assets} × ${delegators}`;

function print(rows: Row[]): void {
  const head = ["operation", ...SIZES.map(([a, d]) => `${a} × ${d}`), "first time", "budget", "others in the field"];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: ["left", ...Array<"right">(6).fill("right")],
  });
  for (const [operation, { others = "" }] of Object.entries(OPERATIONS)) {
    const at = SIZES.map(([a, d]) =>
      rows.find((r) => r.operation === operation && r.assets === a && r.delegators === d),
    );
    const shown = at.find((row) => row?.assets === BUDGET_SIZE[0]) ?? at.find((row) => row !== undefined);
    if (shown === undefined) continue;
    const cells = at.map((row) => (row === undefined ? "" : `${row.steady}${isOver(row) ? " over" : ""}`));
    table.push([operation, ...cells, shown.first || "", shown.budget || "", others]);
  }
  console.log("gas of the protocol's calls, restaked tokens × delegators; the budget is that of 2 × 5");
  console.log(table.toString());
  console.log("why a row is above its budget: docs/gas.md");
}

/** Differences between two lists of rows, a line each. */
export function moved(before: Row[], after: Row[]): string[] {
  const was = new Map(before.map((row) => [keyOf(row), row]));
  const is = new Map(after.map((row) => [keyOf(row), row]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [a, b] = [was.get(key), is.get(key)];
    if (a === undefined || b === undefined) return [`${key}: ${a === undefined ? "is new" : "is gone"}`];
    if (a.budget !== b.budget) return [`${key}: budget from ${a.budget} to ${b.budget}`];
    return (["first", "steady"] as const)
      .filter((when) => Math.abs(a[when] - b[when]) > TOLERANCE)
      .map((when) => `${key}, ${when}: from ${a[when]} to ${b[when]}`);
  });
}

function write(file: string, found: Row[] | Record<string, Breakdown>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
}

/** Prints the table; returns whether the snapshot says the same, after writing it unless it is only to be compared. */
export async function protocolBench({ check, json }: { check?: boolean; json?: string }): Promise<boolean> {
  const rows: Row[] = [];
  const spent: Record<string, Breakdown> = {};
  for (const [assets, delegators] of SIZES) {
    const looks = check !== true && delegators === BUDGET_SIZE[1]; // tokens that come later have no budget
    rows.push(...(await measureAt(assets, delegators, looks ? spent : undefined)));
  }
  print(rows);
  const tooMuch = rows.filter(({ first, steady }) => Math.max(first, steady) > PAGE);
  for (const row of tooMuch) console.log(`above ${PAGE}: ${keyOf(row)}`);
  if (json !== undefined) write(json, rows);
  if (check !== true) {
    write(SNAPSHOT, rows);
    write(BREAKDOWNS, Object.fromEntries(Object.entries(spent).sort(([a], [b]) => a.localeCompare(b))));
    return tooMuch.length === 0;
  }
  const kept = existsSync(SNAPSHOT) ? (JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Row[]) : [];
  const lines = moved(kept, rows);
  for (const line of lines) console.log(`moved: ${line}`);
  if (lines.length > 0)
    console.log("if that is meant: npm run bench -- --only protocol, and commit test/snapshots/gas");
  return tooMuch.length === 0 && lines.length === 0;
}
