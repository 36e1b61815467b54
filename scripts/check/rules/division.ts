import { codeOnly } from "../source";
import { solidity, type Tree, type Violation } from "../tree";

const ESCAPE = /\/\/ not an amount: \S/;

/** A bare `/` hides who wins the rounding. Amounts are divided in shared/math, where the name says it. */
export function division(tree: Tree): Violation[] {
  return solidity(tree, "lrt").flatMap((file) => {
    const lines = tree.read(file).split("\n");
    const code = codeOnly(lines.join("\n")).split("\n");
    return code.flatMap((line, i) => {
      if (!line.includes("/") || ESCAPE.test(lines[i])) return [];
      return [
        { file, line: i + 1, message: "`/` outside shared/math; use …Down or …Up, or add `// not an amount: <why>`" },
      ];
    });
  });
}
