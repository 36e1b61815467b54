import { codeOnly, definitions, functions, type Block } from "../source";
import { solidity, type Tree, type Violation } from "../tree";

const CONTRACT_LINES = 400;
const CONTRACT_FUNCTIONS = 25;
const LEDGER_LINES = 250;
const FUNCTION_LINES = 40;
const TEST_LINES = 350;

function tooLong(file: string, block: Block, limit: number): Violation[] {
  if (block.lines <= limit) return [];
  return [{ file, line: block.line, message: `${block.name} has ${block.lines} lines, at most ${limit}` }];
}

function contractSizes(file: string, text: string): Violation[] {
  return definitions(codeOnly(text))
    .filter(({ kind }) => kind !== "interface")
    .flatMap((contract) => {
      const members = functions(contract.body);
      // What a reader must know of a contract is what can be called; its private steps are bounded by its lines.
      const count = members.filter(({ header }) => /\b(external|public)\b/.test(header)).length;
      const isLedger = contract.kind === "library" && contract.name.endsWith("Ledger");
      const crowded = `${contract.name} has ${count} functions, at most ${CONTRACT_FUNCTIONS}`;
      // Lines inside the body are counted from its opening brace.
      const start = contract.line + contract.header.split("\n").length - 1;
      return [
        ...tooLong(file, contract, isLedger ? LEDGER_LINES : CONTRACT_LINES),
        ...(count > CONTRACT_FUNCTIONS ? [{ file, line: contract.line, message: crowded }] : []),
        ...members.flatMap((f) => tooLong(file, { ...f, line: start + f.line - 1 }, FUNCTION_LINES)),
      ];
    });
}

/** Small enough to review in one sitting. The engine keeps the shape of the original, mocks that of the moment. */
export function sizes(tree: Tree): Violation[] {
  const tests = tree.files.filter((file) => /^test\/.*\.(ts|sol)$/.test(file));
  return [
    ...solidity(tree, "lrt", "avs", "shared").flatMap((file) => contractSizes(file, tree.read(file))),
    ...tests.flatMap((file) => {
      const lines = tree.read(file).trimEnd().split("\n").length;
      return lines > TEST_LINES ? [{ file, message: `has ${lines} lines, at most ${TEST_LINES}` }] : [];
    }),
  ];
}
