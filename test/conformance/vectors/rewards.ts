/** Rewards: what is taken from AVSs, roots, claims and splits. */
import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { AbiCoder, keccak256, solidityPackedKeccak256, ZeroHash } from "ethers";
import type { IRewardsCoordinator } from "../../../typechain-types";
import { CREATE, engineWorld, ether, SET, type EngineWorld } from "../../integration/engine/world";
import { refusal } from "../../integration/engine/refusal";
import { Trees } from "../trees";
import { countOf, eventOf, setOf, status, type Account, type Saw, type Scenarios } from "./scenario";

const DAY = 86_400n;
const WEEK = 7n * DAY;
const MOST = 10n ** 38n - 1n;
const TERMS =
  "tuple(tuple(address,uint96)[] strategiesAndMultipliers,address token,uint256 amount,uint32 startTimestamp,uint32 duration)";

type Submission = IRewardsCoordinator.RewardsSubmissionStruct;

/** An engine in which the AVS may take from itself, and what it would submit. */
async function rewardsWorld() {
  const w = await engineWorld();
  await w.tokens[0].mint(w.avs, MOST * 10n);
  await w.tokens[0].connect(w.avs).approve(w.rc, MOST * 10n);
  await w.am.connect(w.avs)[CREATE](w.avs, [{ operatorSetId: SET, strategies: w.strategies, slasher: w.avs }]);
  const today = (BigInt(await time.latest()) / DAY) * DAY;
  const [first, second] = await Promise.all(w.strategies.map((strategy) => strategy.getAddress()));
  const usual = {
    strategiesAndMultipliers: [
      { strategy: first, multiplier: 1n },
      { strategy: second, multiplier: 2n },
    ],
    token: await w.tokens[0].getAddress(),
    amount: ether("1"),
    startTimestamp: today,
    duration: WEEK,
  };
  return { ...w, rc: w.rc.connect(w.avs), usual, today };
}

type RewardsWorld = Awaited<ReturnType<typeof rewardsWorld>>;

/* SUBMITTING */

async function submissions(w: RewardsWorld, saw: Saw): Promise<void> {
  const { rc, usual, today } = w;
  const submit = (changes: Partial<Submission>) => rc.createAVSRewardsSubmission([{ ...usual, ...changes }]);
  const [one, two] = usual.strategiesAndMultipliers;
  const created = await eventOf(submit({}), "AVSRewardsSubmissionCreated");
  const strategies = usual.strategiesAndMultipliers.map(({ strategy, multiplier }) => [strategy, multiplier]);
  const fields = { ...usual, strategiesAndMultipliers: strategies };
  const hash = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256", TERMS], [w.avs.address, 0n, fields]));
  const known = await rc.isAVSRewardsSubmissionHash(w.avs, hash);
  saw("hash = keccak(abi.encode(avs,nonce,submission))", known && created.rewardsSubmissionHash === hash);
  const beacon = { strategy: await rc.beaconChainETHStrategy(), multiplier: 1n };
  const stranger = { strategy: w.registrar, multiplier: 1n };
  const refused: Record<string, Partial<Submission>> = {
    "no strategies": { strategiesAndMultipliers: [] },
    "amount 0": { amount: 0n },
    "amount > 1e38-1": { amount: MOST + 1n },
    "duration 0": { duration: 0n },
    "duration remainder": { duration: WEEK + 1n },
    "start remainder": { startTimestamp: today + 1n },
    "too far in future": { startTimestamp: today + 32n * DAY },
    "too far in past": { startTimestamp: today - 169n * DAY },
    "strategy not whitelisted": { strategiesAndMultipliers: [stranger] },
    unsorted: { strategiesAndMultipliers: [two, one] },
  };
  for (const [name, changes] of Object.entries(refused)) saw(`! ${name}`, await refusal(submit(changes)));
  saw("beacon eth accepted", await status(submit({ strategiesAndMultipliers: [beacon] })));
  saw("! for all: not allowed", await refusal(rc.createRewardsForAllSubmission([usual])));
  await rc.setOptInForProtocolFee(w.avs, true);
  const recipient = await rc.feeRecipient();
  const before = await w.tokens[0].balanceOf(recipient);
  const paid = await eventOf(submit({ amount: ether("10") }), "AVSRewardsSubmissionCreated");
  saw("fee taken (20%)", (await w.tokens[0].balanceOf(recipient)) - before);
  saw("net amount in event", (paid.rewardsSubmission as { amount: bigint }).amount);
}

async function forSets(w: RewardsWorld, saw: Saw): Promise<void> {
  const { rc, usual, today } = w;
  const { strategiesAndMultipliers, token } = usual;
  const operatorRewards = [{ operator: w.operator, amount: ether("1") }];
  const period = { startTimestamp: today - WEEK, duration: DAY };
  const directed = { strategiesAndMultipliers, token, operatorRewards, ...period, description: "" };
  const late = { ...directed, startTimestamp: today };
  saw("! not retroactive", await refusal(rc.createOperatorDirectedAVSRewardsSubmission(w.avs, [late])));
  saw("! unknown set", await refusal(rc.createUniqueStakeRewardsSubmission(setOf(w, 99n), [usual])));
  await rc.createOperatorDirectedAVSRewardsSubmission(w.avs, [directed]);
  await rc.createOperatorDirectedOperatorSetRewardsSubmission(setOf(w), [directed]);
  await rc.createUniqueStakeRewardsSubmission(setOf(w), [usual]);
  await rc.createTotalStakeRewardsSubmission(setOf(w), [usual]);
  saw("nonce", await rc.submissionNonce(w.avs));
}

/* CLAIMING */

/** Alice has earned 2 of a token and 7000000 of another, Bob 3 of the first. */
async function treesOf(w: EngineWorld): Promise<{ trees: Trees; tokens: string[] }> {
  const tokens = await Promise.all(w.tokens.map((token) => token.getAddress()));
  const trees = new Trees((address) => address);
  const alice = [
    { token: tokens[0], amount: String(ether("2")) },
    { token: tokens[1], amount: "7000000" },
  ];
  const bob = [{ token: tokens[0], amount: String(ether("3")) }];
  trees.declare({
    earners: [
      { earner: w.alice.address, tokens: alice },
      { earner: w.bob.address, tokens: bob },
    ],
  });
  trees.declare({ earners: [{ earner: w.bob.address, tokens: bob }] });
  await w.tokens[1].mint(w.rc, 7_000_000n);
  return { trees, tokens };
}

async function roots(w: RewardsWorld, trees: Trees, saw: Saw): Promise<void> {
  const { rc, today } = w;
  const updater = rc.connect(w.owner);
  saw("! submitRoot by stranger", await refusal(rc.connect(w.stranger).submitRoot(trees.root(0), today - DAY)));
  saw("! end in the future", await refusal(updater.submitRoot(trees.root(0), today + 10n * DAY)));
  await updater.submitRoot(trees.root(0), today - DAY);
  saw("! same period again", await refusal(updater.submitRoot(trees.root(0), today - DAY)));
}

async function claims(w: RewardsWorld, saw: Saw): Promise<void> {
  const { rc } = w;
  const { trees, tokens } = await treesOf(w);
  const claim = (earner: number, leaves: number[], spoiled: Record<string, unknown> = {}, root = "0") =>
    trees.claim({
      root,
      tree: Number(root),
      earner,
      tokens: leaves,
      with: spoiled,
    } as Parameters<Trees["claim"]>[0]) as unknown as IRewardsCoordinator.RewardsMerkleClaimStruct;
  const process = (as: Account, ...what: Parameters<typeof claim>) =>
    rc.connect(as).processClaim(claim(...what), w.recipient);
  const { earnerLeaf, tokenLeaves } = claim(0, [0, 1]);
  const leaf = await rc.calculateTokenLeafHash(tokenLeaves[0]);
  const packed = solidityPackedKeccak256(["uint8", "address", "uint256"], [1, tokens[0], ether("2")]);
  saw("token leaf hash", leaf === packed);
  const root = earnerLeaf.earnerTokenRoot;
  const ofEarner = solidityPackedKeccak256(["uint8", "address", "bytes32"], [0, w.alice.address, root]);
  saw("earner leaf hash", (await rc.calculateEarnerLeafHash(earnerLeaf)) === ofEarner);
  await roots(w, trees, saw);
  saw("! claim before activation", await refusal(process(w.alice, 0, [0, 1])));
  await time.increase(WEEK);
  saw("! claim by stranger", await refusal(process(w.stranger, 0, [0, 1])));
  saw("! wrong leaf", await refusal(process(w.alice, 0, [0, 1], { amounts: [String(ether("5")), "7000000"] })));
  saw("! index beyond proof", await refusal(process(w.alice, 0, [0, 1], { tokenIndices: ["0", "2"] })));
  saw("! earner index beyond proof", await refusal(process(w.alice, 0, [0, 1], { earnerIndex: "2" })));
  saw("checkClaim", await rc.checkClaim(claim(0, [0, 1])));
  const before = await w.tokens[0].balanceOf(w.recipient);
  saw("RewardsClaimed events", await countOf(process(w.alice, 0, [0, 1]), "RewardsClaimed"));
  saw("recipient token", (await w.tokens[0].balanceOf(w.recipient)) - before);
  saw("recipient token6", await w.tokens[1].balanceOf(w.recipient));
  saw("! claim again", await refusal(process(w.alice, 0, [0, 1])));
  await rc.connect(w.bob)["setClaimerFor(address)"](w.carol);
  saw("! earner after setting a claimer", await refusal(process(w.bob, 1, [0])));
  const routed = await eventOf(process(w.carol, 1, [0]), "RewardsClaimed");
  saw("claimer routed", routed.claimedAmount);
  const other = rc.connect(w.alice)["setClaimerFor(address,address)"](w.alice, w.carol);
  saw("! setClaimerFor(earner,..) for plain staker", await refusal(other));
  await disabling(w, trees, saw);
  saw("! disabled root", await refusal(process(w.carol, 0, [0], {}, "1")));
}

async function disabling(w: RewardsWorld, trees: Trees, saw: Saw): Promise<void> {
  const updater = w.rc.connect(w.owner);
  await updater.submitRoot(trees.root(1), w.today);
  await updater.disableRoot(1n);
  saw("! disable twice", await refusal(updater.disableRoot(1n)));
  saw("! disable activated", await refusal(updater.disableRoot(0n)));
  await time.increase(WEEK);
  saw("current claimable is root 0", (await updater.getCurrentClaimableDistributionRoot()).root === trees.root(0));
  saw("index by hash", await updater.getRootIndexFromHash(trees.root(0)));
  saw("! unknown hash", await refusal(updater.getRootIndexFromHash(ZeroHash)));
}

/* SPLITS */

async function splits(w: RewardsWorld, saw: Saw): Promise<void> {
  const rc = w.rc.connect(w.operator);
  const current = () => rc.getOperatorAVSSplit(w.operator, w.avs);
  saw("default split", await current());
  await rc.setOperatorAVSSplit(w.operator, w.avs, 2_500n);
  saw("split before activation", await current());
  saw("! set again while pending", await refusal(rc.setOperatorAVSSplit(w.operator, w.avs, 1n)));
  await time.increase(WEEK);
  saw("split after activation", await current());
  saw("! split > 100%", await refusal(rc.setOperatorAVSSplit(w.operator, w.avs, 10_001n)));
  saw("! split by other", await refusal(rc.connect(w.stranger).setOperatorAVSSplit(w.operator, w.avs, 1n)));
}

export const REWARDS_SCENARIOS: Scenarios = {
  rewards: async (saw) => {
    const w = await rewardsWorld();
    await submissions(w, saw);
    await forSets(w, saw);
    await claims(w, saw);
    await splits(w, saw);
  },
};
