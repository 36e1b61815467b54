import { codeOnly, definitions } from "../source";
import { areaOf, isInterfaceFile, lineAt, solidity, type Tree, type Violation } from "../tree";

const DECLARATION = /\b(error|event)\s+(\w+)\s*\(/g;

/** The engine's libraries keep the errors that the original's have; nobody else's library declares any. */
function isExempt(file: string, code: string, offset: number): boolean {
  if (isInterfaceFile(file)) return true;
  if (areaOf(file) !== "restaking") return false;
  const around = definitions(code).find(
    (d) => d.offset < offset && offset < d.offset + d.header.length + d.body.length + 2,
  );
  return around === undefined || around.kind === "library";
}

/** Errors and events stand in interface files, each error once: then it lands in the right ABI and means one thing. */
export function declarations(tree: Tree): Violation[] {
  const found: Violation[] = [];
  const errors = new Map<string, string>();
  for (const file of solidity(tree, "shared", "restaking", "lrt", "avs")) {
    const code = codeOnly(tree.read(file));
    for (const { 1: kind, 2: name, index } of code.matchAll(DECLARATION)) {
      const line = lineAt(code, index);
      if (!isExempt(file, code, index))
        found.push({ file, line, message: `${kind} ${name} belongs in an interface file` });
      // Names of the engine and of outside contracts are fixed by their originals.
      if (kind !== "error" || areaOf(file) === "restaking" || file.startsWith("contracts/shared/external/")) continue;
      const first = errors.get(name);
      if (first === undefined) errors.set(name, `${file}:${line}`);
      else found.push({ file, line, message: `error ${name} is already declared in ${first}` });
    }
  }
  return found;
}
