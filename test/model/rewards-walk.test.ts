import { expect } from "chai";
import { network } from "hardhat";
import { RewardsWalk, type Step } from "./rewards-walk";

const STEPS = 120;
const SEEDS = [1, 2];
/** Claims that must have paid, of so many steps, for the walk to mean something. */
const LEAST_PAID = 10;

const written = (steps: Step[]) => JSON.stringify(steps, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v));

describe("the RewardsCoordinator, walked at random (EN-18)", () => {
  let untouched: unknown;
  beforeEach(async () => {
    untouched = await network.provider.send("evm_snapshot");
  });
  afterEach(async () => {
    await network.provider.send("evm_revert", [untouched]); // other tests find the chain as it was
  });

  // SEED repeats one walk.
  for (const seed of process.env.SEED ? [Number(process.env.SEED)] : SEEDS) {
    it(`never pays more than was earned and given, over ${STEPS} steps, seed ${seed}`, async () => {
      const walk = await RewardsWalk.start(seed);
      const steps: Step[] = [];
      let paid = 0;
      for (let i = 0; i < STEPS; ++i) {
        const step = i === 0 ? walk.first() : walk.next();
        steps.push(step);
        const before = written([{ do: "root", earned: walk.books.claimed }]);
        const found = await walk.perform(step);
        if (found.length > 0) {
          expect.fail(`seed ${seed}, step ${i}\n  ${found.join("\n  ")}\nSEED=${seed} repeats it\n${written(steps)}`);
        }
        if (before !== written([{ do: "root", earned: walk.books.claimed }])) paid += 1;
      }
      expect(paid).to.be.at.least(LEAST_PAID);
    });
  }

  it("finds books that are wrong", async () => {
    const walk = await RewardsWalk.start(1);
    await walk.perform(walk.first());
    walk.books.funded[0] += 1n;
    expect(await walk.perform({ do: "wait", days: 1 })).to.deep.equal(["EN-18: token 0: 0 is there, not 1"]);
  });
});
