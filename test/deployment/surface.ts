import { artifacts, ethers } from "hardhat";
import { Interface, type FunctionFragment, type ParamType } from "ethers";
import { PROXIES, READERS } from "../../deploy/steps/names";
import { PERMISSIONS, type RoleName } from "../../deploy/steps/roles";

/** Who may call a function. Every state-changing function of every contract is in exactly one class. */
export type Class =
  | { who: "anyone" }
  | { who: "role"; role: RoleName }
  | { who: "module"; error: string; expected?: string }
  | { who: "authority" } // the AccessManager, for its own address
  | { who: "nobody" }; // it has happened, once

/** Contracts that users and modules call. The staker's code lies behind a beacon. */
export const CONTRACTS = [
  ...PROXIES,
  ...READERS,
  "WithdrawalQueue",
  "TrEth",
  "OperatorDelegator",
  "ExposureReader",
  "StakeReader",
  "SlashNotices",
] as const;

const ERC721 = [
  "approve(address,uint256)",
  "setApprovalForAll(address,bool)",
  "transferFrom(address,address,uint256)",
  "safeTransferFrom(address,address,uint256)",
  "safeTransferFrom(address,address,uint256,bytes)",
];

/** Open to anyone: by name, or by signature where a name is used twice. */
const OPEN: Record<string, string[]> = {
  DepositPool: ["seed", "depositEther", "deposit", "depositWithPermit", "reportAndDeposit"],
  Accountant: ["report", "settle", "sync", "syncAsset", "syncIssuers"],
  OperatorRegistry: ["reportFault"],
  SetRegistry: ["admitSet", "quarantineSet", "forgetSet"],
  SlashAttribution: ["attribute"],
  SlashNotices: ["takeNotice"],
  AllocationController: ["allocate", "rebalance", "rebalanceAsset", "register"], // register: the operator's own company, see its test
  RestakingDesk: ["restake", "unbond", "complete"],
  IssuerDesk: ["stake", "redeem", "claim", "burn", "sweep"],
  WithdrawalQueue: ["request", "moveTicket", "fill", "claim", "claimBatch", "claimTo", "claimUnwrapped", ...ERC721],
  BasketBook: ["divide"],
  BasketExit: ["request", "strike", "claim", "claimTo", ...ERC721],
  InstantRedeemer: ["redeem"],
  RewardsRouter: ["claim", "deliver", "startLot", "bid"],
  OperatorDelegator: ["setClaimer"],
  CappedRateFeed: ["advance"],
  TrEth: ["transfer", "transferFrom", "approve", "permit"],
};

/** For one other contract of the protocol alone: function → that contract (first argument of the error: the caller). */
const MODULES: Record<string, Record<string, string>> = {
  DepositPool: {
    take: "RestakingDesk", // or IssuerDesk
    put: "RestakingDesk", // or RewardsRouter
    burnReward: "RewardsRouter",
    putAside: "BasketBook",
    burnStruck: "BasketBook",
    payBasket: "BasketBook",
    payLine: "WithdrawalQueue",
    payInstantly: "InstantRedeemer",
    setTerms: "Accountant",
    setAssetTerms: "Accountant",
    mintFee: "Accountant",
    setAsset: "AssetRegistry",
  },
  Accountant: { rebook: "RestakingDesk", strike: "BasketBook" },
  BasketBook: {
    strike: "BasketExit",
    pay: "BasketExit",
    noteWithdrawal: "RestakingDesk",
    divideWithdrawal: "RestakingDesk",
    payOff: "RestakingDesk",
    dividePaid: "IssuerDesk",
  },
  BasketExit: { join: "WithdrawalQueue" },
  WithdrawalQueue: { addLine: "AssetRegistry" },
  SlashNotices: { watch: "SetRegistry", unwatch: "SetRegistry" },
  SlashAttribution: { observe: "AllocationController" },
  AllocationController: { acceptAccount: "OperatorRegistry" },
  OperatorDelegator: {
    delegateTo: "OperatorRegistry",
    stake: "RestakingDesk",
    unbond: "RestakingDesk",
    complete: "RestakingDesk",
  },
};

/** The same with an error of their own. */
const SPECIAL: Record<string, Record<string, { error: string; expected?: string }>> = {
  RestakingDesk: { stakeWith: { error: "OnlySelf" }, completeWith: { error: "OnlySelf" } },
  TrEth: { mint: { error: "OnlyPool", expected: "DepositPool" }, burn: { error: "OnlyPool", expected: "DepositPool" } },
};

export async function abiOf(contract: string): Promise<Interface> {
  return new Interface((await artifacts.readArtifact(contract)).abi);
}

/** Functions that may change state. */
export async function commands(contract: string): Promise<FunctionFragment[]> {
  const found: FunctionFragment[] = [];
  (await abiOf(contract)).forEachFunction((fn) => {
    if (fn.stateMutability !== "view" && fn.stateMutability !== "pure") found.push(fn);
  });
  return found;
}

/** Every class that a function is named in; more or less than one is a mistake. */
export function classesOf(contract: string, fn: FunctionFragment): Class[] {
  const named = (list: string[] | undefined) => (list ?? []).some((n) => n === fn.name || n === fn.format("sighash"));
  const classes: Class[] = [];
  if (named(OPEN[contract])) classes.push({ who: "anyone" });
  for (const [role, list] of Object.entries(PERMISSIONS[contract] ?? {})) {
    if (named(list)) classes.push({ who: "role", role: role as RoleName });
  }
  const expected = MODULES[contract]?.[fn.name];
  if (expected !== undefined) classes.push({ who: "module", error: "OnlyModule", expected });
  const special = SPECIAL[contract]?.[fn.name];
  if (special !== undefined) classes.push({ who: "module", ...special });
  if (fn.name === "setAuthority") classes.push({ who: "authority" });
  if (fn.name === "initialize") classes.push({ who: "nobody" });
  return classes;
}

/** A value of a type that says nothing. */
function nothing(type: ParamType): unknown {
  if (type.baseType === "array") return [];
  if (type.baseType === "tuple") return type.components?.map(nothing);
  if (type.type === "address") return ethers.ZeroAddress;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  if (type.type === "bytes") return "0x";
  if (type.type.startsWith("bytes")) return `0x${"00".repeat(Number(type.type.slice(5)))}`;
  return 0n;
}

export function emptyCall(abi: Interface, fn: FunctionFragment): string {
  return abi.encodeFunctionData(fn, fn.inputs.map(nothing));
}

/** Data of the error a call ends with; undefined when it succeeds. */
export async function errorData(from: string, to: string, data: string): Promise<string | undefined> {
  try {
    await ethers.provider.send("eth_call", [{ from, to, data }, "latest"]);
    return undefined;
  } catch (error) {
    const { data: inner } = error as { data?: string | { data?: string } };
    return (typeof inner === "string" ? inner : inner?.data) ?? "0x";
  }
}
