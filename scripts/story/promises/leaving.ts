import { ASSETS, type AssetName, type Moment } from "../moment";
import { sum } from "../units";
import { when, type PromiseKept } from "./promise";

const DAY = 86_400n;

const claimableOf = ({ after }: Moment, asset: AssetName): bigint =>
  sum(after.tickets.filter((t) => t.asset === asset).map((t) => t.claimable));

/** Promises about shares and the withdrawal line. */
export const leaving: PromiseKept[] = [
  {
    id: "TR-1",
    sentence: "All balances add up to the supply.",
    check: ({ after: { balances, supply } }) => {
      const total = sum(balances.map(({ shares }) => shares));
      return when(total !== supply, `balances add up to ${total}, the supply is ${supply}`);
    },
  },
  {
    id: "TR-2",
    sentence: "Nobody's shares leave without him.",
    applies: ({ journal }) => journal.shareMoves.length > 0,
    check: ({ journal, rules }) =>
      journal.shareMoves.flatMap(({ from, to, sender }) =>
        when(rules.people.includes(from) && sender !== from, `${sender} moved shares of ${from} to ${to}`),
      ),
  },
  {
    id: "WQ-1",
    sentence: "What is set aside covers everything that can be claimed.",
    check: (m) =>
      ASSETS.flatMap((asset) => {
        const held = m.after.queue.held[asset];
        return when(held < claimableOf(m, asset), `${held} ${asset} set aside for ${claimableOf(m, asset)}`);
      }),
  },
  {
    id: "WQ-2",
    sentence: "The shares in line are the unpaid shares of all batches.",
    check: ({ after: { queue, batches, baskets } }) => {
      const remaining = sum(batches.map((b) => b.remaining));
      const shares = queue.shares - baskets.waiting; // those of baskets lie with the line until they are struck
      return [
        ...when(remaining !== shares, `batches wait with ${remaining} shares, the line holds ${shares}`),
        ...ASSETS.flatMap((asset) => {
          const ofLine = sum(batches.filter((b) => b.asset === asset).map((b) => b.remaining));
          return when(ofLine !== queue.waiting[asset], `the ${asset} line counts other than ${ofLine} shares`);
        }),
      ];
    },
  },
  {
    id: "WQ-3",
    sentence: "Batches are paid in order: none while an older one waits.",
    applies: ({ journal }) => journal.fills.length > 0,
    check: ({ after, journal }) =>
      journal.fills.flatMap((fill) =>
        after.batches
          .filter((b) => b.asset === fill.asset && b.day < fill.day && b.remaining > 0n)
          .flatMap((b) => when(true, `batch ${fill.day} of ${fill.asset} was paid before batch ${b.day}`)),
      ),
  },
  {
    id: "WQ-4",
    sentence: "No batch is filled before its minimum age.",
    applies: ({ journal }) => journal.fills.length > 0,
    check: ({ journal }) =>
      journal.fills.flatMap(({ asset, day, time }) =>
        when(time < (day + 2n) * DAY, `batch ${day} of ${asset} was filled at ${time}`),
      ),
  },
  {
    id: "WQ-5",
    sentence: "A leaver is paid at most the rate.",
    applies: ({ journal }) => journal.fills.length > 0,
    check: ({ journal }) =>
      journal.fills.flatMap(({ asset, day, shares, units, rate, assetRate }) =>
        when(units * assetRate > shares * rate, `batch ${day} of ${asset}: ${units} units for ${shares} shares`),
      ),
  },
  {
    id: "WQ-6",
    sentence: "What is filled stays its owner's until he collects it.",
    applies: ({ before }) => before.tickets.length > 0,
    check: ({ before, after, journal }) =>
      before.tickets.flatMap((old) => {
        const collected = sum(journal.claims.filter(({ id }) => id === old.id).map(({ units }) => units));
        const now = after.tickets.find(({ id }) => id === old.id)?.claimable ?? 0n;
        return when(now + collected < old.claimable, `ticket ${old.id} could claim ${old.claimable}, now ${now}`);
      }),
  },
  {
    id: "WQ-7",
    sentence: "Claims go to the ticket's owner.",
    applies: ({ journal }) => journal.claims.length > 0,
    check: ({ before, journal }) =>
      journal.claims.flatMap(({ id, receiver }) => {
        const ticket = before.tickets.find((t) => t.id === id);
        return when(ticket !== undefined && ticket.owner !== receiver, `${receiver} got what ticket ${id} was given`);
      }),
  },
  {
    id: "WQ-8",
    sentence: "Nobody in line loses his place: unpaid shares go down only by being paid or moved.",
    applies: ({ before }) => before.batches.length > 0,
    check: ({ before, after, journal }) =>
      before.batches.flatMap((old) => {
        const now = after.batches.find((b) => b.asset === old.asset && b.day === old.day);
        const paid = sum(
          journal.fills.filter((f) => f.asset === old.asset && f.day === old.day).map(({ shares }) => shares),
        );
        if (journal.moves.length > 0 || now === undefined) return [];
        return when(now.remaining + paid < old.remaining, `batch ${old.day} of ${old.asset} lost shares unpaid`);
      }),
  },
];
