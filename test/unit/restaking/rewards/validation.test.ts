import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ether } from "../../../integration/engine/world";
import { DIRECTED, PLAIN } from "./kinds";
import {
  BEACON_ETH,
  DAY,
  MOST,
  nextDay,
  rewardsWorld,
  WEEK,
  type Directed,
  type RewardsWorld,
  type Submission,
} from "./world";

type Terms = Pick<Submission & Directed, "strategiesAndMultipliers" | "startTimestamp" | "duration">;

const LONGEST = 730n * DAY;

/** What no submission may be → the error it is refused with. */
const TERMS: Record<string, [(w: RewardsWorld) => Partial<Terms>, string]> = {
  "no strategy": [() => ({ strategiesAndMultipliers: [] }), "InputArrayLengthZero"],
  "longer than the longest": [() => ({ duration: LONGEST + DAY }), "DurationExceedsMax"],
  "for no whole number of days": [() => ({ duration: WEEK - 1n }), "InvalidDurationRemainder"],
  "for no time": [() => ({ duration: 0n }), "DurationIsZero"],
  "from within a day": [(w) => ({ startTimestamp: w.today - 3n * WEEK + 1n }), "InvalidStartTimestampRemainder"],
  "from too long ago": [(w) => ({ startTimestamp: w.today - 169n * DAY }), "StartTimestampTooFarInPast"],
  "for a strategy that takes no deposits": [
    (w) => ({ strategiesAndMultipliers: [{ strategy: w.registrar, multiplier: 1n }] }),
    "StrategyNotWhitelisted",
  ],
  "for strategies out of order": [
    (w) => ({ strategiesAndMultipliers: [...w.usual.strategiesAndMultipliers].reverse() }),
    "StrategiesNotInAscendingOrder",
  ],
  "for a strategy twice": [
    ({
      usual: {
        strategiesAndMultipliers: [one],
      },
    }) => ({ strategiesAndMultipliers: [one, one] }),
    "StrategiesNotInAscendingOrder",
  ],
};

/** What a submission of one amount may not be. */
const AMOUNTS: Record<string, [(w: RewardsWorld) => Partial<Submission>, string]> = {
  "of nothing": [() => ({ amount: 0n }), "AmountIsZero"],
  "of too much": [() => ({ amount: MOST + 1n }), "AmountExceedsMax"],
  "from too far ahead": [(w) => ({ startTimestamp: w.today + 32n * DAY }), "StartTimestampTooFarInFuture"],
};

/** What a submission by operator may not be. */
const OPERATORS: Record<string, [(w: RewardsWorld) => Partial<Directed>, string]> = {
  "for no operator": [() => ({ operatorRewards: [] }), "InputArrayLengthZero"],
  "for a time that is not over": [(w) => ({ startTimestamp: w.today - 6n * DAY }), "SubmissionNotRetroactive"],
  "for nobody": [() => ({ operatorRewards: [{ operator: ZeroAddress, amount: 1n }] }), "InvalidAddressZero"],
  "for operators out of order": [
    (w) => ({ operatorRewards: [...w.directed.operatorRewards].reverse() }),
    "OperatorsNotInAscendingOrder",
  ],
  "for an operator twice": [
    ({
      directed: {
        operatorRewards: [one],
      },
    }) => ({ operatorRewards: [one, one] }),
    "OperatorsNotInAscendingOrder",
  ],
  "of nothing for an operator": [
    ({ operators: [a, b] }) => ({
      operatorRewards: [
        { operator: a, amount: 1n },
        { operator: b, amount: 0n },
      ],
    }),
    "AmountIsZero",
  ],
  "of too much in all": [
    ({ operators: [a, b] }) => ({
      operatorRewards: [
        { operator: a, amount: MOST },
        { operator: b, amount: 1n },
      ],
    }),
    "AmountExceedsMax",
  ],
};

describe("RewardsCoordinator: what a submission may not be", () => {
  for (const [name, kind] of Object.entries(PLAIN)) {
    it(`${name} refuses each of it`, async () => {
      const w = await loadFixture(rewardsWorld);
      for (const [text, [change, error]] of Object.entries({ ...TERMS, ...AMOUNTS })) {
        const wrong = { ...w.usual, ...change(w) };
        await expect(kind.submit(w, kind.giver(w), [wrong]), text).to.be.revertedWithCustomError(w.rc, error);
      }
    });
  }

  for (const [name, kind] of Object.entries(DIRECTED)) {
    it(`${name} refuses each of it`, async () => {
      const w = await loadFixture(rewardsWorld);
      for (const [text, [change, error]] of Object.entries({ ...TERMS, ...OPERATORS })) {
        const wrong = { ...w.directed, ...change(w) };
        await expect(kind.submit(w, w.avs, [wrong]), text).to.be.revertedWithCustomError(w.rc, error);
      }
    });
  }
});

/** The first start of all is the day on which the world is made. */
async function bornToday() {
  return rewardsWorld({ genesisRewardsTimestamp: Number(await nextDay()) });
}

describe("RewardsCoordinator: what a submission may be", () => {
  const submit = (w: RewardsWorld, changes: Partial<Submission>) =>
    PLAIN.createAVSRewardsSubmission.submit(w, w.avs, [{ ...w.usual, ...changes }]);

  it("the longest, the largest, and for native ETH", async () => {
    const w = await loadFixture(rewardsWorld);
    await submit(w, { duration: LONGEST });
    await submit(w, { amount: MOST });
    await submit(w, { strategiesAndMultipliers: [{ strategy: BEACON_ETH, multiplier: 1n }] });
    expect(await w.rc.submissionNonce(w.avs)).to.equal(3n);
  });

  it("as old as 168 days, to the second", async () => {
    const w = await loadFixture(rewardsWorld);
    const start = w.today - 167n * DAY;
    const age = await w.rc.MAX_RETROACTIVE_LENGTH();
    await time.setNextBlockTimestamp(start + age);
    await submit(w, { startTimestamp: start });
    await time.setNextBlockTimestamp(start + age + 1n);
    await expect(submit(w, { startTimestamp: start })).to.be.revertedWithCustomError(
      w.rc,
      "StartTimestampTooFarInPast",
    );
  });

  it("as far ahead as 30 days, to the second", async () => {
    const w = await loadFixture(rewardsWorld);
    const start = w.today + 31n * DAY;
    const ahead = await w.rc.MAX_FUTURE_LENGTH();
    await time.setNextBlockTimestamp(start - ahead - 1n);
    await expect(submit(w, { startTimestamp: start })).to.be.revertedWithCustomError(
      w.rc,
      "StartTimestampTooFarInFuture",
    );
    await time.setNextBlockTimestamp(start - ahead);
    await submit(w, { startTimestamp: start });
  });

  it("never from before the first start of all", async () => {
    const w = await loadFixture(bornToday);
    await submit(w, { startTimestamp: w.today });
    const refused = submit(w, { startTimestamp: w.today - DAY });
    await expect(refused).to.be.revertedWithCustomError(w.rc, "StartTimestampTooFarInPast");
  });

  it("by operator, over for one second", async () => {
    const w = await loadFixture(rewardsWorld);
    const past = { ...w.directed, startTimestamp: w.today - 6n * DAY };
    const end = w.today + DAY;
    await time.setNextBlockTimestamp(end);
    const kind = DIRECTED.createOperatorDirectedAVSRewardsSubmission;
    await expect(kind.submit(w, w.avs, [past])).to.be.revertedWithCustomError(w.rc, "SubmissionNotRetroactive");
    await time.setNextBlockTimestamp(end + 1n);
    await kind.submit(w, w.avs, [past]);
    expect(await w.tokens[0].balanceOf(w.rc)).to.equal(ether("12"));
  });
});
