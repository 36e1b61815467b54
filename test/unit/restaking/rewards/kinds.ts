/** The ways to submit rewards, told apart by who may, what is asked for and what is emitted. */
import { AbiCoder, keccak256, ParamType, type ContractTransactionResponse, type Result } from "ethers";
import { setOf, type Account, type Directed, type RewardsWorld, type Submission } from "./world";

export const HASH_VIEWS = [
  "isAVSRewardsSubmissionHash",
  "isRewardsSubmissionForAllHash",
  "isRewardsSubmissionForAllEarnersHash",
  "isOperatorDirectedAVSRewardsSubmissionHash",
  "isOperatorDirectedOperatorSetRewardsSubmissionHash",
  "isUniqueStakeRewardsSubmissionHash",
  "isTotalStakeRewardsSubmissionHash",
] as const;

interface Kind {
  event: string;
  isKnown: (typeof HASH_VIEWS)[number];
  /** Who gives the tokens. */
  giver: (w: RewardsWorld) => Account;
  /** Whose nonce is used. */
  owner: (w: RewardsWorld) => Account;
  takesFee: boolean;
}

export interface PlainKind extends Kind {
  submit: (w: RewardsWorld, as: Account, submissions: Submission[]) => Promise<ContractTransactionResponse>;
}

export interface DirectedKind extends Kind {
  submit: (w: RewardsWorld, as: Account, submissions: Directed[]) => Promise<ContractTransactionResponse>;
}

const avs = (w: RewardsWorld) => w.avs;
const submitter = (w: RewardsWorld) => w.submitter;
const byAvs = { giver: avs, owner: avs, takesFee: true };
const forAll = { giver: submitter, owner: submitter, takesFee: false };

export const PLAIN: Record<string, PlainKind> = {
  createAVSRewardsSubmission: {
    ...byAvs,
    event: "AVSRewardsSubmissionCreated",
    isKnown: "isAVSRewardsSubmissionHash",
    submit: (w, as, submissions) => w.rc.connect(as).createAVSRewardsSubmission(submissions),
  },
  createEigenDARewardsSubmission: {
    ...byAvs,
    giver: (w) => w.hopper,
    event: "AVSRewardsSubmissionCreated",
    isKnown: "isAVSRewardsSubmissionHash",
    submit: (w, as, submissions) => w.rc.connect(as).createEigenDARewardsSubmission(w.avs, submissions),
  },
  createUniqueStakeRewardsSubmission: {
    ...byAvs,
    event: "UniqueStakeRewardsSubmissionCreated",
    isKnown: "isUniqueStakeRewardsSubmissionHash",
    submit: (w, as, submissions) => w.rc.connect(as).createUniqueStakeRewardsSubmission(setOf(w), submissions),
  },
  createTotalStakeRewardsSubmission: {
    ...byAvs,
    event: "TotalStakeRewardsSubmissionCreated",
    isKnown: "isTotalStakeRewardsSubmissionHash",
    submit: (w, as, submissions) => w.rc.connect(as).createTotalStakeRewardsSubmission(setOf(w), submissions),
  },
  createRewardsForAllSubmission: {
    ...forAll,
    event: "RewardsSubmissionForAllCreated",
    isKnown: "isRewardsSubmissionForAllHash",
    submit: (w, as, submissions) => w.rc.connect(as).createRewardsForAllSubmission(submissions),
  },
  createRewardsForAllEarners: {
    ...forAll,
    event: "RewardsSubmissionForAllEarnersCreated",
    isKnown: "isRewardsSubmissionForAllEarnersHash",
    submit: (w, as, submissions) => w.rc.connect(as).createRewardsForAllEarners(submissions),
  },
};

export const DIRECTED: Record<string, DirectedKind> = {
  createOperatorDirectedAVSRewardsSubmission: {
    ...byAvs,
    event: "OperatorDirectedAVSRewardsSubmissionCreated",
    isKnown: "isOperatorDirectedAVSRewardsSubmissionHash",
    submit: (w, as, submissions) => w.rc.connect(as).createOperatorDirectedAVSRewardsSubmission(w.avs, submissions),
  },
  createOperatorDirectedOperatorSetRewardsSubmission: {
    ...byAvs,
    event: "OperatorDirectedOperatorSetRewardsSubmissionCreated",
    isKnown: "isOperatorDirectedOperatorSetRewardsSubmissionHash",
    submit: (w, as, submissions) =>
      w.rc.connect(as).createOperatorDirectedOperatorSetRewardsSubmission(setOf(w), submissions),
  },
};

/** The event of a submission: whatever the kind, with its hash and its nonce. */
export async function created(w: RewardsWorld, kind: Kind, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  const found = (receipt?.logs ?? []).map((log) => w.rc.interface.parseLog(log)).filter((log) => log !== null);
  const events = found.filter(({ name }) => name === kind.event);
  return events.map(({ args }) => {
    const fields = args.toObject() as Record<string, unknown>;
    const hash = Object.entries(fields).find(([name]) => /SubmissionHash$/i.test(name))?.[1] as string;
    const submission = Object.entries(fields).find(([name]) => /RewardsSubmission$/i.test(name))?.[1] as Result;
    return { who: args[0] as string, hash, nonce: fields.submissionNonce as bigint, submission };
  });
}

/** The hash that identifies a submission, as the fee left it. */
export function hashOf(w: RewardsWorld, name: string, owner: string, nonce: bigint, submission: Submission | Directed) {
  const list = w.rc.interface.getFunction(name as "createAVSRewardsSubmission").inputs.at(-1) as ParamType;
  const type = list.arrayChildren as ParamType;
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256", type], [owner, nonce, submission]));
}

/** Names of the views that know a hash. */
export async function knownTo(w: RewardsWorld, owner: string, hash: string): Promise<string[]> {
  const answers = await Promise.all(HASH_VIEWS.map((view) => w.rc[view](owner, hash)));
  return HASH_VIEWS.filter((_, i) => answers[i]);
}
