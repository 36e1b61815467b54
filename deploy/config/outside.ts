import { Contract, getAddress, id, ZeroAddress, type JsonRpcApiProvider } from "ethers";
import { hasCode } from "../lib/code";
import { ConfigError } from "../lib/errors";
import { externalAddresses } from "./load";
import { EXIT_MARGIN, FORMS, secondsOf, type Config } from "./schema";

/** What is asked of contracts that others deployed: enough to see that they are what their field says. */
const VIEWS = [
  "function delegationManager() view returns (address)",
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
  "function exchangeRate() view returns (uint256)",
  "function getAddress(bytes32) view returns (address)",
  "function decimals() view returns (uint8)",
  "function isSlashPending() view returns (bool)",
];

/** Under which its directory keeps the contract that knows when rETH's rate was reported. */
const ROCKET_BALANCES = "contract.addressrocketNetworkBalances";

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
  const { delegationManager, strategyManager, allocationManager, permissionController, rewardsCoordinator } = engine;
  const rewards = "engine.rewardsCoordinator";
  await expectAddress(ask, lines, rewards, rewardsCoordinator, "delegationManager", delegationManager);
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

async function checkLido(lido: External<Config["lido"]>, ask: Ask, lines: string[]) {
  await expectAddress(ask, lines, "lido.wstETH", lido.wstETH, "stETH", lido.stETH);
  await expectAddress(ask, lines, "lido.withdrawalQueue", lido.withdrawalQueue, "STETH", lido.stETH);
}

async function checkSymbol(ask: Ask, lines: string[], field: string, at: string, wanted: string) {
  const symbol = await ask(field, at, "symbol");
  if (symbol !== undefined && symbol !== wanted)
    lines.push(`${field}: its symbol is ${symbol as string}, not ${wanted}`);
}

async function checkRocketPool(
  { rETH, storage }: External<NonNullable<Config["rocketPool"]>>,
  ask: Ask,
  lines: string[],
) {
  await checkSymbol(ask, lines, "rocketPool.rETH", rETH, "rETH");
  const field = "rocketPool.storage";
  const balances = (await ask(field, storage, "getAddress", id(ROCKET_BALANCES))) as string | undefined;
  if (balances === ZeroAddress) lines.push(`${field}: ${storage} knows no rocketNetworkBalances`);
}

async function checkCoinbase({ cbETH }: External<NonNullable<Config["coinbase"]>>, ask: Ask, lines: string[]) {
  await checkSymbol(ask, lines, "coinbase.cbETH", cbETH, "cbETH");
  await ask("coinbase.cbETH", cbETH, "exchangeRate");
}

/** Each strategy must hold a form of its asset, and each market be a feed with at most 18 digits. */
async function checkAssets(config: Config, ask: Ask, lines: string[]) {
  const { lido, rocketPool, coinbase } = config;
  const tokens: Record<string, string | undefined> = {
    ...(lido.kind === "external" && { stETH: lido.stETH, wstETH: lido.wstETH }),
    ...(rocketPool?.kind === "external" && { rETH: rocketPool.rETH }),
    ...(coinbase?.kind === "external" && { cbETH: coinbase.cbETH }),
  };
  for (const [i, { asset, strategy, market }] of config.assets.entries()) {
    if (market?.kind === "external") {
      const at = `assets[${i}].market.address`;
      const decimals = (await ask(at, market.address, "decimals")) as bigint | undefined;
      if (decimals !== undefined && decimals > 18n) lines.push(`${at}: its prices have ${decimals} digits, at most 18`);
    }
    const forms = FORMS[asset].map((form) => tokens[form]).filter((token) => token !== undefined);
    if (strategy.kind !== "external" || forms.length === 0) continue;
    const at = `assets[${i}].strategy.address`;
    const token = await ask(at, strategy.address, "underlyingToken");
    if (token === undefined || forms.includes(getAddress(token as string))) continue;
    const expected = asset === "wstETH" ? "neither stETH nor wstETH" : `not ${asset}`;
    lines.push(`${at}: its token is ${token as string}, ${expected}`);
  }
}

/** Refuses a configuration that names a contract where this chain has none, or has another one. Reads only. */
export async function requireExternals(config: Config, provider: JsonRpcApiProvider): Promise<void> {
  const lines: string[] = [];
  const { pendingSlashes } = config.instant;
  const named = externalAddresses(config);
  if (pendingSlashes !== undefined) named.push(["instant.pendingSlashes", pendingSlashes]);
  for (const [path, address] of named) {
    if (!(await hasCode(provider, address))) lines.push(`${path}: there is no contract at ${address}`);
  }
  if (lines.length > 0) throw new ConfigError(lines.join("\n"));
  const ask = asker(provider, lines);
  if (config.engine.kind === "external") await checkEngine(config, config.engine, ask, lines);
  if (config.lido.kind === "external") await checkLido(config.lido, ask, lines);
  if (config.rocketPool?.kind === "external") await checkRocketPool(config.rocketPool, ask, lines);
  if (config.coinbase?.kind === "external") await checkCoinbase(config.coinbase, ask, lines);
  await checkAssets(config, ask, lines);
  // One that does not answer would shut instant redemption for good.
  if (pendingSlashes !== undefined) await ask("instant.pendingSlashes", pendingSlashes, "isSlashPending");
  if (config.weth.kind === "external") {
    await checkSymbol(ask, lines, "weth.address", config.weth.address, "WETH");
  }
  if (lines.length > 0) throw new ConfigError(lines.join("\n"));
}
