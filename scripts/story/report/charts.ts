import type { Outcome } from "../run";
import { chartNumber, sum } from "../units";
import { COLOURS, drawDays, drawWaterfall, type Axis, type Series } from "./drawing";
import { notable } from "./tables";

/** A drawing with what it says in words. */
export interface Chart {
  title: string;
  about: string;
  svg: string;
  /** What the lines are; beside the drawing, where the browser knows how wide words are. */
  legend: { name: string; colour: string; kind: "line" | "dashed" | "area" }[];
}

/** Makes a drawing part of the page: no address, any width, a name for those who do not see it. */
function inline(svg: string, title: string, about: string, id: string): string {
  return svg
    .replace(/ xmlns(:\w+)?="[^"]*"/g, "")
    .replace(/^<svg width="\d+" height="\d+"/, `<svg role="img" aria-labelledby="${id}-title ${id}-about"`)
    .replace(/>/, `><title id="${id}-title">${title}</title><desc id="${id}-about">${about}</desc>`);
}

/** What every AVS cost, and what issuers did. */
function waterfall(outcome: Outcome, number: number): Chart {
  const losses = notable(outcome);
  const causeOf = ({ cause, set, subject }: Outcome["losses"][number]): string =>
    cause === "slash" ? (set ?? "unknown").split("/")[0] : cause === "issuer" ? subject : cause;
  const causes = [...new Set(losses.map(causeOf))];
  const parts = causes
    .map((name) => ({ name, value: sum(losses.filter((l) => causeOf(l) === name).map(({ value }) => value)) }))
    .sort((a, b) => (a.value < b.value ? 1 : -1))
    .map(({ name, value }) => {
      const place = outcome.avss.indexOf(name);
      return { name, value: chartNumber(value), colour: place === -1 ? "#94a3b8" : COLOURS[place] };
    });
  const title = "What AVSs and issuers cost";
  const about =
    "Every recognised loss by who took it, the largest first: each bar begins where the one before it ends. By AVS as the protocol's own ledger has it.";
  const svg = inline(drawWaterfall(parts, { name: "ETH", format: "{value}" }), title, about, `chart-${number}`);
  return { title, about, svg, legend: [] };
}

/** Exposure in millionths of a percent, for a chart. */
const percent = (part: bigint): number => Number(part) / 1_000_000;

/** All charts of a report. */
export function charts(outcome: Outcome): Chart[] {
  const { series } = outcome;
  const days = series.map(({ day }) => day);
  const of = (pick: (point: Outcome["series"][number]) => bigint): number[] => series.map((p) => chartNumber(pick(p)));
  const marks = notable(outcome).map(({ day, cause }) => ({ day, name: cause === "slash" ? "slash" : "loss" }));
  const drawn: Chart[] = [];
  const add = (title: string, about: string, lines: Series[], axes: Axis[], marked = marks): void => {
    const svg = inline(drawDays(days, lines, axes, marked), title, about, `chart-${drawn.length}`);
    const legend = lines.map(({ name, colour, area, dashed }) => {
      return { name, colour, kind: area ? ("area" as const) : dashed ? ("dashed" as const) : ("line" as const) };
    });
    drawn.push({ title, about, svg, legend });
  };
  add(
    "What a share is worth",
    "Rate of trETH in ETH, and the rate with gains that are known but still wait to be recognised. Losses count at once, gains along a cap.",
    [
      { name: "with waiting gain", data: of((p) => p.fullRate), colour: "#94a3b8", dashed: true, faint: true },
      { name: "rate", data: of((p) => p.rate), colour: COLOURS[0] },
    ],
    [{ name: "ETH per trETH", format: "{value}", fit: true }],
  );
  const places = [
    ["restaked", "restaked"],
    ["unbonding", "unbonding"],
    ["redeeming", "redeeming"],
    ["idle", "idle"],
    ["set aside for leavers", "setAside"],
  ] as const;
  add(
    "Where the backing is",
    "Ether value by place: restaked in the engine, on its way back from it, being redeemed by the issuer, idle in the pool, and set aside for filled tickets (no longer part of net asset value).",
    places.map(([name, key], i) => ({ name, data: of((p) => p.places[key]), area: true, colour: COLOURS[i] })),
    [{ name: "ETH", format: "{value}" }],
    [],
  );
  const ofStake: Axis[] = [{ name: "of all stake", format: "{value} %", min: 0, max: 25 }]; // room above the limit
  const avss = outcome.avss;
  add(
    "Who could slash how much",
    "Part of the ether value of all stake that each AVS could take, pending changes included, and what all of them together may have at most. A limit binds when stake is allocated, and binds every asset for itself.",
    [
      ...avss.map((name, i) => ({
        name,
        data: series.map((p) => percent(p.exposure[name] ?? 0n)),
        area: true,
        colour: COLOURS[i],
      })),
      { name: "limit of all", data: series.map((p) => Number(p.budgetBps) / 100), colour: "#9b2c2a", dashed: true },
    ],
    ofStake,
  );
  drawn.push(waterfall(outcome, drawn.length));
  add(
    "Who holds the stake",
    "Part of the ether value of all stake with each operator. One that is set aside gets nothing new, and what it has comes home.",
    outcome.operators.map((name, i) => ({
      name,
      data: series.map((p) => percent(p.stake[name])),
      area: true,
      colour: COLOURS[i],
    })),
    [{ name: "of all stake", format: "{value} %", min: 0, max: 100 }],
    [],
  );
  add(
    "The line",
    "Shares that wait to be paid, by payout asset, and the age of the oldest batch that waits with more than 0.01 shares.",
    [
      { name: "waiting for wstETH", data: of((p) => p.waiting.wstETH), area: true, colour: COLOURS[0] },
      { name: "waiting for ETH", data: of((p) => p.waiting.ETH), area: true, colour: COLOURS[1] },
      { name: "waiting for rETH", data: of((p) => p.waiting.rETH), area: true, colour: COLOURS[2] },
      { name: "waiting for cbETH", data: of((p) => p.waiting.cbETH), area: true, colour: COLOURS[3] },
      {
        name: "oldest batch (days)",
        data: series.map((p) => p.oldestBatchDays),
        axis: 1,
        step: true,
        colour: COLOURS[4],
      },
    ],
    [
      { name: "shares", format: "{value}" },
      { name: "days", format: "{value}", min: 0 },
    ],
    [],
  );
  return drawn;
}
