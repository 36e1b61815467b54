/** The rules of the rate, written a second time with plain numbers. */
const WAD = 10n ** 18n;
const BPS = 10_000n;
const DAY = 86_400n;

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const up = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

export interface Curve {
  level: bigint;
  target: bigint;
  minFeeBps: bigint;
  maxFeeBps: bigint;
}

/** Fee of paying `paid` out of a buffer: the area under the line of fees, rounded once. */
export function curveFee({ level, target, minFeeBps, maxFeeBps }: Curve, paid: bigint): bigint {
  const [from, to] = [least(level, target), least(level - paid, target)];
  const slope = maxFeeBps - minFeeBps;
  const flat = 2n * target * minFeeBps * (paid - (from - to));
  const steep = (from - to) * (2n * target * maxFeeBps - slope * (from + to));
  return up(flat + steep, 2n * target * BPS);
}

/** The most that a value pays out, fee included: by trying. */
export function curvePaid(c: Curve, value: bigint): bigint {
  let [low, high] = [0n, least(c.level, value)];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle + curveFee(c, middle) <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

export interface Growth {
  nav: bigint;
  supply: bigint;
  rateWad: bigint;
  highWaterMarkWad: bigint;
  elapsed: bigint;
  growthCapBpsPerDay: bigint;
  feeBps: bigint;
  feeSharesLeft: bigint;
}

/** What a report makes of a net asset value. */
export function grown(g: Growth): { rateWad: bigint; waitingWad: bigint; feeShares: bigint } {
  const full = (g.nav * WAD) / g.supply;
  if (full <= g.rateWad) {
    return { rateWad: full, waitingWad: up(g.nav * WAD, g.supply) - full, feeShares: 0n };
  }
  const allowance = (g.rateWad * g.growthCapBpsPerDay * least(g.elapsed, DAY)) / (BPS * DAY);
  let rateWad = least(full, g.rateWad + allowance);
  let feeShares = 0n;
  if (rateWad > g.highWaterMarkWad) {
    const fee = ((rateWad - g.highWaterMarkWad) * g.feeBps) / BPS;
    feeShares = least((g.supply * fee) / (rateWad - fee), g.feeSharesLeft);
    rateWad = (rateWad * g.supply) / (g.supply + feeShares);
  }
  const perShare = up(g.nav * WAD, g.supply + feeShares);
  return { rateWad, waitingWad: perShare > rateWad ? perShare - rateWad : 0n, feeShares };
}
