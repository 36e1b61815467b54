import { Contract } from "ethers";
import type { Context } from "../../deploy/lib/context";
import { AVS, ENGINE, STRATEGY } from "../../deploy/steps/names";
import type {
  Accountant,
  AccessManager,
  AllocationController,
  AllocationManager,
  AssetRegistry,
  CappedRateFeed,
  DelegationManager,
  DepositPool,
  EquivocationSlasher,
  ExposureReader,
  InstantRedeemer,
  IssuerDesk,
  IWETH9,
  LidoWithdrawalQueueMock,
  OperatorRegistry,
  OracleAvs,
  PermissionController,
  RateFeed,
  RestakingDesk,
  StETHMock,
  StrategyBase,
  StrategyManager,
  TrEth,
  TrEthRate,
  WithdrawalQueue,
  WstETHMock,
} from "../../typechain-types";

/** Everything of a deployment, typed. */
export interface Contracts {
  pool: DepositPool;
  registry: AssetRegistry;
  accountant: Accountant;
  operators: OperatorRegistry;
  controller: AllocationController;
  reader: ExposureReader;
  desk: RestakingDesk;
  issuer: IssuerDesk;
  queue: WithdrawalQueue;
  instant: InstantRedeemer;
  trEth: TrEth;
  rate: TrEthRate;
  feed: RateFeed;
  cappedFeed: CappedRateFeed;
  manager: AccessManager;
  delegation: DelegationManager;
  strategies: StrategyManager;
  allocation: AllocationManager;
  permissions: PermissionController;
  strategy: StrategyBase;
  stEth: StETHMock;
  wstEth: WstETHMock;
  lidoQueue: LidoWithdrawalQueueMock;
  weth: IWETH9;
  /** The working examples among the configured AVSs; those of others have interfaces of their own. */
  avss: OracleAvs[];
  slashers: EquivocationSlasher[];
}

/** Reads all contracts of a deployment from its address book. */
export async function contractsOf(ctx: Context): Promise<Contracts> {
  const examples = ctx.config.avss.filter(({ contract }) => contract.kind === "oracle");
  const avss = await Promise.all(examples.map(({ name }) => ctx.contract<OracleAvs>(AVS(name))));
  const slasher = await ctx.chain.abi("EquivocationSlasher");
  const slashers = await Promise.all(
    avss.map(async (avs) => new Contract(await avs.slasher(), slasher, ctx.signer) as unknown as EquivocationSlasher),
  );
  return {
    pool: await ctx.contract<DepositPool>("DepositPool"),
    registry: await ctx.contract<AssetRegistry>("AssetRegistry"),
    accountant: await ctx.contract<Accountant>("Accountant"),
    operators: await ctx.contract<OperatorRegistry>("OperatorRegistry"),
    controller: await ctx.contract<AllocationController>("AllocationController"),
    reader: await ctx.contract<ExposureReader>("ExposureReader"),
    desk: await ctx.contract<RestakingDesk>("RestakingDesk"),
    issuer: await ctx.contract<IssuerDesk>("IssuerDesk"),
    queue: await ctx.contract<WithdrawalQueue>("WithdrawalQueue"),
    instant: await ctx.contract<InstantRedeemer>("InstantRedeemer"),
    trEth: await ctx.contract<TrEth>("TrEth"),
    rate: await ctx.contract<TrEthRate>("TrEthRate"),
    feed: await ctx.contract<RateFeed>("RateFeed"),
    cappedFeed: await ctx.contract<CappedRateFeed>("CappedRateFeed"),
    manager: await ctx.contract<AccessManager>("AccessManager"),
    delegation: await ctx.contract<DelegationManager>(ENGINE.delegation),
    strategies: await ctx.contract<StrategyManager>(ENGINE.strategies),
    allocation: await ctx.contract<AllocationManager>(ENGINE.allocation),
    permissions: await ctx.contract<PermissionController>(ENGINE.permissions),
    strategy: await ctx.contract<StrategyBase>(STRATEGY("wstETH")),
    stEth: await ctx.contract<StETHMock>("stETH"),
    wstEth: await ctx.contract<WstETHMock>("wstETH"),
    lidoQueue: await ctx.contract<LidoWithdrawalQueueMock>("LidoQueue"),
    weth: await ctx.contract<IWETH9>("WETH"),
    avss,
    slashers,
  };
}
