import { avsOf, type Event } from "./history";

const WAD = 10n ** 18n;
const key = (...parts: string[]): string => parts.join(" ");

interface Allocation {
  current: bigint;
  /** Change that comes into force with a block. */
  pending?: { change: bigint; effectBlock: bigint };
}

interface Split {
  /** Undefined: the default of the moment. */
  old?: bigint;
  bips: bigint;
  activatedAt: bigint;
}

/** The engine as its events tell it: who has staked what with whom, who is in which set, and what is allocated. */
export class EngineState {
  /** Stake before slashing, by operator and staker and then strategy. */
  private readonly stakers = new Map<string, Map<string, Map<string, bigint>>>();
  private readonly sets = new Map<string, Set<string>>();
  private readonly allocations = new Map<string, Allocation>();
  private readonly magnitudes = new Map<string, bigint>();
  private readonly splits = new Map<string, Split>();
  private defaultSplit = 0n;

  apply(event: Event): void {
    switch (event.is) {
      case "stake":
        return this.stake(event);
      case "membership": {
        const sets = this.sets.get(event.operator) ?? new Set();
        if (event.member) sets.add(event.set);
        else sets.delete(event.set);
        this.sets.set(event.operator, sets);
        return;
      }
      case "allocation":
        return this.allocate(event);
      case "magnitude":
        this.magnitudes.set(key(event.operator, event.strategy), event.magnitude);
        return;
      case "split": {
        const at = key(event.operator, event.scope);
        const last = this.splits.get(at);
        this.splits.set(at, { old: last?.bips, bips: event.bips, activatedAt: event.activatedAt });
        return;
      }
      case "default split":
        this.defaultSplit = event.bips;
        return;
      case "submission":
        return;
    }
  }

  /* VIEWS */

  operators(): string[] {
    return [...this.stakers.keys()];
  }

  stakersOf(operator: string): string[] {
    return [...(this.stakers.get(operator)?.keys() ?? [])];
  }

  isInSet(operator: string, set: string): boolean {
    return this.sets.get(operator)?.has(set) ?? false;
  }

  isInAnySetOf(operator: string, avs?: string): boolean {
    return [...(this.sets.get(operator) ?? [])].some((set) => avs === undefined || avsOf(set) === avs);
  }

  /** Stake after slashing [engine shares]. */
  stakeOf(operator: string, staker: string, strategy: string): bigint {
    const scaled = this.stakers.get(operator)?.get(staker)?.get(strategy) ?? 0n;
    return (scaled * this.maxMagnitude(operator, strategy)) / WAD;
  }

  /** Part of the stake that a set can slash at the end of a block [engine shares]. */
  allocatedStakeOf(operator: string, staker: string, strategy: string, set: string, block: bigint): bigint {
    const allocation = this.allocations.get(key(operator, set, strategy));
    const max = this.maxMagnitude(operator, strategy);
    if (allocation === undefined || max === 0n) return 0n;
    const { current, pending } = allocation;
    const magnitude = pending !== undefined && pending.effectBlock <= block ? current + pending.change : current;
    return (this.stakeOf(operator, staker, strategy) * magnitude) / max;
  }

  splitOf(operator: string, scope: string, time: bigint): bigint {
    const split = this.splits.get(key(operator, scope));
    if (split !== undefined && split.activatedAt <= time) return split.bips;
    return split?.old ?? this.defaultSplit;
  }

  /* INTERNALS */

  private maxMagnitude(operator: string, strategy: string): bigint {
    return this.magnitudes.get(key(operator, strategy)) ?? WAD;
  }

  private stake({ operator, staker, strategy, change }: Extract<Event, { is: "stake" }>): void {
    const max = this.maxMagnitude(operator, strategy);
    if (max === 0n) return; // all of it is slashed: nothing can come or go
    const stakers = this.stakers.get(operator) ?? new Map<string, Map<string, bigint>>();
    const strategies = stakers.get(staker) ?? new Map<string, bigint>();
    const size = ((change < 0n ? -change : change) * WAD) / max;
    const scaled = (strategies.get(strategy) ?? 0n) + (change < 0n ? -size : size);
    strategies.set(strategy, scaled < 0n ? 0n : scaled);
    this.stakers.set(operator, stakers.set(staker, strategies));
  }

  private allocate(event: Extract<Event, { is: "allocation" }>): void {
    const at = key(event.operator, event.set, event.strategy);
    const { current, pending } = this.allocations.get(at) ?? { current: 0n };
    const isDue = pending !== undefined && pending.effectBlock <= event.block;
    const now = isDue ? current + pending.change : current;
    const { magnitude, effectBlock } = event;
    // What is in force at once is a slash, or has no delay; an increase that still waits keeps its size.
    if (effectBlock > event.block) {
      this.allocations.set(at, { current: now, pending: { change: magnitude - now, effectBlock } });
    } else this.allocations.set(at, { current: magnitude, pending: isDue ? undefined : pending });
  }
}
