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
  /** Why it is above its budget, or dear without one; then docs/gas.md also shows where the gas goes. */
  reason?: string;
}

/** In the order of the table. The names are those of the rows. */
export const OPERATIONS: Record<string, Terms> = {
  "transfer trETH": { budget: 34_600, others: "wstETH 34.6k, Puffer 39.5k, Kelp 41.4k" },
  "deposit ETH": { budget: 60_000, others: "ynETH 75.2k, Lido 76.8k, ether.fi 104.9k" },
  "deposit WETH": {},
  "deposit stETH": { budget: 120_000, others: "Puffer 146k, ether.fi 213k" },
  "deposit wstETH": { budget: 90_000 },
  "deposit a plain token": { budget: 84_000, others: "ynEIGEN 176k, Kelp 398k" },
  "deposit rETH": {
    reason:
      "No plain token: the issuer's report and its age are read live through Rocket Pool's directory, the market is asked, and what the haircut leaves is added to the price of the next newcomer (decision 15).",
  },
  "deposit cbETH": {
    reason:
      "No plain token: the market is asked, and what the haircut leaves is added to the price of the next newcomer (decision 15).",
  },
  "permit of wstETH, besides its deposit": { budget: 18_000 },
  "permit of stETH, besides its deposit": { budget: 31_000, others: "Puffer 70k" },
  "request for ETH": { budget: 90_000, others: "ether.fi 183k, Puffer 191k, Lido 198k" },
  "request for wstETH": { budget: 90_000, others: "ether.fi 183k, Puffer 191k, Lido 198k" },
  "further request in a transaction": { budget: 50_000, others: "Lido 115k" },
  "fill of an ETH batch, besides the check": {
    budget: 90_000,
    others: "Lido 107k, ether.fi 138k",
  },
  "claim of ETH": {
    budget: 43_000,
    others: "Kelp 73.9k, Lido 85k",
  },
  "further claim of a batch": { budget: 7_000, others: "Lido 36k" },
  "redemption at once": {
    // It begins with the check of all books (decision 25). Fixed by measuring: the guess was 62,000 and 6,000.
    budget: 298_000,
    perBook: 14_500,
    others: "Puffer 152k, ether.fi 253k",
  },
  "rate read by a contract": { budget: 10_900, others: "Kelp 12.3k, ether.fi 29k" },
  "report, nothing has moved": {
    budget: 320_000,
    others: "Kelp 689k",
    reason:
      "Everything is read anew in every report: each staker's numbers in the engine, each issuer, each strategy. More than half are first accesses of slots and accounts (decision 25).",
  },
  "report, every delegator has moved": {},
  "restake one token with one operator, besides the check": {
    budget: 170_000,
    others: "Kelp 257k",
    reason:
      "Whom the next stake is due is computed from every operator's books and from the engine's word that none of them is faulty; the token is sent twice, to the staker and to the strategy (decision 25).",
  },
  "restake with each further operator": {},
  "unbond one token from one operator": {},
  "complete one withdrawal": {},
};

/** Tokens and delegators for which budgets are meant, where the size counts. */
export const BUDGET_SIZE = [2, 5] as const;

export const isOver = ({ steady, budget }: Row): boolean => budget > 0 && steady > budget;

/** Most gas of one transaction of anybody, at the declared maxima. */
export const PAGE = 12_000_000;
/** The budget of an operation at a size; undefined where there is none. */
export function budgetOf(operation: string, assets: number, delegators: number): number | undefined {
  const { budget, perBook = 0 } = OPERATIONS[operation];
  if (budget === undefined) return undefined;
  if (operation.startsWith("report"))
    return assets === BUDGET_SIZE[0] && delegators === BUDGET_SIZE[1] ? budget : undefined;
  return budget + perBook * assets * delegators;
}
