/** The protocol's table: every operation at four sizes, beside its budget and the best of the field. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Table from "cli-table3";
import { measureAt, SIZES } from "./protocol/measure";
import { OPERATIONS, PAGE, type Row } from "./protocol/operations";

const SNAPSHOT = join(__dirname, "../../test/snapshots/gas/protocol.json");
/** Some units depend on how many bytes of an address or an amount are zero. */
const TOLERANCE = 50;

const keyOf = ({ operation, assets, delegators }: Row): string => `${operation}, ${assets} × ${delegators}`;
const isOver = ({ steady, budget }: Row): boolean => budget > 0 && steady > budget;

function print(rows: Row[]): void {
  const head = ["operation", ...SIZES.map(([a, d]) => `${a} × ${d}`), "first time", "budget", "others in the field"];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: ["left", ...Array<"right">(6).fill("right")],
  });
  for (const [operation, { others = "", reason }] of Object.entries(OPERATIONS)) {
    const at = SIZES.map(([a, d]) =>
      rows.find((r) => r.operation === operation && r.assets === a && r.delegators === d),
    );
    const shown = at.find((row) => row?.assets === 2) ?? at.find((row) => row !== undefined);
    if (shown === undefined) continue;
    const cells = at.map((row) => (row === undefined ? "" : `${row.steady}${isOver(row) ? " over" : ""}`));
    const why =
      at.some((row) => row !== undefined && isOver(row)) && reason !== undefined
        ? `${shown.budget} (${reason})`
        : shown.budget || "";
    table.push([operation, ...cells, shown.first || "", why, others]);
  }
  console.log("gas of the protocol's calls, restaked tokens × delegators; the budget is that of 2 × 5");
  console.log(table.toString());
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

function write(file: string, rows: Row[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}

/** Prints the table; returns whether the snapshot says the same, after writing it unless it is only to be compared. */
export async function protocolBench({ check, json }: { check?: boolean; json?: string }): Promise<boolean> {
  const rows: Row[] = [];
  for (const [assets, delegators] of SIZES) rows.push(...(await measureAt(assets, delegators)));
  print(rows);
  const tooMuch = rows.filter(({ first, steady }) => Math.max(first, steady) > PAGE);
  for (const row of tooMuch) console.log(`above ${PAGE}: ${keyOf(row)}`);
  if (json !== undefined) write(json, rows);
  if (check !== true) {
    write(SNAPSHOT, rows);
    return tooMuch.length === 0;
  }
  const kept = existsSync(SNAPSHOT) ? (JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Row[]) : [];
  const lines = moved(kept, rows);
  for (const line of lines) console.log(`moved: ${line}`);
  if (lines.length > 0)
    console.log("if that is meant: npm run bench -- --only protocol, and commit test/snapshots/gas");
  return tooMuch.length === 0 && lines.length === 0;
}
