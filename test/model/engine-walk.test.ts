import { expect } from "chai";
import { network } from "hardhat";
import { EngineModel } from "./engine";
import { CHECKS } from "./engine-invariants";
import { STRATEGIES, type Action, type Observation } from "./engine-types";
import { story, walk } from "./engine-walk";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ACTIONS = 100;
const SEEDS = [1, 2, 3];
/** Actions that a walk may waste on being refused, of a hundred. */
const WASTE = 50;

describe("the engine and its model, in lock step", () => {
  let untouched: string;
  beforeEach(async () => {
    untouched = (await network.provider.send("evm_snapshot")) as string;
  });
  afterEach(async () => {
    await network.provider.send("evm_revert", [untouched]); // other tests find the chain as it was
  });

  // SEED repeats one walk.
  for (const seed of process.env.SEED ? [Number(process.env.SEED)] : SEEDS) {
    it(`agree to the wei over ${ACTIONS} random actions, seed ${seed}`, async () => {
      const walked = await walk(seed, ACTIONS);
      if (walked.failure !== undefined) expect.fail(story(walked));
      const refused = Object.values(walked.refused).reduce((sum, count) => sum + count, 0);
      expect(refused * 100).to.be.below(ACTIONS * WASTE);
    });
  }
});

describe("a walk that fails", () => {
  /** Believes that the third deposit and every one after it are a share better than they are. */
  class WrongModel extends EngineModel {
    private deposits = 0;

    override perform(action: Action, block: bigint): string | undefined {
      const refused = super.perform(action, block);
      if (action.do === "deposit" && refused === undefined) this.deposits += 1;
      return refused;
    }

    override observe(block: bigint): Observation {
      const seen = super.observe(block);
      if (this.deposits >= 3) seen.strategies[STRATEGIES[0]].totalShares += 1n;
      return seen;
    }
  }

  let untouched: string;
  beforeEach(async () => {
    untouched = (await network.provider.send("evm_snapshot")) as string;
  });
  afterEach(async () => {
    await network.provider.send("evm_revert", [untouched]);
  });

  it("prints what can be replayed: the same failure again, and none once the model is right", async () => {
    const walked = await walk(1, ACTIONS, undefined, WrongModel);
    const step = walked.trace.length - 1;
    expect(walked.failure).to.include(`step ${step}, ${JSON.stringify(walked.trace[step])}`);
    expect(walked.failure).to.match(/strategies\.\w+\.totalShares: the contracts say \d+n, the model \d+n/);

    const printed = story(walked);
    expect(printed).to.include(`npm run walk -- --seed 1 --actions ${walked.trace.length}\n`);
    expect((await walk(1, walked.trace.length, undefined, WrongModel)).failure).to.equal(walked.failure);
    const actions = JSON.parse(printed.slice(printed.lastIndexOf("\n"))) as Action[];
    const again = await walk(99, 0, actions, WrongModel);
    expect(again.failure).to.equal(walked.failure);
    expect(again.trace).to.deep.equal(walked.trace);
    const right = await walk(99, 0, actions);
    expect(right.failure).to.equal(undefined);
    expect(right.trace).to.deep.equal(actions);
  });
});

describe("docs/spec/invariants-engine.md", () => {
  it("has a line for every promise that the walk checks", () => {
    const text = readFileSync(join(__dirname, "../../docs/spec/invariants-engine.md"), "utf8");
    const written = [...text.matchAll(/^\| (EN-\d+) +\|.*\| every step of the walk\b/gm)].map(([, id]) => id);
    expect(written).to.deep.equal(Object.keys(CHECKS));
  });
});
