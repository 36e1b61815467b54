import { parseEther, ZeroAddress, type Contract } from "ethers";
import type { Config } from "../config/schema";
import type { Context } from "../lib/context";
import { step, type Step } from "../lib/step";
import { ENGINE, ETHER, MARKET, PROXIES, RATE_SOURCE, READERS, REWARD_TOKEN, STRATEGY } from "./names";

/** Value of the shares that nobody owns; fixed in DepositPool. */
const SEED = parseEther("0.01");
const HOUR = 3_600n;
const DAY = 24n * HOUR;

type Values = unknown[];

/** Who knows of announced slashes. */
const pendingSlashes = (ctx: Context): string => ctx.config.instant.pendingSlashes ?? ctx.address("SlashNotices");

/** What the lenses look at. */
const lensModules = (ctx: Context): Values => [
  ctx.address("TrEth"),
  ctx.address("DepositPool"),
  ctx.address("Accountant"),
  ctx.address("AssetRegistry"),
  ctx.address("OperatorRegistry"),
  ctx.address("StakeReader"),
  ctx.address("AllocationController"),
  ctx.address("SetRegistry"),
  ctx.address("ExposureReader"),
  ctx.address("WithdrawalQueue"),
  ctx.address("BasketExit"),
  ctx.address("BasketBook"),
  ctx.address("RewardsRouter"),
  ctx.address(ENGINE.allocation),
  ctx.address("stETH"),
  ctx.address("wstETH"),
];

/** Constructor and initializer arguments of every contract, in one place. */
const ARGUMENTS: Record<string, (ctx: Context) => Values> = {
  AccessManager: (ctx) => [ctx.deployer, ctx.address("Accountant")],
  TrEth: (ctx) => [ctx.address("DepositPool"), ctx.address("WithdrawalQueue")],
  OperatorDelegator: (ctx) => [
    ctx.address(ENGINE.delegation),
    ctx.address(ENGINE.strategies),
    ctx.address("OperatorRegistry"),
    ctx.address("RestakingDesk"),
    ctx.address("DepositPool"),
    ctx.address(ENGINE.rewards),
    ctx.address("RewardsRouter"),
  ],
  StakeReader: (ctx) => [ctx.address(ENGINE.delegation), ctx.address(ENGINE.allocation), ctx.address("BasketBook")],
  ExposureReader: (ctx) => [
    ctx.address(ENGINE.allocation),
    ctx.address("Accountant"),
    ctx.address("AssetRegistry"),
    ctx.address("OperatorRegistry"),
    ctx.address("SetRegistry"),
  ],
  SlashNotices: (ctx) => [ctx.address("SetRegistry")],
  DepositPool: (ctx) => [
    [
      ctx.address("TrEth"),
      ctx.address("Accountant"),
      ctx.address("AssetRegistry"),
      ctx.address("WithdrawalQueue"),
      ctx.address("RestakingDesk"),
      ctx.address("IssuerDesk"),
      ctx.address("InstantRedeemer"),
      ctx.address("RewardsRouter"),
      ctx.address("BasketBook"),
    ],
    [ctx.address("stETH"), ctx.address("wstETH"), ctx.address("WETH")],
    ctx.config.deposits.maxReportAgeSeconds,
  ],
  AssetRegistry: (ctx) => [ctx.address("DepositPool"), ctx.address("WithdrawalQueue")],
  Accountant: (ctx) => {
    const { accounting } = ctx.config;
    return [
      [
        ctx.address("DepositPool"),
        ctx.address("AssetRegistry"),
        ctx.address("OperatorRegistry"),
        ctx.address("StakeReader"),
        ctx.address("IssuerDesk"),
        ctx.address("RestakingDesk"),
        ctx.address("TrEth"),
        ctx.address("SlashAttribution"),
        ctx.address("BasketBook"),
      ],
      [
        accounting.growthCapBpsPerDay,
        accounting.alarmBps,
        accounting.closingHours * HOUR,
        accounting.alarmRestDays * DAY,
        accounting.feeCapBpsPerDay,
      ],
    ];
  },
  OperatorRegistry: (ctx) => [
    ctx.address(ENGINE.delegation),
    ctx.address(ENGINE.allocation),
    ctx.address(ENGINE.permissions),
    ctx.address(ENGINE.rewards),
    ctx.address("AllocationController"),
    ctx.address("AssetRegistry"),
    ctx.address("DelegatorBeacon"),
    ctx.config.allocation.minAllocationDelayBlocks,
  ],
  SetRegistry: (ctx) => {
    const { allocation, governance, withdrawals } = ctx.config;
    return [
      [
        ctx.address(ENGINE.allocation),
        ctx.address("Accountant"),
        ctx.address("OperatorRegistry"),
        ctx.address("TrEth"),
        ctx.address("SlashNotices"),
      ],
      [
        governance.adminDelaySeconds, // as long as for any other loosening
        withdrawals.exitTimeSeconds - DAY, // a batch that waits for a slash is paid within the exit time all the same
        allocation.avsCapBps,
        allocation.groupCapBps,
        allocation.unverifiedCapBps,
      ],
    ];
  },
  SlashAttribution: (ctx) => [
    [
      ctx.address(ENGINE.allocation),
      ctx.address("Accountant"),
      ctx.address("AssetRegistry"),
      ctx.address("OperatorRegistry"),
      ctx.address("SetRegistry"),
      ctx.address("AllocationController"),
    ],
  ],
  AllocationController: (ctx) => [
    [
      ctx.address(ENGINE.allocation),
      ctx.address(ENGINE.permissions),
      ctx.address("Accountant"),
      ctx.address("AssetRegistry"),
      ctx.address("OperatorRegistry"),
      ctx.address("ExposureReader"),
      ctx.address("SetRegistry"),
      ctx.address("SlashAttribution"),
    ],
    ctx.config.allocation.reserveBps,
    ctx.config.allocation.operatorCapBps,
  ],
  RestakingDesk: (ctx) => [
    [
      ctx.address("DepositPool"),
      ctx.address("Accountant"),
      ctx.address("AssetRegistry"),
      ctx.address("OperatorRegistry"),
      ctx.address("IssuerDesk"),
      ctx.address(ENGINE.delegation),
      ctx.address("BasketBook"),
      ctx.address("stETH"),
      ctx.address("wstETH"),
    ],
    ctx.config.allocation.operatorCapBps,
  ],
  IssuerDesk: (ctx) => [
    [
      ctx.address("DepositPool"),
      ctx.address("Accountant"),
      ctx.address("WithdrawalQueue"),
      ctx.address("InstantRedeemer"),
      ctx.address("stETH"),
      ctx.address("wstETH"),
      ctx.address("LidoQueue"),
      ctx.config.assets.some(({ asset }) => asset === "rETH") ? ctx.address("rETH") : ZeroAddress,
      ctx.address("BasketBook"),
    ],
    ctx.config.accounting.growthCapBpsPerDay,
    ctx.config.withdrawals.exitTimeSeconds,
    ctx.config.withdrawals.issuerTimeSeconds,
  ],
  WithdrawalQueue: (ctx) => [
    [
      ctx.address("DepositPool"),
      ctx.address("Accountant"),
      ctx.address("AssetRegistry"),
      ctx.address("IssuerDesk"),
      ctx.address("stETH"),
      ctx.address("wstETH"),
      pendingSlashes(ctx),
      ctx.address("BasketExit"),
    ],
    ctx.config.withdrawals.exitTimeSeconds,
    ctx.config.withdrawals.issuerTimeSeconds,
  ],
  BasketBook: (ctx) => [
    [
      ctx.address("TrEth"),
      ctx.address("DepositPool"),
      ctx.address("Accountant"),
      ctx.address("AssetRegistry"),
      ctx.address("BasketExit"),
      ctx.address("RestakingDesk"),
      ctx.address("IssuerDesk"),
    ],
  ],
  BasketExit: (ctx) => [
    ctx.address("TrEth"),
    ctx.address("BasketBook"),
    ctx.address("AssetRegistry"),
    ctx.address("WithdrawalQueue"),
  ],
  InstantRedeemer: (ctx) => {
    const { instant } = ctx.config;
    return [
      [
        ctx.address("TrEth"),
        ctx.address("DepositPool"),
        ctx.address("Accountant"),
        ctx.address("WithdrawalQueue"),
        pendingSlashes(ctx),
      ],
      [instant.targetBps, instant.watermarkBps, instant.minFeeBps, instant.maxFeeBps, instant.bucketBps],
    ];
  },
  RewardsRouter: (ctx) => {
    const { rewards } = ctx.config;
    return [
      [
        ctx.address("TrEth"),
        ctx.address("DepositPool"),
        ctx.address("Accountant"),
        ctx.address("AssetRegistry"),
        ctx.address("WithdrawalQueue"),
        ctx.address(ENGINE.rewards),
        ctx.address("stETH"),
        ctx.address("wstETH"),
        ctx.address("WETH"),
      ],
      [rewards.lotSeconds, rewards.cooldownSeconds, rewards.startFactor, rewards.minLot],
    ];
  },
  TrEthRate: (ctx) => [ctx.address("DepositPool")],
  RateFeed: (ctx) => [ctx.address("DepositPool")],
  CappedRateFeed: (ctx) => [ctx.address("DepositPool"), ctx.config.feeds.maxGrowthBpsPerYear],
  Lens: (ctx) => [lensModules(ctx)],
  RiskLens: (ctx) => [lensModules(ctx)],
  BasketLens: (ctx) => [
    [
      ctx.address("TrEth"),
      ctx.address("DepositPool"),
      ctx.address("AssetRegistry"),
      ctx.address("OperatorRegistry"),
      ctx.address("IssuerDesk"),
      ctx.address("BasketExit"),
      ctx.address("BasketBook"),
      ctx.address(ENGINE.delegation),
    ],
  ],
};

/** What `initialize` gets after the authority. */
const INITIAL: Record<string, (ctx: Context) => Values> = {
  AssetRegistry: (ctx) => {
    const { cap, minDeposit, inflowBps, inflowFloor } = ctx.config.ether;
    return [cap, minDeposit, inflowBps, inflowFloor];
  },
  Accountant: (ctx) => [ctx.config.accounting.feeBps, ctx.config.accounting.feeRecipient],
};

/** All addresses exist before any contract is built with them: rights between contracts are immutable. */
export const proxies = step("lrt/proxies", {
  needs: [],
  differences: (ctx) => ctx.missingProxies([...PROXIES]),
  apply: (ctx) => ctx.deployProxies([...PROXIES]),
});

/** Decides which person may call what. It waits by the Accountant's clock, so it comes after the proxies. */
export const access = step("lrt/access", {
  needs: ["lrt/proxies"],
  differences: (ctx) => ctx.missing("AccessManager", "PatientAccessManager", ARGUMENTS.AccessManager(ctx)),
  apply: async (ctx) => {
    await ctx.deploy("AccessManager", "PatientAccessManager", ARGUMENTS.AccessManager(ctx));
  },
});

/** What belongs to holders has no proxy: the line, and the token that it makes. */
const HOLDERS = { WithdrawalQueue: "WithdrawalQueue", TrEth: "TrEth" };

async function deployHolders(ctx: Context): Promise<void> {
  if (await ctx.isDeployed("TrEth")) return;
  await ctx.deployTogether("deploy WithdrawalQueue and TrEth", HOLDERS, async () => {
    const factory = await ctx.chain.factory("WithdrawalQueue");
    const queue = await factory.deploy(...ARGUMENTS.WithdrawalQueue(ctx));
    await queue.waitForDeployment();
    const trEth = (await queue.getFunction("TR_ETH")()) as string;
    return { WithdrawalQueue: await queue.getAddress(), TrEth: trEth };
  });
}

/** Contracts without a proxy: what belongs to holders, the stakers' beacon and what only reads and asks. */
export const plain = step("lrt/plain", {
  needs: ["lrt/access", "lrt/proxies", "engine/core", "outside/lido"],
  differences: async (ctx) => [
    ...(await ctx.missing("WithdrawalQueue", "WithdrawalQueue", ARGUMENTS.WithdrawalQueue(ctx))),
    ...(await ctx.missing("TrEth", "TrEth", ARGUMENTS.TrEth(ctx))),
    ...(await ctx.missing("StakeReader", "StakeReader", ARGUMENTS.StakeReader(ctx))),
    ...(await ctx.missing("ExposureReader", "ExposureReader", ARGUMENTS.ExposureReader(ctx))),
    ...(await ctx.missing("SlashNotices", "SlashNotices", ARGUMENTS.SlashNotices(ctx))),
    ...(await ctx.missing("DelegatorBeacon", "OperatorDelegator", ARGUMENTS.OperatorDelegator(ctx))),
  ],
  apply: async (ctx) => {
    await ctx.deploy("StakeReader", "StakeReader", ARGUMENTS.StakeReader(ctx));
    await ctx.deploy("ExposureReader", "ExposureReader", ARGUMENTS.ExposureReader(ctx));
    await ctx.deploy("SlashNotices", "SlashNotices", ARGUMENTS.SlashNotices(ctx));
    await deployHolders(ctx); // they know of announced slashes
    await ctx.deployBeacon("DelegatorBeacon", "OperatorDelegator", ARGUMENTS.OperatorDelegator(ctx), {
      owner: ctx.address("AccessManager"),
    });
  },
});

/** Each proxy gets its code and is initialised in one transaction. The pool comes first: others call it. */
const implementations: Step[] = PROXIES.map((name, i) =>
  step(`lrt/${name}`, {
    needs: [
      "lrt/plain",
      "outside/lido",
      "outside/rocket-pool",
      "outside/weth",
      ...PROXIES.slice(0, i).map((earlier) => `lrt/${earlier}`),
    ],
    differences: (ctx) => ctx.missing(name, name, ARGUMENTS[name](ctx)),
    apply: (ctx) => {
      const args = [ctx.address("AccessManager"), ...(INITIAL[name]?.(ctx) ?? [])];
      return ctx.upgradeProxy(name, name, ARGUMENTS[name](ctx), { fn: "initialize", args });
    },
  }),
);

const built = PROXIES.map((name) => `lrt/${name}`);

/** The first shares, which nobody owns. From now on every set waits in public before it is admitted. */
export const seed = step("lrt/seed", {
  needs: [...built, "lrt/sets"],
  differences: async (ctx) => {
    const pool = await ctx.contract("DepositPool");
    return (await pool.rate()) === 0n ? ["the pool has no first shares"] : [];
  },
  apply: async (ctx) => {
    const pool = await ctx.contract("DepositPool");
    await ctx.send("mint the first shares", pool.seed({ value: SEED }));
  },
});

/** What wallets, markets and watchers read. Nothing of the protocol knows of it. */
export const readers = step("lrt/readers", {
  needs: ["lrt/seed"],
  differences: async (ctx) => {
    const missing = await Promise.all(READERS.map((name) => ctx.missing(name, name, ARGUMENTS[name](ctx))));
    return missing.flat();
  },
  apply: async (ctx) => {
    for (const name of READERS) await ctx.deploy(name, name, ARGUMENTS[name](ctx));
  },
});

async function isListed(registry: Contract, token: string): Promise<boolean> {
  return ((await registry.assets()) as string[]).includes(token);
}

/** Differences of the inflow limit, once the asset is accepted. */
async function inflowDiffers(
  registry: Contract,
  name: string,
  token: string,
  wanted: { inflowBps: bigint; inflowFloor: bigint },
): Promise<string[]> {
  const { inflowBps, inflowFloor } = (await registry.configOf(token)) as typeof wanted;
  if (inflowBps === wanted.inflowBps && inflowFloor === wanted.inflowFloor) return [];
  const text = (bps: bigint, floor: bigint): string => `${bps} bps, at least ${floor}`;
  const [is, should] = [text(inflowBps, inflowFloor), text(wanted.inflowBps, wanted.inflowFloor)];
  return [`the inflow of ${name} is limited to ${is}, not to ${should}`];
}

/** The contract that values an asset, with its constructor arguments. */
function sourceOf(ctx: Context, a: Config["assets"][number]): [contract: string, args: unknown[]] {
  const token = ctx.address(a.asset);
  const bounds = [a.minRate, a.maxRate];
  const market =
    a.market === undefined
      ? [ZeroAddress, 0n, 0n]
      : [ctx.address(MARKET(a.asset)), a.market.heartbeatSeconds, a.market.boundBps];
  switch (a.asset) {
    case "wstETH":
      return ["LidoRateSource", [ctx.address("stETH"), token, bounds, market]];
    case "rETH":
      return ["RocketRateSource", [token, ctx.address("RocketStorage"), a.maxRateAgeSeconds, bounds, market]];
    case "cbETH":
      return ["CbEthRateSource", [token, a.maxRateAgeSeconds, bounds, market]];
  }
}

/** Accepts the configured assets; each with its own rate source. */
export const assets = step("lrt/assets", {
  needs: [...built, "engine/strategies", "outside/markets", "lrt/permissions"],
  differences: async (ctx) => {
    const registry = await ctx.contract("AssetRegistry");
    const differences = await inflowDiffers(registry, "ETH", ETHER, ctx.config.ether);
    for (const a of ctx.config.assets) {
      const { asset } = a;
      differences.push(...(await ctx.missing(RATE_SOURCE(asset), ...sourceOf(ctx, a))));
      if (!(await isListed(registry, ctx.address(asset)))) differences.push(`${asset} is not accepted`);
      else differences.push(...(await inflowDiffers(registry, asset, ctx.address(asset), a)));
    }
    return differences;
  },
  apply: async (ctx) => {
    const registry = await ctx.contract("AssetRegistry");
    for (const a of ctx.config.assets) {
      const { asset, cap, minDeposit, haircutBps, inflowBps, inflowFloor } = a;
      const source = await ctx.deploy(RATE_SOURCE(asset), ...sourceOf(ctx, a));
      if (await isListed(registry, ctx.address(asset))) continue;
      const config = [ctx.address(STRATEGY(asset)), source, cap, minDeposit, haircutBps, inflowBps, inflowFloor];
      await ctx.send(`accept ${asset}`, registry.addAsset(ctx.address(asset), config));
    }
  },
});

/** What keeps a reward token from being sold at the configured floor. A floor that is too low is tightened by hand. */
async function floorsToLower(ctx: Context, router: Contract): Promise<Config["rewards"]["floors"]> {
  const floors = ctx.config.rewards.floors;
  const current = await Promise.all(
    floors.map(async ({ name }) => {
      const { floorWad } = (await router.auction(ctx.address(REWARD_TOKEN(name)))) as { floorWad: bigint };
      return floorWad;
    }),
  );
  return floors.filter(({ price }, i) => current[i] === 0n || current[i] > price);
}

/** Sets the lowest prices at which reward tokens are sold. */
export const floors = step("lrt/floors", {
  needs: [...built, "outside/reward-tokens", "lrt/permissions"],
  differences: async (ctx) =>
    (await floorsToLower(ctx, await ctx.contract("RewardsRouter"))).map(
      ({ name, price }) => `${name} is not sold for as little as ${price}`,
    ),
  apply: async (ctx) => {
    const router = await ctx.contract("RewardsRouter");
    for (const { name, price } of await floorsToLower(ctx, router)) {
      await ctx.send(`sell ${name} for at least ${price}`, router.lowerFloor(ctx.address(REWARD_TOKEN(name)), price));
    }
  },
});

/** Takes on the configured operators, in order: an operator's number is its place in the list. */
export const operators = step("lrt/operators", {
  needs: ["lrt/assets"],
  differences: async (ctx) => {
    const registry = await ctx.contract("OperatorRegistry");
    const count = Number(await registry.count());
    return ctx.config.operators.slice(count).map(({ name }) => `operator ${name} is not taken on`);
  },
  apply: async (ctx) => {
    const registry = await ctx.contract("OperatorRegistry");
    const count = Number(await registry.count());
    for (const one of ctx.config.operators.slice(count)) {
      const { name, nodeOperator, entity, allocationDelayBlocks, weightBps, metadataURI } = one;
      await ctx.send(
        `take on operator ${name}`,
        registry.addOperator(nodeOperator, entity, allocationDelayBlocks, weightBps, metadataURI),
      );
    }
  },
});

export const lrt: Step[] = [proxies, access, plain, ...implementations, seed, readers, assets, floors, operators];
