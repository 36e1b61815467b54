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
