import { join } from "node:path";
import { config as loadEnv } from "dotenv";
import "@nomicfoundation/hardhat-toolbox";
import "@openzeppelin/hardhat-upgrades";
import "hardhat-contract-sizer";
import { extendProvider, subtask, type HardhatUserConfig } from "hardhat/config";
import {
  TASK_COMPILE_SOLIDITY_GET_COMPILER_INPUT,
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  TASK_COMPILE_SOLIDITY_RUN_SOLCJS,
} from "hardhat/builtin-tasks/task-names";
import { HARDHAT_NETWORK_NAME } from "hardhat/plugins";
import type { CompilationJob } from "hardhat/types";
import { InTurn } from "./scripts/toolchain/in-turn";
import {
  compileSplit,
  onlyCodegenFor,
  solcLongVersion,
  SOLC_VERSION,
  SOLJSON_PATH,
  type CompilerInput,
} from "./scripts/toolchain/solcjs";

loadEnv({ quiet: true });

// Use the WebAssembly compiler from node_modules instead of downloading a native one.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, (args: { solcVersion: string }) => {
  if (args.solcVersion !== SOLC_VERSION) {
    throw new Error(`solc ${args.solcVersion} was asked for, but node_modules has ${SOLC_VERSION}`);
  }
  return Promise.resolve({
    compilerPath: SOLJSON_PATH,
    isSolcJs: true,
    version: SOLC_VERSION,
    longVersion: solcLongVersion(),
  });
});
// Generate code only for the files whose artifacts this job writes, not again for everything that they import.
subtask(TASK_COMPILE_SOLIDITY_GET_COMPILER_INPUT, async (args: { compilationJob: CompilationJob }, _hre, runSuper) => {
  const input = (await runSuper()) as CompilerInput;
  const emitted = args.compilationJob.getResolvedFiles().filter((file) => args.compilationJob.emitsArtifacts(file));
  return onlyCodegenFor(
    input,
    emitted.map((file) => file.sourceName),
  );
});
subtask(TASK_COMPILE_SOLIDITY_RUN_SOLCJS, async (args: { input: CompilerInput }) => {
  const output = await compileSplit(args.input);
  // Warnings about our own files only: the dependencies are pinned and reviewed.
  output.errors = output.errors?.filter((e) => e.severity === "error" || !e.sourceLocation?.file.startsWith("@"));
  return output;
});

extendProvider((provider, _config, network) =>
  Promise.resolve(network === HARDHAT_NETWORK_NAME ? new InTurn(provider) : provider),
);

const { LOCAL_RPC_URL, SEPOLIA_RPC_URL, HOODI_RPC_URL, MAINNET_RPC_URL, DEPLOYER_PRIVATE_KEY, ETHERSCAN_API_KEY } =
  process.env;
const accounts = DEPLOYER_PRIVATE_KEY ? [DEPLOYER_PRIVATE_KEY] : [];
const coverage = process.argv.includes("coverage");
const servesPeople = process.argv.includes("node");

const settings = { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 } };
/**
 * What every deposit, transfer, request, claim, redemption and reader of the capped feed runs goes through the compiler's
 * second pipeline and its optimiser: 1,000 less for a deposit, and less code, for three times the time. Where calls and
 * slots are what is paid for it is not worth that.
 */
const OPTIMISED = [
  "contracts/lrt/deposits/DepositPool.sol",
  "contracts/lrt/feeds/CappedRateFeed.sol",
  "contracts/lrt/token/TrEth.sol",
  "contracts/lrt/withdrawals/InstantRedeemer.sol",
  "contracts/lrt/withdrawals/WithdrawalQueue.sol",
];
const optimised = {
  version: SOLC_VERSION,
  settings: { ...settings, viaIR: true, optimizer: { enabled: true, runs: 400 } },
};

const config: HardhatUserConfig = {
  solidity: {
    compilers: [{ version: SOLC_VERSION, settings }],
    // Instrumented code is not optimised, and without that the second pipeline runs out of stack.
    overrides: coverage ? {} : Object.fromEntries(OPTIMISED.map((file) => [file, optimised])),
  },
  networks: {
    // 24 KiB is the real limit; only instrumented code (coverage) may pass it.
    hardhat: {
      hardfork: "prague",
      allowUnlimitedContractSize: coverage,
      accounts: { accountsBalance: "1".padEnd(25, "0") },
      // Twice what blocks begin with: whoever sends need not ask for the fees of the last block first.
      gasPrice: 2_000_000_000,
      // Batches and limits go by the day: a chain that began at the hour of the run would give each run its own results.
      ...(!servesPeople && { initialDate: "2026-01-05T18:30:00Z" }),
    },
    localhost: { url: LOCAL_RPC_URL ?? "http://127.0.0.1:8545" },
    ...(SEPOLIA_RPC_URL && { sepolia: { url: SEPOLIA_RPC_URL, accounts } }),
    ...(HOODI_RPC_URL && { hoodi: { url: HOODI_RPC_URL, accounts } }),
    ...(MAINNET_RPC_URL && { mainnet: { url: MAINNET_RPC_URL, accounts } }),
  },
  // Coverage compiles instrumented sources: keep them away from the real artifacts.
  paths: coverage ? { artifacts: "coverage/artifacts", cache: "coverage/cache" } : {},
  // Bindings are made by scripts/bindings.ts: from ABIs alone, so they change only when an interface does.
  typechain: { outDir: "typechain-types", target: "ethers-v6", dontOverrideCompile: true },
  gasReporter: { enabled: process.env.REPORT_GAS === "1", excludeContracts: ["mocks/"] },
  contractSizer: { strict: true, except: ["mocks/", "@openzeppelin/"] },
  etherscan: { apiKey: ETHERSCAN_API_KEY ?? "" },
  mocha: { timeout: 300_000, reporter: join(__dirname, "scripts/toolchain/mocha-reporter.cjs") },
};

export default config;
