import { ASSETS, toldBefore, type BasketPlaces, type BasketTicket, type Moment } from "../moment";
import { distance, sum } from "../units";
import { DUST, when, type PromiseKept } from "./promise";

/** A unit for each step in which a stake, a withdrawal or a request is rounded; there are some dozens of them in a story. */
const UNITS = 200n;
/** Kind of a loss that an issuer's token has made. */
const ISSUER = 2;

const PLACES = ["arrived", "restaked", "unbonding", "redeeming"] as const;
const allOf = (places: BasketPlaces): bigint => sum(PLACES.map((place) => places[place]));
/** Tickets that are struck, with what they were told to have before. */
const struckBefore = ({ before, after, journal }: Moment): [BasketTicket["told"], BasketTicket][] =>
  after.baskets.tickets.flatMap((ticket) => {
    const was = toldBefore(ticket, before, journal);
    return was === undefined ? [] : [[was, ticket] satisfies [BasketTicket["told"], BasketTicket]];
  });

/** What all tickets of a strike have of everything, against their part of what those who stayed had before. */
function slices({ journal }: Moment): string[] {
  return journal.strikes.flatMap(({ strike, shares, supply, before, tickets }) =>
    ASSETS.flatMap((asset) => {
      const got = sum(tickets.map(({ told }) => allOf(told[asset])));
      const fair = (before.units[asset] * shares) / supply;
      return when(distance(got, fair) > DUST, `strike ${strike} got ${got} ${asset} of everything, not ${fair}`);
    }),
  );
}

/** What a ticket has had and will get stays what it is, but for what slashes and issuers take. */
function whole(moment: Moment): string[] {
  const { journal } = moment;
  const falls = journal.slashes.length > 0 || journal.losses.some(({ kind }) => kind === ISSUER);
  const grows = journal.donations.some(({ to }) => to === "strategy");
  return struckBefore(moment).flatMap(([was, now]) =>
    ASSETS.flatMap((asset) => {
      const [then, left] = [allOf(was[asset]), allOf(now.told[asset])];
      return [
        ...when(!falls && left + DUST < then, `ticket ${now.id} had ${then} ${asset} in all, now ${left}`),
        ...when(!grows && left > then + DUST, `ticket ${now.id} had ${then} ${asset} in all, and has grown to ${left}`),
      ];
    }),
  );
}

/** Promises about leaving by basket. */
export const basket: PromiseKept[] = [
  {
    id: "BK-slice",
    sentence:
      "A basket gets its part of every asset, wherever it was when it was struck, less what slashes take of it on its way.",
    applies: (m) => m.journal.strikes.length > 0 || struckBefore(m).length > 0,
    check: (m) => [...slices(m), ...whole(m)],
  },
  {
    id: "BK-rate",
    sentence: "A strike moves neither the rate nor the waiting gain, and marks no loss.",
    applies: ({ journal }) => journal.strikes.length > 0,
    check: ({ journal }) =>
      journal.strikes.flatMap(({ strike, before, after }) =>
        (["rate", "waiting", "totalLoss"] as const).flatMap((what) =>
          when(before[what] !== after[what], `strike ${strike} moved ${what} from ${before[what]} to ${after[what]}`),
        ),
      ),
  },
  {
    id: "BK-backed",
    sentence: "The pool holds what is idle and what is set aside, and what is set aside covers every basket ticket.",
    applies: ({ after }) => after.baskets.tickets.length > 0,
    check: ({ after: { held, idle, baskets } }) =>
      ASSETS.flatMap((asset) => {
        const [counted, aside] = [idle[asset] + baskets.aside[asset], baskets.aside[asset]];
        const claimable = sum(baskets.tickets.map((t) => t.claimable[asset]));
        return [
          ...when(held[asset] < counted, `counts ${counted} units of ${asset} with baskets', holds ${held[asset]}`),
          ...when(claimable > aside, `basket tickets can claim ${claimable} ${asset} of ${aside}`),
        ];
      }),
  },
  {
    id: "BK-coming",
    sentence:
      "What the lens tells to be still to come does come when nothing else happens, to a few units (`IBasketLens`).",
    applies: ({ after }) => after.baskets.tickets.some(({ strike }) => strike !== 0),
    check: ({ after }) =>
      after.baskets.tickets
        .filter(({ strike }) => strike !== 0)
        .flatMap(({ id, told, computed, unreadable }) => [
          ...when(unreadable > 0, `the lens could not read ${unreadable} things`),
          ...ASSETS.flatMap((asset) =>
            PLACES.flatMap((place) => {
              const [said, found] = [told[asset][place], computed[asset][place]];
              return when(
                distance(said, found) > UNITS,
                `ticket ${id}: ${said} ${asset} ${place} by the lens, ${found} found`,
              );
            }),
          ),
        ]),
  },
];
