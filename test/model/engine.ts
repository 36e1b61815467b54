/**
 * The engine's arithmetic without a chain: what anyone would write down with a pencil from the description of release
 * 1.12.0. It never looks at the contracts; the random walk compares the two after every step.
 */
import { ACCOUNTS, OPERATORS, SETS, STRATEGIES } from "./engine-types";
import type { Action, Delays, Observation, OperatorObservation } from "./engine-types";
import { each, mulUp, need, push, Refusal, remove, WAD, zeros } from "./engine-state";
import type { Account, Operator, State } from "./engine-state";
import { ShareModel } from "./engine-shares";

export class EngineModel extends ShareModel {
  state: State;
  /** @param tokens What every account has of every token. */
  constructor(delays: Delays, tokens: bigint, allocationDelays: Record<string, bigint>) {
    super(delays);
    const account = (name: string): Account => ({
      operator: OPERATORS.includes(name) ? name : "",
      nonce: 0n,
      strategies: [],
      shares: zeros(),
      scaling: each(STRATEGIES, () => WAD),
      queued: [],
      tokens: each(STRATEGIES, () => tokens),
    });
    const operator = (name: string): Operator => ({
      shares: zeros(),
      max: each(STRATEGIES, () => []),
      queuedScaled: each(STRATEGIES, () => []),
      delay: allocationDelays[name],
      registered: [],
      slashableUntil: SETS.map(() => 0n),
      allocations: SETS.map(() => each(STRATEGIES, () => ({ current: 0n, pending: 0n, effectBlock: 0n }))),
    });
    this.state = {
      accounts: each(ACCOUNTS, account),
      operators: each(OPERATORS, operator),
      sets: SETS.map(({ strategies }) => ({ strategies: [...strategies], members: [], slashCount: 0n, waiting: [] })),
      strategies: each(STRATEGIES, () => ({ totalShares: 0n, balance: 0n })),
      received: { burn: zeros(), recipient: zeros() },
    };
  }

  /** Does it in `block`, or changes nothing and returns the error. */
  perform(action: Action, block: bigint): string | undefined {
    const before = structuredClone(this.state);
    this.advance(block);
    try {
      this.execute(action);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.state = before;
      this.advance(block);
      return error.message;
    }
  }

  /** What was due by `block` has happened. */
  private advance(block: bigint): void {
    this.now = block;
    for (const operator of Object.values(this.state.operators)) {
      if (operator.next && operator.next.effectBlock <= block) {
        operator.delay = operator.next.delay;
        operator.next = undefined;
      }
      for (const allocation of operator.allocations.flatMap((ofSet) => Object.values(ofSet))) {
        if (allocation.effectBlock === 0n || allocation.effectBlock > block) continue;
        allocation.current += allocation.pending;
        allocation.pending = 0n;
        allocation.effectBlock = 0n;
      }
    }
  }

  private execute(action: Action): void {
    const { accounts, operators, sets, strategies } = this.state;
    switch (action.do) {
      case "deposit":
        return this.deposit(action.who, action.strategy, BigInt(action.amount));
      case "redelegate":
        this.undelegate(action.who, action.who);
        return this.delegate(action.who, action.operator);
      case "delegate":
        return this.delegate(action.who, action.operator);
      case "undelegate":
        return this.undelegate(action.who, action.by);
      case "queue":
        return this.queue(action.who, accounts[action.who].operator, action.strategies, action.shares);
      case "complete":
        return this.complete(action.who, action.index, action.asTokens);
      case "register":
        return this.register(action.operator, action.set);
      case "deregister":
        return this.deregister(action.operator, action.set);
      case "allocate":
        return this.allocate(action.operator, action.set, action.strategy, BigInt(action.magnitude));
      case "slash":
        return this.slash(action.operator, action.set, action.strategies, action.wads.map(BigInt));
      case "clear":
        return this.clear(action.set, BigInt(action.slashId));
      case "clearOne":
        return this.clear(action.set, BigInt(action.slashId), action.strategy);
      case "setDelay": {
        const effectBlock = this.now + this.delays.configuration + 1n;
        operators[action.operator].next = { delay: BigInt(action.delay), effectBlock };
        return;
      }
      case "addStrategy":
        need(!sets[action.set].strategies.includes(action.strategy), "StrategyAlreadyInOperatorSet");
        sets[action.set].strategies.push(action.strategy);
        return;
      case "removeStrategy":
        need(sets[action.set].strategies.includes(action.strategy), "StrategyNotInOperatorSet");
        return remove(sets[action.set].strategies, action.strategy);
      case "donate":
        strategies[action.strategy].balance += BigInt(action.amount);
        return;
      case "free": // what is due is freed in every view anyway
      case "mine":
    }
  }

  /* SETS AND ALLOCATIONS */

  private isSlashable(operator: string, set: number): boolean {
    const { registered, slashableUntil } = this.state.operators[operator];
    return registered.includes(set) || this.now <= slashableUntil[set];
  }

  private register(operator: string, set: number): void {
    need(!this.isSlashable(operator, set), "AlreadyMemberOfSet");
    this.state.operators[operator].registered.push(set);
    this.state.sets[set].members.push(operator);
  }

  private deregister(operator: string, set: number): void {
    const { registered, slashableUntil } = this.state.operators[operator];
    need(registered.includes(set), "NotMemberOfSet");
    remove(registered, set);
    remove(this.state.sets[set].members, operator);
    slashableUntil[set] = this.now + this.delays.deallocation;
  }

  /** Magnitude that is promised: what sets have, and what is on its way to them. */
  private encumbered(operator: string, strategy: string): bigint {
    return this.state.operators[operator].allocations.reduce((sum, ofSet) => {
      const { current, pending } = ofSet[strategy];
      return sum + current + (pending > 0n ? pending : 0n);
    }, 0n);
  }

  private allocate(operator: string, set: number, strategy: string, magnitude: bigint): void {
    const { allocations, delay } = this.state.operators[operator];
    const allocation = allocations[set][strategy];
    need(allocation.effectBlock === 0n, "ModificationAlreadyPending");
    need(magnitude !== allocation.current, "SameMagnitude");
    if (magnitude > allocation.current) {
      const added = magnitude - allocation.current;
      const max = this.factor(operator, strategy);
      need(this.encumbered(operator, strategy) + added <= max, "InsufficientMagnitude");
      allocation.pending = added;
      allocation.effectBlock = this.now + delay;
    } else if (this.isSlashable(operator, set) && this.state.sets[set].strategies.includes(strategy)) {
      allocation.pending = magnitude - allocation.current;
      allocation.effectBlock = this.now + this.delays.deallocation + 1n;
    } else {
      allocation.current = magnitude;
    }
    this.advance(this.now); // without a delay it is there at once
  }

  /* SLASHING */

  private slash(operator: string, id: number, strategies: string[], wads: bigint[]): void {
    const set = this.state.sets[id];
    need(this.isSlashable(operator, id), "OperatorNotSlashable");
    const slashId = ++set.slashCount;
    strategies.forEach((strategy, i) => {
      need(i === 0 || strategies[i - 1] < strategy, "StrategiesMustBeInAscendingOrder");
      need(wads[i] > 0n && wads[i] <= WAD, "InvalidWadToSlash");
      need(set.strategies.includes(strategy), "StrategyNotInOperatorSet");
      this.slashStrategy(operator, id, slashId, strategy, wads[i]);
    });
  }

  private slashStrategy(name: string, id: number, slashId: bigint, strategy: string, wad: bigint): void {
    const operator = this.state.operators[name];
    const allocation = operator.allocations[id][strategy];
    if (allocation.current === 0n) return;
    const taken = mulUp(allocation.current, wad);
    const max = this.factor(name, strategy);
    const left = max - taken;
    allocation.current -= taken;
    if (allocation.pending < 0n) allocation.pending += mulUp(-allocation.pending, wad);

    const slashed = (shares: bigint): bigint => shares - (shares * left + max - 1n) / max;
    const ofOperator = slashed(operator.shares[strategy]);
    const ofQueue = slashed(this.slashableQueue(name, strategy, max));
    push(operator.max[strategy], this.now, left);
    operator.shares[strategy] -= ofOperator;
    const { waiting } = this.state.sets[id];
    let entry = waiting.find((slash) => slash.slashId === slashId);
    if (entry === undefined) waiting.push((entry = { slashId, strategies: [], shares: [] }));
    entry.strategies.push(strategy);
    entry.shares.push(ofOperator + ofQueue);
  }

  /** Pays a slash out, all of it or one strategy; unknown ones are nothing. */
  private clear(id: number, slashId: bigint, only?: string): void {
    const { waiting } = this.state.sets[id];
    const slash = waiting.find((waits) => waits.slashId === slashId);
    for (const strategy of only === undefined ? [...(slash?.strategies ?? [])] : [only]) {
      const index = slash?.strategies.indexOf(strategy) ?? -1;
      if (slash === undefined || index < 0) continue;
      const shares = slash.shares[index];
      remove(slash.strategies, strategy);
      slash.shares[index] = slash.shares[slash.shares.length - 1];
      slash.shares.pop();
      if (shares !== 0n) this.state.received[SETS[id].recipient][strategy] += this.payOut(strategy, shares);
    }
    if (slash?.strategies.length === 0) remove(waiting, slash);
  }

  /* WHAT ONE CAN SEE */

  observe(block: bigint): Observation {
    this.advance(block);
    const { accounts, operators, sets, strategies, received } = structuredClone(this.state);
    return {
      block,
      accounts: each(ACCOUNTS, (name) => ({
        ...accounts[name],
        withdrawable: each(STRATEGIES, (strategy) => this.withdrawable(name, strategy)),
        queued: accounts[name].queued.map((withdrawal) => ({ ...withdrawal, worth: this.worth(withdrawal) })),
      })),
      operators: each(OPERATORS, (name) => this.observeOperator(name, operators[name])),
      sets,
      strategies,
      received,
    };
  }

  private observeOperator(name: string, { shares, delay, registered, allocations }: Operator): OperatorObservation {
    const max = each(STRATEGIES, (strategy) => this.factor(name, strategy));
    const encumbered = each(STRATEGIES, (strategy) => this.encumbered(name, strategy));
    return {
      shares,
      max,
      encumbered,
      allocatable: each(STRATEGIES, (strategy) => max[strategy] - encumbered[strategy]),
      slashableQueue: each(STRATEGIES, (strategy) => this.slashableQueue(name, strategy, max[strategy])),
      delay,
      registered,
      slashableBy: SETS.map((_, set) => this.isSlashable(name, set)),
      allocations,
    };
  }
}
