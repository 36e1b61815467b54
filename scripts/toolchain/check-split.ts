/** Compiles every build-info input once in one process and once split, and compares the outputs exactly. */
import { deepStrictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileSplit, type CompilerInput } from "./solcjs";

async function main() {
  const dir = join(__dirname, "../..", "artifacts", "build-info");
  for (const file of readdirSync(dir)) {
    const { input } = JSON.parse(readFileSync(join(dir, file), "utf8")) as { input: CompilerInput };
    const timed = async (workers: number) => {
      const start = Date.now();
      const output = await compileSplit(input, workers);
      return { output, ms: Date.now() - start };
    };
    const one = await timed(0);
    const two = await timed(2);
    deepStrictEqual(two.output.contracts, one.output.contracts);
    deepStrictEqual(two.output.sources, one.output.sources);
    deepStrictEqual(two.output.errors?.length, one.output.errors?.length);
    console.log(`${file}: identical (one process ${one.ms} ms, two processes ${two.ms} ms)`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
