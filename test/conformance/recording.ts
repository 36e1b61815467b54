/** The format of a recording (`engine-trace/1`), described in traces/README.md, and reading one from a file. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const json: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined);
const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>((value) => typeof value === "object" && value !== null);

const event = z.looseObject({ on: z.string(), event: z.string().optional(), args: jsonObject.optional() });

const step = z.object({
  i: z.number(),
  at: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  function: z.string().optional(),
  args: jsonObject.optional(),
  value: z.string().optional(),
  mine: z.coerce.number().optional(),
  warp: z.coerce.number().optional(),
  tree: json.optional(),
  ok: z.object({ events: z.array(event), returns: json.optional() }).optional(),
  revert: json.optional(),
  looked: z.string().optional(),
  changed: z.record(z.string(), json).optional(),
  note: z.string().optional(),
  tags: z.array(z.string()).optional(),
});

const config = z.object({
  minWithdrawalDelayBlocks: z.number(),
  deallocationDelay: z.number(),
  allocationConfigurationDelay: z.number(),
  calculationIntervalSeconds: z.number(),
  maxRewardsDuration: z.number(),
  maxRetroactiveLength: z.number(),
  maxFutureLength: z.number(),
  genesisRewardsTimestamp: z.number(),
  activationDelay: z.number(),
  defaultOperatorSplitBips: z.number(),
});

const recording = z.object({
  header: z.object({
    format: z.literal("engine-trace/1"),
    seed: z.number(),
    pods: z.boolean(),
    config,
    accounts: z.record(z.string(), z.object({ address: z.string(), key: z.string() })),
    interfaces: z.string(),
    views: z.string(),
  }),
  steps: z.array(step),
  final: z.record(z.string(), json),
});

const views = z.array(
  z.object({
    key: z.string(),
    to: z.string(),
    function: z.string(),
    args: jsonObject,
    group: z.string(),
    initial: json,
    final: z.boolean().optional(),
    pods: z.boolean().optional(),
  }),
);

export type RecordedEvent = z.infer<typeof event>;
export type Step = z.infer<typeof step>;
export type EngineSettings = z.infer<typeof config>;
export type View = z.infer<typeof views>[number];
export type Accounts = z.infer<typeof recording>["header"]["accounts"];
/** Human-readable ABI fragments by kind of contract. */
export type Interfaces = Record<string, string[]>;

export interface Recording extends z.infer<typeof recording> {
  file: string;
  views: View[];
  interfaces: Interfaces;
}

export function readRecording(file: string): Recording {
  const parsed = recording.parse(read(file));
  const beside = (name: string): unknown => {
    const places = [dirname(file), dirname(dirname(file))].map((directory) => join(directory, name));
    const found = places.find((place) => existsSync(place));
    if (found === undefined) throw new Error(`${name} is not beside ${file}`);
    return read(found);
  };
  return {
    ...parsed,
    file,
    views: views.parse(beside(parsed.header.views)),
    interfaces: z.record(z.string(), z.array(z.string())).parse(beside(parsed.header.interfaces)),
  };
}

/** The recordings among files and directories, in order of their names. */
export function findRecordings(paths: string[]): string[] {
  return paths.flatMap((path) => {
    const place = resolve(path);
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place)
      .filter((name) => /^seed-.*\.json$/.test(name))
      .sort()
      .map((name) => join(place, name));
  });
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8")) as unknown;
}
