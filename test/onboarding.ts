import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FunctionFragment, type BaseContract, type Signer } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../scripts/sim/world";
import { allocationsOf, as, ether } from "./exit-world";
import { announcerIn } from "./risk-world";

// What a node operator might try in the engine: every function of it that changes anything, from the recorded interfaces.

export const CONTRACTS = [
  "AllocationManager",
  "DelegationManager",
  "RewardsCoordinator",
  "PermissionController",
  "StrategyManager",
] as const;
export type EngineContract = (typeof CONTRACTS)[number];

/** Who could do it, which shows that a call is refused for who makes it and for nothing else; nobody: no seat can. */
type Seat = "controller" | "delegator" | "slasher" | "engine" | "nobody";

/** Whom and what an attempt is about. */
export interface Prey {
  account: string;
  delegator: string;
  /** Who tries. */
  me: string;
  avs: string;
  /** A set of an AVS that whoever tries runs himself. */
  own: { avs: string; id: bigint };
  strategy: string;
  token: string;
  controller: string;
  delegation: string;
  /** One of the staker's withdrawals that is due. */
  due: unknown;
}

interface Attempt {
  seat: Seat;
  error: string;
  args: (prey: Prey) => unknown[];
}

const everything = (set: unknown, strategy: string) => [
  { operatorSet: set, strategies: [strategy], newMagnitudes: [ether("0.07")] },
];
const asked = { seat: "controller", error: "InvalidPermissions" } as const;
const administered = { seat: "controller", error: "NotAdmin" } as const;

/** What would give power over our stake, with arguments that are good. */
export const ATTEMPTS: Record<string, Attempt> = {
  "AllocationManager.modifyAllocations": { ...asked, args: (p) => [p.account, everything(p.own, p.strategy)] },
  "AllocationManager.setAllocationDelay": { ...asked, args: (p) => [p.account, 0n] },
  "AllocationManager.registerForOperatorSets": {
    ...asked,
    args: (p) => [p.account, { avs: p.own.avs, operatorSetIds: [p.own.id], data: "0x" }],
  },
  "AllocationManager.deregisterFromOperatorSets": {
    ...{ seat: "controller", error: "InvalidCaller" },
    args: (p) => [{ operator: p.account, avs: p.avs, operatorSetIds: [0n] }],
  },
  "AllocationManager.slashOperator": {
    ...{ seat: "slasher", error: "InvalidCaller" },
    args: (p) => [
      p.avs,
      {
        ...{ operator: p.account, operatorSetId: 0n, strategies: [p.strategy], wadsToSlash: [ether("1")] },
        description: "",
      },
    ],
  },
  "DelegationManager.undelegate": {
    ...{ seat: "controller", error: "CallerCannotUndelegate" },
    args: (p) => [p.delegator],
  },
  "DelegationManager.modifyOperatorDetails": { ...asked, args: (p) => [p.account, p.me] },
  "DelegationManager.completeQueuedWithdrawal": {
    ...{ seat: "delegator", error: "WithdrawerNotCaller" },
    args: (p) => [p.due, [p.token], true],
  },
  "DelegationManager.completeQueuedWithdrawals": {
    ...{ seat: "delegator", error: "WithdrawerNotCaller" },
    args: (p) => [[p.due], [[p.token]], [true]],
  },
  "DelegationManager.increaseDelegatedShares": {
    ...{ seat: "engine", error: "OnlyStrategyManagerOrEigenPodManager" },
    args: (p) => [p.delegator, p.strategy, 1n, 1n],
  },
  "DelegationManager.decreaseDelegatedShares": {
    ...{ seat: "nobody", error: "OnlyEigenPodManager" },
    args: (p) => [p.delegator, 1n, 1n],
  },
  "DelegationManager.slashOperatorShares": {
    ...{ seat: "engine", error: "OnlyAllocationManager" },
    args: (p) => [p.account, { avs: p.avs, id: 0n }, 1n, p.strategy, ether("1"), ether("0.5")],
  },
  "RewardsCoordinator.setClaimerFor(address,address)": {
    ...{ seat: "nobody", error: "InvalidPermissions" }, // a staker names its own,
    args: (p) => [p.delegator, p.me],
  },
  "RewardsCoordinator.setOperatorAVSSplit": { ...asked, args: (p) => [p.account, p.avs, 10_000n] },
  "RewardsCoordinator.setOperatorPISplit": { ...asked, args: (p) => [p.account, 10_000n] },
  "RewardsCoordinator.setOperatorSetSplit": { ...asked, args: (p) => [p.account, { avs: p.avs, id: 0n }, 10_000n] },
  "RewardsCoordinator.setOptInForProtocolFee": { ...asked, args: (p) => [p.account, true] },
  "PermissionController.addPendingAdmin": { ...administered, args: (p) => [p.account, p.me] },
  "PermissionController.removePendingAdmin": {
    ...{ seat: "nobody", error: "NotAdmin" }, // there is none to remove
    args: (p) => [p.account, p.me],
  },
  "PermissionController.acceptAdmin": { seat: "nobody", error: "AdminNotPending", args: (p) => [p.account] },
  "PermissionController.removeAdmin": {
    ...{ seat: "nobody", error: "NotAdmin" }, // the last one stays
    args: (p) => [p.account, p.controller],
  },
  "PermissionController.setAppointee": { ...administered, args: (p) => [p.account, p.me, p.controller, "0xda8be864"] },
  "PermissionController.removeAppointee": {
    ...administered,
    args: (p) => [p.account, p.me, p.delegation, "0x78296ec5"],
  },
  "StrategyManager.depositIntoStrategyWithSignature": {
    ...{ seat: "nobody", error: "InvalidSignature" }, // our stakers sign nothing
    args: (p) => [p.strategy, p.token, 1n, p.delegator, 2n ** 40n, `0x${"11".repeat(65)}`],
  },
  "StrategyManager.addShares": {
    seat: "engine",
    error: "OnlyDelegationManager",
    args: (p) => [p.delegator, p.strategy, 1n],
  },
  "StrategyManager.removeDepositShares": {
    ...{ seat: "engine", error: "OnlyDelegationManager" },
    args: (p) => [p.delegator, p.strategy, 1n],
  },
  "StrategyManager.withdrawSharesAsTokens": {
    ...{ seat: "engine", error: "OnlyDelegationManager" },
    args: (p) => [p.me, p.strategy, p.token, 1n],
  },
};

/** What only names the caller's own things, belongs to others, or changes nothing of ours, and why. */
const OWN = "about the caller's own stake, account or rewards";
const OF_AVS = "about an AVS that he runs; ours are members of admitted sets alone";
const OF_ENGINE = "for the engine's owner, pausers and parts";
const OPEN = "for anyone: ends what is due, or claims for whom the earner named";
export const HARMLESS: Record<string, string> = {
  "AllocationManager.addStrategiesToOperatorSet": OF_AVS,
  "AllocationManager.clearDeallocationQueue": OPEN,
  "AllocationManager.createOperatorSets": OF_AVS,
  "AllocationManager.createRedistributingOperatorSets": OF_AVS,
  "AllocationManager.initialize": OF_ENGINE,
  "AllocationManager.migrateSlashers": OPEN,
  "AllocationManager.pause": OF_ENGINE,
  "AllocationManager.pauseAll": OF_ENGINE,
  "AllocationManager.removeStrategiesFromOperatorSet": OF_AVS,
  "AllocationManager.setAVSRegistrar": OF_AVS,
  "AllocationManager.unpause": OF_ENGINE,
  "AllocationManager.updateAVSMetadataURI": OF_AVS,
  "AllocationManager.updateSlasher": OF_AVS,
  "DelegationManager.delegateTo": OWN,
  "DelegationManager.initialize": OF_ENGINE,
  "DelegationManager.pause": OF_ENGINE,
  "DelegationManager.pauseAll": OF_ENGINE,
  "DelegationManager.queueWithdrawals": OWN,
  "DelegationManager.redelegate": OWN,
  "DelegationManager.registerAsOperator": OWN,
  "DelegationManager.unpause": OF_ENGINE,
  "DelegationManager.updateOperatorMetadataURI": "a description, which nothing reads",
  "RewardsCoordinator.createAVSRewardsSubmission": OF_AVS,
  "RewardsCoordinator.createEigenDARewardsSubmission": OF_AVS,
  "RewardsCoordinator.createOperatorDirectedAVSRewardsSubmission": OF_AVS,
  "RewardsCoordinator.createOperatorDirectedOperatorSetRewardsSubmission": OF_AVS,
  "RewardsCoordinator.createRewardsForAllEarners": OF_ENGINE,
  "RewardsCoordinator.createRewardsForAllSubmission": OF_ENGINE,
  "RewardsCoordinator.createTotalStakeRewardsSubmission": OF_AVS,
  "RewardsCoordinator.createUniqueStakeRewardsSubmission": OF_AVS,
  "RewardsCoordinator.disableRoot": OF_ENGINE,
  "RewardsCoordinator.initialize": OF_ENGINE,
  "RewardsCoordinator.pause": OF_ENGINE,
  "RewardsCoordinator.pauseAll": OF_ENGINE,
  "RewardsCoordinator.processClaim": OPEN,
  "RewardsCoordinator.processClaims": OPEN,
  "RewardsCoordinator.renounceOwnership": OF_ENGINE,
  "RewardsCoordinator.setActivationDelay": OF_ENGINE,
  "RewardsCoordinator.setClaimerFor(address)": OWN,
  "RewardsCoordinator.setDefaultOperatorSplit": OF_ENGINE,
  "RewardsCoordinator.setFeeRecipient": OF_ENGINE,
  "RewardsCoordinator.setRewardsForAllSubmitter": OF_ENGINE,
  "RewardsCoordinator.setRewardsUpdater": OF_ENGINE,
  "RewardsCoordinator.submitRoot": OF_ENGINE,
  "RewardsCoordinator.transferOwnership": OF_ENGINE,
  "RewardsCoordinator.unpause": OF_ENGINE,
  "StrategyManager.addStrategiesToDepositWhitelist": OF_ENGINE,
  "StrategyManager.burnShares": OPEN,
  "StrategyManager.clearBurnOrRedistributableShares": OPEN,
  "StrategyManager.clearBurnOrRedistributableSharesByStrategy": OPEN,
  "StrategyManager.depositIntoStrategy": OWN,
  "StrategyManager.increaseBurnOrRedistributableShares": OF_ENGINE,
  "StrategyManager.initialize": OF_ENGINE,
  "StrategyManager.pause": OF_ENGINE,
  "StrategyManager.pauseAll": OF_ENGINE,
  "StrategyManager.removeStrategiesFromDepositWhitelist": OF_ENGINE,
  "StrategyManager.renounceOwnership": OF_ENGINE,
  "StrategyManager.setStrategyWhitelister": OF_ENGINE,
  "StrategyManager.transferOwnership": OF_ENGINE,
  "StrategyManager.unpause": OF_ENGINE,
};

/** Functions of a recorded contract of the engine that change anything. */
export function changing(contract: EngineContract): FunctionFragment[] {
  const file = join(__dirname, `conformance/abi/${contract}.json`);
  const { functions } = JSON.parse(readFileSync(file, "utf8")) as { functions: Record<string, string> };
  return Object.values(functions)
    .map((line) => FunctionFragment.from(`function ${line}`))
    .filter(({ stateMutability }) => stateMutability !== "view" && stateMutability !== "pure");
}

/** Under which name a function is judged: its own, or with its arguments where the name is used twice. */
export function judgedAs(contract: EngineContract, fragment: FunctionFragment): string | undefined {
  const names = [`${contract}.${fragment.format("sighash")}`, `${contract}.${fragment.name}`];
  return names.find((name) => name in ATTEMPTS || name in HARMLESS);
}

/** A contract of the engine with its whole interface. */
export async function engineOf(world: World, contract: EngineContract): Promise<BaseContract> {
  const { delegation, rewards, permissions, strategies } = world.c;
  if (contract === "AllocationManager") return allocationsOf(world);
  return {
    DelegationManager: delegation,
    RewardsCoordinator: rewards,
    PermissionController: permissions,
    StrategyManager: strategies,
  }[contract];
}

/** An AVS of the node operator's own, and one of the staker's withdrawals that is due. */
export async function preyOf(world: World, operatorId: number, me: string, due: unknown): Promise<Prey> {
  const { account, delegator } = await world.c.operators.operator(operatorId);
  const { set } = await announcerIn(world);
  return {
    ...{ account, delegator, me, due, own: set, avs: await world.c.avss[0].getAddress() },
    ...{ strategy: await world.c.strategy.getAddress(), token: await world.c.strategy.underlyingToken() },
    controller: await world.c.controller.getAddress(),
    delegation: await world.c.delegation.getAddress(),
  };
}

/** Who could make an attempt's call; none when nobody could. */
export async function seatOf(world: World, name: string, prey: Prey): Promise<Signer | undefined> {
  const engine = await allocationsOf(world);
  switch (ATTEMPTS[name].seat) {
    case "controller":
      return as(world.c.controller);
    case "delegator":
      return as(prey.delegator);
    case "slasher":
      return as(await engine.getSlasher({ avs: prey.avs, id: 0n }));
    case "engine":
      if (name === "DelegationManager.increaseDelegatedShares") return as(world.c.strategies);
      return as(name.startsWith("Strategy") ? world.c.delegation : world.c.allocation);
    case "nobody":
      return undefined;
  }
}

/** Makes an attempt's call: sends it, or only asks whether it would go through. */
export async function attempt(
  world: World,
  name: string,
  by: Signer,
  args: unknown[],
  only: "ask" | "send",
): Promise<void> {
  const [contract, ...rest] = name.split(".");
  const target = (await engineOf(world, contract as EngineContract)).connect(by);
  const call = target.getFunction(rest.join("."));
  if (only === "ask") await call.staticCall(...args);
  else await call.send(...args);
}

/** Everything about an operator that decides who may do what with its stake, from the engine. */
export async function standing(world: World, operatorId: number) {
  const { account, delegator } = await world.c.operators.operator(operatorId);
  const { delegation, permissions, rewards, sets, strategy } = world.c;
  const engine = await allocationsOf(world);
  const [assets, registered] = [await world.c.registry.strategies(), await engine.getRegisteredSets(account)];
  const allocated = await engine.getAllocatedSets(account);
  return {
    approver: await delegation.delegationApprover(account),
    operator: await delegation.delegatedTo(delegator),
    delay: (await engine.getAllocationDelay(account))[1],
    admins: [...(await permissions.getAdmins(account)), ...(await permissions.getAdmins(delegator))],
    pending: [...(await permissions.getPendingAdmins(account)), ...(await permissions.getPendingAdmins(delegator))],
    registered: registered.map(({ avs, id }) => `${avs} ${id}`).sort(),
    allocated: allocated.map(({ avs, id }) => `${avs} ${id}`).sort(),
    magnitudes: await Promise.all(
      (await sets.sets()).map(async ({ avs, id }) => [...(await engine.getAllocation(account, { avs, id }, strategy))]),
    ),
    maxima: [...(await engine["getMaxMagnitudes(address,address[])"](account, [...assets].slice(1)))],
    stakes: [...(await delegation.getWithdrawableShares(delegator, [...assets].slice(1)))[0]],
    split: [
      await rewards.getOperatorPISplit(account),
      await rewards.getOperatorAVSSplit(account, world.c.avss[0]),
      await rewards.claimerFor(delegator),
    ],
    slashCount: await engine.getSlashCount({ avs: await world.c.avss[0].getAddress(), id: 0n }),
  };
}

/** Address of the next operator account, which anybody can know in advance. */
export async function nextAccount(world: World): Promise<string> {
  const registry = await world.c.operators.getAddress();
  return ethers.getCreateAddress({ from: registry, nonce: await ethers.provider.getTransactionCount(registry) });
}
