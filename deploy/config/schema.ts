import { getAddress, parseUnits } from "ethers";
import { z } from "zod";
import { ConfigError } from "../lib/errors";

/** Seconds between blocks, to compare the engine's delays (blocks) with ours (seconds). */
const BLOCK_SECONDS = 12n;
const DAY = 86_400n;
/** What leaving takes besides the engine's delay: batch, closing time of the alarm and a margin. */
const EXIT_MARGIN = 5n * DAY;

/* VALUES */

const whole = z.int().nonnegative().transform(BigInt);
const positive = z.int().positive().transform(BigInt);
const bps = z.int().min(0).max(10_000).transform(BigInt);
const label = z.string().regex(/^[A-Za-z][\w-]*$/, "must start with a letter and have letters, digits, - and _ only");
const address = z.string().transform((text, issues) => {
  try {
    return getAddress(text);
  } catch {
    issues.addIssue({
      code: "custom",
      message: `"${text}" is not an address (40 hex digits; mixed case must be a valid checksum)`,
    });
    return z.NEVER;
  }
});
/** An amount with its unit, "1000 ether" or "5 gwei"; wei when parsed. */
const amount = z
  .string()
  .regex(/^\d+(\.\d+)? (ether|gwei|wei)$/, 'must be an amount with its unit, like "1000 ether"')
  .transform((text, issues) => {
    const [number, unit] = text.split(" ");
    try {
      return parseUnits(number, unit);
    } catch {
      issues.addIssue({ code: "custom", message: `${text} is less than a wei` });
      return z.NEVER;
    }
  });

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
    rewardsCoordinator: address.optional(),
  }),
]);
const lido = z.discriminatedUnion("kind", [
  deployed,
  z.strictObject({ kind: z.literal("external"), stETH: address, wstETH: address, withdrawalQueue: address }),
]);
const weth = z.discriminatedUnion("kind", [deployed, external]);

/* TRELLIS */

const asset = z.strictObject({
  /** ETH, wstETH, rETH … */
  asset: label,
  /** Only for assets that are neither ETH nor Lido's. */
  token: z.discriminatedUnion("kind", [deployed, external]).optional(),
  /** Where it is restaked. The strategy's token need not be the asset. */
  strategy: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({ kind: z.literal("deploy"), underlying: label }),
    external,
  ]),
  haircutBps: bps,
  cap: amount,
  /** Net deposits per day, of supply. */
  inflowBpsPerDay: bps,
});
const operator = z.strictObject({
  name: label,
  /** The company behind it: metadata, keys and rewards only. */
  nodeOperator: address,
  metadataURI: z.string(),
  weightBps: bps,
  allocationDelayBlocks: positive,
});
const avs = z.strictObject({
  name: label,
  contract: z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("deploy"), contract: label }), external]),
  operatorSetId: whole,
  /** Assets whose strategies the operator set slashes. */
  assets: z.array(label).min(1).max(8),
  faultClass: z.enum(["objective", "vetoed"]),
  correlationGroup: label,
  capBps: bps,
});
const accounting = z.strictObject({
  growthCapBpsPerDay: bps,
  alarmBps: bps,
  alarmWindowDays: positive,
  closingHours: positive,
  feeBps: bps,
  feeDailyCapBps: bps,
  feeRecipient: address,
  /** Minted at deployment and burnt, so that supply is never near zero. */
  deadShares: amount,
});
const withdrawals = z.strictObject({
  exitTimeSeconds: positive,
  batchSeconds: positive,
  fillWaitSeconds: positive,
  minUnbond: amount,
});
const instant = z.strictObject({
  bufferBps: bps,
  watermarkBps: bps,
  minFeeBps: bps,
  maxFeeBps: bps,
  bucketBpsPerDay: bps,
});
const allocation = z.strictObject({
  avsCapBps: bps,
  operatorCapBps: bps,
  groupCapBps: bps,
  unverifiedCapBps: bps,
  reserveBps: bps,
});
const governance = z.strictObject({
  admin: address,
  tightening: address,
  guardian: address,
  adminDelaySeconds: positive,
  guardianPauseSeconds: positive,
  guardianRestSeconds: positive,
});

/* RULES BETWEEN FIELDS */

type Problem = [path: (string | number)[], message: string];

const shape = z.strictObject({
  engine,
  lido,
  weth,
  assets: z.array(asset).min(1).max(8),
  operators: z.array(operator).min(1).max(16),
  avss: z.array(avs).max(32),
  accounting,
  withdrawals,
  instant,
  allocation,
  governance,
});

function repeated(list: string, key: string, names: string[]): Problem[] {
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [[[list, i, key], `${name} is there twice`] as Problem] : [],
  );
}

function problemsOf(config: Config): Problem[] {
  const { engine, operators, assets, avss, accounting, withdrawals, instant, governance } = config;
  const names = assets.map((a) => a.asset);
  const weights = operators.reduce((sum, o) => sum + o.weightBps, 0n);
  const exitTime = engine.kind === "deploy" ? engine.withdrawalDelayBlocks * BLOCK_SECONDS + EXIT_MARGIN : 0n;
  const when = (wrong: boolean, path: (string | number)[], message: string): Problem[] =>
    wrong ? [[path, message]] : [];
  return [
    ...repeated("assets", "asset", names),
    ...repeated(
      "operators",
      "name",
      operators.map((o) => o.name),
    ),
    ...repeated(
      "avss",
      "name",
      avss.map((a) => a.name),
    ),
    ...avss.flatMap((a, i) =>
      a.assets.flatMap((name, j) => when(!names.includes(name), ["avss", i, "assets", j], `${name} is not an asset`)),
    ),
    ...when(weights !== 10_000n, ["operators"], `weights add up to ${weights} bps, not 10000`),
    ...when(accounting.feeBps > 2_000n, ["accounting", "feeBps"], "the fee is at most 2000"),
    ...when(instant.minFeeBps > instant.maxFeeBps, ["instant", "minFeeBps"], "is above maxFeeBps"),
    ...when(instant.watermarkBps > instant.bufferBps, ["instant", "watermarkBps"], "is above bufferBps"),
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
