/** Names in the address book. One place, so that a step and its readers cannot disagree. */
export const ENGINE = {
  delegation: "DelegationManager",
  strategies: "StrategyManager",
  allocation: "AllocationManager",
  permissions: "PermissionController",
  rewards: "RewardsCoordinator",
} as const;

/** Every upgradeable contract of the protocol, in the order in which the proxies are made. */
export const PROXIES = [
  "DepositPool",
  "AssetRegistry",
  "Accountant",
  "OperatorRegistry",
  "SetRegistry",
  "SlashAttribution",
  "AllocationController",
  "RestakingDesk",
  "IssuerDesk",
  "BasketBook",
  "BasketExit",
  "InstantRedeemer",
  "RewardsRouter",
] as const;

/** Contracts that only read, and are deployed anew when what they read changes; in the order of their deployment. */
export const READERS = ["TrEthRate", "RateFeed", "CappedRateFeed", "Lens", "RiskLens", "BasketLens"] as const;

export const STRATEGY = (asset: string): string => `${asset}Strategy`;
export const MARKET = (asset: string): string => `${asset}Market`;
export const RATE_SOURCE = (asset: string): string => `${asset}RateSource`;
export const REWARD_TOKEN = (name: string): string => `reward:${name}`;
export const AVS = (name: string): string => `avs:${name}`;

/** How the protocol names ETH where a token's address is expected (EIP-7528). */
export const ETHER = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
