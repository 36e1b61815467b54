import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { areaOf, type Tree, type Violation } from "../tree";

const DEPLOYABLE = 24_576;
const OURS = 20_480;
/** What may be larger than ours, and why. */
const LARGER: Record<string, number> = {
  // Books, report and strike share one struct; every call between two contracts would cost each report.
  "contracts/lrt/accounting/Accountant.sol": 21_500,
};

function bytecodeSizes(directory: string): { name: string; size: number }[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json") && !path.endsWith(".dbg.json"))
    .map((path) => {
      const artifact = JSON.parse(readFileSync(join(directory, path), "utf8")) as { deployedBytecode?: string };
      return { name: path, size: ((artifact.deployedBytecode ?? "0x").length - 2) / 2 };
    });
}

/** Compiled code stays below the chain's limit, ours with room for a repair. Finds nothing where nothing is compiled. */
export function codeSize(tree: Tree): Violation[] {
  const artifacts = join(tree.root, "artifacts/contracts");
  if (!existsSync(artifacts)) return [];
  return bytecodeSizes(artifacts).flatMap(({ name, size }) => {
    // lrt/token/TrEth.sol/TrEth.json
    const file = `contracts/${name.replaceAll("\\", "/").split("/").slice(0, -1).join("/")}`;
    const isOurs = ["lrt", "avs", "shared"].includes(areaOf(file) ?? "");
    const limit = LARGER[file] ?? (isOurs ? OURS : DEPLOYABLE);
    return size < limit ? [] : [{ file, message: `has ${size} bytes of code, must stay below ${limit}` }];
  });
}
