import { expect } from "chai";
import { network } from "hardhat";
import { Arena } from "./profit-arena";
import { isHarm, isProfit, judge, search, told } from "./profit-search";
import type { Step } from "./profit-types";

const TRIALS = 8;
const SEEDS = [3, 4];

/** Somebody may be paid in a line; what waits of his gain is left to those who stay, the attacker among them. */
const OTHER_WAITS: Step[] = [
  { do: "other requests", asset: "wstETH", amount: 100 },
  { do: "wait", hours: 72 },
];

describe("Nobody ends with more than he brought", () => {
  let untouched: string;
  let arena: Arena;
  before(async () => {
    untouched = (await network.provider.send("evm_snapshot")) as string;
    arena = await Arena.create();
  });
  afterEach(() => {
    arena.planted = undefined;
  });
  after(async () => {
    await network.provider.send("evm_revert", [untouched]); // other tests find the chain as it was
  });

  // SEED repeats one search.
  for (const seed of process.env.SEED ? [Number(process.env.SEED)] : SEEDS) {
    it(`whatever he does in whatever order, in ${TRIALS} sequences found uphill, seed ${seed}`, async () => {
      const { best, worst, done } = await search(arena, seed, TRIALS);
      expect(isProfit(best), told(best)).to.equal(false);
      expect(isHarm(worst), told(worst)).to.equal(false);
      expect(done, "deeds that went through").to.be.at.least(TRIALS);
    });
  }

  it("gives a newcomer nothing of what somebody else has just left", async () => {
    const steps: Step[] = [
      { do: "other deposits", token: "cbETH", amount: 100 },
      { do: "deposit", token: "ETH", amount: 3_000, via: "plain" },
      { do: "crank", crank: "report" },
    ];
    const judged = await judge(arena, steps);
    expect(isProfit(judged), told(judged)).to.equal(false);
    expect(judged.done).to.equal(2);
    arena.planted = "haircut is sold"; // as it was while only a report put it into the price
    const open = await judge(arena, steps);
    expect(isProfit(open), told(open)).to.equal(true);
    expect(isHarm(open)).to.equal(false); // those who were there get less, and lose nothing they had
  });

  it("is not so where a waiting gain is sold at the rate, and the search finds that", async () => {
    arena.planted = "waiting is sold";
    const { best } = await search(arena, 1, 3 * TRIALS);
    expect(isProfit(best), told(best)).to.equal(true);
    expect(told(best)).to.match(/^profit \d+ wei.*\n( {2}\{.*\n)* {2}\{"do":"deposit".*"via":"plain"/);
    expect(isProfit(await judge(arena, best.steps))).to.equal(true);
    arena.planted = undefined;
    expect(isProfit(await judge(arena, best.steps))).to.equal(false);
  });

  it("is not so where a basket is credited twice, and the search finds that", async () => {
    arena.planted = "idle is credited twice";
    const { best } = await search(arena, 1, 3 * TRIALS);
    expect(isProfit(best), told(best)).to.equal(true);
    arena.planted = undefined;
    expect(isProfit(await judge(arena, best.steps))).to.equal(false);
  });

  it("gives him his part of what others in line leave, to the wei, whether he reports first or not", async () => {
    const judged = await judge(arena, [...OTHER_WAITS, { do: "line", crank: "fill", asset: "wstETH" }]);
    expect(isProfit(judged), told(judged)).to.equal(false);
    expect(judged.done).to.equal(1);
    const reported = await judge(arena, [
      ...OTHER_WAITS,
      { do: "crank", crank: "report" },
      { do: "line", crank: "fill", asset: "wstETH", atOnce: true },
    ]);
    expect(isProfit(reported), told(reported)).to.equal(false);
    expect(reported.done).to.equal(1); // both in one transaction
  });

  it("gives him his part of a gain that a basket took along, and of what came to those who stay", async () => {
    const judged = await judge(arena, [
      { do: "earns", token: "wstETH", bps: 5 },
      { do: "strike" },
      { do: "deposit", token: "WETH", amount: 3, via: "plain" },
    ]);
    expect(isProfit(judged), told(judged)).to.equal(false);
    expect(judged.done).to.equal(2);
  });

  for (const planted of ["leavers leave twice", "his part is paid twice"] as const) {
    it(`is not so where ${planted}, and the search finds that`, async () => {
      arena.planted = planted;
      const { best, worst } = await search(arena, 1056, TRIALS);
      expect(isProfit(best), told(best)).to.equal(true);
      // Who stays has no less than before: only the part shows it, and what those in line were paid.
      expect(isHarm(worst), told(worst)).to.equal(planted === "leavers leave twice");
      arena.planted = undefined;
      expect(isProfit(await judge(arena, best.steps))).to.equal(false);
    });
  }

  it("sees what a passive holder's basket loses", async () => {
    const steps: Step[] = [{ do: "crank", crank: "settle" }];
    expect(isHarm(await judge(arena, steps))).to.equal(false);
    arena.planted = "a struck basket loses";
    const robbed = await judge(arena, steps);
    expect(isHarm(robbed), told(robbed)).to.equal(true);
  });
});
