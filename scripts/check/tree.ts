import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Something that a rule does not allow. Lines count from 1. */
export interface Violation {
  file: string;
  line?: number;
  message: string;
}

/** The files of a working tree, by path from its root with forward slashes. */
export interface Tree {
  root: string;
  files: string[];
  /** Text of a file; "" when there is none. */
  read(file: string): string;
}

/** A rule looks at a tree and lists what is wrong; it changes nothing. */
export type Rule = (tree: Tree) => Violation[];

const NOT_OURS = new Set([
  "node_modules",
  "artifacts",
  "cache",
  "coverage",
  "typechain-types",
  "report",
  ".git",
  ".forge",
]);

/** Reads the names of all files that people write (not dependencies, not generated code). */
export function readTree(root: string): Tree {
  const files: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) walk(path);
      else if (entry.isFile()) files.push(path);
    }
  };
  walk("");
  const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");
  return { root, files: files.sort(), read };
}

/** `contracts/lrt/token/TrEth.sol` is in area `lrt`; undefined outside `contracts/`. */
export function areaOf(file: string): string | undefined {
  return /^contracts\/([^/]+)/.exec(file)?.[1];
}

/** The Solidity files of some areas of `contracts/`. */
export function solidity(tree: Tree, ...areas: string[]): string[] {
  return tree.files.filter((file) => file.endsWith(".sol") && areas.includes(areaOf(file) ?? ""));
}

/** `I` and a capital: `IStrategy.sol`, not `Issuer.sol`. */
export function isInterfaceFile(file: string): boolean {
  return /\/I[A-Z][^/]*\.sol$/.test(file);
}

/** Number of the line at an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
