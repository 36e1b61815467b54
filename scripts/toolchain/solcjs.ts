/**
 * Offline Solidity compiler for Hardhat.
 *
 * Hardhat normally downloads a native solc. Here the compiler is the npm package `solc` (WebAssembly), pinned in
 * package-lock.json, so a build needs nothing but `npm ci`. WebAssembly is slow, so one standard-JSON job is split:
 * the analysis outputs (ABI, AST, metadata, storage layout) and the code generation of disjoint groups of files run in
 * separate processes over the same sources, and the results are merged. Every process sees all sources, hence AST ids,
 * source indices and bytecode are identical to a single run (scripts/toolchain/check-split.ts proves it on this project).
 */
import { spawn } from "node:child_process";
import { availableParallelism, loadavg } from "node:os";
import { join, posix } from "node:path";

/* eslint-disable @typescript-eslint/no-require-imports */
const solcPackage = require("solc/package.json") as { version: string };

export const SOLC_VERSION = solcPackage.version;
export const SOLJSON_PATH = require.resolve("solc/soljson.js");

/** For example 0.8.37+commit.f401782d: explorers need it to verify sources. Loads the compiler (half a second). */
export function solcLongVersion(): string {
  const solc = require("solc") as { version: () => string };
  return solc.version().replace(/\.Emscripten\.\w+$/, "");
}

type Selection = Record<string, Record<string, string[]>>;
export interface CompilerInput {
  language: string;
  sources: Record<string, { content: string }>;
  settings: { outputSelection: Selection; [key: string]: unknown };
}
interface CompilerMessage {
  severity: string;
  errorCode?: string;
  formattedMessage?: string;
  sourceLocation?: { file: string };
}
export interface CompilerOutput {
  errors?: CompilerMessage[];
  sources?: Record<string, unknown>;
  contracts?: Record<string, Record<string, { evm?: Record<string, unknown>; [key: string]: unknown }>>;
}

const isCodegen = (output: string) => output.startsWith("evm.") && output !== "evm.methodIdentifiers";

/** Runs several output selections over one input inside one child process (one WebAssembly start-up). */
export function runSolcJs(input: CompilerInput, selections: Selection[]): Promise<CompilerOutput[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(__dirname, "solcjs-worker.cjs"), SOLJSON_PATH], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`solcjs worker exited with code ${String(code)}`));
      resolve(JSON.parse(Buffer.concat(chunks).toString()) as CompilerOutput[]);
    });
    child.stdin.end(JSON.stringify({ input, selections }));
  });
}

/** Rough cost of generating code for a file: the text of its import closure, if it defines a contract or library. */
function codegenWeights(input: CompilerInput): Map<string, number> {
  const imports = new Map<string, string[]>();
  for (const [name, { content }] of Object.entries(input.sources)) {
    const found = [...content.matchAll(/^\s*import\b[^;"']*["']([^"']+)["']/gm)].map(([, path]) =>
      path.startsWith(".") ? posix.normalize(posix.join(posix.dirname(name), path)) : path,
    );
    imports.set(name, found);
  }
  const weights = new Map<string, number>();
  for (const [name, { content }] of Object.entries(input.sources)) {
    const definitions = [...content.matchAll(/^\s*(?:contract|library)\s/gm)].length;
    if (definitions === 0) {
      weights.set(name, 1);
      continue;
    }
    const seen = new Set<string>();
    const queue = [name];
    let size = 0;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next) || !(next in input.sources)) continue;
      seen.add(next);
      size += input.sources[next].content.length;
      queue.push(...(imports.get(next) ?? []));
    }
    weights.set(name, size * definitions);
  }
  return weights;
}

/** Narrows code generation to some files; every other output is still made for all files. */
export function onlyCodegenFor(input: CompilerInput, files: string[]): CompilerInput {
  const everything = input.settings.outputSelection["*"];
  const analysis = { ...everything, "*": everything["*"].filter((output) => !isCodegen(output)) };
  const outputSelection: Selection = { "*": analysis };
  for (const file of files) outputSelection[file] = everything;
  // A copy: the settings object is also what Hardhat's cache compares.
  return { ...input, settings: { ...input.settings, outputSelection } };
}

/** What solc returns as bytecode for an abstract contract. */
const noBytecode = () => ({
  functionDebugData: {},
  generatedSources: [],
  linkReferences: {},
  object: "",
  opcodes: "",
  sourceMap: "",
});

export function splitSelections(input: CompilerInput, workers: number): Selection[][] | undefined {
  const requested = input.settings.outputSelection;
  const outputsOf = (file: string) => (requested[file] ?? requested["*"])?.["*"] ?? [];
  const codegen = new Map<string, string[]>();
  for (const file of Object.keys(input.sources)) {
    const outputs = outputsOf(file).filter(isCodegen);
    if (outputs.length > 0) codegen.set(file, outputs);
  }
  if (codegen.size === 0) return undefined;

  // An AST asked for together with bytecode makes solc generate code for every contract, hence the separate run.
  const analysis: Selection = {};
  for (const [file, byContract] of Object.entries(requested)) {
    analysis[file] = { ...byContract };
    if (byContract["*"] !== undefined) analysis[file]["*"] = byContract["*"].filter((output) => !isCodegen(output));
  }

  const weights = [...codegenWeights(input)].filter(([file]) => codegen.has(file)).sort((a, b) => b[1] - a[1]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  // The first group also does the analysis, so it starts with a handicap.
  const groups: { weight: number; selection: Selection }[] = [];
  for (let i = 0; i < Math.max(1, Math.min(workers, weights.length)); ++i) {
    groups.push({ weight: i === 0 ? total * 0.2 : 0, selection: {} });
  }
  for (const [file, weight] of weights) {
    const lightest = groups.reduce((a, b) => (b.weight < a.weight ? b : a));
    lightest.weight += weight;
    lightest.selection[file] = { "*": codegen.get(file) ?? [] };
  }
  return groups.map(({ selection }, i) => (i === 0 ? [analysis, selection] : [selection]));
}

/** More processes cost more CPU in all, so use only cores that are idle. The result is the same for any number. */
function defaultWorkers(): number {
  return Math.max(1, Math.min(4, Math.round(availableParallelism() - loadavg()[0])));
}

export async function compileSplit(
  input: CompilerInput,
  workers = Number(process.env.SOLC_WORKERS ?? defaultWorkers()),
): Promise<CompilerOutput> {
  const groups = splitSelections(input, workers);
  if (workers === 0 || groups === undefined) return (await runSolcJs(input, [input.settings.outputSelection]))[0];

  const [analysis, ...codegen] = (await Promise.all(groups.map((group) => runSolcJs(input, group)))).flat();
  const messages = new Map<string, CompilerMessage>();
  for (const message of [analysis, ...codegen].flatMap((output) => output.errors ?? [])) {
    messages.set(`${message.errorCode ?? ""}${message.formattedMessage ?? ""}`, message);
  }
  for (const { contracts } of codegen) {
    for (const [file, byName] of Object.entries(contracts ?? {})) {
      for (const [name, { evm }] of Object.entries(byName)) {
        const target = analysis.contracts?.[file]?.[name];
        if (target !== undefined) target.evm = { ...target.evm, ...evm };
      }
    }
  }
  // Hardhat and its plugins expect bytecode fields everywhere.
  for (const contract of Object.values(analysis.contracts ?? {}).flatMap((byName) => Object.values(byName))) {
    contract.evm = {
      bytecode: noBytecode(),
      deployedBytecode: { ...noBytecode(), immutableReferences: {} },
      ...contract.evm,
    };
  }
  return messages.size > 0 ? { ...analysis, errors: [...messages.values()] } : analysis;
}
