import type { Contracts } from "../sim/contracts";
import type { BasketBook, Pot } from "./baskets";
import type { Cast, RestakedCast } from "./cast";
import type { Allocation, AssetName, BasketPlaces, OperatorState, PerAsset, Places, SetState } from "./moment";
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
  /** What of an asset is still on its way to a basket. */
  comingTo(strike: number, asset: AssetName): Omit<BasketPlaces, "arrived">;
}

/** Ether value that the issuer's open requests would pay now. */
async function redeeming(c: Contracts, pooled: bigint, shares: bigint, baskets: BasketBook): Promise<Pot[]> {
  const ids = [...(await c.issuer.openRequests())];
  if (ids.length === 0) return [];
  const last = await c.lidoQueue.getLastCheckpointIndex();
  const hints = [...(await c.lidoQueue.findCheckpointHints(ids, 1n, last))];
  const [status, claimable] = await Promise.all([
    c.lidoQueue.getWithdrawalStatus(ids),
    c.lidoQueue.getClaimableEther(ids, hints),
  ]);
  return status.map(({ isFinalized, amountOfStETH, amountOfShares }, i) => {
    const worth = (amountOfShares * pooled) / shares;
    const value = amountOfStETH < worth ? amountOfStETH : worth;
    return baskets.request(ids[i], isFinalized ? claimable[i] : value);
  });
}

/** In the engine and on their way back: engine shares. */
interface Stake {
  restaked: Pot[];
  unbonding: Pot[];
}

/** What an operator has in one strategy, as the engine tells it. */
interface EngineStake {
  asset: AssetName;
  shares: Stake;
  maxMagnitude: bigint;
  encumbered: bigint;
}

/** What an operator has in every strategy, in the order of the cast. */
async function engineStakes(
  c: Contracts,
  { engine, restaked }: Cast,
  { account, delegator }: Cast["operators"][number],
  baskets: BasketBook,
): Promise<EngineStake[]> {
  const strategies = restaked.map(({ strategy }) => strategy);
  const [[withdrawable], [queue, queued], magnitudes, encumbered] = await Promise.all([
    c.delegation.getWithdrawableShares(delegator, strategies),
    c.delegation.getQueuedWithdrawals(delegator),
    Promise.all(strategies.map((strategy) => engine.getMaxMagnitude(account, strategy))),
    Promise.all(strategies.map((strategy) => engine.getEncumberedMagnitude(account, strategy))),
  ]);
  const inQueue = (of: string): Pot[] =>
    [...queue].flatMap(({ strategies: list, nonce }, i) =>
      [...list].flatMap((s, j) => (s === of ? baskets.withdrawal(delegator, of, nonce, queued[i][j]) : [])),
    );
  return restaked.map(({ name, strategy }, i) => ({
    asset: name,
    shares: { restaked: baskets.stake(delegator, strategy, withdrawable[i]), unbonding: inQueue(strategy) },
    maxMagnitude: magnitudes[i],
    encumbered: encumbered[i],
  }));
}

/** What all operators have allocated of an asset to all sets. */
async function readAllocations(cast: Cast, { name: asset, strategy }: RestakedCast): Promise<Allocation[]> {
  const accounts = cast.operators.map(({ account }) => account);
  const bySet = await Promise.all(
    cast.sets.map(({ address, id }) => cast.engine.getAllocations(accounts, { avs: address, id }, strategy)),
  );
  return cast.sets.flatMap(({ key: set }, i) =>
    bySet[i].map((a, j) => ({
      set,
      operator: cast.operators[j].name,
      asset,
      current: a.currentMagnitude,
      pending: a.pendingDiff,
      effectBlock: a.effectBlock,
    })),
  );
}

/** Ether value of 1e18 units, by the issuers. */
async function readRates(c: Contracts, pooled: bigint, lidoShares: bigint): Promise<PerAsset> {
  const [rETH, cbETH] = await Promise.all([c.rocket?.token.getExchangeRate(), c.coinbase?.token.exchangeRate()]);
  return { ETH: WAD, wstETH: (pooled * WAD) / lidoShares, rETH: rETH ?? 0n, cbETH: cbETH ?? 0n };
}

/** Reads engine and issuers, and computes every number anew. */
export async function readOutside(
  c: Contracts,
  cast: Cast,
  idle: PerAsset,
  baskets: BasketBook,
): Promise<OutsideBooks> {
  const [pooled, lidoShares] = await Promise.all([c.stEth.getTotalPooledEther(), c.stEth.getTotalShares()]);
  const [rates, stakes, byAsset, toUnits, requests, listed, statuses] = await Promise.all([
    readRates(c, pooled, lidoShares),
    Promise.all(cast.operators.map((operator) => engineStakes(c, cast, operator, baskets))),
    Promise.all(cast.restaked.map((asset) => readAllocations(cast, asset))),
    Promise.all(cast.restaked.map((asset) => unitsOfShares(c, asset, { pooled, lidoShares }))),
    redeeming(c, pooled, lidoShares, baskets),
    c.operators.operators(),
    Promise.all(cast.sets.map(({ address, id }) => c.sets.statusOf({ avs: address, id }))),
  ]);
  const allocations = byAsset.flat();
  const operators = cast.operators.map((operator, i) => ({
    ...operator,
    stakes: stakes[i].map(({ asset, shares, maxMagnitude, encumbered }, j) => {
      const whole = sum([...shares.restaked, ...shares.unbonding].map(({ amount }) => amount));
      const value = valueDown(toUnits[j](whole), rates[asset]);
      return { asset, value, maxMagnitude, encumbered };
    }),
    isSetAside: listed[i].quarantined,
  }));
  const potsOf = (j: number, key: keyof Stake): Pot[] => stakes.flatMap((ofOperator) => ofOperator[j].shares[key]);
  const inEngine = (key: keyof Stake): bigint =>
    sum(cast.restaked.map(({ name }, j) => valueDown(toUnits[j](baskets.keptOf(potsOf(j, key))), rates[name])));
  return {
    rates,
    places: {
      idle: sum(cast.assets.map(({ name }) => valueDown(idle[name], rates[name]))),
      restaked: inEngine("restaked"),
      unbonding: inEngine("unbonding"),
      redeeming: baskets.keptOf(requests),
    },
    comingTo: (strike, asset) => {
      const j = cast.restaked.findIndex(({ name }) => name === asset);
      const units = (key: keyof Stake): bigint => (j === -1 ? 0n : toUnits[j](baskets.partOf(strike, potsOf(j, key))));
      return {
        restaked: units("restaked"),
        unbonding: units("unbonding"),
        redeeming: asset === "ETH" ? baskets.partOf(strike, requests) : 0n,
      };
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

/** How many units of an asset engine shares are, from what its strategy holds. */
async function unitsOfShares(
  c: Contracts,
  { name, address, strategy }: RestakedCast,
  { pooled, lidoShares }: { pooled: bigint; lidoShares: bigint },
): Promise<(shares: bigint) => bigint> {
  const isLido = name === "wstETH"; // its strategy holds stETH
  const token = c.wstEth.attach(address) as typeof c.wstEth;
  const [held, total] = await Promise.all([
    isLido ? c.stEth.sharesOf(strategy) : token.balanceOf(strategy),
    (c.strategy.attach(strategy) as typeof c.strategy).totalShares(),
  ]);
  const balance = isLido ? (held * pooled) / lidoShares : held;
  return (shares) => {
    const amount = (shares * (balance + VIRTUAL)) / (total + VIRTUAL);
    return isLido ? (amount * lidoShares) / pooled : amount;
  };
}

/**
 * Ether value a set could take, of all assets together: the whole magnitude, pending increases included, pending
 * decreases not yet gone.
 */
export function exposureOf(set: string, allocations: Allocation[], operators: OperatorState[]): bigint {
  return sum(
    allocations
      .filter((a) => a.set === set)
      .map((a) => {
        const operator = operators.find(({ name }) => name === a.operator);
        const stake = operator?.stakes.find(({ asset }) => asset === a.asset);
        if (stake === undefined || stake.maxMagnitude === 0n) return 0n;
        const magnitude = a.pending > 0n ? a.current + a.pending : a.current;
        return partUp(stake.value, magnitude, stake.maxMagnitude);
      }),
  );
}
