import { z } from "zod";
import { ConfigError } from "../lib/errors";
import { avsContract, avsProblems, BLOCK_SECONDS } from "./avss";
import { address, amount, bps, label, positive, whole } from "./values";

const DAY = 86_400n;
/** What leaving takes besides the engine's delay: batch, closing time of the alarm and a margin. */
export const EXIT_MARGIN = 5n * DAY;

/** Seconds that blocks take. */
export const secondsOf = (blocks: bigint): bigint => blocks * BLOCK_SECONDS;

/* WHAT STANDS AROUND TRELLIS */

const deployed = z.strictObject({ kind: z.literal("deploy") });
const external = z.strictObject({ kind: z.literal("external"), address });

const engine = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("deploy"),
    withdrawalDelayBlocks: positive,
    deallocationDelayBlocks: positive,
    allocationConfigurationDelayBlocks: positive,
  }),
  z.strictObject({
    kind: z.literal("external"),
    delegationManager: address,
    strategyManager: address,
    allocationManager: address,
    permissionController: address,
    rewardsCoordinator: address,
  }),
]);
const lido = z.discriminatedUnion("kind", [
  deployed,
  z.strictObject({ kind: z.literal("external"), stETH: address, wstETH: address, withdrawalQueue: address }),
]);
const weth = z.discriminatedUnion("kind", [deployed, external]);
const rocketPool = z.discriminatedUnion("kind", [
  deployed,
  z.strictObject({ kind: z.literal("external"), rETH: address, storage: address }),
]);
const coinbase = z.discriminatedUnion("kind", [
  deployed,
  z.strictObject({ kind: z.literal("external"), cbETH: address }),
]);

/* TRELLIS */

/** What of an asset may come in within a day, net of what is paid out: a part of the supply, at least a floor. */
const inflow = {
  inflowBps: z.int().min(1).max(2_000).transform(BigInt),
  /** Lets a young pool grow; in the asset's units. */
  inflowFloor: amount,
};
/** ETH's cap bounds net asset value as a whole: whatever it is, ETH is staked with its issuer in the end. */
const ether = z.strictObject({ cap: amount, minDeposit: amount, ...inflow });
/** Tokens that are forms of an asset. */
export const FORMS = { wstETH: ["stETH", "wstETH"], rETH: ["rETH"], cbETH: ["cbETH"] } as const;
const breaker = {
  /** Oldest price that counts. */
  heartbeatSeconds: positive,
  /** How far the market may be below the issuer's rate before nobody brings the asset in. */
  boundBps: bps,
};
const asset = z.strictObject({
  asset: z.enum(["wstETH", "rETH", "cbETH"]),
  /** Where it is restaked. The strategy's token need not be the asset. */
  strategy: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("deploy"), underlying: z.enum(["stETH", "wstETH", "rETH", "cbETH"]) }),
    external,
  ]),
  cap: amount,
  minDeposit: amount,
  haircutBps: bps,
  ...inflow,
  /** The rate source refuses rates outside these bounds: ether value of one whole token. */
  minRate: amount,
  maxRate: amount,
  /** Oldest rate of its issuer at which newcomers bring it in; Lido's is always live. */
  maxRateAgeSeconds: positive.optional(),
  /** A price feed (asset in ETH) that must agree with the issuer before newcomers bring the asset in. */
  market: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("deploy"), ...breaker }),
      z.strictObject({ kind: z.literal("external"), address, ...breaker }),
    ])
    .optional(),
});
const operator = z.strictObject({
  name: label,
  /** Key of the company that runs it: metadata, registrations and rewards only. */
  nodeOperator: address,
  /** Who controls it: all operators of one entity share the cap of one operator. */
  entity: positive.refine((value) => value < 2n ** 32n, "must fit 32 bits"),
  metadataURI: z.url(),
  weightBps: bps,
  allocationDelayBlocks: positive,
});
const operatorSet = z.strictObject({
  id: whole,
  /** Most exposure to the set, of all restaked stake. */
  capBps: bps,
  /** Part of its stake that every operator allocates to the set. */
  targetBps: bps,
  /** Sets of one group may fail together. */
  group: label.pipe(z.string().max(31)),
  /** Who decides that a fault has happened; a contract that checks proofs is the slasher itself unless it is named. */
  fault: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("objective"), verifier: address.optional() }),
      z.strictObject({ kind: z.literal("vetoed"), committee: address, windowSeconds: positive }),
    ])
    .default({ kind: "objective" }),
});
const avs = z.strictObject({
  name: label,
  contract: avsContract,
  /** Most exposure to all its sets together, of all restaked stake. */
  capBps: bps,
  /** Public description of what its sets do. */
  metadataURI: z.url().optional(),
  sets: z.array(operatorSet).max(8),
});
const deposits = z.strictObject({
  /** Oldest report that a plain deposit accepts. */
  maxReportAgeSeconds: positive,
});
const feeds = z.strictObject({
  /** Growth of the capped feed's line in a year, from one snapshot. */
  maxGrowthBpsPerYear: bps,
});
const accounting = z.strictObject({
  growthCapBpsPerDay: bps,
  alarmBps: bps,
  closingHours: positive,
  alarmRestDays: positive,
  feeBps: bps,
  feeCapBpsPerDay: bps,
  feeRecipient: address,
});
const withdrawals = z.strictObject({
  /** Promised time between request and pay-out in kind. */
  exitTimeSeconds: positive,
  /** What the line for ETH adds: the time in which issuers usually pay. */
  issuerTimeSeconds: positive,
});
const instant = z.strictObject({
  /** Part of net asset value that stays idle as ETH; from there on the fee is the lowest. */
  targetBps: bps,
  /** Part of net asset value that instant redemptions leave. */
  watermarkBps: bps,
  minFeeBps: bps,
  maxFeeBps: bps,
  /** Part of the supply that may be redeemed in a day. */
  bucketBps: bps,
  /** Who knows of slashes that are announced and not executed. */
  pendingSlashes: address.optional(),
});
const floor = z.strictObject({
  name: label,
  /** A stand-in on a chain of our own, or what an AVS pays in. */
  token: z.discriminatedUnion("kind", [deployed, external]),
  /** Lowest price: ether value of 1e18 of the token's smallest units. */
  price: amount,
});
const rewards = z.strictObject({
  /** Time in which the price of a lot falls to the floor. */
  lotSeconds: positive,
  /** Least time between two lots of a token. */
  cooldownSeconds: positive,
  /** The first lot of a token starts at this multiple of its floor. */
  startFactor: positive,
  /** Least value of a lot at the floor. */
  minLot: amount,
  /** Reward tokens that are sold, and for how much at least. */
  floors: z.array(floor).max(32),
});
const allocation = z.strictObject({
  /** Most stake of one operator, and of all operators of one entity, of everything the pool has of an asset. */
  operatorCapBps: bps,
  /** Highest cap of an AVS, and most exposure to a correlation group and to all sets whose slasher is not verified. */
  avsCapBps: bps,
  groupCapBps: bps,
  unverifiedCapBps: bps,
  /** Part of every operator's stake that stays unallocated. */
  reserveBps: bps,
  minAllocationDelayBlocks: positive,
});
const governance = z.strictObject({
  /** Loosens and upgrades, after the delay. */
  admin: address,
  /** Tightens at once. */
  tightening: address,
  /** Pauses what may be paused, for a bounded time. */
  guardian: address,
  adminDelaySeconds: positive,
});

/* RULES BETWEEN FIELDS */

type Problem = [path: (string | number)[], message: string];

const shape = z.strictObject({
  engine,
  lido,
  weth,
  rocketPool: rocketPool.optional(),
  coinbase: coinbase.optional(),
  ether,
  assets: z.array(asset).min(1).max(7),
  operators: z.array(operator).min(1).max(16),
  avss: z.array(avs).max(32),
  deposits,
  feeds,
  accounting,
  withdrawals,
  instant,
  rewards,
  allocation,
  governance,
});

function repeated(list: string, key: string, names: string[]): Problem[] {
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [[[list, i, key], `${name} is there twice`] as Problem] : [],
  );
}

/** A floor that stops every deposit, stops none, or does not fit its 80 bits. */
function inflowProblems(path: (string | number)[], terms: z.output<typeof ether>): Problem[] {
  const { cap, minDeposit, inflowFloor } = terms;
  const most = cap < 2n ** 80n ? cap : 2n ** 80n - 1n;
  if (inflowFloor >= minDeposit && inflowFloor > 0n && inflowFloor <= most) return [];
  return [[[...path, "inflowFloor"], `must be between minDeposit and cap, more than 0 and less than 2^80 wei`]];
}

/** What an asset needs besides its own fields. */
function assetProblems({ rocketPool, coinbase }: Config, a: Config["assets"][number], i: number): Problem[] {
  const needs = (wrong: boolean, field: string, message: string): Problem[] =>
    wrong ? [[["assets", i, ...field.split(".")], message]] : [];
  const issuer = { wstETH: true, rETH: rocketPool !== undefined, cbETH: coinbase !== undefined }[a.asset];
  const forms: readonly string[] = FORMS[a.asset];
  const isLive = a.asset === "wstETH";
  const boundBps = a.market?.boundBps ?? 0n;
  return [
    ...needs(!issuer, "asset", `${a.asset} needs ${a.asset === "rETH" ? "rocketPool" : "coinbase"}`),
    ...needs(
      a.strategy.kind === "deploy" && !forms.includes(a.strategy.underlying),
      "strategy.underlying",
      `is no form of ${a.asset} (${forms.join(", ")})`,
    ),
    ...needs(!isLive && a.maxRateAgeSeconds === undefined, "maxRateAgeSeconds", "says how old a rate may be"),
    ...needs(isLive && a.maxRateAgeSeconds !== undefined, "maxRateAgeSeconds", "Lido's rate is always live"),
    ...needs(
      a.haircutBps > 0n && boundBps >= a.haircutBps,
      "market.boundBps",
      `must be below the haircut of ${a.haircutBps}: it would let a greater fall pass than the haircut covers`,
    ),
  ];
}

/** The contract's own bounds of a set's terms. */
function setProblems(
  { allocation, withdrawals }: Config,
  { capBps, fault }: Config["avss"][number]["sets"][number],
  path: (string | number)[],
): Problem[] {
  const longest = withdrawals.exitTimeSeconds - DAY;
  const problems: Problem[] = [];
  if (capBps > allocation.avsCapBps) {
    problems.push([[...path, "capBps"], `is above the highest of ${allocation.avsCapBps}`]);
  }
  if (fault.kind === "vetoed" && fault.windowSeconds > longest) {
    problems.push([
      [...path, "fault", "windowSeconds"],
      `is longer than ${longest}: leaving would wait beyond its time`,
    ]);
  }
  return problems;
}

function problemsOf(config: Config): Problem[] {
  const { engine, operators, assets, avss, accounting, allocation, withdrawals, instant, rewards, governance } = config;
  const when = (wrong: boolean, path: (string | number)[], message: string): Problem[] =>
    wrong ? [[path, message]] : [];
  const named = <T>(list: string, key: string & keyof T, entries: T[]) =>
    repeated(
      list,
      key,
      entries.map((entry) => String(entry[key])),
    );
  const weights = operators.reduce((sum, o) => sum + o.weightBps, 0n);
  const targets = avss.flatMap((a) => a.sets).reduce((sum, set) => sum + set.targetBps, 0n);
  const exitTime = engine.kind === "deploy" ? secondsOf(engine.withdrawalDelayBlocks) + EXIT_MARGIN : 0n;
  const deallocation = engine.kind === "deploy" ? secondsOf(engine.deallocationDelayBlocks) : undefined;
  const ownStrategy = assets.findIndex((a) => a.strategy.kind === "deploy");
  return [
    ...inflowProblems(["ether"], config.ether),
    ...assets.flatMap((a, i) => inflowProblems(["assets", i], a)),
    ...named("assets", "asset", assets),
    ...assets.flatMap((a, i) => assetProblems(config, a, i)),
    ...named("operators", "name", operators),
    ...named("avss", "name", avss),
    ...when(weights !== 10_000n, ["operators"], `weights add up to ${weights} bps, not 10000`),
    ...operators.flatMap((o, i) =>
      when(
        o.allocationDelayBlocks < allocation.minAllocationDelayBlocks,
        ["operators", i, "allocationDelayBlocks"],
        `is below allocation.minAllocationDelayBlocks (${allocation.minAllocationDelayBlocks})`,
      ),
    ),
    ...when(
      targets + allocation.reserveBps > 10_000n,
      ["avss"],
      `targets add up to ${targets} bps, which leaves less than the reserve of ${allocation.reserveBps}`,
    ),
    ...avss.flatMap(({ contract, sets }, i) =>
      avsProblems(
        contract,
        sets.map(({ id }) => id),
        deallocation,
      ).map(([path, message]): Problem => [["avss", i, ...path], message]),
    ),
    ...avss.flatMap(({ capBps, sets }, i) => [
      ...when(capBps > allocation.avsCapBps, ["avss", i, "capBps"], `is above the highest of ${allocation.avsCapBps}`),
      ...sets.flatMap((set, j) => setProblems(config, set, ["avss", i, "sets", j])),
    ]),
    ...when(accounting.feeBps > 2_000n, ["accounting", "feeBps"], "the fee is at most 2000"),
    // The contract's own bounds, so that a mistake shows before anything is deployed.
    ...when(instant.targetBps > 2_000n, ["instant", "targetBps"], "the buffer is at most 2000"),
    ...when(instant.watermarkBps > instant.targetBps, ["instant", "watermarkBps"], "is above the target"),
    ...when(instant.minFeeBps < 10n, ["instant", "minFeeBps"], "the fee is at least 10"),
    ...when(
      instant.minFeeBps <= accounting.growthCapBpsPerDay,
      ["instant", "minFeeBps"],
      "is not above the growth of a day: somebody could come for it",
    ),
    ...when(instant.maxFeeBps < instant.minFeeBps, ["instant", "maxFeeBps"], "is below the lowest fee"),
    ...when(instant.maxFeeBps > 500n, ["instant", "maxFeeBps"], "the fee is at most 500"),
    ...when(instant.bucketBps > 500n, ["instant", "bucketBps"], "the bucket is at most 500"),
    ...named("floors", "name", rewards.floors).map(([path, message]): Problem => [["rewards", ...path], message]),
    ...rewards.floors.flatMap(({ price }, i) =>
      when(price === 0n, ["rewards", "floors", i, "price"], "must be more than nothing"),
    ),
    ...when(rewards.lotSeconds < 3_600n, ["rewards", "lotSeconds"], "a lot lasts at least 3600"),
    ...when(rewards.cooldownSeconds < rewards.lotSeconds, ["rewards", "cooldownSeconds"], "is shorter than a lot"),
    ...when(rewards.cooldownSeconds > 30n * DAY, ["rewards", "cooldownSeconds"], "the cooldown is at most 30 days"),
    ...when(rewards.startFactor > 100n, ["rewards", "startFactor"], "the factor is at most 100"),
    ...when(rewards.minLot === 0n, ["rewards", "minLot"], "must be more than nothing"),
    ...when(
      engine.kind === "external" && ownStrategy !== -1,
      ["assets", ownStrategy, "strategy", "kind"],
      "an engine of others has its own strategies: name one by its address",
    ),
    ...when(
      withdrawals.exitTimeSeconds < exitTime,
      ["withdrawals", "exitTimeSeconds"],
      `leaving takes up to ${exitTime} s`,
    ),
    ...when(
      governance.adminDelaySeconds < withdrawals.exitTimeSeconds,
      ["governance", "adminDelaySeconds"],
      "is shorter than the exit time: loosening must wait longer than it takes to leave",
    ),
  ];
}

/** A configuration as it is written: plain numbers, amounts with units. */
export type ConfigInput = z.input<typeof shape>;
/** A checked configuration: whole numbers and amounts are bigint, addresses have checksums. */
export type Config = z.output<typeof shape>;

function pathOf(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`),
    "",
  );
}

function shapeProblem(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: unknown field`);
  return [`${pathOf(issue.path) || "(configuration)"}: ${issue.message}`];
}

/** Checks a configuration; the error names the path of every field that is wrong. */
export function parseConfig(input: unknown): Config {
  const result = shape.safeParse(input);
  if (!result.success) throw new ConfigError(result.error.issues.flatMap(shapeProblem).join("\n"));
  const problems = problemsOf(result.data).map(([path, message]) => `${pathOf(path)}: ${message}`);
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return result.data;
}
