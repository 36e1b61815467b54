import { expect } from "chai";
import { page } from "../../../scripts/story/report/page";
import { stateOf } from "../../../scripts/story/report/state";
import { newTally } from "../../../scripts/story/promises";
import type { Outcome } from "../../../scripts/story/run";
import { parseScenario } from "../../../scripts/story/scenario";
import shipped from "../../../scripts/story/scenarios/first-season.json";
import type { DayPoint } from "../../../scripts/story/series";
import { honestDay } from "./moment";

const E = 10n ** 18n;

const point = (day: number): DayPoint => ({
  day,
  rate: E,
  fullRate: E,
  nav: 100n * E,
  supply: 100n * E,
  places: { idle: E, restaked: E, unbonding: 0n, redeeming: 0n, setAside: 0n },
  exposure: { "avs/0": 5_000_000n, avs: 5_000_000n },
  caps: { "avs/0": 600n, avs: 1_000n },
  waiting: { ETH: E, wstETH: 0n, rETH: 0n, cbETH: 0n },
  oldestBatchDays: 2,
  totalLoss: 0n,
});

function outcome(): Outcome {
  return {
    scenario: parseScenario({ ...shipped, name: "Bread & <butter>" }),
    seed: 1,
    series: [point(0), point(1), point(2)],
    events: [{ day: 1, text: "Ada <deposits>" }],
    closing: [
      { name: "Ada", putIn: E, gotOut: 0n, received: 0n, given: 0n, lossBorne: E, stillHas: E, shares: E, gain: 0n },
    ],
    losses: [
      { day: 1, cause: "slash", subject: "alder", set: "avs/0", value: E, bearers: [{ name: "Ada", value: E }] },
    ],
    tally: newTally(),
    final: honestDay().after,
    transactions: 3,
  };
}

describe("Story report", () => {
  it("needs nothing from outside: no address, no script, no link", () => {
    const html = page(outcome());
    expect(html).to.not.match(/https?:|\/\/[a-z]|<script|<link|@import|url\((?!#)/i);
  });

  it("escapes what a scenario says", () => {
    const html = page(outcome());
    expect(html).to.include("Bread &amp; &lt;butter&gt;");
    expect(html).to.include("Ada &lt;deposits&gt;");
    expect(html).to.not.include("<butter>");
  });

  it("gives every chart a title and a description", () => {
    const html = page(outcome());
    expect(html.match(/<svg /g)).to.have.length(5);
    expect(html.match(/<svg role="img" aria-labelledby="chart-\d-title chart-\d-about"/g)).to.have.length(5);
    expect(html.match(/<desc id=/g)).to.have.length(5);
  });

  it("writes whole numbers of the state as strings", () => {
    const state = JSON.parse(stateOf(outcome())) as { series: { rate: unknown }[]; seed: unknown };
    expect(state.series[0].rate).to.equal("1000000000000000000");
    expect(state.seed).to.equal(1);
  });
});
