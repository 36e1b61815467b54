import { posix } from "node:path";
import { codeOnly, definitions } from "../source";
import { areaOf, lineAt, type Tree, type Violation } from "../tree";

/** What each area may import, besides packages. Swapping the engine must stay a change of addresses. */
const MAY_IMPORT: Record<string, string[]> = {
  shared: ["contracts/shared/"],
  restaking: ["contracts/shared/", "contracts/restaking/"],
  lrt: ["contracts/shared/", "contracts/restaking/interfaces/", "contracts/lrt/"],
  avs: ["contracts/shared/", "contracts/restaking/interfaces/", "contracts/avs/"],
  mocks: ["contracts/"],
};

function importsOf(file: string, text: string): { path: string; line: number }[] {
  const code = codeOnly(text);
  return [...text.matchAll(/\bimport\b[^;"']*["']([^"']+)["']/g)]
    .filter((match) => code.startsWith("import", match.index))
    .map((match) => ({
      path: match[1].startsWith(".") ? posix.join(posix.dirname(file), match[1]) : match[1],
      line: lineAt(text, match.index),
    }));
}

/** shared ← restaking ← lrt; nothing but mocks and tests sees mocks; doubles live in mocks. */
export function imports(tree: Tree): Violation[] {
  return tree.files
    .filter((file) => file.startsWith("contracts/") && file.endsWith(".sol"))
    .flatMap((file) => {
      const area = areaOf(file) ?? "";
      const allowed = MAY_IMPORT[area];
      if (allowed === undefined) return [{ file, message: `contracts/${area} is not a known area` }];
      const text = tree.read(file);
      const wrong: Violation[] = importsOf(file, text)
        .filter(({ path }) => !path.startsWith("@") && !allowed.some((prefix) => path.startsWith(prefix)))
        .map(({ path, line }) => ({ file, line, message: `${area} must not import ${path}` }));
      if (area === "mocks") return wrong;
      const doubles = definitions(codeOnly(text)).filter(({ name }) => /(Mock|Harness)$/.test(name));
      return [
        ...wrong,
        ...doubles.map(({ name, line }) => ({ file, line, message: `${name} belongs in contracts/mocks` })),
      ];
    });
}
