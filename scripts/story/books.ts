import type { Contracts } from "../sim/contracts";
import type { AssetCast, Cast } from "./cast";
import type { Allocation, OperatorState, PerAsset, Places, SetState } from "./moment";
import { partUp, sum, valueDown, WAD } from "./units";

/** Stages of a set, as the registry numbers them. */
const STAGE = { admitted: 2n, dropped: 3n } as const;
/** Virtual shares and tokens of the engine's strategies. */
const VIRTUAL = 1_000n;

/** What engine and issuers say themselves, without a look at our books. */
export interface OutsideBooks {
  rates: PerAsset;
  places: Places;
  operators: OperatorState[];
  allocations: Allocation[];
  sets: SetState[];
}

/** Ether value that the issuer's open requests would pay now. */
async function redeeming(c: Contracts, pooled: bigint, shares: bigint): Promise<bigint> {
  const ids = [...(await c.issuer.openRequests())];
  if (ids.length === 0) return 0n;
  const last = await c.lidoQueue.getLastCheckpointIndex();
  const hints = [...(await c.lidoQueue.findCheckpointHints(ids, 1n, last))];
  const [status, claimable] = await Promise.all([
    c.lidoQueue.getWithdrawalStatus(ids),
    c.lidoQueue.getClaimableEther(ids, hints),
  ]);
  const values = status.map(({ isFinalized, amountOfStETH, amountOfShares }, i) => {
    const worth = (amountOfShares * pooled) / shares;
    if (isFinalized) return claimable[i];
    return amountOfStETH < worth ? amountOfStETH : worth;
  });
  return sum(values);
}

/** Units in the engine and on their way back: of an operator, or of all. */
interface Stake {
  restaked: bigint;
  unbonding: bigint;
}

/** Engine shares of every operator in every strategy. */
interface EngineStake {
  operator: Omit<OperatorState, "isSetAside">;
  /** By strategy. */
  shares: Map<string, Stake>;
}

async function engineStake(
  c: Contracts,
  { engine, assets, addresses: { strategy } }: Cast,
  { name, account, delegator }: Cast["operators"][number],
): Promise<EngineStake> {
  const strategies = assets.flatMap((a) => (a.strategy === undefined ? [] : [a.strategy]));
  const [[withdrawable], [queue, queued], maxMagnitude, encumbered] = await Promise.all([
    c.delegation.getWithdrawableShares(delegator, strategies),
    c.delegation.getQueuedWithdrawals(delegator),
    engine.getMaxMagnitude(account, strategy),
    engine.getEncumberedMagnitude(account, strategy),
  ]);
  const inQueue = (of: string): bigint =>
    sum([...queue].flatMap(({ strategies: list }, i) => [...list].map((s, j) => (s === of ? queued[i][j] : 0n))));
  const shares = new Map(strategies.map((s, i) => [s, { restaked: withdrawable[i], unbonding: inQueue(s) }]));
  const own = shares.get(strategy);
  const engineShares = (own?.restaked ?? 0n) + (own?.unbonding ?? 0n);
  return { operator: { name, account, delegator, engineShares, maxMagnitude, encumbered }, shares };
}

/** Ether value of 1e18 units, by the issuers. */
async function readRates(c: Contracts, pooled: bigint, lidoShares: bigint): Promise<PerAsset> {
  const [rETH, cbETH] = await Promise.all([c.rocket?.token.getExchangeRate(), c.coinbase?.token.exchangeRate()]);
  return { ETH: WAD, wstETH: (pooled * WAD) / lidoShares, rETH: rETH ?? 0n, cbETH: cbETH ?? 0n };
}

/** Reads engine and issuers, and computes every number anew. */
export async function readOutside(c: Contracts, cast: Cast, idle: PerAsset): Promise<OutsideBooks> {
  const { strategy } = cast.addresses;
  const [pooled, lidoShares] = await Promise.all([c.stEth.getTotalPooledEther(), c.stEth.getTotalShares()]);
  const [rates, stakes, bySet, redeemingValue, listed, statuses] = await Promise.all([
    readRates(c, pooled, lidoShares),
    Promise.all(cast.operators.map((operator) => engineStake(c, cast, operator))),
    Promise.all(
      cast.sets.map(({ address, id }) =>
        cast.engine.getAllocations(
          cast.operators.map(({ account }) => account),
          { avs: address, id },
          strategy,
        ),
      ),
    ),
    redeeming(c, pooled, lidoShares),
    c.operators.operators(),
    Promise.all(cast.sets.map(({ address, id }) => c.sets.statusOf({ avs: address, id }))),
  ]);
  const allocations = cast.sets.flatMap(({ key }, i) =>
    bySet[i].map((a, j) => ({
      set: key,
      operator: cast.operators[j].name,
      current: a.currentMagnitude,
      pending: a.pendingDiff,
      effectBlock: a.effectBlock,
    })),
  );
  const operators = stakes.map(({ operator }, i) => ({ ...operator, isSetAside: listed[i].quarantined }));
  const inEngine = await Promise.all(
    cast.assets.map(async (asset) => {
      const { restaked, unbonding } = await unitsInEngine(c, asset, stakes, { pooled, lidoShares });
      return { restaked: valueDown(restaked, rates[asset.name]), unbonding: valueDown(unbonding, rates[asset.name]) };
    }),
  );
  return {
    rates,
    places: {
      idle: sum(cast.assets.map(({ name }) => valueDown(idle[name], rates[name]))),
      restaked: sum(inEngine.map(({ restaked }) => restaked)),
      unbonding: sum(inEngine.map(({ unbonding }) => unbonding)),
      redeeming: redeemingValue,
    },
    operators,
    allocations,
    sets: cast.sets.map(({ key, avs }, i) => ({
      set: key,
      avs,
      exposure: exposureOf(key, allocations, operators),
      isAdmitted: statuses[i].stage === STAGE.admitted,
      isDropped: statuses[i].stage === STAGE.dropped,
      isSound: statuses[i].fault === 0n,
    })),
  };
}

/** Units of an asset that all operators together have, from what its strategy holds. */
async function unitsInEngine(
  c: Contracts,
  { name, address, strategy }: AssetCast,
  stakes: EngineStake[],
  { pooled, lidoShares }: { pooled: bigint; lidoShares: bigint },
): Promise<Stake> {
  if (strategy === undefined) return { restaked: 0n, unbonding: 0n };
  const isLido = name === "wstETH"; // its strategy holds stETH
  const token = c.wstEth.attach(address) as typeof c.wstEth;
  const [held, total] = await Promise.all([
    isLido ? c.stEth.sharesOf(strategy) : token.balanceOf(strategy),
    (c.strategy.attach(strategy) as typeof c.strategy).totalShares(),
  ]);
  const balance = isLido ? (held * pooled) / lidoShares : held;
  const toUnits = (shares: bigint): bigint => {
    const amount = (shares * (balance + VIRTUAL)) / (total + VIRTUAL);
    return isLido ? (amount * lidoShares) / pooled : amount;
  };
  const of = (key: keyof Stake): bigint => sum(stakes.map(({ shares }) => toUnits(shares.get(strategy)?.[key] ?? 0n)));
  return { restaked: of("restaked"), unbonding: of("unbonding") };
}

/** Engine shares a set could take: the whole magnitude, pending increases included, pending decreases not yet gone. */
export function exposureOf(set: string, allocations: Allocation[], operators: OperatorState[]): bigint {
  return sum(
    allocations
      .filter((a) => a.set === set)
      .map((a) => {
        const operator = operators.find(({ name }) => name === a.operator);
        if (operator === undefined || operator.maxMagnitude === 0n) return 0n;
        const magnitude = a.pending > 0n ? a.current + a.pending : a.current;
        return partUp(operator.engineShares, magnitude, operator.maxMagnitude);
      }),
  );
}
