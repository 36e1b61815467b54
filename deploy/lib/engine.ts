/**
 * Deploys the restaking engine of `contracts/restaking`.
 *
 * The managers know each other as immutables, so each is deployed with the addresses that the others will get:
 * those follow from the deployer's nonce. The deployer must send no other transaction meanwhile; the addresses are
 * checked at the end.
 */
import { ContractFactory, getCreateAddress, ZeroAddress, type InterfaceAbi, type Signer } from "ethers";

/** ABI and creation code of a contract, by name. */
export type LoadArtifact = (name: string) => Promise<{ abi: InterfaceAbi; bytecode: string }>;

/** Everything has a default: EigenLayer's own numbers, and the engine's owner. */
export interface RewardsConfig {
  /** Owner of the RewardsCoordinator. */
  owner?: string;
  /** Who submits roots. */
  updater?: string;
  /** Who is paid the protocol fee. */
  feeRecipient?: string;
  /** Contract that gives out the token's emission; none when left out. */
  emissionsController?: string;
  /** Times and durations are multiples of it; itself a multiple of a day [s]. */
  calculationIntervalSeconds?: number;
  maxRewardsDuration?: number;
  /** Oldest start of a submission [s before now]; the chain's time must be above it. */
  maxRetroactiveLength?: number;
  maxFutureLength?: number;
  /** First start of any submission [unix s], a multiple of the interval. */
  genesisRewardsTimestamp?: number;
  /** Time between a root, or a split, and its use [s]. */
  activationDelay?: number;
  defaultSplitBips?: number;
}

const DAY = 86_400;
const REWARDS = {
  calculationIntervalSeconds: DAY,
  maxRewardsDuration: 730 * DAY,
  maxRetroactiveLength: 168 * DAY,
  maxFutureLength: 30 * DAY,
  genesisRewardsTimestamp: 1_710_979_200,
  activationDelay: 7 * DAY,
  defaultSplitBips: 1_000,
};

export interface EngineConfig {
  /** Blocks for which a queued withdrawal stays slashable. */
  minWithdrawalDelayBlocks: number;
  /** Blocks for which deallocated stake, or a deregistered operator, stays slashable. */
  deallocationDelayBlocks: number;
  /** Blocks before a new allocation delay or slasher is in force. */
  allocationConfigurationDelayBlocks: number;
  /** Blocks between a slash and its clearing; 0 (release 1.12) when left out. */
  slashResolutionDelayBlocks?: number;
  /** Owner of the StrategyManager: names the strategy whitelister. */
  owner: string;
  strategyWhitelister: string;
  pausers: string[];
  unpauser: string;
  /** EigenPodManager; none (no native ETH) when left out. */
  eigenPodManager?: string;
  /** Strategy of the EIGEN token; none when left out. */
  eigenStrategy?: string;
  rewards?: RewardsConfig;
}

export interface EngineAddresses {
  pauserRegistry: string;
  permissionController: string;
  allocationManager: string;
  strategyManager: string;
  delegationManager: string;
  rewardsCoordinator: string;
}

export interface EngineDeployment {
  deployer: Signer;
  artifact: LoadArtifact;
  config: EngineConfig;
}

/** Deploys one contract and returns its address. */
export async function deployContract(
  { deployer, artifact }: Pick<EngineDeployment, "deployer" | "artifact">,
  name: string,
  args: unknown[],
): Promise<string> {
  const { abi, bytecode } = await artifact(name);
  const contract = await new ContractFactory(abi, bytecode, deployer).deploy(...args);
  await contract.waitForDeployment();
  return contract.getAddress();
}

/** Deploys the engine and returns the addresses of its contracts. */
export async function deployEngine(deployment: EngineDeployment): Promise<EngineAddresses> {
  const { deployer, config } = deployment;
  const from = await deployer.getAddress();
  const nonce = await deployer.getNonce();
  const at = (offset: number): string => getCreateAddress({ from, nonce: nonce + offset });
  const planned: EngineAddresses = {
    pauserRegistry: at(0),
    permissionController: at(1),
    allocationManager: at(2),
    strategyManager: at(3),
    delegationManager: at(4),
    rewardsCoordinator: at(5),
  };
  const deployed: EngineAddresses = {
    pauserRegistry: await deployContract(deployment, "PauserRegistry", [config.pausers, config.unpauser]),
    permissionController: await deployContract(deployment, "PermissionController", []),
    allocationManager: await deployContract(deployment, "AllocationManager", [
      planned.delegationManager,
      config.eigenStrategy ?? ZeroAddress,
      planned.pauserRegistry,
      planned.permissionController,
      config.deallocationDelayBlocks,
      config.allocationConfigurationDelayBlocks,
    ]),
    strategyManager: await deployContract(deployment, "StrategyManager", [
      planned.delegationManager,
      planned.allocationManager,
      planned.pauserRegistry,
      config.owner,
      config.strategyWhitelister,
      config.slashResolutionDelayBlocks ?? 0,
    ]),
    delegationManager: await deployContract(deployment, "DelegationManager", [
      planned.strategyManager,
      config.eigenPodManager ?? ZeroAddress,
      planned.allocationManager,
      planned.pauserRegistry,
      planned.permissionController,
      config.minWithdrawalDelayBlocks,
    ]),
    rewardsCoordinator: await deployContract(deployment, "RewardsCoordinator", rewardsArguments(config, planned)),
  };
  for (const name of Object.keys(planned) as (keyof EngineAddresses)[]) {
    if (planned[name] !== deployed[name]) {
      throw new Error(
        `${name} was planned at ${planned[name]} but is at ${deployed[name]}: the deployer's nonce moved`,
      );
    }
  }
  return deployed;
}

function rewardsArguments({ owner, rewards = {} }: EngineConfig, engine: EngineAddresses): unknown[] {
  const numbers = { ...REWARDS, ...rewards };
  return [
    [
      engine.delegationManager,
      engine.strategyManager,
      engine.allocationManager,
      rewards.emissionsController ?? ZeroAddress,
      engine.pauserRegistry,
      engine.permissionController,
      numbers.calculationIntervalSeconds,
      numbers.maxRewardsDuration,
      numbers.maxRetroactiveLength,
      numbers.maxFutureLength,
      numbers.genesisRewardsTimestamp,
    ],
    [
      rewards.owner ?? owner,
      rewards.updater ?? owner,
      numbers.activationDelay,
      numbers.defaultSplitBips,
      rewards.feeRecipient ?? owner,
    ],
  ];
}

/** Deploys a plain strategy for a token. It takes deposits once the strategy whitelister has added it. */
export async function deployStrategy(
  deployment: Pick<EngineDeployment, "deployer" | "artifact">,
  engine: Pick<EngineAddresses, "strategyManager" | "pauserRegistry">,
  token: string,
): Promise<string> {
  return deployContract(deployment, "StrategyBase", [engine.strategyManager, engine.pauserRegistry, token]);
}

/**
 * Deploys a factory that makes the one strategy of any token. It lets them take deposits once the owner of the
 * StrategyManager has named it strategy whitelister, as on mainnet.
 */
export async function deployStrategyFactory(
  deployment: Pick<EngineDeployment, "deployer" | "artifact">,
  { strategyManager, pauserRegistry }: Pick<EngineAddresses, "strategyManager" | "pauserRegistry">,
  owner: string,
): Promise<string> {
  const code = await deployContract(deployment, "StrategyProxied", [strategyManager, pauserRegistry]);
  return deployContract(deployment, "StrategyFactory", [strategyManager, code, pauserRegistry, owner]);
}
