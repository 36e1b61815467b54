/** What the protocol's own calls may cost, and what the best of the others in the field take for the same [gas]. */

/** One measured call at one size of the system. */
export interface Row {
  scope: "protocol";
  operation: string;
  /** Liquid staking tokens that are restaked; ETH comes on top. */
  assets: number;
  delegators: number;
  /** The caller's first time: slots of his are new. 0 where there is no such thing. */
  first: number;
  /** Every slot it touches is in use. */
  steady: number;
  /** 0 where there is none. */
  budget: number;
}

interface Terms {
  budget?: number;
  /** A budget that grows: for each delegator and token. */
  perBook?: number;
  /** The cheapest other protocol, and what it takes. */
  others?: string;
  /** Why it is above its budget, or where that is said. */
  reason?: string;
}

const DEPOSITS = "docs/decisions/0015";
const REPORTS = "docs/decisions/0025";
const LEAVING = "docs/decisions/0021";

/** In the order of the table. The names are those of the rows. */
export const OPERATIONS: Record<string, Terms> = {
  "transfer trETH": { budget: 34_600, others: "wstETH 34.6k, Puffer 39.5k, Kelp 41.4k" },
  "deposit ETH": { budget: 60_000, others: "ynETH 75.2k, Lido 76.8k, ether.fi 104.9k" },
  "deposit WETH": {},
  "deposit stETH": { budget: 120_000, others: "Puffer 146k, ether.fi 213k" },
  "deposit wstETH": { budget: 90_000 },
  "deposit rETH": { budget: 84_000, others: "ynEIGEN 176k, Kelp 398k", reason: DEPOSITS },
  "deposit cbETH": { budget: 84_000, others: "ynEIGEN 176k, Kelp 398k", reason: DEPOSITS },
  "permit of wstETH, besides its deposit": { budget: 18_000 },
  "permit of stETH, besides its deposit": { budget: 31_000, others: "Puffer 70k" },
  "request for ETH": { budget: 90_000, others: "ether.fi 183k, Puffer 191k, Lido 198k", reason: LEAVING },
  "request for wstETH": { budget: 90_000, others: "ether.fi 183k, Puffer 191k, Lido 198k", reason: LEAVING },
  "further request in a transaction": { budget: 50_000, others: "Lido 115k" },
  "fill of an ETH batch, besides the check": { budget: 90_000, others: "Lido 107k, ether.fi 138k", reason: LEAVING },
  "claim of ETH": { budget: 43_000, others: "Kelp 73.9k, Lido 85k", reason: LEAVING },
  "further claim of a batch": { budget: 7_000, others: "Lido 36k", reason: LEAVING },
  "redemption at once": { budget: 62_000, perBook: 6_000, others: "Puffer 152k, ether.fi 253k", reason: REPORTS },
  "rate read by a contract": { budget: 10_900, others: "Kelp 12.3k, ether.fi 29k" },
  "report, nothing has moved": { budget: 320_000, others: "Kelp 689k", reason: REPORTS },
  "report, every delegator has moved": {},
  "restake one token with one operator, besides the check": { budget: 170_000, others: "Kelp 257k", reason: REPORTS },
  "restake with each further operator": {},
  "unbond one token from one operator": {},
  "complete one withdrawal": {},
};

/** Most gas of one transaction of anybody, at the declared maxima. */
export const PAGE = 12_000_000;
/** The report's budget is for 2 tokens and 5 delegators. */
const REPORT_SIZE = 10;

/** The budget of an operation at a size; undefined where there is none. */
export function budgetOf(operation: string, assets: number, delegators: number): number | undefined {
  const { budget, perBook = 0 } = OPERATIONS[operation];
  if (budget === undefined) return undefined;
  if (operation.startsWith("report")) return assets * delegators === REPORT_SIZE ? budget : undefined;
  return budget + perBook * assets * delegators;
}
