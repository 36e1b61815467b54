/**
 * Replays recordings of the real contracts on our engine and compares every answer.
 *   npm run conformance -- [files or directories] [--shift N] [--max K] [--gas FILE]
 * Without a path: the recordings of test/conformance/traces. Exit code 1 when anything differs.
 */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Command } from "commander";
import { replayAll } from "../test/conformance/parallel";
import { findRecordings, readRecording } from "../test/conformance/recording";
import { isInScope } from "../test/conformance/replay";

const OURS = join(__dirname, "../test/conformance/traces");

interface Options {
  shift: string;
  max: string;
  gas?: string;
}

async function main(): Promise<void> {
  const program = new Command()
    .argument("[paths...]", "recordings, or directories of them")
    .option("--shift <blocks>", "start higher, later and at other addresses", "0")
    .option("--max <count>", "differences shown per recording", "20")
    .option("--gas <file>", "write the gas of every call that succeeded")
    .parse();
  const { shift, max, gas } = program.opts<Options>();
  const files = findRecordings(program.args.length > 0 ? program.args : [OURS]);
  if (files.length === 0) throw new Error("no recordings there");
  for (const file of files) {
    if (!isInScope(readRecording(file))) console.log(`${basename(file)}: uses native ETH, skipped`);
  }
  let steps = 0;
  let differences = 0;
  const used: Record<string, unknown> = {};
  await replayAll(files, Number(shift), (done) => {
    const name = basename(done.file);
    steps += done.compared;
    differences += done.differences.length;
    used[name] = done.gas;
    console.log(`${name}: ${done.compared} steps compared, ${done.differences.length} differences`);
    for (const difference of done.differences.slice(0, Number(max))) console.log(`  ${difference}`);
  });
  if (gas !== undefined) writeFileSync(gas, JSON.stringify(used));
  console.log(`${steps} steps compared, ${differences} differences`);
  process.exitCode = differences === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
