/** The promises of `docs/spec/invariants-engine.md` that hold after every step, whatever was done. */
import { div, mul, WAD } from "./engine-state";
import { OPERATORS, SETS, STRATEGIES, type Action, type Observation } from "./engine-types";

export interface Step {
  action: Action;
  /** Error that it was refused with. */
  refused?: string;
  before: Observation;
  after: Observation;
  /** Withdrawals queued so far, by strategy: each may leave one wei of dust. */
  entries: Record<string, bigint>;
  /** Read from the contracts beside the observation. */
  extra: Extra;
}

export interface Extra {
  /** Roots by account, and whether each is pending. */
  roots: Record<string, { root: string; pending: boolean; expected: string }[]>;
  /** By operator: maximum as of the block of `before`, then of `after`, by strategy. */
  history: Record<string, { before: bigint[]; after: bigint[] }>;
  /** Admins of every account. */
  admins: Record<string, string[]>;
  recipients: string[];
  expectedRecipients: string[];
  /** Tokens that the managers hold; tokens that exist less those of all known holders. */
  held: bigint;
  missing: bigint;
  members: boolean[][];
}

type Report = (condition: boolean, text: string) => void;
type Check = (step: Step, holds: Report) => void;

const total = (values: bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const accountsOf = (seen: Observation) => Object.entries(seen.accounts);
const operatorsOf = (seen: Observation) => Object.entries(seen.operators);

const DELEGATING: Action["do"][] = ["delegate", "undelegate", "redelegate"];
const SCALING: Action["do"][] = ["deposit", "delegate", "undelegate", "redelegate", "queue", "complete"];

/** What depositing may round a scaling factor down by: three divisions, one of them of whole shares. */
const scalingDust = (shares: bigint, factor: bigint): bigint => 3n + div(3n * WAD, shares * factor) + div(3n, factor);

export const CHECKS: Record<string, Check> = {
  "EN-1": ({ after }, holds) => {
    for (const name of OPERATORS) holds(after.accounts[name].operator === name, `${name} answers for itself`);
  },
  "EN-2": ({ action, before, after, refused }, holds) => {
    for (const [name, { operator }] of accountsOf(after)) {
      const was = before.accounts[name].operator;
      const may = refused === undefined && DELEGATING.includes(action.do) && (action as { who: string }).who === name;
      holds(operator === was || may, `${name} changed from ${was} to ${operator} by ${action.do}`);
      holds(operator === was || was === "" || operator === "" || action.do === "redelegate", `${name} passes nobody`);
    }
  },
  "EN-3": ({ after }, holds) => {
    for (const [name, { shares }] of operatorsOf(after)) {
      for (const strategy of STRATEGIES) {
        const own = accountsOf(after).filter(([, { operator }]) => operator === name);
        const sum = total(own.map(([, { withdrawable }]) => withdrawable[strategy]));
        holds(shares[strategy] >= sum, `${name} ${strategy}: ${shares[strategy]} for ${sum}`);
      }
    }
  },
  "EN-4": ({ before, after, extra }, holds) => {
    for (const [name, { max }] of operatorsOf(after)) {
      STRATEGIES.forEach((strategy, i) => {
        holds(max[strategy] <= before.operators[name].max[strategy], `${name} ${strategy} rose`);
        holds(max[strategy] >= 0n && max[strategy] <= WAD, `${name} ${strategy} is beyond 1`);
        holds(extra.history[name].after[i] === max[strategy], `${name} ${strategy}: the history ends elsewhere`);
        const past = before.operators[name].max[strategy];
        holds(extra.history[name].before[i] === past, `${name} ${strategy}: the history was rewritten`);
      });
    }
  },
  "EN-5": ({ after }, holds) => {
    for (const [name, { max, encumbered, allocatable, allocations }] of operatorsOf(after)) {
      for (const strategy of STRATEGIES) {
        const parts = allocations.map((ofSet) => ofSet[strategy]);
        const used = total(parts.map(({ current, pending }) => current + (pending > 0n ? pending : 0n)));
        holds(encumbered[strategy] === used, `${name} ${strategy}: ${encumbered[strategy]} in use, ${used} in sets`);
        holds(encumbered[strategy] + allocatable[strategy] === max[strategy], `${name} ${strategy}: parts and whole`);
      }
    }
  },
  "EN-6": ({ after }, holds) => {
    for (const [name, { allocations }] of operatorsOf(after)) {
      for (const [id, ofSet] of allocations.entries()) {
        for (const [strategy, { current, pending, effectBlock }] of Object.entries(ofSet)) {
          const where = `${name} set ${id} ${strategy}`;
          holds(current + pending >= 0n, `${where}: more goes than is there`);
          holds(effectBlock !== 0n || pending === 0n, `${where}: a change without a block`);
          holds(effectBlock === 0n || effectBlock > after.block, `${where}: a change that is due still shows`);
        }
      }
    }
  },
  "EN-7": ({ before, after }, holds) => {
    // Deallocations under way keep their block; new ones come after all others of that operator and strategy.
    for (const name of OPERATORS) {
      for (const strategy of STRATEGIES) {
        const leaving = (seen: Observation) =>
          seen.operators[name].allocations.map((ofSet) => (ofSet[strategy].pending < 0n ? ofSet[strategy] : undefined));
        const old = leaving(before);
        const last = old.reduce((most, entry) => (entry && entry.effectBlock > most ? entry.effectBlock : most), 0n);
        leaving(after).forEach((entry, id) => {
          if (entry === undefined) return;
          const same = old[id]?.effectBlock === entry.effectBlock;
          holds(same || entry.effectBlock >= last, `${name} set ${id} ${strategy}: overtakes an earlier deallocation`);
        });
      }
    }
  },
  "EN-8": ({ after }, holds) => {
    for (const [name, { max, allocations, slashableBy }] of operatorsOf(after)) {
      for (const strategy of STRATEGIES) {
        const slashable = total(allocations.map((ofSet, id) => (slashableBy[id] ? ofSet[strategy].current : 0n)));
        holds(slashable <= max[strategy], `${name} ${strategy}: ${slashable} can be slashed of ${max[strategy]}`);
      }
    }
  },
  "EN-9": ({ after, extra }, holds) => {
    for (const [i, [name, { registered, slashableBy }]] of operatorsOf(after).entries()) {
      for (const [id, { members }] of after.sets.entries()) {
        const listed = members.includes(name);
        holds(listed === registered.includes(id) && listed === extra.members[i][id], `${name} and set ${id} disagree`);
        holds(!listed || slashableBy[id], `${name} is in set ${id} and out of its reach`);
      }
      holds(new Set(registered).size === registered.length, `${name} is registered twice`);
    }
  },
  "EN-11": ({ before, after, extra }, holds) => {
    const all: string[] = [];
    for (const [name, { queued, nonce }] of accountsOf(after)) {
      const roots = extra.roots[name];
      holds(roots.length === queued.length, `${name}: ${roots.length} roots for ${queued.length} withdrawals`);
      for (const { root, pending, expected } of roots) holds(pending && root === expected, `${name}: root ${root}`);
      holds(nonce >= before.accounts[name].nonce, `${name}: the nonce fell`);
      for (const entry of queued) holds(entry.nonce < nonce, `${name}: a nonce from the future`);
      all.push(...roots.map(({ root }) => root));
    }
    holds(new Set(all).size === all.length, "two withdrawals have one root");
  },
  "EN-12": ({ action, before, after, refused }, holds) => {
    // The sum of all that was ever queued cannot be read; that it never falls shows in what a slash can reach.
    const queues = refused === undefined && ["queue", "undelegate", "redelegate"].includes(action.do);
    for (const [name, { slashableQueue }] of operatorsOf(after)) {
      for (const strategy of STRATEGIES) {
        const was = before.operators[name].slashableQueue[strategy];
        holds(slashableQueue[strategy] >= 0n, `${name} ${strategy}: negative`);
        holds(queues || slashableQueue[strategy] <= was, `${name} ${strategy}: the queue grew by ${action.do}`);
      }
    }
  },
  "EN-13": ({ after }, holds) => {
    for (const [name, { strategies, shares, scaling }] of accountsOf(after)) {
      holds(strategies.length <= 32 && new Set(strategies).size === strategies.length, `${name}: its list`);
      for (const strategy of STRATEGIES) {
        holds(strategies.includes(strategy) === shares[strategy] > 0n, `${name} ${strategy}: list and shares disagree`);
        holds(shares[strategy] > 0n || scaling[strategy] === WAD, `${name} ${strategy}: a factor without shares`);
      }
    }
  },
  "EN-14": ({ action, refused, before, after }, holds) => {
    for (const [name, { scaling, shares, operator }] of accountsOf(after)) {
      for (const strategy of STRATEGIES) {
        const was = before.accounts[name].scaling[strategy];
        if (scaling[strategy] === was) continue;
        const own = (action as { who?: string }).who === name && SCALING.includes(action.do);
        holds(own && refused === undefined, `${name} ${strategy}: changed by ${action.do}`);
        if (shares[strategy] === 0n) continue; // starts anew
        const factor = operator === "" ? WAD : after.operators[operator].max[strategy];
        const dust = scalingDust(shares[strategy], factor);
        holds(scaling[strategy] + dust >= was, `${name} ${strategy}: fell from ${was} to ${scaling[strategy]}`);
      }
    }
  },
  "EN-15": ({ action, refused, before, after }, holds) => {
    if (action.do !== "slash" || refused !== undefined) return;
    const was = before.operators[action.operator];
    const now = after.operators[action.operator];
    action.strategies.forEach((strategy, i) => {
      const taken = was.max[strategy] - now.max[strategy];
      const effective = was.allocations[action.set][strategy];
      const due = effective.effectBlock !== 0n && effective.effectBlock <= after.block;
      const current = effective.current + (due ? effective.pending : 0n);
      holds(taken <= mul(current, BigInt(action.wads[i])) + 1n, `${strategy}: ${taken} of ${current} was taken`);
      if (taken === 0n) return;
      const stake = was.shares[strategy] + was.slashableQueue[strategy];
      const slash = after.sets[action.set].waiting.find((w) => w.slashId === after.sets[action.set].slashCount);
      const shares = slash?.shares[slash.strategies.indexOf(strategy)] ?? 0n;
      holds(shares <= (stake * taken) / was.max[strategy], `${strategy}: ${shares} of ${stake} shares were taken`);
      holds(was.shares[strategy] - now.shares[strategy] <= shares, `${strategy}: more left than was recorded`);
    });
  },
  "EN-16": ({ action, refused }, holds) => {
    const own = [undefined, "OperatorNotSlashable", "StrategiesMustBeInAscendingOrder", "StrategyNotInOperatorSet"];
    if (action.do === "slash") holds(own.includes(refused), `a slash was refused: ${refused}`);
  },
  "EN-17": ({ action, before, after, entries }, holds) => {
    for (const strategy of STRATEGIES) {
      const shares = accountsOf(after).map(([, { withdrawable }]) => withdrawable[strategy]);
      const queued = accountsOf(after).flatMap(([, account]) =>
        account.queued.flatMap((q) => q.worth.filter((_, i) => q.strategies[i] === strategy)),
      );
      const slashed = after.sets.flatMap(({ waiting }) =>
        waiting.flatMap((w) => w.shares.filter((_, i) => w.strategies[i] === strategy)),
      );
      const claims = total([...shares, ...queued, ...slashed]);
      const { totalShares, balance } = after.strategies[strategy];
      holds(claims <= totalShares + entries[strategy], `${strategy}: claims ${claims} on ${totalShares} shares`);
      const was = before.strategies[strategy];
      const fell = (balance + 1_000n) * (was.totalShares + 1_000n) < (was.balance + 1_000n) * (totalShares + 1_000n);
      holds(!fell, `${strategy}: the rate fell by ${action.do}`);
    }
  },
  "EN-19": ({ extra }, holds) => {
    for (const [name, admins] of Object.entries(extra.admins)) holds(admins.length > 0, `${name} has no admin`);
    SETS.forEach(({ recipient }, id) => {
      holds(extra.recipients[id] === extra.expectedRecipients[id], `set ${id}: another recipient`);
      const burns = extra.recipients[id].toLowerCase().endsWith("e16e4");
      holds(burns === (recipient === "burn"), `set ${id}: the burn address`);
    });
  },
  "EN-20": ({ extra }, holds) => {
    holds(extra.held === 0n, `a manager holds ${extra.held} wei of tokens`);
    holds(extra.missing === 0n, `${extra.missing} wei are somewhere else`);
  },
};

/** The promises that this step broke. */
export function broken(step: Step): string[] {
  const failures: string[] = [];
  for (const [id, check] of Object.entries(CHECKS)) {
    check(step, (condition, text) => {
      if (!condition) failures.push(`${id}: ${text}`);
    });
  }
  return failures;
}
