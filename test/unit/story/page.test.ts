import { expect } from "chai";
import { page } from "../../../scripts/story/report/page";
import { stateOf } from "../../../scripts/story/report/state";
import { newTally } from "../../../scripts/story/promises";
import type { Outcome } from "../../../scripts/story/run";
import { parseScenario } from "../../../scripts/story/scenario";
import shipped from "../../../scripts/story/scenarios/first-season.json";
import type { DayPoint } from "../../../scripts/story/series";
import { basketTicket, honestDay } from "./moment";

const E = 10n ** 18n;

const point = (day: number): DayPoint => ({
  day,
  rate: E,
  fullRate: E,
  nav: 100n * E,
  supply: 100n * E,
  places: { idle: E, restaked: E, unbonding: 0n, redeeming: 0n, setAside: 0n },
  exposure: { "avs/0": 5_000_000n, "avs/1": 0n, avs: 5_000_000n },
  caps: { "avs/0": 600n, "avs/1": 400n, avs: 1_000n },
  budgetBps: 2_000n,
  stake: { alder: 10_000_000n },
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
    baskets: [{ id: 7n, owner: "Ada", day: 1, atStrike: basketTicket(7n, "Ada", 1).told }],
    avss: ["avs"],
    operators: ["alder"],
    yields: { lst: E / 40n, avs: E / 200n, incentives: E / 400n, realised: E / 50n, sustainable: (E * 12n) / 13n },
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
    expect(html.match(/<svg /g)).to.have.length(6);
    expect(html.match(/<svg role="img" aria-labelledby="chart-\d-title chart-\d-about"/g)).to.have.length(6);
    expect(html.match(/<desc id=/g)).to.have.length(6);
  });

  it("tells where the yield came from, each source in a row of its own", () => {
    const html = page(outcome());
    for (const [name, part] of [
      ["staking tokens", "2.50 %"],
      ["AVS rewards", "0.50 %"],
      ["incentives", "0.25 %"],
      ["sustainable", "92.30 %"],
    ]) {
      expect(html).to.match(new RegExp(`<th scope="row">${name}</th><td[^>]*>${part}</td>`));
    }
    expect(page({ ...outcome(), yields: undefined })).to.not.include("Where the yield came from");
  });

  it("tells of who left by basket where his part was, what slashes took of it and what has come", () => {
    const told = outcome();
    told.final.baskets.tickets[0].told.wstETH.unbonding -= E / 2n;
    const row = /<tr><th scope="row">Ada<\/th><td[^>]*>1<\/td><td[^>]*>wstETH<\/td>(.*?)<\/tr>/.exec(page(told))?.[1];
    const cells = [...(row ?? "").matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell);
    expect(cells).to.deep.equal(["1.0000", "3.0000", "2.0000", "0.0000", "0.5000", "1.0000", "4.5000"]);
    expect(page({ ...outcome(), baskets: [] })).to.not.include("Who left by basket");
  });

  it("draws the losses by who took them, and all of them", () => {
    const html = page(outcome());
    const drawing = /What AVSs and issuers cost[\s\S]*?<\/svg>/.exec(html)?.[0];
    for (const word of [">avs<", ">all<", ">1.00<"]) expect(drawing).to.include(word);
  });

  it("writes whole numbers of the state as strings", () => {
    const state = JSON.parse(stateOf(outcome())) as { series: { rate: unknown }[]; seed: unknown };
    expect(state.series[0].rate).to.equal("1000000000000000000");
    expect(state.seed).to.equal(1);
  });
});
