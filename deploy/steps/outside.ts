import { id, parseEther, ZeroAddress } from "ethers";
import type { Config } from "../config/schema";
import type { Context } from "../lib/context";
import { step } from "../lib/step";
import { MARKET, REWARD_TOKEN } from "./names";

/** ether that becomes stETH's first shares, so that its totals are never zero. */
const FIRST_STAKE = 10n ** 18n;

/** stETH, wstETH and Lido's queue: stand-ins on a chain of our own, or the real ones by address. */
export const lido = step("outside/lido", {
  needs: [],
  differences: async (ctx) => {
    const { lido: config } = ctx.config;
    const at = config.kind === "external" ? config : undefined;
    const absent = await ctx.absent({ stETH: at?.stETH, wstETH: at?.wstETH, LidoQueue: at?.withdrawalQueue });
    if (absent.length > 0 || config.kind === "external") return absent;
    const stETH = await ctx.contract("stETH");
    return (await stETH.withdrawalQueue()) === ZeroAddress ? ["stETH serves no withdrawal queue"] : [];
  },
  apply: async (ctx) => {
    if (ctx.config.lido.kind === "external") {
      const { stETH, wstETH, withdrawalQueue } = ctx.config.lido;
      await ctx.external("stETH", "IStETH", stETH);
      await ctx.external("wstETH", "IWstETH", wstETH);
      await ctx.external("LidoQueue", "ILidoWithdrawalQueue", withdrawalQueue);
      return;
    }
    const steth = await ctx.deploy("stETH", "StETHMock", [{ value: FIRST_STAKE }]);
    const wsteth = await ctx.deploy("wstETH", "WstETHMock", [steth]);
    const queue = await ctx.deploy("LidoQueue", "LidoWithdrawalQueueMock", [wsteth]);
    const stETH = await ctx.contract("stETH");
    if ((await stETH.withdrawalQueue()) === ZeroAddress) {
      await ctx.send("stETH serves its withdrawal queue", stETH.setWithdrawalQueue(queue));
    }
  },
});

export const weth = step("outside/weth", {
  needs: [],
  differences: async (ctx) => {
    const { weth: config } = ctx.config;
    return ctx.absent({ WETH: config.kind === "external" ? config.address : undefined });
  },
  apply: async (ctx) => {
    const { weth: config } = ctx.config;
    if (config.kind === "deploy") await ctx.deploy("WETH", "WETH9Mock");
    else await ctx.external("WETH", "IWETH9", config.address);
  },
});

/** Tokens that AVSs pay in and that are sold. */
export const rewardTokens = step("outside/reward-tokens", {
  needs: [],
  differences: (ctx) =>
    ctx.absent(
      Object.fromEntries(
        ctx.config.rewards.floors.map(({ name, token }) => [
          REWARD_TOKEN(name),
          token.kind === "external" ? token.address : undefined,
        ]),
      ),
    ),
  apply: async (ctx) => {
    for (const { name, token } of ctx.config.rewards.floors) {
      if (token.kind === "deploy") await ctx.deploy(REWARD_TOKEN(name), "ERC20Mock", [name, name]);
      else await ctx.external(REWARD_TOKEN(name), "IERC20Metadata", token.address);
    }
  },
});

/** Rates with which the stand-ins begin. */
export const FIRST_RATE = { wstETH: parseEther("1"), rETH: parseEther("1.125"), cbETH: parseEther("1.0625") };
/** ether that Rocket Pool's stand-in takes in all. */
const ROCKET_CAPACITY = parseEther("1000000");
/** Jobs of Rocket Pool's contracts that its directory knows, and their names in our book. */
const ROCKET_JOBS = { rocketNetworkBalances: "RocketNetworkBalances", rocketDepositPool: "RocketDepositPool" };

const holds = ({ config }: Context, asset: Config["assets"][number]["asset"]): boolean =>
  config.assets.some((a) => a.asset === asset);

/** Jobs that the directory does not name our stand-ins for. */
async function unnamed(ctx: Context): Promise<[job: string, name: string][]> {
  const directory = await ctx.contract("RocketStorage");
  const jobs = Object.entries(ROCKET_JOBS);
  const found = await Promise.all(
    jobs.map(([job]) => directory.getFunction("getAddress(bytes32)")(id(`contract.address${job}`)) as Promise<string>),
  );
  return jobs.filter(([, name], i) => found[i] !== ctx.address(name));
}

/** rETH and where its rate comes from, if it is one of the assets. */
export const rocketPool = step("outside/rocket-pool", {
  needs: [],
  differences: async (ctx) => {
    const { rocketPool: config } = ctx.config;
    if (config === undefined || !holds(ctx, "rETH")) return [];
    if (config.kind === "external") return ctx.absent({ rETH: config.rETH, RocketStorage: config.storage });
    const names = ["rETH", "RocketStorage", ...Object.values(ROCKET_JOBS)];
    const absent = await ctx.absent(Object.fromEntries(names.map((name) => [name, undefined])));
    if (absent.length > 0) return absent;
    const balances = await ctx.contract("RocketNetworkBalances");
    return [
      ...(await unnamed(ctx)).map(([job]) => `Rocket Pool's directory does not know ${job}`),
      ...((await balances.getBalancesTimestamp()) === 0n ? ["Rocket Pool has no rate yet"] : []),
    ];
  },
  apply: async (ctx) => {
    const { rocketPool: config } = ctx.config;
    if (config?.kind === "external") {
      await ctx.external("rETH", "IRETH", config.rETH);
      await ctx.external("RocketStorage", "IRocketStorage", config.storage);
      return;
    }
    const directory = await ctx.deploy("RocketStorage", "RocketStorageMock");
    const rETH = await ctx.deploy("rETH", "RETHMock", [directory]);
    await ctx.deploy("RocketNetworkBalances", "RocketNetworkBalancesMock");
    await ctx.deploy("RocketDepositPool", "RocketDepositPoolMock", [rETH, ROCKET_CAPACITY]);
    const contract = await ctx.contract("RocketStorage");
    for (const [job, name] of await unnamed(ctx)) {
      await ctx.send(`Rocket Pool's ${job}`, contract.setContract(job, ctx.address(name)));
    }
    const balances = await ctx.contract("RocketNetworkBalances");
    if ((await balances.getBalancesTimestamp()) === 0n) {
      await ctx.send("Rocket Pool's first rate", balances.report(FIRST_RATE.rETH, parseEther("1")));
    }
  },
});

/** cbETH, if it is one of the assets. The deployer plays its issuer's oracle. */
export const coinbase = step("outside/coinbase", {
  needs: [],
  differences: (ctx) => {
    const { coinbase: config } = ctx.config;
    if (config === undefined || !holds(ctx, "cbETH")) return Promise.resolve([]);
    return ctx.absent({ cbETH: config.kind === "external" ? config.cbETH : undefined });
  },
  apply: async (ctx) => {
    const { coinbase: config } = ctx.config;
    if (config?.kind === "external") await ctx.external("cbETH", "ICbETH", config.cbETH);
    else await ctx.deploy("cbETH", "CbEthMock", [ctx.deployer, FIRST_RATE.cbETH]);
  },
});

/** Price feeds of the assets that have a market to ask. */
export const markets = step("outside/markets", {
  needs: [],
  differences: (ctx) =>
    ctx.absent(
      Object.fromEntries(
        ctx.config.assets.flatMap(({ asset, market }) =>
          market === undefined ? [] : [[MARKET(asset), market.kind === "external" ? market.address : undefined]],
        ),
      ),
    ),
  apply: async (ctx) => {
    for (const { asset, market } of ctx.config.assets) {
      if (market?.kind === "external") await ctx.external(MARKET(asset), "IAggregatorV3", market.address);
      if (market?.kind !== "deploy") continue;
      await ctx.deploy(MARKET(asset), "MarketFeedMock", [18, `${asset} / ETH`, FIRST_RATE[asset]]);
    }
  },
});
