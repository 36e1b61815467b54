import { Contract, getAddress, type JsonRpcApiProvider } from "ethers";
import { hasCode } from "../lib/code";
import { ConfigError } from "../lib/errors";
import { externalAddresses } from "./load";
import { EXIT_MARGIN, secondsOf, type Config } from "./schema";

/** What is asked of contracts that others deployed: enough to see that they are what their field says. */
const VIEWS = [
  "function strategyManager() view returns (address)",
  "function allocationManager() view returns (address)",
  "function permissionController() view returns (address)",
  "function minWithdrawalDelayBlocks() view returns (uint32)",
  "function strategyIsWhitelistedForDeposit(address) view returns (bool)",
  "function underlyingToken() view returns (address)",
  "function isOperatorSet((address avs, uint32 id)) view returns (bool)",
  "function stETH() view returns (address)",
  "function STETH() view returns (address)",
  "function symbol() view returns (string)",
];

type Ask = (field: string, address: string, view: string, ...args: unknown[]) => Promise<unknown>;
type External<T> = Extract<T, { kind: "external" }>;

/** Calls a view; what cannot answer is not what its field says. */
function asker(provider: JsonRpcApiProvider, lines: string[]): Ask {
  return async (field, address, view, ...args) => {
    try {
      return (await new Contract(address, VIEWS, provider).getFunction(view)(...args)) as unknown;
    } catch {
      lines.push(`${field}: the contract at ${address} does not answer ${view}()`);
      return undefined;
    }
  };
}

async function expectAddress(ask: Ask, lines: string[], field: string, at: string, view: string, wanted: string) {
  const found = await ask(field, at, view);
  if (found === undefined || getAddress(found as string) === wanted) return;
  lines.push(`${field}: its ${view} is ${found as string}, not ${wanted}`);
}

async function checkEngine(config: Config, engine: External<Config["engine"]>, ask: Ask, lines: string[]) {
  const field = "engine.delegationManager";
  const { delegationManager, strategyManager, allocationManager, permissionController } = engine;
  await expectAddress(ask, lines, field, delegationManager, "strategyManager", strategyManager);
  await expectAddress(ask, lines, field, delegationManager, "allocationManager", allocationManager);
  await expectAddress(ask, lines, field, delegationManager, "permissionController", permissionController);
  const delay = (await ask(field, delegationManager, "minWithdrawalDelayBlocks")) as bigint | undefined;
  const exitTime = secondsOf(delay ?? 0n) + EXIT_MARGIN;
  if (delay !== undefined && config.withdrawals.exitTimeSeconds < exitTime) {
    lines.push(`withdrawals.exitTimeSeconds: leaving takes up to ${exitTime} s with this engine`);
  }
  for (const [i, { strategy }] of config.assets.entries()) {
    if (strategy.kind !== "external") continue;
    const at = `assets[${i}].strategy.address`;
    await expectAddress(ask, lines, at, strategy.address, "strategyManager", strategyManager);
    const accepted = await ask(at, strategyManager, "strategyIsWhitelistedForDeposit", strategy.address);
    if (accepted === false) lines.push(`${at}: the engine takes no deposits into ${strategy.address}`);
  }
  for (const [i, { contract, sets }] of config.avss.entries()) {
    if (contract.kind !== "external") continue;
    for (const [j, { id }] of sets.entries()) {
      const at = `avss[${i}].sets[${j}].id`;
      const known = await ask(at, allocationManager, "isOperatorSet", { avs: contract.address, id });
      if (known === false) lines.push(`${at}: the engine knows no set ${id} of ${contract.address}`);
    }
  }
}

async function checkLido(config: Config, lido: External<Config["lido"]>, ask: Ask, lines: string[]) {
  await expectAddress(ask, lines, "lido.wstETH", lido.wstETH, "stETH", lido.stETH);
  await expectAddress(ask, lines, "lido.withdrawalQueue", lido.withdrawalQueue, "STETH", lido.stETH);
  for (const [i, { strategy }] of config.assets.entries()) {
    if (strategy.kind !== "external") continue;
    const at = `assets[${i}].strategy.address`;
    const token = await ask(at, strategy.address, "underlyingToken");
    if (token === undefined || [lido.stETH, lido.wstETH].includes(getAddress(token as string))) continue;
    lines.push(`${at}: its token is ${token as string}, neither stETH nor wstETH`);
  }
}

/** Refuses a configuration that names a contract where this chain has none, or has another one. Reads only. */
export async function requireExternals(config: Config, provider: JsonRpcApiProvider): Promise<void> {
  const lines: string[] = [];
  for (const [path, address] of externalAddresses(config)) {
    if (!(await hasCode(provider, address))) lines.push(`${path}: there is no contract at ${address}`);
  }
  if (lines.length > 0) throw new ConfigError(lines.join("\n"));
  const ask = asker(provider, lines);
  if (config.engine.kind === "external") await checkEngine(config, config.engine, ask, lines);
  if (config.lido.kind === "external") await checkLido(config, config.lido, ask, lines);
  if (config.weth.kind === "external") {
    const symbol = await ask("weth.address", config.weth.address, "symbol");
    if (symbol !== undefined && symbol !== "WETH")
      lines.push(`weth.address: its symbol is ${symbol as string}, not WETH`);
  }
  if (lines.length > 0) throw new ConfigError(lines.join("\n"));
}
