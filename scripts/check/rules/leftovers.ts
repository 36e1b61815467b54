import { type Tree, type Violation } from "../tree";

// Put together here, so that this file does not contain them.
const NOTES = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X".repeat(3)].join("|")})\\b`);
const FOCUS = new RegExp(
  `\\b(it|describe|context|test|suite|specify|this)\\.(only|skip)\\b|\\bx(it|describe|context)\\(`,
);
const TEXT = /\.(sol|ts|cjs|mjs|js|json|md|toml|ya?ml|sh|html|css)$|^\.ci\/|^\.env\.example$/;

/** Nothing half-done, and no test that silently does not run. */
export function leftovers(tree: Tree): Violation[] {
  return tree.files
    .filter((file) => TEXT.test(file) && file !== "package-lock.json")
    .flatMap((file) => {
      const isTest = file.startsWith("test/");
      return tree
        .read(file)
        .split("\n")
        .flatMap((text, i): Violation[] => {
          const found = NOTES.exec(text) ?? (isTest ? FOCUS.exec(text) : null);
          return found ? [{ file, line: i + 1, message: `leftover \`${found[0]}\`` }] : [];
        });
    });
}
