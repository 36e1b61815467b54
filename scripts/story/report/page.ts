import { promises } from "../promises";
import type { Outcome } from "../run";
import { ether, sum } from "../units";
import { charts, type Chart } from "./charts";
import { STYLE } from "./style";
import {
  accountsSheet,
  basketsSheet,
  bearersSheet,
  lossesSheet,
  notable,
  promisesSheet,
  setsSheet,
  yieldsSheet,
  type Sheet,
} from "./tables";

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const text = (value: string): string => value.replace(/[&<>"]/g, (c) => ESCAPES[c]);

function figure(name: string, value: string, note: string, tone = ""): string {
  return `<div class="figure ${tone}"><dt>${text(name)}</dt><dd>${text(value)}<small>${text(note)}</small></dd></div>`;
}

function legendOf(entries: Chart["legend"]): string {
  const items = entries.map(
    ({ name, colour, kind }) => `<li><span class="key ${kind}" style="color:${colour}"></span>${text(name)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

function table({ title, head, rows }: Sheet, id: string): string {
  const isNumber = (cell: string): boolean => /^-?[\d ]+(\.\d+)?$/.test(cell);
  const numeric = head.map((_, i) => rows.every((row) => row[i] === "" || row[i] === "–" || isNumber(row[i])));
  const align = (i: number): string => (numeric[i] && i > 0 ? ' class="number"' : "");
  const cells = (row: string[]): string =>
    row
      .map((cell, i) => (i === 0 ? `<th scope="row">${text(cell)}</th>` : `<td${align(i)}>${text(cell)}</td>`))
      .join("");
  return `<section aria-labelledby="${id}"><h2 id="${id}">${text(title)}</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table>
<thead><tr>${head.map((cell, i) => `<th scope="col"${align(i)}>${text(cell) || "&nbsp;"}</th>`).join("")}</tr></thead>
<tbody>${rows.map((row) => `<tr${row.includes("all") ? ' class="total"' : ""}>${cells(row)}</tr>`).join("\n")}</tbody>
</table></div></section>`;
}

function figures({ series, tally, losses, closing, final }: Outcome): string {
  const checks = [...tally.checks.values()].reduce((total, count) => total + count, 0);
  const broken = tally.broken.length;
  const peak = series.reduce((most, { nav }) => (nav > most ? nav : most), 0n);
  const lost = sum(losses.map(({ value }) => value));
  return `<dl class="figures">
${figure("Rate", ether(final.rate, 6), "ETH per trETH, began at 1")}
${figure("Net asset value", `${ether(series[series.length - 1].nav, 1)} ETH`, `${ether(peak, 1)} at its height`)}
${figure("Paid out", `${ether(sum(closing.map(({ gotOut }) => gotOut)), 1)} ETH`, "to those who left")}
${figure("Losses", `${ether(lost, 2)} ETH`, `${notable({ losses }).length} in all, shared by everybody alike`)}
${figure("Promises", broken === 0 ? `all ${promises.length} held` : `${broken} broken`, `${checks} checks`, broken === 0 ? "good" : "bad")}
</dl>`;
}

function diary({ events }: Outcome): string {
  const days = [...new Set(events.map(({ day }) => day))];
  const isGrave = (line: string): boolean => /slashed|loses|loss of|BROKEN|rush|hostile|set aside|stranger|off$/.test(line);
  const items = days.map((day) => {
    const lines = events.filter((e) => e.day === day);
    return `<li><span class="day">Day ${day}</span><ul>${lines
      .map(({ text: line }) => {
        const kind = line.startsWith("keeper:") ? "keeper" : isGrave(line) ? "grave" : "";
        return `<li${kind === "" ? "" : ` class="${kind}"`}>${text(line)}</li>`;
      })
      .join("")}</ul></li>`;
  });
  return `<section aria-labelledby="diary"><h2 id="diary">What happened</h2><ol class="diary" tabindex="0" aria-labelledby="diary">${items.join("\n")}</ol></section>`;
}

/** The report as one page that needs nothing but itself. */
export function page(outcome: Outcome): string {
  const { scenario, seed } = outcome;
  const drawings = charts(outcome).map(
    ({ title, about, svg, legend }) =>
      `<figure><figcaption><h2>${text(title)}</h2><p>${text(about)}</p>${legendOf(legend)}</figcaption>${svg}</figure>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trellis: ${text(scenario.name)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><p class="brand">Trellis</p><h1>${text(scenario.name)}</h1><p>${text(scenario.about)}</p>
<p class="meta">${scenario.days} days · ${scenario.people.length} people · seed ${seed} · ${outcome.transactions} transactions</p></header>
<main>
${figures(outcome)}
<div class="charts">
${drawings.join("\n")}
${diary(outcome)}
</div>
${table(accountsSheet(outcome), "accounts")}
${basketsSheet(outcome)
  .map((sheet) => table(sheet, "baskets"))
  .join("")}
${yieldsSheet(outcome)
  .map((sheet) => table(sheet, "yields"))
  .join("")}
${table(setsSheet(outcome), "sets")}
${table(lossesSheet(outcome), "losses")}
${notable(outcome).length > 0 ? table(bearersSheet(outcome), "bearers") : ""}
${table(promisesSheet(outcome), "promises")}
</main>
<footer><p>Every number was read from the chain at the end of its day; net asset value is recomputed from the engine and the issuer.</p></footer>
</body>
</html>
`;
}
