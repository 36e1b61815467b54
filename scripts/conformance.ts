/**
 * Replays recordings of the real contracts on our engine and compares every answer.
 *   npm run conformance -- [files or directories] [--shift N] [--max K]
 * Without a path: the recordings of test/conformance/traces. Exit code 1 when anything differs.
 */
import { basename, join } from "node:path";
import { Command } from "commander";
import { hardhatChain } from "../test/conformance/chain";
import { findRecordings, readRecording } from "../test/conformance/recording";
import { isInScope, replay, worlds } from "../test/conformance/replay";

const OURS = join(__dirname, "../test/conformance/traces");

interface Options {
  shift: string;
  max: string;
}

async function main(): Promise<void> {
  const program = new Command()
    .argument("[paths...]", "recordings, or directories of them")
    .option("--shift <blocks>", "start higher, later and at other addresses", "0")
    .option("--max <count>", "differences shown per recording", "20")
    .parse();
  const { shift, max } = program.opts<Options>();
  const files = findRecordings(program.args.length > 0 ? program.args : [OURS]);
  if (files.length === 0) throw new Error("no recordings there");
  const chain = hardhatChain();
  const from = worlds(chain, Number(shift));
  let steps = 0;
  let differences = 0;
  // Recordings with the same delays share a world.
  const recordings = files.map(readRecording).sort((a, b) => (delays(a) < delays(b) ? -1 : 1));
  for (const recording of recordings) {
    if (!isInScope(recording)) {
      console.log(`${basename(recording.file)}: uses what the engine does not have, skipped`);
      continue;
    }
    const result = await replay(chain, from, recording);
    steps += result.compared;
    differences += result.differences.length;
    console.log(
      `${basename(recording.file)}: ${result.compared} steps compared, ${result.differences.length} differences`,
    );
    for (const difference of result.differences.slice(0, Number(max))) console.log(`  ${difference}`);
  }
  console.log(`${steps} steps compared, ${differences} differences`);
  process.exitCode = differences === 0 ? 0 : 1;
}

function delays(recording: { header: { config: unknown } }): string {
  return JSON.stringify(recording.header.config);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
