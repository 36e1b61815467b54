/** An engine in which an AVS gives rewards for a set, an operator and two stakers earn them. */
import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { ethers } from "hardhat";
import type { RewardsConfig } from "../../../../deploy/lib/engine";
import type { IRewardsCoordinator } from "../../../../typechain-types";
import { engineWorld, ether, operates, SET } from "../../../integration/engine/world";
import { Trees } from "../../../conformance/trees";

export const DAY = 86_400n;
export const WEEK = 7n * DAY;
export const MOST = 10n ** 38n - 1n;
export const BEACON_ETH = "0xbeaC0eeEeeeeEEeEeEEEEeeEEeEeeeEeeEEBEaC0";
/** A set that does not exist. */
export const UNKNOWN_SET = 99n;

export type Submission = IRewardsCoordinator.RewardsSubmissionStruct;
export type Directed = IRewardsCoordinator.OperatorDirectedRewardsSubmissionStruct;
export type Claim = IRewardsCoordinator.RewardsMerkleClaimStruct;

/** Start of the day after now [unix s]. */
export const nextDay = async (): Promise<bigint> => (BigInt(await time.latest()) / DAY + 1n) * DAY;

const WEALTH = MOST * 10n;

export async function rewardsWorld(changes: RewardsConfig = {}) {
  const today = await nextDay();
  await time.increaseTo(today); // so that no test runs over midnight
  const signers = await ethers.getSigners();
  const [updater, feeRecipient, hopper, submitter] = signers.slice(9);
  const w = await engineWorld({
    config: {
      rewards: {
        updater: updater.address,
        feeRecipient: feeRecipient.address,
        emissionsController: hopper.address,
        activationDelay: Number(WEEK),
        ...changes,
      },
    },
  });
  await operates(w, w.operator);
  await w.dm.connect(w.other).registerAsOperator(ethers.ZeroAddress, 0, "");
  await w.rc.setRewardsForAllSubmitter(submitter, true);
  for (const giver of [w.avs, hopper, submitter, w.stranger]) {
    await w.tokens[0].mint(giver, WEALTH);
    await w.tokens[0].connect(giver).approve(w.rc, WEALTH);
  }
  const [first, second] = await Promise.all(w.strategies.map((strategy) => strategy.getAddress()));
  const strategiesAndMultipliers = [
    { strategy: first, multiplier: 1n },
    { strategy: second, multiplier: 2n },
  ];
  const token = await w.tokens[0].getAddress();
  const usual: Submission = {
    strategiesAndMultipliers,
    token,
    amount: ether("10"),
    startTimestamp: today,
    duration: WEEK,
  };
  const operators = [w.operator.address, w.other.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const directed: Directed = {
    strategiesAndMultipliers,
    token,
    operatorRewards: operators.map((operator, i) => ({ operator, amount: BigInt(i + 1) * ether("4") })),
    startTimestamp: today - 2n * WEEK,
    duration: WEEK,
    description: "for work done",
  };
  return { ...w, updater, feeRecipient, hopper, submitter, today, usual, directed, operators };
}

export type RewardsWorld = Awaited<ReturnType<typeof rewardsWorld>>;
export type Account = RewardsWorld["alice"];

export const setOf = (w: RewardsWorld, id = SET) => ({ avs: w.avs.address, id });

/* CLAIMS */

/** What each earner has earned of each token up to a root; the first root is the first of these. */
export const EARNED = [
  { alice: [ether("2"), 7_000_000n], bob: [ether("3")], carol: [ether("1"), 1n] },
  { alice: [ether("5"), 7_000_000n], bob: [ether("3")], carol: [ether("4"), 2n] },
];

export type Spoiled = Partial<Record<"rootIndex" | "earnerIndex" | "earnerTreeProof", string>> & {
  tokenIndices?: string[];
  amounts?: string[];
  dropProof?: boolean;
};

/** Declares the trees, one for each root, and tells how to claim by them. */
export async function treesOf(w: RewardsWorld) {
  const tokens = await Promise.all(w.tokens.map((token) => token.getAddress()));
  const earners = [w.alice, w.bob, w.carol];
  const trees = new Trees((address) => address);
  for (const earned of EARNED) {
    trees.declare({
      earners: Object.values(earned).map((amounts, i) => ({
        earner: earners[i].address,
        tokens: amounts.map((amount, j) => ({ token: tokens[j], amount: String(amount) })),
      })),
    });
  }
  /** A claim of the earner's tokens by a root, altered. */
  const claim = (earner: number, which: number[], spoiled: Spoiled = {}, root = 0): Claim =>
    trees.claim({ root: String(root), tree: root, earner, tokens: which, with: { ...spoiled } }) as unknown as Claim;
  return { trees, claim };
}

/** Everything that was ever earned is there, and the first root can be claimed by. */
export async function claimable() {
  const w = await rewardsWorld();
  const { trees, claim } = await treesOf(w);
  await w.tokens[0].mint(w.rc, ether("12"));
  await w.tokens[1].mint(w.rc, 7_000_002n);
  await submits(w, trees.root(0), w.today - DAY);
  await time.increase(WEEK);
  const process = (as: Account, ...what: Parameters<typeof claim>) =>
    w.rc.connect(as).processClaim(claim(...what), w.recipient);
  return { ...w, trees, claim, process };
}

export type Claimable = Awaited<ReturnType<typeof claimable>>;

export const submits = (w: RewardsWorld, root: string, end: bigint) => w.rc.connect(w.updater).submitRoot(root, end);

/** The second root, later by two weeks, which can be claimed by as well. */
export async function claimableTwice() {
  const w = await claimable();
  await submits(w, w.trees.root(1), w.today);
  await time.increase(WEEK);
  return w;
}
