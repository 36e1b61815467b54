import { ZeroAddress } from "ethers";
import { step } from "../lib/step";

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
