import { expect } from "chai";
import { network } from "hardhat";
import { CHECKS } from "./engine-invariants";
import { story, walk } from "./engine-walk";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ACTIONS = 120;
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

describe("docs/spec/invariants-engine.md", () => {
  it("has a line for every promise that the walk checks", () => {
    const text = readFileSync(join(__dirname, "../../docs/spec/invariants-engine.md"), "utf8");
    const written = [...text.matchAll(/^\| (EN-\d+) +\|.*\| every step of the walk\b/gm)].map(([, id]) => id);
    expect(written).to.deep.equal(Object.keys(CHECKS));
  });
});
