import { Contract, type BaseContract } from "ethers";
import type { Context } from "../../deploy/lib/context";
import { AVS, ENGINE, MARKET, RATE_SOURCE, REWARD_TOKEN, STRATEGY } from "../../deploy/steps/names";
import type {
  Accountant,
  AllocationController,
  AllocationManager,
  AssetRegistry,
  AvailabilityAvs,
  BasketBook,
  BasketExit,
  BasketLens,
  BridgeAvs,
  CappedRateFeed,
  CbEthMock,
  CbEthRateSource,
  DelegationManager,
  DepositPool,
  ExposureReader,
  FinalityAvs,
  InstantRedeemer,
  InstantSlasher,
  IssuerDesk,
  IWETH9,
  Lens,
  LidoWithdrawalQueueMock,
  MarketFeedMock,
  OperatorRegistry,
  OracleAvs,
  PatientAccessManager,
  PermissionController,
  RateFeed,
  RewardsCoordinator,
  RewardsRouter,
  RestakingDesk,
  RETHMock,
  RiskLens,
  RocketDepositPoolMock,
  RocketNetworkBalancesMock,
  SetRegistry,
  SlashAttribution,
  SlashNotices,
  StETHMock,
  StrategyBase,
  StrategyManager,
  TrEth,
  TrEthRate,
  WithdrawalQueue,
  WstETHMock,
} from "../../typechain-types";
import type { Kind } from "./avs";

/** Everything of a deployment, typed. */
export interface Contracts {
  pool: DepositPool;
  registry: AssetRegistry;
  accountant: Accountant;
  operators: OperatorRegistry;
  controller: AllocationController;
  sets: SetRegistry;
  attribution: SlashAttribution;
  notices: SlashNotices;
  reader: ExposureReader;
  desk: RestakingDesk;
  issuer: IssuerDesk;
  queue: WithdrawalQueue;
  baskets: BasketExit;
  basketBook: BasketBook;
  instant: InstantRedeemer;
  router: RewardsRouter;
  trEth: TrEth;
  rate: TrEthRate;
  feed: RateFeed;
  cappedFeed: CappedRateFeed;
  manager: PatientAccessManager;
  lens: Lens;
  risk: RiskLens;
  basketLens: BasketLens;
  delegation: DelegationManager;
  strategies: StrategyManager;
  allocation: AllocationManager;
  permissions: PermissionController;
  rewards: RewardsCoordinator;
  strategy: StrategyBase;
  stEth: StETHMock;
  wstEth: WstETHMock;
  lidoQueue: LidoWithdrawalQueueMock;
  weth: IWETH9;
  /** Stand-ins beside Lido's, where the configuration has them. */
  rocket?: { token: RETHMock; depositPool: RocketDepositPoolMock; balances: RocketNetworkBalancesMock };
  coinbase?: { token: CbEthMock; source: CbEthRateSource };
  /** The rate source of cbETH, whoever issues the token. */
  cbEthSource?: CbEthRateSource;
  /** Tokens that the router sells. */
  rewardTokens: string[];
  markets: Partial<Record<string, MarketFeedMock>>;
  /** The working examples among the configured AVSs; those of others have interfaces of their own. */
  avss: OracleAvs[];
  /** The slashers of the oracles' feeds. */
  slashers: InstantSlasher[];
  availability: AvailabilityAvs[];
  finality: FinalityAvs[];
  bridges: BridgeAvs[];
}

const has = ({ config }: Context, asset: string): boolean => config.assets.some((a) => a.asset === asset);

async function rocketOf(ctx: Context): Promise<Contracts["rocket"]> {
  if (ctx.config.rocketPool?.kind !== "deploy" || !has(ctx, "rETH")) return undefined;
  return {
    token: await ctx.contract<RETHMock>("rETH"),
    depositPool: await ctx.contract<RocketDepositPoolMock>("RocketDepositPool"),
    balances: await ctx.contract<RocketNetworkBalancesMock>("RocketNetworkBalances"),
  };
}

async function coinbaseOf(ctx: Context): Promise<Contracts["coinbase"]> {
  if (ctx.config.coinbase?.kind !== "deploy" || !has(ctx, "cbETH")) return undefined;
  return {
    token: await ctx.contract<CbEthMock>("cbETH"),
    source: await ctx.contract<CbEthRateSource>(RATE_SOURCE("cbETH")),
  };
}

async function marketsOf(ctx: Context): Promise<Contracts["markets"]> {
  const played = ctx.config.assets.filter(({ market }) => market?.kind === "deploy");
  return Object.fromEntries(
    await Promise.all(
      played.map(async ({ asset }) => [asset, await ctx.contract<MarketFeedMock>(MARKET(asset))] as const),
    ),
  );
}

/** The configured AVSs of one kind, in their order. */
function examplesOf<T extends BaseContract>(ctx: Context, kind: Kind): Promise<T[]> {
  const named = ctx.config.avss.filter(({ contract }) => contract.kind === kind);
  return Promise.all(named.map(({ name }) => ctx.contract<T>(AVS(name))));
}

/** Reads all contracts of a deployment from its address book. */
export async function contractsOf(ctx: Context): Promise<Contracts> {
  const avss = await examplesOf<OracleAvs>(ctx, "oracle");
  const slasher = await ctx.chain.abi("InstantSlasher");
  const slashers = await Promise.all(
    avss.map(async (avs) => new Contract(await avs.slasher(), slasher, ctx.signer) as unknown as InstantSlasher),
  );
  return {
    pool: await ctx.contract<DepositPool>("DepositPool"),
    registry: await ctx.contract<AssetRegistry>("AssetRegistry"),
    accountant: await ctx.contract<Accountant>("Accountant"),
    operators: await ctx.contract<OperatorRegistry>("OperatorRegistry"),
    controller: await ctx.contract<AllocationController>("AllocationController"),
    sets: await ctx.contract<SetRegistry>("SetRegistry"),
    attribution: await ctx.contract<SlashAttribution>("SlashAttribution"),
    notices: await ctx.contract<SlashNotices>("SlashNotices"),
    reader: await ctx.contract<ExposureReader>("ExposureReader"),
    desk: await ctx.contract<RestakingDesk>("RestakingDesk"),
    issuer: await ctx.contract<IssuerDesk>("IssuerDesk"),
    queue: await ctx.contract<WithdrawalQueue>("WithdrawalQueue"),
    baskets: await ctx.contract<BasketExit>("BasketExit"),
    basketBook: await ctx.contract<BasketBook>("BasketBook"),
    instant: await ctx.contract<InstantRedeemer>("InstantRedeemer"),
    router: await ctx.contract<RewardsRouter>("RewardsRouter"),
    trEth: await ctx.contract<TrEth>("TrEth"),
    rate: await ctx.contract<TrEthRate>("TrEthRate"),
    feed: await ctx.contract<RateFeed>("RateFeed"),
    cappedFeed: await ctx.contract<CappedRateFeed>("CappedRateFeed"),
    manager: await ctx.contract<PatientAccessManager>("AccessManager"),
    lens: await ctx.contract<Lens>("Lens"),
    risk: await ctx.contract<RiskLens>("RiskLens"),
    basketLens: await ctx.contract<BasketLens>("BasketLens"),
    delegation: await ctx.contract<DelegationManager>(ENGINE.delegation),
    strategies: await ctx.contract<StrategyManager>(ENGINE.strategies),
    allocation: await ctx.contract<AllocationManager>(ENGINE.allocation),
    permissions: await ctx.contract<PermissionController>(ENGINE.permissions),
    rewards: await ctx.contract<RewardsCoordinator>(ENGINE.rewards),
    strategy: await ctx.contract<StrategyBase>(STRATEGY("wstETH")),
    stEth: await ctx.contract<StETHMock>("stETH"),
    wstEth: await ctx.contract<WstETHMock>("wstETH"),
    lidoQueue: await ctx.contract<LidoWithdrawalQueueMock>("LidoQueue"),
    weth: await ctx.contract<IWETH9>("WETH"),
    rocket: await rocketOf(ctx),
    coinbase: await coinbaseOf(ctx),
    cbEthSource: has(ctx, "cbETH") ? await ctx.contract<CbEthRateSource>(RATE_SOURCE("cbETH")) : undefined,
    rewardTokens: ctx.config.rewards.floors.map(({ name }) => ctx.address(REWARD_TOKEN(name))),
    markets: await marketsOf(ctx),
    avss,
    slashers,
    availability: await examplesOf<AvailabilityAvs>(ctx, "availability"),
    finality: await examplesOf<FinalityAvs>(ctx, "finality"),
    bridges: await examplesOf<BridgeAvs>(ctx, "bridge"),
  };
}
