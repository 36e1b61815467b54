/** What holders have earned, by where it came from. Whole numbers; parts of one are WAD. */

const WAD = 10n ** 18n;
const YEAR = 365n;

/** The books at the end of a day. */
export interface Sample {
  netAssetValue: bigint;
  /** Ether value of 1e18 shares. */
  rateWad: bigint;
  assets: { asset: string; etherValue: bigint; rateWad: bigint }[];
}

/** What came in on the day after the sample of that number. */
export interface Income {
  after: number;
  etherValue: bigint;
  /** Part of it that no AVS paid for work (WAD): programmatic incentives, and what cannot be traced. */
  incentiveWad: bigint;
}

/** Parts of net asset value in a year (WAD), as if every year were like these days; not compounded. */
export interface Yields {
  lst: bigint;
  avs: bigint;
  incentives: bigint;
  /** How much the rate grew: what of all this, less losses and fees, has been recognised. */
  realised: bigint;
  /** Part of the income that needs no incentive (WAD); zero when there was none. */
  sustainable: bigint;
}

const partWad = (value: bigint, of: bigint): bigint => (of === 0n ? 0n : (value * WAD) / of);

/** Growth of the tokens' own rates on one day, weighed by what each was of the whole; a fall counts as one. */
function lstOf(before: Sample, after: Sample): bigint {
  const gain = before.assets.reduce((sum, { asset, etherValue, rateWad }) => {
    const next = after.assets.find((a) => a.asset === asset);
    return next === undefined || rateWad === 0n ? sum : sum + (etherValue * (next.rateWad - rateWad)) / rateWad;
  }, 0n);
  return partWad(gain, before.netAssetValue);
}

export function yields(samples: Sample[], incomes: Income[]): Yields {
  const days = BigInt(samples.length - 1);
  if (days < 1n) throw new Error("a yield needs a day at least");
  const lst = samples.slice(1).reduce((sum, after, i) => sum + lstOf(samples[i], after), 0n);
  let [avs, incentives] = [0n, 0n];
  for (const { after, etherValue, incentiveWad } of incomes) {
    const part = partWad(etherValue, samples[after].netAssetValue);
    const incentive = (part * incentiveWad) / WAD;
    incentives += incentive;
    avs += part - incentive;
  }
  const [first, last] = [samples[0].rateWad, samples[samples.length - 1].rateWad];
  const yearly = (part: bigint): bigint => (part * YEAR) / days;
  const lasting = lst + avs > 0n ? lst + avs : 0n;
  return {
    lst: yearly(lst),
    avs: yearly(avs),
    incentives: yearly(incentives),
    realised: yearly(partWad(last - first, first)),
    sustainable: partWad(lasting, lasting + incentives),
  };
}

/** A part as a percentage with two digits, rounded towards zero. */
export function percent(wad: bigint): string {
  const hundredths = (wad * 10_000n) / WAD;
  const size = hundredths < 0n ? -hundredths : hundredths;
  return `${hundredths < 0n ? "-" : ""}${size / 100n}.${String(size % 100n).padStart(2, "0")} %`;
}
