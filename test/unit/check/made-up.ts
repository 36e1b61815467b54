import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readTree, type Rule } from "../../../scripts/check/tree";

/** Writes a small tree to a temporary folder and returns what a rule says about it, as `file:line message`. */
export function violations(rule: Rule, files: Record<string, string | string[]>): string[] {
  const root = mkdtempSync(join(tmpdir(), "trellis-check-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), Array.isArray(content) ? content.join("\n") : content);
    }
    return rule(readTree(root)).map(
      ({ file, line, message }) => `${file}${line === undefined ? "" : `:${line}`} ${message}`,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}
