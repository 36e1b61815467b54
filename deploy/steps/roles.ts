import { Interface } from "ethers";

/** Roles of the AccessManager; 0 is its admin. */
export const ROLE = { ADMIN: 0n, LOOSENING: 1n, TIGHTENING: 2n, GUARDIAN: 3n, PROPOSING: 4n } as const;
export type RoleName = keyof typeof ROLE;

/**
 * Which person may call what: contract → role → functions. LOOSENING raises risk, or delays or prices an exit, and waits
 * at least the exit time; TIGHTENING lowers risk at once; GUARDIAN pauses for a bounded time; PROPOSING announces what
 * then waits, and reports what needs no trust. Everything else is open to anyone or belongs to another contract of the
 * protocol.
 */
export const PERMISSIONS: Record<string, Partial<Record<RoleName, string[]>>> = {
  DepositPool: {
    LOOSENING: ["upgradeToAndCall"],
    GUARDIAN: ["pauseDeposits", "resumeDeposits"],
  },
  AssetRegistry: {
    LOOSENING: ["upgradeToAndCall", "addAsset", "raiseCap", "lowerHaircut", "raiseInflowLimit"],
    TIGHTENING: ["lowerCap", "raiseHaircut", "lowerInflowLimit"],
  },
  Accountant: {
    LOOSENING: ["upgradeToAndCall", "raiseFee", "setFeeRecipient"],
    TIGHTENING: ["lowerFee"],
  },
  OperatorRegistry: {
    LOOSENING: ["upgradeToAndCall", "addOperator", "raiseWeight", "release", "moveToEntity"],
    TIGHTENING: ["lowerWeight", "quarantine", "mergeEntities"],
  },
  SetRegistry: {
    LOOSENING: ["upgradeToAndCall", "raiseSetCap", "raiseAvsCap", "verifySlasher"],
    TIGHTENING: ["dropSet", "lowerSetCap", "lowerAvsCap", "unverifySlasher"],
    PROPOSING: ["proposeSet", "reportRewardRate"],
  },
  SlashAttribution: { LOOSENING: ["upgradeToAndCall"] },
  AllocationController: {
    LOOSENING: ["upgradeToAndCall", "raiseTarget"],
    TIGHTENING: ["lowerTarget", "deregister"],
    GUARDIAN: ["pauseIncreases", "resumeIncreases"],
  },
  RestakingDesk: { LOOSENING: ["upgradeToAndCall"] },
  IssuerDesk: { LOOSENING: ["upgradeToAndCall"] },
  BasketBook: { LOOSENING: ["upgradeToAndCall"] },
  BasketExit: { LOOSENING: ["upgradeToAndCall"] },
  InstantRedeemer: {
    LOOSENING: ["upgradeToAndCall"],
    GUARDIAN: ["pauseInstant", "resumeInstant"],
  },
  RewardsRouter: {
    LOOSENING: ["upgradeToAndCall", "recogniseSurplus", "lowerFloor"],
    TIGHTENING: ["raiseFloor"],
    GUARDIAN: ["pauseAuctions", "resumeAuctions"],
  },
  DelegatorBeacon: { LOOSENING: ["upgradeTo"] },
};

const BEACON = new Interface(["function upgradeTo(address newImplementation)"]);

/** Selector of a function that a role may call. */
export function selectorOf(abi: Interface | undefined, name: string): string {
  const found = (abi ?? BEACON).getFunction(name);
  if (found === null) throw new Error(`no function ${name}`);
  return found.selector;
}
