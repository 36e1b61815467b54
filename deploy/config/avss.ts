import { z } from "zod";
import { address, amount, bps, positive, whole } from "./values";

/** Seconds between blocks, to compare the engine's delays (blocks) with ours (seconds). */
export const BLOCK_SECONDS = 12n;

const common = {
  metadataURI: z.url(),
  /** Stake below which a member can be unseated from a full set. */
  minStake: amount,
};
/** What a fault costs of the allocation, and how long an operator is safe from the next slash in the same set. */
const slash = { slashBps: bps.refine((value) => value > 0n, "must be more than 0"), cooldownSeconds: whole };

const oracle = z.strictObject({
  kind: z.literal("oracle"),
  ...common,
  ...slash,
  roundSeconds: positive,
  /** Rounds without a report, among the last `ofRounds`, that cost a member its seat. */
  absences: positive,
  ofRounds: positive,
  /** Without it nobody looks how far a report is from the median. With it, half of the sets are pledged to accuracy. */
  accuracy: z
    .strictObject({
      ...slash,
      boundBps: bps.refine((value) => value > 0n, "must be more than 0"),
      vetoSeconds: positive,
      executionSeconds: positive,
      committee: address,
    })
    .optional(),
});
const availability = z.strictObject({
  kind: z.literal("availability"),
  ...common,
  ...slash,
  /** What a challenge costs; more than the gas of an answer. */
  bond: amount.refine((value) => value > 0n, "must be more than 0"),
  responseSeconds: positive,
});
const bridge = z.strictObject({
  kind: z.literal("bridge"),
  ...common,
  ...slash,
  sourceChainId: positive,
  /** Posts the outbox of the source chain. */
  canonical: address,
  /** Gets what is slashed. */
  insurance: address,
  canonicalDelaySeconds: positive,
});
const finality = z.strictObject({ kind: z.literal("finality"), ...common, ...slash });
const external = z.strictObject({ kind: z.literal("external"), address });

/** An AVS: one of the working examples, or one of others. */
export const avsContract = z.discriminatedUnion("kind", [oracle, availability, bridge, finality, external]);
export type AvsContract = z.output<typeof avsContract>;

type Problem = [path: (string | number)[], message: string];

/** Seconds for which an operator must stay slashable for the AVS's faults to be punished. */
function windowOf(contract: AvsContract): [field: string, seconds: bigint] | undefined {
  switch (contract.kind) {
    case "oracle": {
      const { accuracy, roundSeconds } = contract;
      if (accuracy === undefined) return undefined;
      return ["accuracy", 2n * roundSeconds + accuracy.vetoSeconds + accuracy.executionSeconds];
    }
    case "availability":
      return ["responseSeconds", contract.responseSeconds];
    case "bridge":
      return ["canonicalDelaySeconds", contract.canonicalDelaySeconds];
    default:
      return undefined;
  }
}

/** What is wrong between the fields of an AVS; `delaySeconds` is the engine's deallocation delay, if it is ours. */
export function avsProblems(contract: AvsContract, ids: bigint[], delaySeconds?: bigint): Problem[] {
  if (contract.kind === "external") return ids.length === 0 ? [[["sets"], "names the sets to allocate to"]] : [];
  const window = windowOf(contract);
  const tooLong = window !== undefined && delaySeconds !== undefined && window[1] >= delaySeconds;
  const when = (wrong: boolean, path: string[], message: string): Problem[] => (wrong ? [[path, message]] : []);
  return [
    ...when(
      ids.some((id, i) => id !== BigInt(i)),
      ["sets"],
      `${contract.kind === "oracle" ? "an oracle" : "an AVS of ours"} numbers its sets 0, 1, 2, … in this order`,
    ),
    ...when(
      contract.kind === "oracle" && contract.absences > contract.ofRounds,
      ["contract", "absences"],
      "cannot be more than ofRounds",
    ),
    ...when(
      contract.kind === "oracle" && contract.accuracy !== undefined && ids.length % 2 === 1,
      ["sets"],
      "first the feeds, then as many sets pledged to their accuracy",
    ),
    ...when(
      contract.kind === "bridge" && ids.length > 0,
      ["sets"],
      "what a bridge slashes goes to its insurance: we allocate nothing to it",
    ),
    ...when(contract.kind !== "bridge" && ids.length === 0, ["sets"], "there must be one at least"),
    ...when(
      tooLong,
      ["contract", window?.[0] ?? ""],
      `takes ${window?.[1]} s until a slash; the engine lets an operator go after ${delaySeconds} s`,
    ),
  ];
}
