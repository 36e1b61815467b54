import { openAddressBook, type AddressBook } from "../../deploy/lib/addresses";
import { Context } from "../../deploy/lib/context";
import { hardhatChain } from "../../deploy/lib/hardhat";
import { differ, step, type Step } from "../../deploy/lib/step";

/** Configuration of the toy deployment. */
export interface Toys {
  limit: bigint;
}

/** A context on the in-process chain; pass a book to go on with an earlier deployment, a file to keep it. */
export async function toyContext(limit: bigint, book?: AddressBook, file?: string) {
  const lines: string[] = [];
  const chain = await hardhatChain();
  const log = (line: string) => void lines.push(line);
  const used = book ?? (await openAddressBook(chain.provider, file, log));
  const ctx = new Context<Toys>({ limit }, chain, 31_337n, used, await chain.deployer.getAddress(), log);
  return { ctx, lines };
}

export const proxies = step<Toys>("toys/proxies", {
  needs: [],
  differences: (ctx) => ctx.missingProxies(["Alpha", "Beta"]),
  apply: (ctx) => ctx.deployProxies(["Alpha", "Beta"]),
});

export const plain = step<Toys>("toys/plain", {
  needs: ["toys/proxies"],
  differences: async (ctx) => [
    ...(await ctx.missing("Plain", "PlainHarness", [ctx.address("Alpha")])),
    ...differ("limit", (await (await ctx.contract("Plain")).getFunction("limit")()) as bigint, ctx.config.limit),
  ],
  apply: async (ctx) => {
    await ctx.deploy("Plain", "PlainHarness", [ctx.address("Alpha")]);
    const plain = await ctx.contract("Plain");
    await ctx.send("set the limit", plain.getFunction("setLimit").send(ctx.config.limit));
  },
});

/** Alpha and Beta know each other's address as an immutable. */
export const implementations = step<Toys>("toys/implementations", {
  needs: ["toys/proxies"],
  differences: async (ctx) => [
    ...(await ctx.missing("Alpha", "UpgradeableHarness", [ctx.address("Beta")])),
    ...(await ctx.missing("Beta", "UpgradeableHarness", [ctx.address("Alpha")])),
  ],
  apply: async (ctx) => {
    const call = { fn: "initialize", args: [7n] };
    await ctx.upgradeProxy("Alpha", "UpgradeableHarness", [ctx.address("Beta")], call);
    await ctx.upgradeProxy("Beta", "UpgradeableHarness", [ctx.address("Alpha")], call);
  },
});

/** Not in the order in which they can run. */
export const toys: Step<Toys>[] = [plain, implementations, proxies];
