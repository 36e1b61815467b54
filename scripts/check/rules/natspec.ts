import { codeOnly } from "../source";
import { isInterfaceFile, lineAt, solidity, type Tree, type Violation } from "../tree";

/** The doc comment that ends right before an offset. */
function docBefore(text: string, offset: number): string {
  const before = text.slice(0, offset).trimEnd();
  if (before.endsWith("*/")) return before.slice(before.lastIndexOf("/*"));
  const lines = before.split("\n");
  let first = lines.length;
  while (first > 0 && lines[first - 1].trim().startsWith("//")) first--;
  return lines.slice(first).join("\n");
}

function undocumented(file: string, text: string): Violation[] {
  const found: Violation[] = [];
  for (const { 0: declaration, 1: name, index } of codeOnly(text).matchAll(/\bfunction\s+(\w+)[^;{]*/g)) {
    const doc = docBefore(text, index);
    const line = lineAt(text, index);
    const onlyReads = /\b(view|pure)\b/.test(declaration);
    if (!doc.includes("@notice")) found.push({ file, line, message: `${name} has no @notice` });
    if (!onlyReads && !doc.includes("Caller:")) found.push({ file, line, message: `${name} does not say \`Caller:\`` });
  }
  return found;
}

/** Errors of the engine carry no values, those of the protocol few: the sentence says what went wrong. */
function unexplained(file: string, text: string): Violation[] {
  const found: Violation[] = [];
  for (const { 1: name, index } of codeOnly(text).matchAll(/\berror\s+(\w+)\s*\(/g)) {
    const line = lineAt(text, index);
    if (!docBefore(text, index).includes("@notice")) found.push({ file, line, message: `${name} has no @notice` });
  }
  return found;
}

/** Every function and error of an interface says what it means, every function that writes who may call it. */
export function natspec(tree: Tree): Violation[] {
  return solidity(tree, "shared", "restaking", "lrt", "avs")
    .filter(isInterfaceFile)
    .flatMap((file) => [...undocumented(file, tree.read(file)), ...unexplained(file, tree.read(file))]);
}
