import type { Moment, OperatorStake, Snapshot } from "../moment";
import { BPS, valueDown, WAD } from "../units";
import { DUST, when, type PromiseKept } from "./promise";

/** Two engine roundings of a unit each. */
const ROUNDING = 2n;

/** Every asset has magnitudes of its own: nothing here is summed over assets. */
interface Place {
  operator: string;
  set: string;
  asset: string;
}

const key = ({ operator, set, asset }: Place): string => `${operator} in ${set} with ${asset}`;

/** Stake of every operator in every asset. */
const stakesOf = ({ operators }: Snapshot) =>
  operators.flatMap(({ name, stakes }) => stakes.map((stake) => ({ ...stake, operator: name })));

function stakeOf(snapshot: Snapshot, { operator, asset }: Omit<Place, "set">): OperatorStake | undefined {
  return stakesOf(snapshot).find((s) => s.operator === operator && s.asset === asset);
}

/** Allocations of before that nothing but a slash can have changed, with what became of them. */
function untouched({ before, after, journal }: Moment) {
  const allocated = new Set(journal.allocated.map(key));
  return before.allocations
    .filter((a) => a.pending === 0n && !allocated.has(key(a)))
    .map((old) => ({ old, now: after.allocations.find((a) => key(a) === key(old)) }));
}

/** Promises about operators, AVSs and those who govern. */
export const allocating: PromiseKept[] = [
  {
    id: "AL-1",
    sentence: "An increase never brings a set's exposure above its cap.",
    applies: ({ journal }) => journal.increases.length > 0,
    check: ({ journal }) =>
      journal.increases.flatMap(({ set, asset, exposure, cap }) =>
        when(exposure > cap + ROUNDING, `${set} was given ${exposure} of ${asset}; its cap is ${cap}`),
      ),
  },
  {
    id: "AL-2",
    sentence: "An increase never brings an AVS's exposure above its cap.",
    applies: ({ journal }) => journal.increases.length > 0,
    check: ({ journal }) =>
      journal.increases.flatMap(({ set, asset, avsExposure, avsCap }) =>
        when(
          avsExposure > avsCap + ROUNDING * 2n,
          `with ${set} its AVS was given ${avsExposure} of ${asset}; its cap is ${avsCap}`,
        ),
      ),
  },
  {
    id: "AL-3",
    sentence: "An operator's reserve stays unallocated.",
    check: ({ after, rules }) =>
      stakesOf(after).flatMap(({ operator, asset, encumbered, maxMagnitude }) =>
        when(
          encumbered * BPS > maxMagnitude * (BPS - rules.reserveBps),
          `${operator} has ${encumbered} of ${maxMagnitude} of ${asset} allocated`,
        ),
      ),
  },
  {
    id: "AL-4",
    sentence: "A slash touches only its own set: all other magnitudes stay, to the wei.",
    check: (m) => {
      const slashed = new Set(m.journal.slashes.filter(({ wad }) => wad > 0n).map(key));
      return untouched(m)
        .filter(({ old }) => !slashed.has(key(old)))
        .flatMap(({ old, now }) => when(now?.current !== old.current, `${key(old)} moved without a slash`));
    },
  },
  {
    id: "AL-5",
    sentence: "A slash takes no more than was allocated to its set.",
    applies: ({ journal }) => journal.slashes.length > 0,
    check: ({ before, after, journal }) =>
      journal.slashes.flatMap((slash) => {
        const old = before.allocations.find((a) => key(a) === key(slash));
        const from = stakeOf(before, slash)?.maxMagnitude ?? WAD;
        const to = stakeOf(after, slash)?.maxMagnitude ?? WAD;
        const had = (old?.current ?? 0n) + (old !== undefined && old.pending > 0n ? old.pending : 0n);
        const ofDay = journal.slashes.filter((s) => s.operator === slash.operator && s.asset === slash.asset).length;
        return when(ofDay === 1 && from - to > had, `${key(slash)}: lost ${from - to} of ${had} allocated`);
      }),
  },
  {
    id: "AL-6",
    sentence: "An increase takes effect only after the operator's delay.",
    applies: ({ journal }) => journal.allocated.length > 0,
    check: ({ after, journal, rules }) =>
      journal.allocated.flatMap((change) => {
        const now = after.allocations.find((a) => key(a) === key(change));
        const early = now !== undefined && change.to > change.from && now.pending > 0n;
        const first = change.block + rules.allocationDelay;
        return when(early && now.effectBlock < first, `${key(change)} counts too early`);
      }),
  },
  {
    id: "AL-7",
    sentence: "A slash of one operator leaves the stake of the others.",
    applies: ({ journal }) => journal.slashes.length > 0,
    check: ({ before, after, journal }) => {
      const isSlashed = (operator: string, asset: string): boolean =>
        journal.slashes.some((s) => s.operator === operator && s.asset === asset);
      return stakesOf(after)
        .filter(({ operator, asset }) => !isSlashed(operator, asset))
        .flatMap(({ operator, asset, maxMagnitude }) => {
          const old = stakeOf(before, { operator, asset });
          const line = `${operator} was not slashed and lost magnitude of ${asset}`;
          return when(maxMagnitude !== old?.maxMagnitude, line);
        });
    },
  },
  {
    id: "OP-1",
    sentence: "A restake brings no operator above his part of the stake.",
    applies: ({ journal }) => journal.restakes.length > 0,
    check: ({ journal }) =>
      journal.restakes.flatMap(({ operator, asset, units, cap }) =>
        // Units follow from the value of an engine share, which has 18 digits.
        when(units > cap + DUST, `${operator} has ${units} units of ${asset}; ${cap} are allowed`),
      ),
  },
  {
    id: "GOV-1",
    sentence: "The deployer holds no role.",
    check: ({ after }) => when(after.deployerRoles > 0, `the deployer holds ${after.deployerRoles} roles`),
  },
  {
    id: "A5",
    sentence: "A stale rate is never taken out: a fill leaves every share at least the rate it was paid at.",
    applies: ({ journal }) => journal.fills.length > 0,
    check: ({ journal }) =>
      journal.fills.flatMap(({ asset, day, rate, nav, supply }) =>
        when(valueDown(supply, rate) > nav + DUST, `batch ${day} of ${asset} was paid at ${rate}, above what is left`),
      ),
  },
];
