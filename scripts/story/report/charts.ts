import * as echarts from "echarts";
import type { Outcome } from "../run";
import { chartNumber } from "../units";
import { notable } from "./tables";

/** A drawing with what it says in words. */
export interface Chart {
  title: string;
  about: string;
  svg: string;
  /** What the lines are; beside the drawing, where the browser knows how wide words are. */
  legend: { name: string; colour: string; kind: "line" | "dashed" | "area" }[];
}

const COLOURS = ["#1f6f5c", "#3b82c4", "#d08a2e", "#8b5fbf", "#c2504d", "#5b7083", "#2aa198"];
const INK = "#334155";
const GRID = "#e6eaef";
const SIZE = { width: 640, height: 280 };
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

interface Series {
  name: string;
  data: number[];
  area?: boolean;
  dashed?: boolean;
  step?: boolean;
  axis?: number;
  colour: string;
  faint?: boolean;
}

interface Axis {
  name: string;
  format: string;
  fit?: boolean;
  min?: number;
}

/** Draws lines over the days; `marks` are vertical lines with a word. */
function draw(days: number[], series: Series[], axes: Axis[], marks: { day: number; name: string }[] = []): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    grid: { left: 56, right: axes.length > 1 ? 48 : 22, top: 40, bottom: 30 },
    xAxis: {
      type: "category",
      data: days.map(String),
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#94a3b8" } },
      axisLabel: { color: INK, fontSize: 12, interval: (i: number) => days[i] % 20 === 0, formatter: "day {value}" },
    },
    yAxis: axes.map(({ name, format, fit, min }) => ({
      type: "value",
      name,
      min,
      nameTextStyle: { color: INK, fontSize: 12 },
      nameGap: 14,
      scale: fit === true,
      axisLabel: { color: INK, fontSize: 12, formatter: format },
      splitLine: { lineStyle: { color: GRID } },
    })),
    series: series.map(({ name, data, area, dashed, step, axis, colour, faint }, i) => ({
      name,
      type: "line",
      data,
      showSymbol: false,
      yAxisIndex: axis ?? 0,
      step: step ? "end" : undefined,
      stack: area ? "all" : undefined,
      itemStyle: { color: colour },
      areaStyle: area ? { opacity: 0.75 } : undefined,
      lineStyle: { width: area ? 0 : faint ? 1.5 : 2.2, type: dashed ? "dashed" : "solid", color: colour },
      markLine:
        i === 0 && marks.length > 0
          ? {
              symbol: "none",
              silent: true,
              lineStyle: { color: "#c2504d", type: "dotted", width: 1.2 },
              label: { formatter: "{b}", color: "#9b2c2a", fontSize: 11, position: "end", rotate: 0 },
              data: marks.map((mark) => ({ name: mark.name, xAxis: String(mark.day) })),
            }
          : undefined,
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Makes a drawing part of the page: no address, any width, a name for those who do not see it. */
function inline(svg: string, title: string, about: string, id: string): string {
  return svg
    .replace(/ xmlns(:\w+)?="[^"]*"/g, "")
    .replace(/^<svg width="\d+" height="\d+"/, `<svg role="img" aria-labelledby="${id}-title ${id}-about"`)
    .replace(/>/, `><title id="${id}-title">${title}</title><desc id="${id}-about">${about}</desc>`);
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
    const svg = inline(draw(days, lines, axes, marked), title, about, `chart-${drawn.length}`);
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
  const names = Object.keys(series[0].exposure);
  const exposure = (list: string[]): Series[] =>
    list.flatMap((name, i) => [
      { name, data: series.map((p) => percent(p.exposure[name])), colour: COLOURS[i] },
      {
        name: `cap of ${name}`,
        data: series.map((p) => Number(p.caps[name]) / 100),
        colour: COLOURS[i],
        dashed: true,
        faint: true,
      },
    ]);
  const about =
    "Part of all restaked wstETH that could be slashed, with its cap as a dashed line. A cap binds when stake is allocated; every asset has the same caps for itself.";
  const ofStake: Axis[] = [{ name: "of all stake", format: "{value} %" }];
  add("Exposure by AVS", about, exposure(names.filter((name) => !name.includes("/"))), ofStake);
  add("Exposure by operator set", about, exposure(names.filter((name) => name.includes("/"))), ofStake);
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
