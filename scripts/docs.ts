/**
 * Writes the pages of docs that follow from the sources and the snapshots.
 *   npm run docs               write
 *   npm run docs -- --check    exit 1 when a committed page differs
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { readTree, type Tree } from "./check/tree";
import { engineGas } from "./docs/engine-gas";
import { errors } from "./docs/errors";
import { protocolGas } from "./docs/protocol-gas";
import { roles } from "./docs/roles";
import { sizes } from "./docs/sizes";

const PAGES: Record<string, (tree: Tree) => string> = {
  "docs/spec/roles.md": roles,
  "docs/spec/errors.md": errors,
  "docs/spec/sizes.md": sizes,
  "docs/engine-gas.md": engineGas,
  "docs/gas.md": protocolGas,
};

async function main(): Promise<void> {
  const root = join(__dirname, "..");
  if (!existsSync(join(root, "artifacts/contracts"))) throw new Error("no artifacts yet: run `npm run build` first");
  const tree = readTree(root);
  for (const [page, write] of Object.entries(PAGES)) {
    const file = join(root, page);
    const text = await format(write(tree), { ...(await resolveConfig(file)), parser: "markdown" });
    if (!process.argv.includes("--check")) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
      console.error(`${page} is stale; run \`npm run docs\` and commit`);
      process.exitCode = 1;
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
