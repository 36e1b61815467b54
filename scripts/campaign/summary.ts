/** What forge ended with. */
export interface Outcome {
  code: number;
  output: string;
}

/** How often an action was tried, and how often the system refused it. */
export interface Tried {
  action: string;
  calls: number;
  refused: number;
}

/** forge's table of what it called: `| Handler | action | calls | reverts | discards |`. */
export function tableOf(output: string): Tried[] {
  const rows = output.matchAll(/^\|\s*Handler\s*\|\s*(\w+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|/gm);
  return [...rows].map(([, action, calls, refused]) => ({ action, calls: Number(calls), refused: Number(refused) }));
}

/** What forge wrote of runs that look at dates: `seed, tickets, of them moved, of them short, least spare time` a line. */
export function datesSummary(lines: string): string {
  const rows = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" ").slice(1).map(Number));
  const sum = (column: number): number => rows.reduce((total, row) => total + row[column], 0);
  const spare = Math.min(...rows.filter(([tickets]) => tickets > 0).map((row) => row[3]));
  return (
    `${rows.length} runs, ${sum(0)} tickets: ${sum(1)} with a later date after a slash of what was on its way, ` +
    `${sum(2)} with less of their asset than the line was worth; the closest was paid ${(spare / 3_600).toFixed(1)} hours before its date`
  );
}

/** A page's worth of a campaign: what it was, how fast, and what share of each action went through. */
export function summary({ code, output }: Outcome, seed: string, seconds: number): string {
  const table = tableOf(output);
  const calls = table.reduce((sum, row) => sum + row.calls, 0);
  const refused = table.reduce((sum, row) => sum + row.refused, 0);
  const percent = (part: number, all: number): string => `${((100 * part) / Math.max(all, 1)).toFixed(1)} %`;
  const lines = table.map(
    (row) => `  ${row.action.padEnd(20)} ${percent(row.calls - row.refused, row.calls)} of ${row.calls}`,
  );
  const [verdict] = /\[FAIL[^\n]*/.exec(output) ?? [
    code === 0 ? "every promise held" : "forge ended without a verdict",
  ];
  return [
    `seed ${seed}: ${verdict}`,
    `${calls} calls in ${Math.round(seconds)} s, ${Math.round(calls / Math.max(seconds, 1))} a second; ${percent(calls - refused, calls)} went through`,
    ...lines,
  ].join("\n");
}
