// Knows neither Hardhat nor a chain: a scenario is checked before anything starts.
import { readFileSync } from "node:fs";
import { parseUnits } from "ethers";
import { z } from "zod";
import { local } from "../../deploy/config/local";

/** The scenario is wrong: nothing was started. */
export class ScenarioError extends Error {}

/* VALUES */

const day = z.int().min(1).max(365);
const bps = z.int().min(0).max(10_000).transform(BigInt);
const label = z.string().regex(/^[A-Za-z][\w-]*$/, "must start with a letter and have letters, digits, - and _ only");
const asset = z.enum(["ETH", "wstETH", "rETH", "cbETH"]);
const amount = z
  .string()
  .regex(/^\d+(\.\d+)? (ether|gwei|wei)$/, 'must be an amount with its unit, like "12.5 ether"')
  .transform((text, issues) => {
    const [number, unit] = text.split(" ");
    try {
      return parseUnits(number, unit);
    } catch {
      issues.addIssue({ code: "custom", message: `${text} is less than a wei` });
      return z.NEVER;
    }
  });

/* WHAT HAPPENS */

const setNumber = z.int().nonnegative();
const setOfOperator = { avs: label, set: setNumber, operator: label };
/** What AVSs pay with: a token that is sold, or an asset of the pool. */
const rewardToken = z.enum([...local.rewards.floors.map(({ name }) => name), "wstETH"]);
const event = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("deposit"),
    day,
    who: label,
    token: z.enum(["ETH", "WETH", "stETH", "wstETH", "rETH", "cbETH"]),
    amount,
  }),
  z.strictObject({ kind: z.literal("request"), day, who: label, asset, partBps: bps }),
  z.strictObject({ kind: z.literal("instant"), day, who: label, partBps: bps }),
  z.strictObject({ kind: z.literal("basket"), day, who: label, partBps: bps }),
  z.strictObject({ kind: z.literal("move"), day, who: label, to: asset }),
  z.strictObject({ kind: z.literal("transfer"), day, who: label, to: label, partBps: bps }),
  z.strictObject({
    kind: z.literal("donation"),
    day,
    who: label,
    token: z.enum(["stETH", "wstETH"]),
    amount,
    to: z.enum(["pool", "queue", "strategy"]),
  }),
  z.strictObject({ kind: z.literal("lst-loss"), day, bps }),
  z.strictObject({ kind: z.literal("lido-closed"), day, days: day }),
  z.strictObject({ kind: z.literal("keeper-off"), day, days: day }),
  z.strictObject({ kind: z.literal("slash"), day, ...setOfOperator }),
  z.strictObject({ kind: z.literal("veto"), day, ...setOfOperator }),
  z.strictObject({ kind: z.literal("forge"), day, amount }),
  z.strictObject({ kind: z.literal("renew"), day, ...setOfOperator }),
  z.strictObject({ kind: z.literal("pay"), day, avs: label, set: setNumber, token: rewardToken, amount, days: day }),
  z.strictObject({ kind: z.literal("incentive"), day, token: rewardToken, amount, days: day }),
  z.strictObject({ kind: z.literal("wrong-root"), day }),
  z.strictObject({ kind: z.literal("retarget"), day, avs: label, set: setNumber, targetBps: bps }),
  z.strictObject({ kind: z.literal("expel"), day, operator: label }),
  z.strictObject({ kind: z.literal("newcomer"), day, avs: label, capBps: bps, targetBps: bps, payBps: bps }),
  z.strictObject({ kind: z.literal("seize"), day, avs: label, operator: label, bps }),
  z.strictObject({
    kind: z.literal("turn"),
    day,
    avs: label,
    change: z.enum(["slasher", "strategy", "registrar"]),
  }),
  z.strictObject({ kind: z.literal("rush"), day, days: day, chanceBps: bps, partBps: bps }),
]);
const shape = z.strictObject({
  name: z.string().min(1).max(80),
  about: z.string().max(400),
  days: day,
  seed: z.int().nonnegative().max(0xffff_ffff),
  people: z
    .array(z.strictObject({ name: label, stays: z.boolean() }))
    .min(1)
    .max(9),
  lido: z.strictObject({ yieldBpsPerYear: bps, variationBps: bps, finalisesEveryDays: day }),
  /** What rETH and cbETH earn. */
  others: z.strictObject({ yieldBpsPerYear: bps, variationBps: bps }),
  /** How often a root is posted, and what buyers pay for 1e18 of a token that is sold. */
  rewards: z.strictObject({ rootEveryDays: day, buyersPay: amount, variationBps: bps }),
  depositVariationBps: bps,
  allocateEveryDays: day,
  claimEveryDays: day,
  events: z.array(event).max(500),
});

/** A scenario as it is written. */
export type ScenarioInput = z.input<typeof shape>;
/** A checked scenario: amounts in wei, rates as bigint. */
export type Scenario = z.output<typeof shape>;
export type StoryEvent = Scenario["events"][number];
export type EventOf<K extends StoryEvent["kind"]> = Extract<StoryEvent, { kind: K }>;

/* RULES BETWEEN FIELDS */

function problemsOf(scenario: Scenario): string[] {
  const people = scenario.people.map(({ name }) => name);
  const twice = people.flatMap((name, i) =>
    people.indexOf(name) < i ? [`people[${i}].name: ${name} is there twice`] : [],
  );
  return [...twice, ...scenario.events.flatMap((e, i) => eventProblems(scenario, e, `events[${i}]`))];
}

function eventProblems({ days, people, events }: Scenario, e: StoryEvent, path: string): string[] {
  const known = (key: string, name: string): string[] =>
    people.some((p) => p.name === name) ? [] : [`${path}.${key}: there is nobody named ${name} in people`];
  return [
    ...(e.day > days ? [`${path}.day: the story ends on day ${days}`] : []),
    ...("who" in e ? known("who", e.who) : []),
    ...(e.kind === "transfer" ? known("to", e.to) : []),
    ...("set" in e ? setProblems(e, path) : []),
    ...("operator" in e ? operatorProblems(e.operator, path) : []),
    ...(e.kind === "newcomer" ? nameProblems(events, e, path) : []),
    ...(e.kind === "seize" || e.kind === "turn" ? newcomerProblems(events, e, path) : []),
    ...(e.kind === "veto" && !isAccuracySet(e) ? [`${path}.set: what ${e.avs}/${e.set} slashes cannot be vetoed`] : []),
  ];
}

/** Whether operators pledge the accuracy of a feed to this set. */
export function isAccuracySet({ avs, set }: { avs: string; set: number }): boolean {
  const found = local.avss.find(({ name }) => name === avs);
  if (found === undefined || found.contract.kind !== "oracle" || found.contract.accuracy === undefined) return false;
  return set >= found.sets.length / 2;
}

function setProblems(e: { avs: string; set: number }, path: string): string[] {
  const avs = local.avss.find(({ name }) => name === e.avs);
  const names = local.avss.map(({ name }) => name).join(", ");
  if (avs === undefined) return [`${path}.avs: there is no AVS ${e.avs} (${names})`];
  return avs.sets.some(({ id }) => id === e.set) ? [] : [`${path}.set: ${e.avs} has no set ${e.set}`];
}

function operatorProblems(operator: string, path: string): string[] {
  return local.operators.some(({ name }) => name === operator)
    ? []
    : [`${path}.operator: there is no operator ${operator}`];
}

const isNewcomer = (e: StoryEvent): e is EventOf<"newcomer"> => e.kind === "newcomer";

function nameProblems(events: StoryEvent[], e: EventOf<"newcomer">, path: string): string[] {
  const isTaken =
    local.avss.some(({ name }) => name === e.avs) ||
    events.filter(isNewcomer).filter((n) => n.avs === e.avs).length > 1;
  return [
    ...(isTaken ? [`${path}.avs: there is another AVS ${e.avs}`] : []),
    ...(e.targetBps > e.capBps ? [`${path}.targetBps: is above the cap`] : []),
  ];
}

function newcomerProblems(events: StoryEvent[], e: EventOf<"seize" | "turn">, path: string): string[] {
  const isThere = events.some((n) => isNewcomer(n) && n.avs === e.avs && n.day < e.day);
  return isThere ? [] : [`${path}.avs: no newcomer ${e.avs} came before day ${e.day}`];
}

/* READING */

function pathOf(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`),
    "",
  );
}

function shapeProblem(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: unknown field`);
  }
  return [`${pathOf(issue.path) || "(scenario)"}: ${issue.message}`];
}

/** Checks a scenario; the error names the path of every field that is wrong. */
export function parseScenario(input: unknown): Scenario {
  const result = shape.safeParse(input);
  if (!result.success) throw new ScenarioError(result.error.issues.flatMap(shapeProblem).join("\n"));
  const problems = problemsOf(result.data);
  if (problems.length > 0) throw new ScenarioError(problems.join("\n"));
  return result.data;
}

/** Reads and checks a scenario file. */
export function loadScenario(file: string): Scenario {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ScenarioError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  return parseScenario(input);
}
