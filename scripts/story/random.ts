/** A stream of numbers that follows from its seed alone. Not for secrets. */
export class Random {
  private state: number;

  constructor(seed: number, label = "") {
    this.state = [...label].reduce((hash, c) => Math.imul(hash ^ c.charCodeAt(0), 16_777_619), seed ^ 2_166_136_261);
  }

  /** 32 random bits (mulberry32). */
  next(): bigint {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return BigInt((t ^ (t >>> 14)) >>> 0);
  }

  /** A number from `low` to `high`, both included. */
  between(low: bigint, high: bigint): bigint {
    return low + (this.next() * (high - low + 1n)) / 2n ** 32n;
  }

  /** True in `bps` of 10 000 cases. */
  chance(bps: bigint): boolean {
    return this.between(0n, 9_999n) < bps;
  }

  /** `amount`, up to `bps` more or less. */
  around(amount: bigint, bps: bigint): bigint {
    return (amount * this.between(10_000n - bps, 10_000n + bps)) / 10_000n;
  }
}
