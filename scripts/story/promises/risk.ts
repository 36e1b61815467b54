import { sum } from "../units";
import { when, type PromiseKept } from "./promise";

/** Number of the cause of a loss that is a slash. */
const SLASH = 0;

/** Promises about who may take what, and who took it. */
export const risk: PromiseKept[] = [
  {
    id: "RK-1",
    sentence: "No set is admitted whose terms were not public for the wait, or that has changed since.",
    applies: ({ journal }) => journal.admitted.length > 0,
    check: ({ after, journal, rules }) =>
      journal.admitted.flatMap(({ set, proposedAt, time }) => {
        const isSound = after.sets.find((s) => s.set === set)?.isSound ?? false;
        return [
          ...when(time < proposedAt + rules.admissionWait, `${set} was proposed at ${proposedAt}, admitted at ${time}`),
          ...when(!isSound, `${set} was admitted though it had changed`),
        ];
      }),
  },
  {
    id: "RK-2",
    sentence: "A set that has changed is dropped by anybody.",
    applies: ({ before, journal }) =>
      journal.kept && before.sets.some(({ isAdmitted, isSound }) => isAdmitted && !isSound),
    check: ({ before, after }) =>
      before.sets
        .filter(({ isAdmitted, isSound }) => isAdmitted && !isSound)
        .flatMap(({ set }) =>
          when(after.sets.find((s) => s.set === set)?.isAdmitted ?? false, `${set} has changed and is still admitted`),
        ),
  },
  {
    id: "RK-5",
    sentence: "Losses by set, AVS and operator add up to what the accountant entered as slashes, to the wei.",
    applies: ({ journal }) => journal.losses.some(({ kind }) => kind === SLASH),
    check: ({ journal }) =>
      [...new Set(journal.losses.filter(({ kind }) => kind === SLASH).map(({ subject }) => subject))].flatMap(
        (name) => {
          const entered = sum(journal.losses.filter((l) => l.kind === SLASH && l.subject === name).map((l) => l.value));
          const divided = sum(journal.attributed.filter((a) => a.operator === name).map((a) => a.value));
          return when(entered !== divided, `${name} lost ${entered}, of which ${divided} is under sets`);
        },
      ),
  },
  {
    id: "RK-8",
    sentence: "A loss is entered under sets alone that slashed the operator since the last one.",
    applies: ({ journal }) => journal.attributed.length > 0,
    check: ({ journal }) =>
      journal.attributed.flatMap(({ operator, set }) => {
        const did = journal.slashes.some((s) => s.operator === operator && s.set === set);
        return when(!did && !journal.openSlashes.includes(`${operator} ${set}`), `${set} did not slash ${operator}`);
      }),
  },
  {
    id: "RK-9",
    sentence: "Nothing more is allocated to a set that was dropped, nor with an operator that was set aside.",
    applies: ({ before }) => before.operators.some((o) => o.isSetAside) || before.sets.some((s) => s.isDropped),
    check: ({ before, journal }) =>
      journal.allocated
        .filter(({ from, to }) => to > from)
        .flatMap(({ operator, set, asset }) => [
          ...when(
            before.operators.some((o) => o.name === operator && o.isSetAside),
            `${operator} was set aside, and allocates ${asset}`,
          ),
          ...when(
            before.sets.some((s) => s.set === set && s.isDropped),
            `${set} was dropped, and is given ${asset}`,
          ),
        ]),
  },
  {
    id: "OP-3",
    sentence: "An operator that was set aside gets no stake.",
    applies: ({ before }) => before.operators.some((o) => o.isSetAside),
    check: ({ before, journal }) =>
      journal.restakes.flatMap(({ operator, asset }) =>
        when(
          before.operators.some((o) => o.name === operator && o.isSetAside),
          `${operator} got ${asset}`,
        ),
      ),
  },
];
