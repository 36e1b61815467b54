import * as echarts from "echarts";

export const COLOURS = ["#1f6f5c", "#3b82c4", "#d08a2e", "#8b5fbf", "#c2504d", "#5b7083", "#2aa198"];
const INK = "#334155";
const GRID = "#e6eaef";
const SIZE = { width: 640, height: 280 };
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
/** Days between two words above a drawing, so that they do not run into each other. */
const WORDS_APART = 9;

export interface Series {
  name: string;
  data: number[];
  area?: boolean;
  dashed?: boolean;
  step?: boolean;
  axis?: number;
  colour: string;
  faint?: boolean;
}

export interface Axis {
  name: string;
  format: string;
  fit?: boolean;
  min?: number;
  max?: number;
}

/** A vertical line with a word. */
export interface Mark {
  day: number;
  name: string;
}

const text = { color: INK, fontSize: 12 };
const category = { axisTick: { show: false }, axisLine: { lineStyle: { color: "#94a3b8" } } };

function render(option: object): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: INK }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

const valueAxis = ({ name, format, fit, min, max }: Axis): object => ({
  type: "value",
  name,
  min,
  max,
  nameTextStyle: text,
  nameGap: 14,
  scale: fit === true,
  axisLabel: { ...text, formatter: format },
  splitLine: { lineStyle: { color: GRID } },
});

/** One line for a day; a word only where there is room for it. */
function spaced(marks: Mark[]): Mark[] {
  let last = -WORDS_APART;
  return marks
    .filter(({ day }, i) => marks.findIndex((mark) => mark.day === day) === i)
    .map((mark) => {
      if (mark.day - last < WORDS_APART) return { ...mark, name: "" };
      last = mark.day;
      return mark;
    });
}

/** Draws lines over the days. */
export function drawDays(days: number[], series: Series[], axes: Axis[], marks: Mark[] = []): string {
  const lines = spaced(marks).map(({ day, name }) => ({ name, xAxis: String(day) }));
  return render({
    grid: { left: 56, right: axes.length > 1 ? 48 : 22, top: 40, bottom: 30 },
    xAxis: {
      type: "category",
      data: days.map(String),
      boundaryGap: false,
      ...category,
      axisLabel: { ...text, interval: (i: number) => days[i] % 20 === 0, formatter: "day {value}" },
    },
    yAxis: axes.map(valueAxis),
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
        i === 0 && lines.length > 0
          ? {
              symbol: "none",
              silent: true,
              lineStyle: { color: "#c2504d", type: "dotted", width: 1.2 },
              label: { formatter: "{b}", color: "#9b2c2a", fontSize: 11, position: "end", rotate: 0 },
              data: lines,
            }
          : undefined,
    })),
  });
}

/** A part of a sum. */
export interface Part {
  name: string;
  value: number;
  colour: string;
}

/** Draws how parts add up: each bar begins where the one before it ends, and the last is all of it. */
export function drawWaterfall(parts: Part[], axis: Axis): string {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const bars = [...parts, { name: "all", value: total, colour: INK }];
  const below = bars.map((_, i) =>
    i === parts.length ? 0 : parts.slice(0, i).reduce((sum, { value }) => sum + value, 0),
  );
  return render({
    grid: { left: 56, right: 22, top: 40, bottom: 46 },
    xAxis: {
      type: "category",
      data: bars.map(({ name }) => name),
      ...category,
      axisLabel: { ...text, interval: 0, width: 88, overflow: "break" },
    },
    yAxis: [valueAxis(axis)],
    series: [
      { type: "bar", stack: "all", silent: true, data: below, itemStyle: { color: "transparent" } },
      {
        type: "bar",
        stack: "all",
        barMaxWidth: 52,
        data: bars.map(({ value, colour }) => ({ value, itemStyle: { color: colour } })),
        label: { show: true, position: "top", ...text, formatter: ({ value }: { value: number }) => value.toFixed(2) },
      },
    ],
  });
}
