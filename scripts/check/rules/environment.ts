import { lineAt, type Tree, type Violation } from "../tree";

const EXAMPLE = ".env.example";
const READERS = /^(hardhat\.config\.ts|(scripts|deploy|test)\/.*\.(ts|cjs|mjs|js))$/;
// The tests of these rules hold made-up code.
const MADE_UP = "test/unit/check/";
// Capital letters only: npm's own variables are lower case. An assignment is not a read.
const READ = /process\.env(?:\.([A-Z][A-Z0-9_]*)\b|\[["']([A-Z][A-Z0-9_]*)["']\])(?!\s*=[^=])/g;
const DESTRUCTURED = /\{([^{}]*)\}\s*=\s*process\.env\b(?![.[])/g;

function namesRead(text: string): { name: string; line: number }[] {
  const single = [...text.matchAll(READ)].map(({ 1: dotted, 2: quoted, index }) => ({
    name: dotted ?? quoted,
    line: lineAt(text, index),
  }));
  const several = [...text.matchAll(DESTRUCTURED)].flatMap(({ 1: list, index }) =>
    [...list.matchAll(/(?:^|,)\s*([A-Z][A-Z0-9_]*)/g)].map(([, name]) => ({ name, line: lineAt(text, index) })),
  );
  return [...single, ...several];
}

/** `.env.example` lists exactly the variables that the code reads. */
export function environment(tree: Tree): Violation[] {
  const listed = new Map<string, number>();
  for (const { 1: name, index } of tree.read(EXAMPLE).matchAll(/^([A-Z][A-Z0-9_]*)=/gm)) {
    listed.set(name, lineAt(tree.read(EXAMPLE), index));
  }
  const reads = tree.files
    .filter((file) => READERS.test(file) && !file.startsWith(MADE_UP))
    .flatMap((file) => namesRead(tree.read(file)).map((read) => ({ file, ...read })));
  const known = new Set(reads.map(({ name }) => name));
  const missing = reads.filter(({ name }) => !listed.has(name));
  const unused = [...listed].filter(([name]) => !known.has(name));
  return [
    ...missing.map(({ file, line, name }) => ({ file, line, message: `${name} is not in ${EXAMPLE}` })),
    ...unused.map(([name, line]) => ({ file: EXAMPLE, line, message: `nothing reads ${name}` })),
  ];
}
