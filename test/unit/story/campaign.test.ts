import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { datesSummary, summary, tableOf } from "../../../scripts/campaign/summary";

const ROOT = join(__dirname, "../../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const textsIn = (folder: string): string =>
  readdirSync(join(ROOT, folder))
    .map((file) => read(`${folder}/${file}`))
    .join("\n");
const idsIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, id]) => id).sort();

describe("The campaign", () => {
  const judged = idsIn(textsIn("test/invariant/promises"), /"([A-Z][\w-]+)"\s*\)/g);

  it("has at least sixty promises, each with an id of its own", () => {
    expect(judged.length).to.be.greaterThanOrEqual(60);
    expect(new Set(judged).size).to.equal(judged.length);
  });

  it("shows every promise broken", () => {
    expect(idsIn(textsIn("test/invariant/doctors"), /id == "([\w-]+)"/g)).to.deep.equal(judged);
    expect(idsIn(textsIn("test/invariant/doctors"), /list\[\d+\] = "([\w-]+)"/g)).to.deep.equal(judged);
  });

  it("has a sentence for every promise", () => {
    const [, page] = read("docs/spec/invariants.md").split("## What the campaign checks after every action");
    expect(idsIn(page, /^\| ([A-Z][\w-]+) +\|/gm)).to.deep.equal(judged);
  });

  it("has at least forty kinds of actions", () => {
    const actions = idsIn(textsIn("test/invariant/actions"), /function (\w+)\([^)]*\) external onTime/g);
    expect(new Set(actions).size).to.equal(actions.length).and.to.be.greaterThanOrEqual(40);
  });
});

describe("The summary of a campaign", () => {
  const output =
    "| Handler  | fill | 10    | 4       | 0        |\n|---|\n| Handler  | report | 30    | 0       | 0        |";

  it("reads forge's table", () => {
    expect(tableOf(output)).to.deep.equal([
      { action: "fill", calls: 10, refused: 4 },
      { action: "report", calls: 30, refused: 0 },
    ]);
  });

  it("tells the share that went through, in all and of each action", () => {
    const text = summary({ code: 0, output }, "7", 4);
    expect(text).to.include("seed 7: every promise held");
    expect(text).to.include("40 calls in 4 s, 10 a second; 90.0 % went through");
    expect(text).to.include("60.0 % of 10");
  });

  it("adds up runs that look at dates", () => {
    expect(datesSummary("7 3 1 0 7200\n8 0 0 0 0\n9 2 0 1 3600\n")).to.equal(
      "3 runs, 5 tickets: 1 with a later date after a slash of what was on its way, " +
        "1 with less of their asset than the line was worth; the closest was paid 1.0 hours before its date",
    );
  });

  it("tells which promise was broken", () => {
    const text = summary({ code: 1, output: '[FAIL: Broken("fill", ["WQ-5"])]' }, "7", 4);
    expect(text).to.include('seed 7: [FAIL: Broken("fill", ["WQ-5"])]');
  });
});
