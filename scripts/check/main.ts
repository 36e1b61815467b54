/**
 * Checks what no linter knows about this repository (`npm run check`), one violation per line.
 *   ts-node -T scripts/check/main.ts            all rules
 *   ts-node -T scripts/check/main.ts imports    only some
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { codeSize } from "./rules/code-size";
import { declarations } from "./rules/declarations";
import { division } from "./rules/division";
import { environment } from "./rules/environment";
import { imports } from "./rules/imports";
import { leftovers } from "./rules/leftovers";
import { natspec } from "./rules/natspec";
import { reasons } from "./rules/reasons";
import { sizes } from "./rules/sizes";
import { readTree, type Rule } from "./tree";

const RULES: Record<string, Rule> = {
  imports,
  sizes,
  declarations,
  natspec,
  division,
  reasons,
  leftovers,
  environment,
  "code-size": codeSize,
};

function main(names: string[]): number {
  const unknown = names.find((name) => !(name in RULES));
  if (unknown !== undefined) {
    console.error(`no rule ${unknown}; there are ${Object.keys(RULES).join(", ")}`);
    return 2;
  }
  const tree = readTree(join(__dirname, "../.."));
  const chosen = names.length > 0 ? names : Object.keys(RULES);
  if (chosen.includes("code-size") && !existsSync(join(tree.root, "artifacts"))) {
    console.log("code-size: nothing is compiled, not checked");
  }
  const violations = chosen.flatMap((rule) => RULES[rule](tree).map((violation) => ({ ...violation, rule })));
  for (const { file, line, message, rule } of violations) {
    console.log(`${line === undefined ? file : `${file}:${line}`}: ${message} (${rule})`);
  }
  console.log(`${chosen.length} rules, ${violations.length} violations`);
  return violations.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
