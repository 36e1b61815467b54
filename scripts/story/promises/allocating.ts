import type { Moment } from "../moment";
import { BPS, valueDown, WAD } from "../units";
import { DUST, when, type PromiseKept } from "./promise";

/** Two engine roundings of a unit each. */
const ROUNDING = 2n;

const key = ({ operator, set }: { operator: string; set: string }): string => `${operator} in ${set}`;

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
      journal.increases.flatMap(({ set, exposure, cap }) =>
        when(exposure > cap + ROUNDING, `${set} was given ${exposure}; its cap is ${cap}`),
      ),
  },
  {
    id: "AL-2",
    sentence: "An increase never brings an AVS's exposure above its cap.",
    applies: ({ journal }) => journal.increases.length > 0,
    check: ({ journal }) =>
      journal.increases.flatMap(({ set, avsExposure, avsCap }) =>
        when(
          avsExposure > avsCap + ROUNDING * 2n,
          `with ${set} its AVS was given ${avsExposure}; its cap is ${avsCap}`,
        ),
      ),
  },
  {
    id: "AL-3",
    sentence: "An operator's reserve stays unallocated.",
    check: ({ after, rules }) =>
      after.operators.flatMap(({ name, encumbered, maxMagnitude }) =>
        when(
          encumbered * BPS > maxMagnitude * (BPS - rules.reserveBps),
          `${name} has ${encumbered} of ${maxMagnitude} allocated`,
        ),
      ),
  },
  {
    id: "AL-4",
    sentence: "A slash touches only its own set: all other magnitudes stay, to the wei.",
    check: (m) => {
      const slashed = new Set(m.journal.slashes.map(key));
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
      journal.slashes.flatMap(({ operator, set }) => {
        const old = before.allocations.find((a) => a.operator === operator && a.set === set);
        const from = before.operators.find(({ name }) => name === operator)?.maxMagnitude ?? WAD;
        const to = after.operators.find(({ name }) => name === operator)?.maxMagnitude ?? WAD;
        const had = (old?.current ?? 0n) + (old !== undefined && old.pending > 0n ? old.pending : 0n);
        const ofDay = journal.slashes.filter((s) => s.operator === operator).length;
        return when(ofDay === 1 && from - to > had, `${operator} lost ${from - to} of ${had} allocated to ${set}`);
      }),
  },
  {
    id: "AL-6",
    sentence: "An increase takes effect only after the operator's delay.",
    applies: ({ journal }) => journal.allocated.length > 0,
    check: ({ after, journal, rules }) =>
      journal.allocated.flatMap(({ operator, set, from, to, block }) => {
        const now = after.allocations.find((a) => a.operator === operator && a.set === set);
        const early = now !== undefined && to > from && now.pending > 0n;
        return when(early && now.effectBlock < block + rules.allocationDelay, `${operator} in ${set} counts too early`);
      }),
  },
  {
    id: "AL-7",
    sentence: "A slash of one operator leaves the stake of the others.",
    applies: ({ journal }) => journal.slashes.length > 0,
    check: ({ before, after, journal }) => {
      const slashed = new Set(journal.slashes.map(({ operator }) => operator));
      return after.operators
        .filter(({ name }) => journal.slashes.length > 0 && !slashed.has(name))
        .flatMap(({ name, maxMagnitude }) => {
          const old = before.operators.find((o) => o.name === name);
          return when(maxMagnitude !== old?.maxMagnitude, `${name} was not slashed and lost magnitude`);
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
