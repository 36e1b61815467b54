import { codeOnly, commentsOnly } from "../source";
import { lineAt, solidity, type Tree, type Violation } from "../tree";

/** Where the compiler stops checking, a comment (line before, same line or first line inside) gives the reason. */
export function reasons(tree: Tree): Violation[] {
  return solidity(tree, "shared", "restaking", "lrt", "avs", "mocks").flatMap((file) => {
    const text = tree.read(file);
    const comments = commentsOnly(text).split("\n");
    return [...codeOnly(text).matchAll(/\b(unchecked|assembly)\b[^{;]*\{/g)].flatMap(({ 1: kind, index }) => {
      const line = lineAt(text, index);
      const said = comments.slice(Math.max(0, line - 2), line + 1).some((comment) => /\w/.test(comment));
      return said ? [] : [{ file, line, message: `${kind} block without a comment that says why it is safe` }];
    });
  });
}
