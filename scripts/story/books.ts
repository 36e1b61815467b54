import type { Contracts } from "../sim/contracts";
import type { Cast } from "./cast";
import type { Allocation, OperatorState, Places, SetState } from "./moment";
import { partUp, sum, valueDown, WAD } from "./units";

/** Virtual shares and tokens of the engine's strategies. */
const VIRTUAL = 1_000n;

/** What engine and issuer say themselves, without a look at our books. */
export interface OutsideBooks {
  lidoRate: bigint;
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

async function operatorState(
  c: Contracts,
  { engine, addresses: { strategy } }: Cast,
  { name, account, delegator }: Cast["operators"][number],
  toUnits: (shares: bigint) => bigint,
): Promise<OperatorState> {
  const [[withdrawable], [, queued], maxMagnitude, encumbered] = await Promise.all([
    c.delegation.getWithdrawableShares(delegator, [strategy]),
    c.delegation.getQueuedWithdrawals(delegator),
    engine.getMaxMagnitude(account, strategy),
    engine.getEncumberedMagnitude(account, strategy),
  ]);
  const inEngine = withdrawable[0] ?? 0n;
  const inQueue = sum([...queued].flatMap((shares) => [...shares]));
  return {
    name,
    account,
    delegator,
    restaked: toUnits(inEngine),
    unbonding: toUnits(inQueue),
    engineShares: inEngine + inQueue,
    maxMagnitude,
    encumbered,
  };
}

/** Reads engine and issuer, and computes every number anew. */
export async function readOutside(
  c: Contracts,
  cast: Cast,
  idle: { ether: bigint; units: bigint },
): Promise<OutsideBooks> {
  const { strategy } = cast.addresses;
  const [pooled, lidoShares, strategyShares, strategyLidoShares] = await Promise.all([
    c.stEth.getTotalPooledEther(),
    c.stEth.getTotalShares(),
    c.strategy.totalShares(),
    c.stEth.sharesOf(strategy),
  ]);
  const balance = (strategyLidoShares * pooled) / lidoShares;
  const toUnits = (shares: bigint): bigint =>
    (((shares * (balance + VIRTUAL)) / (strategyShares + VIRTUAL)) * lidoShares) / pooled;
  const [operators, bySet, redeemingValue] = await Promise.all([
    Promise.all(cast.operators.map((operator) => operatorState(c, cast, operator, toUnits))),
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
  const lidoRate = (pooled * WAD) / lidoShares;
  return {
    lidoRate,
    places: {
      idle: idle.ether + valueDown(idle.units, lidoRate),
      restaked: valueDown(sum(operators.map((o) => o.restaked)), lidoRate),
      unbonding: valueDown(sum(operators.map((o) => o.unbonding)), lidoRate),
      redeeming: redeemingValue,
    },
    operators,
    allocations,
    sets: cast.sets.map(({ key, avs }) => ({ set: key, avs, exposure: exposureOf(key, allocations, operators) })),
  };
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
