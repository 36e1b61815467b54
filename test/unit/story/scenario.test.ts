import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseScenario, ScenarioError, type ScenarioInput } from "../../../scripts/story/scenario";

const ROOT = join(__dirname, "../../..");
const SHIPPED = join(ROOT, "scripts/story/scenarios/first-season.json");

const shipped = (): ScenarioInput => JSON.parse(readFileSync(SHIPPED, "utf8")) as ScenarioInput;

/** The message for the shipped scenario after a change. */
function problemOf(change: (scenario: ScenarioInput) => void): string {
  const scenario = shipped();
  change(scenario);
  try {
    parseScenario(scenario);
  } catch (error) {
    expect(error).to.be.instanceOf(ScenarioError);
    return (error as Error).message;
  }
  return "";
}

describe("Story scenario", () => {
  it("accepts the shipped scenario and turns its amounts into wei", () => {
    const { events } = parseScenario(shipped());
    expect(events[0]).to.include({ kind: "deposit", amount: 320n * 10n ** 18n });
  });

  const bad: [string, (s: ScenarioInput) => void, string][] = [
    ["an unknown field", (s) => Object.assign(s.lido, { speed: 1 }), "lido.speed: unknown field"],
    ["a missing field", (s) => Reflect.deleteProperty(s, "days"), "days: "],
    [
      "an amount without a unit",
      (s) => Object.assign(s.events[0], { amount: "12.5" }),
      "events[0].amount: must be an amount",
    ],
    [
      "less than a wei",
      (s) => Object.assign(s.events[0], { amount: "0.1 wei" }),
      "events[0].amount: 0.1 wei is less than",
    ],
    ["an unknown kind", (s) => Object.assign(s.events[2], { kind: "steal" }), "events[2].kind: "],
    ["a token the pool does not take", (s) => Object.assign(s.events[1], { token: "DOGE" }), "events[1].token: "],
    ["somebody unknown", (s) => Object.assign(s.events[0], { who: "Zoe" }), "events[0].who: there is nobody named Zoe"],
    ["a day after the end", (s) => Object.assign(s, { days: 5 }), ".day: the story ends on day 5"],
    ["somebody twice", (s) => Object.assign(s.people[1], { name: "Ada" }), "people[1].name: Ada is there twice"],
    ["too many basis points", (s) => Object.assign(s.lido, { variationBps: 10_001 }), "lido.variationBps: "],
  ];
  for (const [what, change, message] of bad) {
    it(`names the field when there is ${what}`, () => {
      expect(problemOf(change)).to.include(message);
    });
  }

  it("names the AVS, the set and the operator that do not exist", () => {
    const slash = shipped().events.findIndex(({ kind }) => kind === "slash");
    const change = (fields: object) => problemOf((s) => Object.assign(s.events[slash], fields));
    expect(change({ avs: "nobody" })).to.include(`events[${slash}].avs: there is no AVS nobody`);
    expect(change({ set: 9 })).to.include(`events[${slash}].set: price-oracle has no set 9`);
    expect(change({ operator: "oak" })).to.include(`events[${slash}].operator: there is no operator oak`);
  });

  it("knows newcomers by the events that bring them, and refuses what came too early or is named twice", () => {
    const turn = shipped().events.findIndex(({ kind }) => kind === "turn");
    expect(problemOf((s) => Object.assign(s.events[turn], { avs: "nobody" }))).to.include(
      `events[${turn}].avs: no newcomer nobody came before day`,
    );
    expect(problemOf((s) => Object.assign(s.events[turn], { day: 1 }))).to.include(
      "no newcomer courier came before day 1",
    );
    const came = shipped().events.findIndex(({ kind }) => kind === "newcomer");
    expect(problemOf((s) => Object.assign(s.events[came], { avs: "finality" }))).to.include("another AVS finality");
    expect(problemOf((s) => s.events.push({ ...s.events[came] }))).to.include("another AVS courier");
    expect(problemOf((s) => Object.assign(s.events[came], { targetBps: 201 }))).to.include(
      "targetBps: is above the cap",
    );
  });

  describe("from the command line", () => {
    const start = (args: string[]) =>
      spawnSync(process.execPath, ["-r", "ts-node/register/transpile-only", "scripts/story/main.ts", ...args], {
        cwd: ROOT,
        encoding: "utf8",
      });

    it("exits with 2 before anything is started when the file is wrong", () => {
      const folder = mkdtempSync(join(tmpdir(), "story-"));
      try {
        const file = join(folder, "bad.json");
        writeFileSync(file, JSON.stringify({ ...shipped(), days: "many" }));
        const { status, stderr, stdout } = start(["--scenario", file, "--out", folder]);
        expect(stderr).to.include("days: ");
        expect(stdout).to.equal("");
        expect(status).to.equal(2);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("exits with 2 when there is no such file, or the seed is no number", () => {
      expect(start(["--scenario", "no-such-file.json"]).status).to.equal(2);
      expect(start(["--seed", "luck"]).status).to.equal(2);
    });
  });
});
