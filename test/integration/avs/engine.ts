import { mine } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import type { AddressLike, BigNumberish } from "ethers";
import { artifacts, ethers } from "hardhat";
import { deployEngine, deployStrategy, type EngineAddresses } from "../../../deploy/lib/engine";
import type {
  DelegationManager,
  ERC20Mock,
  IAllocationManager,
  RewardsCoordinator,
  StrategyManager,
} from "../../../typechain-types";

// The engine with two strategies, as tests of AVSs call it. Verbs act; they never judge.

export const WAD = 10n ** 18n;
export const ether = ethers.parseEther;
export const DELAY = 50; // blocks for which what leaves stays slashable
export const BLOCK_SECONDS = 12n;
/** The delay in its shortest time. */
export const LIABILITY = BigInt(DELAY) * BLOCK_SECONDS;
export const NO_APPROVAL = { signature: "0x", expiry: 0n };

export async function engine(deployer: HardhatEthersSigner) {
  await mine(DELAY); // on a chain younger than its delays the engine, like the original, slashes nobody
  const artifact = (name: string) => artifacts.readArtifact(name);
  const addresses: EngineAddresses = await deployEngine({
    deployer,
    artifact,
    config: {
      minWithdrawalDelayBlocks: DELAY,
      deallocationDelayBlocks: DELAY,
      allocationConfigurationDelayBlocks: 10,
      owner: deployer.address,
      strategyWhitelister: deployer.address,
      pausers: [deployer.address],
      unpauser: deployer.address,
    },
  });
  const at = (name: string, address: string) => ethers.getContractAt(name, address);
  const allocation = (await at("IAllocationManager", addresses.allocationManager)) as unknown as IAllocationManager;
  const delegation = (await at("DelegationManager", addresses.delegationManager)) as unknown as DelegationManager;
  const deposits = (await at("StrategyManager", addresses.strategyManager)) as unknown as StrategyManager;
  const rewards = (await at("RewardsCoordinator", addresses.rewardsCoordinator)) as unknown as RewardsCoordinator;
  const tokens: ERC20Mock[] = [];
  const strategies: string[] = [];
  for (const symbol of ["ONE", "TWO"]) {
    const token = (await ethers.deployContract("ERC20Mock", [symbol, symbol])) as unknown as ERC20Mock;
    tokens.push(token);
    strategies.push(await deployStrategy({ deployer, artifact }, addresses, await token.getAddress()));
  }
  await deposits.addStrategiesToDepositWhitelist(strategies);
  return { allocation, delegation, deposits, rewards, tokens, strategies };
}

export type Engine = Awaited<ReturnType<typeof engine>>;

export async function restakes({ deposits, tokens, strategies }: Engine, staker: HardhatEthersSigner, amount: bigint) {
  for (const [i, token] of tokens.entries()) {
    await token.mint(staker, amount);
    await token.connect(staker).approve(deposits, amount);
    await deposits.connect(staker).depositIntoStrategy(strategies[i], token, amount);
  }
}

/** An operator with `amount` of each token of its own. */
export async function becomesOperator(core: Engine, operator: HardhatEthersSigner, amount: bigint): Promise<void> {
  await core.delegation.connect(operator).registerAsOperator(ethers.ZeroAddress, 0n, "");
  if (amount > 0n) await restakes(core, operator, amount);
}

export async function allocates(
  { allocation, strategies }: Engine,
  operator: HardhatEthersSigner,
  avs: AddressLike,
  magnitude: bigint,
  id: BigNumberish = 0n,
) {
  await allocation
    .connect(operator)
    .modifyAllocations(operator, [
      { operatorSet: { avs, id }, strategies, newMagnitudes: strategies.map(() => magnitude) },
    ]);
}

export async function joins(
  { allocation }: Engine,
  operator: HardhatEthersSigner,
  avs: AddressLike,
  data: string,
  operatorSetIds: bigint[] = [0n],
) {
  await allocation.connect(operator).registerForOperatorSets(operator, { avs, operatorSetIds, data });
}

export async function leaves(
  { allocation }: Engine,
  operator: HardhatEthersSigner,
  avs: AddressLike,
  operatorSetIds: bigint[] = [0n],
) {
  await allocation.connect(operator).deregisterFromOperatorSets({ operator, avs, operatorSetIds });
}

/** Lets blocks pass at their usual distance. */
export const blocks = (count: number): Promise<void> => mine(count, { interval: Number(BLOCK_SECONDS) });

/** Magnitude that an operator has allocated to a set, per strategy. */
export async function allocatedTo(
  { allocation, strategies }: Engine,
  operator: AddressLike,
  avs: AddressLike,
  id: BigNumberish = 0n,
): Promise<bigint[]> {
  const found = await Promise.all(strategies.map((s) => allocation.getAllocation(operator, { avs, id }, s)));
  return found.map(({ currentMagnitude }) => currentMagnitude);
}

/** Queues a withdrawal of `amount` of each token. */
export async function queues({ delegation, strategies }: Engine, staker: HardhatEthersSigner, amount: bigint) {
  await delegation
    .connect(staker)
    .queueWithdrawals([
      { strategies, depositShares: strategies.map(() => amount), __deprecated_withdrawer: ethers.ZeroAddress },
    ]);
}

/** Completes the only queued withdrawal of somebody, as tokens. */
export async function completes({ delegation, tokens }: Engine, staker: HardhatEthersSigner) {
  const [[queued]] = await delegation.getQueuedWithdrawals(staker);
  const { delegatedTo, withdrawer, nonce, startBlock } = queued;
  const lists = { strategies: [...queued.strategies], scaledShares: [...queued.scaledShares] };
  const withdrawal = { staker: staker.address, delegatedTo, withdrawer, nonce, startBlock, ...lists };
  const addresses = await Promise.all(tokens.map((token) => token.getAddress()));
  await delegation.connect(staker).completeQueuedWithdrawal(withdrawal, addresses, true);
}
